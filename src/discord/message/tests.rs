use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::ids::UserId;

#[test]
fn an_edit_names_every_part() {
    let body = Message::text("gone").ephemeral().edit_body();
    let expected = json!({
        "content": "gone", "embeds": [], "components": [], "allowed_mentions": {"parse": []},
    });
    assert_eq!(body, expected);
    assert_eq!(Message::text("x").ephemeral().reply_body()["flags"], 64);
    assert!(Message::text("x").ephemeral().channel_body().get("flags").is_none());
}

#[test]
fn a_card_looks_as_discord_wants_it() {
    let embed = Embed {
        footer: "#1".into(),
        colour: Some(0x00ff00),
        ..Embed::new("T", "D").field(Field::inline("N", "V")).field(Field::new("empty", ""))
    };
    let body = Message::embed(embed)
        .row(buttons([button("approve:1", "Approve", ButtonStyle::Success).disabled(true)]))
        .row(select("scopes", "Pick", vec![option("L", "v", Some("d"), true)], (0, 5)))
        .channel_body();
    assert_eq!(
        body["embeds"],
        json!([{
            "type": "rich", "title": "T", "description": "D", "color": 0x00ff00, "footer": {"text": "#1"},
            "fields": [
                {"name": "N", "value": "V", "inline": true},
                {"name": "empty", "value": "\u{2014}", "inline": false},
            ],
        }])
    );
    let select = &body["components"][1]["components"][0];
    assert_eq!((&select["min_values"], &select["max_values"]), (&json!(0), &json!(1)));
    assert_eq!(body["components"][0]["components"][0]["disabled"], true);
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
    assert!(!Message::text("x".repeat(2000)).fit());
    assert!(Message::text("x".repeat(2001)).fit());
    assert!(!Message::embed(Embed::new("t", "d".repeat(4096))).fit());
    let long = Embed::new("t", "d".repeat(4000)).field(Field::new("n", "v".repeat(1024)));
    assert!(!Message::embed(long.clone()).fit());
    assert!(Message { embeds: vec![long.clone(), long], ..Message::default() }.fit());
}

fn any_text() -> impl Strategy<Value = String> {
    let grapheme = prop::sample::select(vec!["x", "é", "👩‍💻", "\\*", " "]);
    let length = prop_oneof![0usize..20, 0usize..6000];
    (grapheme, length).prop_map(|(grapheme, length)| grapheme.repeat(length))
}

fn any_embed() -> impl Strategy<Value = Embed> {
    let field = (any_text(), any_text()).prop_map(|(name, value)| Field::new(name, value));
    let fields = prop::collection::vec(field, 0..30);
    (any_text(), any_text(), fields, any_text()).prop_map(|(title, description, fields, footer)| {
        Embed { title, description, fields, footer, colour: None }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn every_message_fits(embeds in prop::collection::vec(any_embed(), 0..12)) {
        let mut message = Message { embeds, ..Message::default() };
        message.fit();
        let fitted = message.clone();
        prop_assert!(!message.fit() && message == fitted, "fitting twice is fitting once");
        prop_assert!(message.embeds.len() <= limit::EMBEDS);
        let mut total = 0;
        for embed in &message.embeds {
            prop_assert!(embed.fields.len() <= limit::EMBED_FIELDS);
            prop_assert!(!embed.is_empty());
            prop_assert!(units(&embed.title) <= limit::EMBED_TITLE);
            prop_assert!(units(&embed.description) <= limit::EMBED_DESCRIPTION);
            prop_assert!(units(&embed.footer) <= limit::EMBED_FOOTER);
            total += units(&embed.title) + units(&embed.description) + units(&embed.footer);
            for field in &embed.fields {
                prop_assert!(units(&field.name) <= limit::EMBED_TITLE);
                prop_assert!(!field.name.is_empty() && !field.value.is_empty());
                prop_assert!(units(&field.value) <= limit::EMBED_VALUE);
                total += units(&field.name) + units(&field.value);
            }
        }
        prop_assert!(total <= limit::EMBED_TOTAL, "{total}");
    }
}
