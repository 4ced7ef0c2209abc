//! What the views' tests share: made-up facts, messages as readable text, Discord's limits.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::LazyLock;

use chrono::{DateTime, Days, Utc};
use serde_json::Value;

use super::super::testing::unframe;
use super::CardFacts;
use crate::config::{Config, Provider};
use crate::discord::commands::fill_mentions;
use crate::discord::custom_id::CustomId;
use crate::discord::message::{Message, Modal};
use crate::domain::catalogue::ScopeId;
use crate::domain::content::{Content, UnresolvedContent};
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::{
    ApprovalId, DeliveryId, EventId, InteractionId, RequestId, RequestNumber, SecretId, TokenId,
    UserId,
};
use crate::domain::issuer::IssuerKind;
use crate::domain::request::{Approval, Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::settings::TokenSettings;
use crate::domain::token::{Token, TokenState};

/// What makes, and what ends, tokens at an upstream.
const CREATE: &str = "[providers.issuer.create]\nmethod = \"POST\"\n\
    url = \"https://registry.example.com/tokens\"\n\
    response = { id = \"/id\", secret = \"/secret\" }\n";
const REVOKE: &str = "[providers.issuer.revoke]\nmethod = \"DELETE\"\n\
    url = \"https://registry.example.com/tokens/{{ upstream_id }}\"\nresponse = { error = \"/error\" }\n";

/// Pairs of providers, one in English, the other in Japanese: builtin, manual, at an upstream that
/// revokes, and at one that ends nothing.
pub static CONFIG: LazyLock<Config> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/config");
    let mut text = "[discord]\ntoken = \"t\"\napplication_id = 11\nguild_id = 22\n\
        [database]\nurl = \"postgres://bot@localhost/bot\"\n[keys]\nfile = \"keys\"\n\
        [mail]\nurl = \"file:///var/mail\"\nfrom = \"tokens@example.com\"\n"
        .to_owned();
    let http = "kind = \"http\"\nscopes_fixed = true\nids_are_unique = true";
    let revokes = format!("{http}\n{CREATE}{REVOKE}");
    let ends_nothing = format!("{http}\nallow_unrevocable = true\n{CREATE}");
    for (id, name, locale, catalogue, issuer) in [
        ("orchard", "Orchard API", "en-US", "playground", "kind = \"builtin\""),
        ("mikan", "みかん API", "ja", "playground", "kind = \"builtin\""),
        ("brand", "impact.com (brand)", "en-US", "impact-brand", "kind = \"manual\""),
        ("brand-ja", "impact.com (ブランド)", "ja", "impact-brand", "kind = \"manual\""),
        ("registry", "Registry", "en-US", "playground", revokes.as_str()),
        ("registry-ja", "レジストリ", "ja", "playground", revokes.as_str()),
        ("ledger", "Ledger", "en-US", "playground", ends_nothing.as_str()),
        ("ledger-ja", "台帳", "ja", "playground", ends_nothing.as_str()),
    ] {
        let steps = format!("steps = \"{shipped}/steps/{catalogue}\"");
        let steps = if issuer.contains("manual") { steps } else { String::new() };
        write!(
            text,
            "[[providers]]\nid = \"{id}\"\nname = \"{name}\"\nlocale = \"{locale}\"\n\
             catalogue = \"{shipped}/catalogues/{catalogue}.toml\"\napproval_channel = \"44\"\n\
             admin_roles = [\"55\"]\n[providers.issuer]\n{issuer}\n{steps}\n"
        )
        .unwrap();
    }
    let file = folder.path().join("countersign.toml");
    std::fs::write(&file, text).unwrap();
    Config::load_with(&file, []).unwrap_or_else(|errors| panic!("{errors}"))
});

pub fn provider(id: &str) -> &'static Provider {
    CONFIG.provider(&id.parse().unwrap()).unwrap()
}

pub fn user(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

/// So many hours after a made-up beginning.
pub fn hour(hours: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + hours * 3600, 0).unwrap()
}

