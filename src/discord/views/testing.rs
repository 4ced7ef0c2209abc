//! What the views' tests share: things to show, the text of what is sent, and a checker
//! of Discord's limits that knows nothing of how bodies are made.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::config::{IssuerSettings, Provider};
use crate::discord::commands::fill_mentions;
use crate::discord::message::{Message, Modal, Part};
use crate::domain::catalogue::Catalogue;
use crate::domain::draft::Draft;
use crate::domain::draft::PanelPosition;
use crate::domain::form::Form;
use crate::domain::ids::{DraftId, UserId};
use crate::domain::request_kind::RequestKind;
use crate::locale::Language;

/// The playground's catalogue: two versions, six categories each.
pub(crate) const ORCHARD: &str = include_str!("../../../config/catalogues/playground.toml");
/// impact.com's for brands: 117 scopes in 29 categories.
pub(crate) const BRAND: &str = include_str!("../../../config/catalogues/impact-brand.toml");

/// Wednesday, 2 July 2025, 12:00 UTC.
pub(crate) fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_751_457_600, 0).unwrap()
}

pub(crate) fn user(id: i64) -> UserId {
    UserId::new(id).unwrap()
}

/// A provider of a catalogue's text, whose tokens Countersign mints.
pub(crate) fn provider(name: &str, catalogue: &str) -> Provider {
    Provider {
        id: "orchard".parse().unwrap(),
        name: name.into(),
        locale: Language::EnglishUs,
        catalogue: Catalogue::parse(catalogue, "catalogue.toml").unwrap(),
        approval_channel: "44".parse().unwrap(),
        admin_roles: vec!["55".parse().unwrap()],
        ping_roles: vec!["55".parse().unwrap()],
        requester_roles: Vec::new(),
        approvals: 2,
        issuer: IssuerSettings::Builtin,
    }
}

/// A filled-in draft of the newest version, with no scope chosen yet.
pub(crate) fn draft(provider: &Provider) -> Draft {
    Draft {
        id: DraftId::new(7).unwrap(),
        provider: provider.id.clone(),
        requester: user(1001),
        request: None,
        kind: RequestKind::Create,
        token: None,
        form: Form {
            name: "Harvest report".into(),
            description: "Sums up the harvest each night.".into(),
            api_version: provider.catalogue.newest().version,
            contact: user(1002),
            developer_emails: "dev@example.com, ops@example.com".into(),
        },
        problems: Vec::new(),
        scopes: Vec::new(),
        lifetime_days: 90,
        keeps_expiry: false,
        overlap_seconds: 0,
        begun_from: None,
        opened_from: None,
        is_resumed: false,
        place: PanelPosition::default(),
        expires_at: noon(),
    }
}

/// A message as a person sees it, with the custom ids that its components carry.
pub(crate) fn print_message(message: &Message) -> String {
    let body = check(message);
    let mut shown = String::new();
    if body["flags"].as_u64().unwrap() & 64 != 0 {
        shown.push_str("(only you can see this)\n");
    }
    for part in unframe(&body, &mut shown) {
        match part["type"].as_u64() {
            Some(10) => writeln!(shown, "{}", part["content"].as_str().unwrap()).unwrap(),
            Some(14) => shown.push_str("--\n"),
            _ => {
                let parts: Vec<String> = list(&part["components"]).iter().map(component).collect();
                writeln!(shown, "{}", parts.join(" ")).unwrap();
            }
        }
    }
    shown
}

/// Everything that is written in a message.
pub(crate) fn text_of(body: &Value) -> String {
    let mut frame = String::new();
    let parts = unframe(body, &mut frame).iter();
    let texts = parts.filter_map(|part| part["content"].as_str());
    texts.collect::<Vec<_>>().join("\n")
}

/// How many rows of buttons and selects it has.
pub(crate) fn count_rows(message: &Message) -> usize {
    message.parts.iter().filter(|part| matches!(part, Part::Row(_))).count()
}

