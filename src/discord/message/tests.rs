use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::ids::UserId;

#[test]
fn an_edit_names_every_part() {
    let body = Message::text("gone").ephemeral().edit_body();
    let expected = json!({
        "content": null, "embeds": [], "flags": 1 << 15, "allowed_mentions": {"parse": []},
        "components": [{"type": 10, "content": "gone"}],
    });
    assert_eq!(body, expected);
    assert_eq!(Message::text("x").ephemeral().reply_body()["flags"], 1 << 15 | 64);
    assert_eq!(Message::text("x").ephemeral().channel_body()["flags"], 1 << 15);
}

#[test]
fn only_a_new_message_pings_and_only_whom_it_names() {
    let roles: Vec<RoleId> = vec!["5".parse().unwrap()];
    let message = Message { pings: roles, ..Message::text("<@&5> <@&6> @everyone") };
    let expected = json!({"parse": [], "roles": ["5"]});
    assert_eq!(message.channel_body()["allowed_mentions"], expected);
    for body in [message.edit_body(), message.reply_body()] {
        assert_eq!(body["allowed_mentions"], json!({"parse": []}));
    }
}

#[test]
fn a_card_looks_as_discord_wants_it() {
    let body = Message::titled("T")
        .coloured(0x00ff00)
        .line("D")
        .list(vec!["one".into(), "two".into()], ", ", Language::EnglishUs)
        .separator()
        .line("")
        .row(buttons([button("approve:1", "Approve", ButtonStyle::Success).disabled(true)]))
        .row(select("scopes", "Pick", vec![option("L", "v", Some("d"), true)], (0, 5)))
        .channel_body();
    let frame = &body["components"][0];
    assert_eq!((&frame["type"], &frame["accent_color"]), (&json!(17), &json!(0x00ff00)));
    let inside = &frame["components"];
    assert_eq!(inside[0], json!({"type": 10, "content": "### T\nD\none, two"}));
    assert_eq!(inside[1], json!({"type": 14}));
    assert_eq!(inside[2]["components"][0]["disabled"], true);
    let select = &inside[3]["components"][0];
    assert_eq!((&select["min_values"], &select["max_values"]), (&json!(0), &json!(1)));
    assert_eq!(Message::default().channel_body()["components"][0]["content"], EMPTY_TEXT);
}

#[test]
fn modals_put_each_input_under_a_label() {
    let modal = Modal {
        custom_id: "request".into(),
        title: "t".repeat(46),
        fields: vec![
            Label::new(
                "Name",
                Input::Text {
                    custom_id: "name".into(),
                    style: TextStyle::Short,
                    min_length: Some(1),
                    max_length: Some(64),
                    required: true,
                    value: String::new(),
                    placeholder: String::new(),
                },
            ),
            Label::new(
                "Contact",
                Input::User {
                    custom_id: "contact".into(),
                    required: true,
                    placeholder: String::new(),
                    chosen: UserId::new(7).ok(),
                },
            ),
        ],
    };
    let body = modal.body();
    assert_eq!(units(body["title"].as_str().unwrap()), 45);
    assert_eq!(
        body["components"],
        json!([
            {"type": 18, "label": "Name", "component": {
                "type": 4, "custom_id": "name", "style": 1, "required": true, "min_length": 1,
                "max_length": 64,
            }},
            {"type": 18, "label": "Contact", "component": {
                "type": 5, "custom_id": "contact", "required": true, "min_values": 1,
                "max_values": 1, "default_values": [{"id": "7", "type": "user"}],
            }},
        ])
    );
}

#[test]
fn pages_hold_a_select_each() {
    let all: Vec<u8> = (0..29).collect();
    assert_eq!(page_of_options(&all, 0).0.len(), 25);
    assert_eq!(page_of_options(&all, 1), (&all[25..], 2));
    assert_eq!(page_of_options(&all, 9).0, &all[25..]);
    assert_eq!(page_of_options::<u8>(&[], 0), (&[][..], 1));
}