pub fn settings(name: &str, description: &str, emails: &[String]) -> TokenSettings {
    TokenSettings {
        name: name.to_owned(),
        description: description.to_owned(),
        api_version: provider("orchard").catalogue.recommended().version,
        contact: user(200),
        developer_emails: emails.iter().map(|address| address.parse().unwrap()).collect(),
    }
}

/// A request by user 100 for the scopes of the recommended version that `wanted` says yes to.
pub fn request_for(
    provider: &Provider,
    settings: TokenSettings,
    wanted: impl Fn(usize, &ScopeId) -> bool,
) -> Request {
    let version = provider.catalogue.recommended();
    let settings = TokenSettings { api_version: version.version, ..settings };
    let scopes: Vec<ScopeId> = version.scopes().map(|scope| scope.id.clone()).collect();
    let scopes: Vec<ScopeId> = scopes
        .into_iter()
        .enumerate()
        .filter(|(at, id)| wanted(*at, id))
        .map(|(_, id)| id)
        .collect();
    let unresolved = UnresolvedContent {
        provider: provider.id.clone(),
        issuer: provider.issuer.facts(),
        kind: RequestKind::Create,
        settings,
        lifetime_days: 90,
        target: None,
    };
    let content = Content::new(unresolved, version, &scopes).unwrap();
    Request {
        id: RequestId::new(1).unwrap(),
        number: RequestNumber::new(7).unwrap(),
        state: RequestState::Pending,
        requester: user(100),
        approvals_required: 2,
        requester_approval_counts: true,
        digest: content.digest(),
        content,
        revision: 1,
        submitted_at: hour(0),
        expires_at: hour(72),
        ended_by: None,
        reason: None,
    }
}

/// One scope, a word each, no address.
pub fn shortest(provider: &Provider) -> Request {
    request_for(provider, settings("Reports", "Weekly numbers", &[]), |at, _| at == 0)
}

/// All scopes, and everything else as long as it may be.
pub fn longest(provider: &Provider) -> Request {
    let name = "*_👩🏽‍🚀`|~[(<".chars().cycle().take(64).collect::<String>();
    let emails: Vec<String> = (0..10).map(long_address).collect();
    request_for(provider, settings(&name, &"*".repeat(1000), &emails), |_, _| true)
}

/// An address of 254 characters, as few letters among them as there can be.
pub fn long_address(number: usize) -> String {
    let domain: String = (0..3).map(|_| format!("{}.", "d".repeat(60))).collect();
    format!("{}{number}@{domain}{}", "_".repeat(63), "e".repeat(6))
}

pub fn approval(request: &Request, id: i64) -> Approval {
    Approval {
        id: ApprovalId::new(id).unwrap(),
        person: user(1_000 + id),
        digest: request.digest,
        interaction: InteractionId::new(id).unwrap(),
        given_at: hour(id),
        struck: None,
    }
}

pub fn token(request: &Request, state: TokenState) -> Token {
    let content = &request.content;
    let later = Some(hour(1)).filter(|_| state != TokenState::Issued);
    let ends = content.issuer != IssuerKind::Builtin || later.is_some();
    Token {
        id: TokenId::new(3).unwrap(),
        provider: content.provider.clone(),
        issuer: content.issuer,
        request: request.id,
        change: None,
        revision: 1,
        account_sid: "CS0123456789abcdefABCDEF01".into(),
        settings: content.settings.clone(),
        owner: request.requester,
        scopes: content.scopes.clone(),
        lifetime_days: content.lifetime_days,
        state,
        created_at: hour(0),
        collected_at: later,
        expires_at: hour(1).checked_add_days(Days::new(90)).filter(|_| ends),
    }
}

pub fn delivery(state: DeliveryState) -> Delivery {
    let pressed =
        !matches!(state, DeliveryState::Waiting | DeliveryState::Lapsed | DeliveryState::Voided);
    Delivery {
        id: DeliveryId::new(5).unwrap(),
        token: TokenId::new(3).unwrap(),
        secret: SecretId::new(4).unwrap(),
        request: RequestId::new(1).unwrap(),
        owner: user(100),
        state,
        created_at: hour(0),
        expires_at: hour(24),
        message: None,
        dm_refused_at: None,
        first_pressed_at: Some(hour(1)).filter(|_| pressed),
        accepted_at: Some(hour(1)).filter(|_| state == DeliveryState::Accepted),
    }
}