/// What stands in a message, its frame's colour told first.
pub(crate) fn unframe<'a>(body: &'a Value, shown: &mut String) -> &'a [Value] {
    let components = list(&body["components"]);
    let [frame] = components else { return components };
    if frame["type"] != 17 {
        return components;
    }
    match frame["accent_color"].as_u64() {
        Some(colour) => writeln!(shown, "┌ {colour:06x}").unwrap(),
        None => shown.push_str("┌\n"),
    }
    list(&frame["components"])
}

/// A form as a person sees it.
pub(crate) fn print_form(modal: &Modal) -> String {
    let body = check_form(modal);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut shown = format!("== {} <{}>\n", text(&body["title"]), text(&body["custom_id"]));
    for label in list(&body["components"]) {
        let input = &label["component"];
        let must = if input["required"] == true { "*" } else { "" };
        writeln!(shown, "- {}{must} ({})", text(&label["label"]), text(&label["description"]))
            .unwrap();
        if input["type"] == 4 {
            let kind = if input["style"] == 1 { "line" } else { "text" };
            let (least, most) = (&input["min_length"], &input["max_length"]);
            writeln!(shown, "  [{kind} {least}..{most}: {}]", text(&input["value"])).unwrap();
        } else {
            writeln!(shown, "  {}", component(input)).unwrap();
        }
    }
    shown
}

