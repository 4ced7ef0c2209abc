//! What must hold of every card, whatever people typed.

use std::collections::{BTreeSet, HashSet};

use proptest::prelude::*;

use super::*;
use crate::discord::views::scopes;
use crate::domain::email::EmailAddress;

/// Everything that can be typed, invisible and backwards included.
fn typed(most: usize) -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("x".to_owned()),
        Just("*".to_owned()),
        Just("`".to_owned()),
        Just("👩🏽‍🚀".to_owned()),
        Just("א\n".to_owned()),
        Just("\u{10800}\n".to_owned()),
        "[ -~]{1,9}",
        ".{1,4}",
    ];
    let longer = (piece.clone(), 1..=most).prop_map(|(piece, times)| piece.repeat(times));
    let mixed = prop::collection::vec(piece, 1..40).prop_map(|pieces| pieces.concat());
    prop_oneof![longer, mixed].prop_map(move |text| {
        let text: String = text.trim().chars().take(most).collect();
        if text.trim().is_empty() { "x".to_owned() } else { text }
    })
}

fn addresses() -> impl Strategy<Value = Vec<String>> {
    let address = prop_oneof![
        (0usize..10).prop_map(long_address),
        "[a-z_.*`'{|}~-]{1,20}@[a-z]{1,9}\\.(com|jp)"
            .prop_filter("no address", |text| text.parse::<EmailAddress>().is_ok()),
    ];
    prop::collection::vec(address, 0..=10)
        .prop_map(|all| all.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
}

/// A request with any of the brand catalogue's scopes, of one of its providers.
fn requests() -> impl Strategy<Value = Request> {
    let scopes = prop_oneof![
        prop::collection::hash_set(0usize..117, 1..12),
        prop::collection::hash_set(0usize..117, 1..=117),
    ];
    let which = prop::sample::select(vec!["brand", "brand-ja"]);
    (which, typed(64), typed(1000), addresses(), scopes, 2u8..=20).prop_map(
        |(which, name, description, emails, scopes, approvals_required)| {
            let name = name.replace('\n', " ");
            let settings = settings(&name, &description, &emails);
            let request = request_for(provider(which), settings, |at, _| scopes.contains(&at));
            Request { approvals_required, ..request }
        },
    )
}

fn all_text(messages: &[Message]) -> String {
    messages.iter().map(print_text).collect::<Vec<_>>().join("\n")
}

/// The code spans of one line each.
fn spans(text: &str) -> HashSet<&str> {
    text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// Whether a text has each scope, each address and the whole description.
fn has_everything(text: &str, request: &Request) -> bool {
    let spans = spans(text);
    let content = &request.content;
    let scopes = content
        .scopes
        .iter()
        .all(|scope| spans.contains(format!("{} {}", scope.method, scope.path).as_str()));
    let emails = content
        .settings
        .developer_emails
        .iter()
        .all(|email| text.contains(&sanitize::inline(&email.to_string())));
    // It is quoted, over several messages where need be.
    let quoted: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("> ")).collect();
    let description = sanitize::block(&content.settings.description);
    scopes && emails && quoted.join("\n") == description
}

/// The blocks of steps that are there to be copied.
fn blocks(message: &Message) -> Vec<String> {
    let mut blocks = Vec::new();
    let prose = message.prose();
    let mut parts = prose.split("```");
    let outside = parts.next().is_some();
    assert!(outside);
    while let Some(block) = parts.next() {
        assert!(parts.next().is_some(), "a block is split: {prose}");
        blocks.push(block.trim_matches('\n').to_owned());
    }
    blocks
}

/// What a template's `copy` makes of a value.
fn copied(value: &str) -> String {
    value.replace("```", "`\u{200b}`\u{200b}`\u{200b}").trim_matches('\n').to_owned()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_card_is_cut_where_something_is_missing(
        request in requests(), gone in any::<bool>(), struck in 0i64..30, put in 0i64..20,
    ) {
        let struck = (1..=struck)
            .map(|id| Approval { struck: Some(StrikeReason::NotAdmin), ..approval(&request, id) });
        let approvals: Vec<Approval> = struck.chain((40..40 + put).map(|id| approval(&request, id))).collect();
        let mut facts = facts(&request, &approvals);
        if gone {
            facts.provider = None;
        }
        let card = render_card(&facts);
        check(&card);
        let missing = !has_everything(&print_text(&card), &request);
        prop_assert_eq!(is_cut(&request, facts.provider), missing, "{}", print_text(&card));
    }

    #[test]
    fn steps_lose_no_value(request in requests()) {
        let request = Request { state: RequestState::Issuing, ..request };
        let approvals: Vec<Approval> = (1..=request.approvals_required.into()).map(|id| approval(&request, id)).collect();
        let card = render_card(&facts(&request, &approvals));
        check(&card);
        let blocks = blocks(&card);
        let content = &request.content;
        prop_assert!(blocks.contains(&copied(&content.settings.name)), "{blocks:?}");
        prop_assert!(blocks.contains(&copied(&content.settings.description)), "{blocks:?}");
        let emails: Vec<String> =
            content.settings.developer_emails.iter().map(ToString::to_string).collect();
        let whole = emails.is_empty() || blocks.contains(&copied(&emails.join("\n")));
        let language = facts(&request, &approvals).provider.unwrap().locale;
        let dropped = text!(language, "card-steps-emails", count = emails.len());
        prop_assert!(whole != blocks.contains(&dropped), "{blocks:?}");
    }

    #[test]
    fn all_scopes_are_all(request in requests(), gone in any::<bool>()) {
        let provider = provider(request.content.provider.as_str());
        for language in Language::ALL {
            let messages = scopes::render_all(&request, Some(provider).filter(|_| !gone), language);
            messages.iter().for_each(check);
            let text = all_text(&messages);
            prop_assert!(has_everything(&text, &request), "{text}");
            let spans = spans(&text);
            prop_assert!(request.content.scopes.iter().all(|s| spans.contains(s.id.as_str())));
            let first = print_text(&messages[0]);
            prop_assert!(first.contains("#7") && first.contains(&request.digest.short().to_string()));
            prop_assert!(messages.iter().all(|message| message.ephemeral));
        }
    }
}