pub fn facts<'a>(request: &'a Request, approvals: &'a [Approval]) -> CardFacts<'a> {
    CardFacts {
        before: None,
        history: None,
        request,
        approvals,
        provider: CONFIG.provider(&request.content.provider),
        token: None,
        delivery: None,
        leak_found_by: None,
        stray: None,
        trouble: None,
        failure: EventId::new(9).ok(),
        contact_name: "Aki (@aki)",
    }
}

/// A message as people read it, buttons with their ids.
pub fn print_text(message: &Message) -> String {
    let body = fill_mentions(&message.reply_body().to_string(), None);
    let body: Value = serde_json::from_str(&body).unwrap();
    let mut shown = String::new();
    for part in unframe(&body, &mut shown) {
        match part["type"].as_u64() {
            Some(10) => writeln!(shown, "{}", text(&part["content"])).unwrap(),
            Some(14) => shown.push_str("──\n"),
            _ => {
                for button in list(&part["components"]) {
                    let style = ["", "blue", "grey", "green", "red"]
                        [button["style"].as_u64().unwrap() as usize];
                    let (label, id) = (text(&button["label"]), text(&button["custom_id"]));
                    writeln!(shown, "[{label}] {style} {id}").unwrap();
                }
            }
        }
    }
    if message.ephemeral {
        shown.push_str("(ephemeral)");
    }
    shown.trim_end().to_owned()
}

/// The same without the middle of its list of scopes, and of long lines.
pub fn outline(message: &Message) -> String {
    let text = print_text(message);
    let lines: Vec<&str> = text.lines().collect();
    let scopes = lines.iter().enumerate().filter(|(_, line)| line.contains(" /"));
    let scopes: Vec<usize> = scopes.map(|(at, _)| at).collect();
    let middle = match scopes.len() {
        0..8 => 0..0,
        many => scopes[2] + 1..scopes[many - 2],
    };
    let mut kept: Vec<String> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if middle.contains(&at) && !line.starts_with('┌') {
            if at == middle.start {
                kept.push("…".to_owned());
            }
            continue;
        }
        let count = line.chars().count();
        let head: String = line.chars().take(40).collect();
        kept.push(match count {
            0..150 => (*line).to_owned(),
            _ => format!("{head}… {count} characters"),
        });
    }
    kept.join("\n")
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn units(value: &Value) -> usize {
    text(value).encode_utf16().count()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Holds a message against Discord's limits; nothing may have been cut.
pub fn check(message: &Message) {
    assert!(!message.clone().fit(), "something is lost:\n{}", print_text(message));
    let body = super::super::testing::check(message);
    for part in unframe(&body, &mut String::new()) {
        for button in list(&part["components"]).iter().filter(|one| one["type"] == 2) {
            let id = text(&button["custom_id"]);
            assert!(id.parse::<CustomId>().is_ok(), "{id}");
        }
    }
}

/// Holds a modal against Discord's limits.
pub fn check_modal(modal: &Modal) {
    let body = modal.body();
    assert!(text(&body["custom_id"]).parse::<CustomId>().is_ok());
    assert!((1..=100).contains(&units(&body["custom_id"])));
    let cut = |value: &Value| text(value).ends_with('…');
    assert!((1..=45).contains(&units(&body["title"])) && !cut(&body["title"]));
    let (fields, mut seen) = (list(&body["components"]), HashSet::new());
    assert!((1..=5).contains(&fields.len()));
    for field in fields {
        assert!((1..=45).contains(&units(&field["label"])) && !cut(&field["label"]));
        assert!(units(&field["description"]) <= 100 && !cut(&field["description"]));
        let input = &field["component"];
        assert!(seen.insert(text(&input["custom_id"]).to_owned()));
        assert!(units(&input["placeholder"]) <= 100);
        assert!(input["max_length"].as_u64().is_none_or(|most| (1..=4000).contains(&most)));
    }
}