#[test]
fn text_is_cut_between_graphemes() {
    assert_eq!(truncate("abc", 3), "abc");
    assert_eq!(truncate("abcd", 3), "ab\u{2026}");
    assert_eq!(truncate("👩‍💻x", 5), "\u{2026}");
    assert_eq!(truncate("ab\\*cd", 4), "ab\u{2026}");
    assert_eq!(truncate("abcd", 0), "");
}

#[test]
fn cutting_is_told() {
    assert!(!Message::text("x".repeat(3999)).fit());
    assert!(Message::text("x".repeat(4001)).fit());
    let list = |most: usize| {
        let pieces: Vec<String> = (0..most).map(|_| "y".repeat(99)).collect();
        Message::text("x".repeat(2000)).list(pieces, "\n", Language::EnglishUs)
    };
    assert!(!list(19).fit());
    assert!(list(20).fit());
    let shown = list(20).prose();
    assert_eq!(shown.matches(&"y".repeat(99)).count(), 19, "{shown}");
    assert!(shown.ends_with("… and 1 more"), "{shown}");
    let row = || buttons((0..5).map(|at| button(at.to_string(), "b", ButtonStyle::Success)));
    let rows = |most: usize| Message::text("x").rows((0..most).map(|_| row()));
    assert!(!rows(6).fit());
    assert!(rows(7).fit());
    // A line across it goes first.
    assert!(!rows(6).separator().line("y").separator().line("z").fit());
}

#[test]
fn lists_share_what_room_there_is() {
    let pieces = |letter: &str, most: usize| vec![letter.repeat(99); most];
    let shown =
        |first, second| {
            let message = Message::default()
                .list(pieces("a", first), "\n", Language::EnglishUs)
                .list(pieces("b", second), "\n", Language::EnglishUs);
            let prose = message.prose();
            ["a", "b"].map(|letter| prose.matches(&letter.repeat(99)).count())
        };
    assert_eq!(shown(10, 20), [10, 20]);
    assert_eq!(shown(10, 90), [10, 29]);
    assert_eq!(shown(90, 10), [29, 10]);
    assert_eq!(shown(90, 90), [19, 20]);
}

fn any_text() -> impl Strategy<Value = String> {
    let grapheme = prop::sample::select(vec!["x", "é", "👩‍💻", "\\*", " "]);
    let length = prop_oneof![0usize..20, 0usize..6000];
    (grapheme, length).prop_map(|(grapheme, length)| grapheme.repeat(length))
}

fn any_part() -> impl Strategy<Value = Part> {
    let pieces = prop::collection::vec(any_text(), 0..20);
    let list = pieces.prop_map(|pieces| {
        Part::List(List { pieces, separator: "\n".into(), language: Language::EnglishUs })
    });
    let row = (1usize..6).prop_map(|count| {
        Part::Row(buttons((0..count).map(|at| button(at.to_string(), "b", ButtonStyle::Success))))
    });
    prop_oneof![any_text().prop_map(Part::Text), list, Just(Part::Separator), row]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_message_fits(parts in prop::collection::vec(any_part(), 0..30)) {
        let mut message = Message { parts, ..Message::default() };
        let body = message.channel_body();
        message.fit();
        let fitted = message.clone();
        prop_assert!(!message.fit() && message == fitted, "fitting twice is fitting once");
        let frame = &body["components"][0];
        let inside = if frame["type"] == 17 { &frame["components"] } else { &body["components"] };
        let (mut total, mut count) = (0, 1);
        for part in inside.as_array().unwrap() {
            count += 1 + part["components"].as_array().map_or(0, Vec::len);
            let text = part["content"].as_str();
            prop_assert!(text.is_none_or(|text| !text.trim().is_empty()));
            total += text.map_or(0, units);
        }
        prop_assert!(total <= limit::TEXT && count <= limit::COMPONENTS, "{total} {count}");
    }
}