fn component(component: &Value) -> String {
    let text = |key: &str| component[key].as_str().unwrap_or_default().to_owned();
    if component["type"] == 2 {
        let style = ["", "primary ", "", "success ", "danger ", "link "]
            [component["style"].as_u64().unwrap() as usize];
        let off = if component["disabled"] == true { "off " } else { "" };
        return format!("[{off}{style}{} <{}>]", text("label"), text("custom_id"));
    }
    let (least, most) = (&component["min_values"], &component["max_values"]);
    let mut shown = format!("[{} {least}..{most} <{}>", text("placeholder"), text("custom_id"));
    for user in list(&component["default_values"]) {
        write!(shown, " @{}", user["id"].as_str().unwrap()).unwrap();
    }
    for option in list(&component["options"]) {
        let mark = if option["default"] == true { "x" } else { " " };
        let description = option["description"].as_str().unwrap_or_default();
        let (label, value) = (option["label"].as_str().unwrap(), option["value"].as_str().unwrap());
        write!(shown, "\n  [{mark}] {label} ({description}) <{value}>").unwrap();
    }
    shown + "]"
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// Where bodies are kept to be drawn, by `scripts/draw-views`; nothing is kept where this isn't set.
const KEPT_VIEWS: &str = "COUNTERSIGN_KEPT_VIEWS";

/// Keeps what a test looked at, under the test's name, so that somebody can look at it, too.
fn keep(body: &Value) {
    let Some(folder) = std::env::var_os(KEPT_VIEWS) else { return };
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("main").trim_start_matches("discord::views::");
    let number = (0..VIEWS_OF_A_TEST).find_map(|number| {
        let name = format!("{}-{number:02}.json", test.replace("::", "-"));
        let path = std::path::Path::new(&folder).join(name);
        std::fs::File::create_new(path).ok()
    });
    if let Some(file) = number {
        serde_json::to_writer(file, body).unwrap();
    }
}

/// Enough for every language and the shortest and longest of each; a property has thousands.
const VIEWS_OF_A_TEST: usize = 12;

/// Every body that a message can be sent as, held against Discord's limits; gives the answer's.
pub(crate) fn check(message: &Message) -> Value {
    let edit = message.edit_body();
    assert!(edit["content"].is_null() && list(&edit["embeds"]).is_empty());
    for body in [message.channel_body(), edit, message.reply_body()] {
        let pings = body["allowed_mentions"]["roles"].as_array().map_or(0, Vec::len);
        assert!(pings == 0 || !message.pings.is_empty());
        assert_eq!(body["allowed_mentions"]["parse"], serde_json::json!([]));
        assert!(body["flags"].as_u64().unwrap() & (1 << 15) != 0);
        let mut shown = String::new();
        let parts = unframe(&body, &mut shown);
        assert!(!parts.is_empty(), "a message holds something: {body}");
        let (mut total, mut count) = (0, 1);
        let mut ids = BTreeSet::new();
        for part in parts {
            count += 1;
            match part["type"].as_u64() {
                Some(10) => total += at_most(&part["content"], 1, 4000),
                Some(14) => {}
                Some(1) => {
                    let components = list(&part["components"]);
                    let selects =
                        components.iter().filter(|component| component["type"] != 2).count();
                    assert!((1..=5).contains(&components.len()));
                    assert!(selects == 0 || components.len() == 1);
                    count += components.len();
                    components.iter().for_each(|component| check_component(component, &mut ids));
                }
                other => panic!("a part of type {other:?}"),
            }
        }
        assert!(total <= 4000, "{total} in all texts");
        assert!(count <= 40, "{count} components");
    }
    // As Discord gets it as long as the command's id isn't known.
    let sent = fill_mentions(&message.reply_body().to_string(), None);
    let sent = serde_json::from_str(&sent).unwrap();
    keep(&sent);
    sent
}

/// A form's body, held against Discord's limits.
pub(crate) fn check_form(modal: &Modal) -> Value {
    let body = modal.body();
    at_most(&body["custom_id"], 1, 100);
    at_most(&body["title"], 1, 45);
    let labels = list(&body["components"]);
    assert!((1..=5).contains(&labels.len()));
    let mut ids = BTreeSet::new();
    for label in labels {
        assert_eq!(label["type"], 18);
        at_most(&label["label"], 1, 45);
        at_most(&label["description"], 0, 100);
        check_component(&label["component"], &mut ids);
    }
    body
}

fn check_component(component: &Value, ids: &mut BTreeSet<String>) {
    at_most(&component["custom_id"], 1, 100);
    let id = component["custom_id"].as_str().unwrap().to_owned();
    assert!(ids.insert(id), "twice: {}", component["custom_id"]);
    match component["type"].as_u64() {
        Some(2) => {
            at_most(&component["label"], 1, 80);
        }
        Some(4) => {
            let least = component["min_length"].as_u64().unwrap_or(0);
            let most = component["max_length"].as_u64().unwrap_or(4000);
            assert!(least <= most && (1..=4000).contains(&most));
            if component.get("value").is_some() {
                at_most(&component["value"], 1, usize::try_from(most).unwrap());
            }
        }
        Some(3) => check_select(component),
        Some(5) => assert!(list(&component["default_values"]).len() <= 1),
        other => panic!("a component of type {other:?}"),
    }
}

fn check_select(select: &Value) {
    at_most(&select["placeholder"], 0, 150);
    let options = list(&select["options"]);
    assert!((1..=25).contains(&options.len()));
    let (least, most) =
        (select["min_values"].as_u64().unwrap(), select["max_values"].as_u64().unwrap());
    assert!(least <= most && (1..=options.len() as u64).contains(&most));
    let mut values = BTreeSet::new();
    for option in options {
        at_most(&option["label"], 1, 100);
        at_most(&option["value"], 1, 100);
        at_most(&option["description"], 0, 100);
        assert!(values.insert(option["value"].as_str().unwrap()), "twice: {}", option["value"]);
    }
    let chosen = options.iter().filter(|option| option["default"] == true).count();
    assert!(chosen as u64 <= most, "more chosen than can be");
}

/// A text's length in UTF-16 code units, which lies within these.
#[track_caller]
fn at_most(text: &Value, least: usize, most: usize) -> usize {
    let text = text.as_str().unwrap_or_default();
    let length = text.encode_utf16().count();
    assert!((least..=most).contains(&length), "{length} of {least}..{most}: {text}");
    length
}
