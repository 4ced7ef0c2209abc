//! What messages of Components V2 are refused for, with the service's own codes.

use discord_sim::{Options, standard::GENERAL};
use serde_json::{Value, json};

use crate::minimal_bot::{button, row, start, text};

const V2: u64 = 1 << 15;

fn display(content: &str) -> Value {
    json!({ "type": 10, "content": content })
}

fn message(components: Value) -> Value {
    json!({ "flags": V2, "components": components })
}

/// The code at a dotted path in the tree of errors.
fn code_at(answer: &Value, path: &str) -> String {
    let mut node = &answer["errors"];
    for part in path.split('.') {
        node = &node[part];
    }
    node["_errors"][0]["code"].as_str().unwrap_or_default().to_owned()
}

/// Whether one of the errors at a path has this code.
fn has_code(answer: &Value, path: &str, code: &str) -> bool {
    let mut node = &answer["errors"];
    for part in path.split('.') {
        node = &node[part];
    }
    node["_errors"].as_array().into_iter().flatten().any(|error| error["code"] == code)
}

#[tokio::test]
async fn limits_are_exact() {
    let (discord, bot) = start(Options { route_limits: false, ..Options::standard() }).await;
    let buttons = |from: usize, to: usize| {
        let buttons = (from..to).map(|at| button("B", &at.to_string()));
        row(json!(buttons.collect::<Vec<_>>()))
    };
    // A container, six rows of five buttons, and three texts: 40.
    let mut inside: Vec<Value> = (0..6).map(|at| buttons(at * 5, at * 5 + 5)).collect();
    inside.extend([display("a"), display("b"), display("c")]);
    let forty = message(json!([{ "type": 17, "components": inside.clone() }]));
    let taken = bot.post(GENERAL, forty).await;
    assert_eq!(taken.0, 200, "{}", taken.1);
    inside.push(json!({ "type": 14 }));
    let one_more = message(json!([{ "type": 17, "components": inside }]));
    let refused = bot.post(GENERAL, one_more).await;
    assert_eq!(refused.0, 400);
    let code = "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED";
    assert!(has_code(&refused.1, "components", code), "{}", refused.1);

    // A section with a button counts as three.
    let section = |at: usize| json!({ "type": 9, "components": [display("x")], "accessory": button("B", &at.to_string()) });
    let sections = |count: usize| message(json!((0..count).map(section).collect::<Vec<_>>()));
    assert_eq!(bot.post(GENERAL, sections(13)).await.0, 200);
    assert!(has_code(&bot.post(GENERAL, sections(14)).await.1, "components", code));

    // Characters, not bytes, over all texts together.
    let long =
        |count: usize| message(json!([display(&"水".repeat(2000)), display(&"水".repeat(count))]));
    assert_eq!(bot.post(GENERAL, long(2000)).await.0, 200);
    let refused = bot.post(GENERAL, long(2001)).await.1;
    assert!(
        has_code(&refused, "components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
        "{refused}"
    );
    assert!(!discord.take_violations().is_empty());
}

#[tokio::test]
async fn what_has_no_place_is_refused() {
    let (discord, bot) = start(Options { route_limits: false, ..Options::standard() }).await;
    let section = |accessory: Value| json!({ "type": 9, "components": [display("x")], "accessory": accessory });
    let numbered = |id: u64| json!({ "type": 10, "id": id, "content": "x" });
    let container = |inside: Value| json!({ "type": 17, "components": inside });
    let media = |url: &str| json!({ "type": 11, "media": { "url": url } });
    let choices = "UNION_TYPE_CHOICES";
    let cases = [
        (json!([button("B", "b")]), "components.0", choices),
        (json!([media("https://example.com/a.png")]), "components.0", choices),
        (
            json!([container(json!([container(json!([display("x")]))]))]),
            "components.0.components.0",
            choices,
        ),
        (json!([section(display("x"))]), "components.0.accessory", choices),
        (json!([display(" ")]), "components.0.content", "BASE_TYPE_REQUIRED"),
        (json!([container(json!([]))]), "components.0.components", "BASE_TYPE_BAD_LENGTH"),
        (json!([numbered(7), numbered(7)]), "components.1.id", "COMPONENT_ID_DUPLICATED"),
        (
            json!([section(button("A", "same")), row(json!([button("B", "same")]))]),
            "components.1.components.0.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (
            json!([row(json!([button("A", "same")])), section(button("B", "same"))]),
            "components.1.accessory.custom_id",
            "COMPONENT_CUSTOM_ID_DUPLICATED",
        ),
        (json!([{ "type": 14, "spacing": 3 }]), "components.0.spacing", "BASE_TYPE_CHOICES"),
        (
            json!([section(media("ftp://example.com/a.png"))]),
            "components.0.accessory.media.url",
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            json!([{ "type": 13, "file": { "url": "attachment://a.txt" } }]),
            "components.0.file.url",
            "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
        ),
        (
            json!([{ "type": 13, "file": { "url": "https://example.com/a.txt" } }]),
            "components.0.file.url",
            "URL_TYPE_INVALID_SCHEME",
        ),
    ];
    for (components, path, code) in cases {
        let (status, answer) = bot.post(GENERAL, message(components)).await;
        assert_eq!((status, &answer["code"]), (400, &json!(50035)), "{path}");
        // The document, if available, may have been checked first and differ in its errors.
        let found = code_at(&answer, path);
        assert!(found == code || discord_sim::Discord::has_document(), "{path}: {answer}");
    }
    assert!(!discord.take_violations().is_empty());
    let empty = bot.post(GENERAL, message(json!([]))).await;
    assert_eq!((empty.0, &empty.1["code"]), (400, &json!(50006)));
    let without_the_flag = json!({ "components": [display("x")] });
    let refused = bot.post(GENERAL, without_the_flag).await.1;
    assert_eq!(code_at(&refused, "components.0"), choices);
}

#[tokio::test]
async fn old_fields_are_refused_and_the_flag_stays() {
    let (discord, bot) = start(Options { route_limits: false, ..Options::standard() }).await;
    let legacy = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
    for (key, value) in [
        ("content", json!("x")),
        ("content", json!("")),
        ("embeds", json!([{ "title": "x" }])),
        ("sticker_ids", json!(["1102000000000000009"])),
    ] {
        let mut body = message(json!([display("x")]));
        body[key] = value;
        assert_eq!(code_at(&bot.post(GENERAL, body).await.1, key), legacy, "{key}");
    }
    let mut nothing = message(json!([display("x")]));
    nothing["content"] = Value::Null;
    nothing["embeds"] = json!([]);
    let (status, new) = bot.post(GENERAL, nothing).await;
    assert_eq!(status, 200, "{new}");
    let path = format!("/channels/{GENERAL}/messages/{}", text(&new["id"]));
    let edit = async |body: Value| bot.call("PATCH", &path, body).await;

    let removed = edit(json!({ "flags": 0, "components": [row(json!([button("B", "b")]))] })).await;
    let code = "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG";
    assert_eq!((removed.0, code_at(&removed.1, "flags").as_str()), (400, code));
    assert_eq!(code_at(&edit(json!({ "content": "x" })).await.1, "content"), legacy);
    assert_eq!(edit(json!({ "components": [] })).await.1["code"], 50006);
    assert_eq!(edit(json!({ "components": [display("y")] })).await.1["flags"], V2);
    assert_eq!(edit(message(json!([display("z")]))).await.0, 200);

    let old = bot.post(GENERAL, json!({ "content": "old", "embeds": [{ "title": "x" }] })).await.1;
    let path = format!("/channels/{GENERAL}/messages/{}", text(&old["id"]));
    let left = bot.call("PATCH", &path, message(json!([display("new")]))).await.1;
    assert_eq!(code_at(&left, "content"), legacy);
    let mut turned = message(json!([display("new")]));
    turned["content"] = Value::Null;
    turned["embeds"] = json!([]);
    let (status, answer) = bot.call("PATCH", &path, turned).await;
    assert_eq!((status, &answer["content"], &answer["flags"]), (200, &json!(""), &json!(V2)));
    assert!(!discord.take_violations().is_empty());
}

#[tokio::test]
async fn answers_to_interactions_are_held_to_the_same() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let (seen, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let i = bot.next().await;
        let mut mixed = message(json!([display("x")]));
        mixed["content"] = json!("x");
        for kind in [4, 5] {
            let refused = bot.respond(&i, json!({ "type": kind, "data": mixed })).await;
            assert_eq!((refused.0, &refused.1["code"]), (400, &json!(50035)), "{kind}");
        }
        let deferral = json!({ "type": 5, "data": { "flags": V2 } });
        let refused = bot.respond(&i, deferral).await.1;
        assert_eq!(code_at(&refused, "data.flags"), "MESSAGE_FLAGS_INVALID");
        let twice = message(json!([row(json!([button("A", "a"), button("B", "a")]))]));
        let refused = bot.respond(&i, json!({ "type": 4, "data": twice })).await.1;
        let path = "data.components.0.components.1.custom_id";
        assert_eq!(code_at(&refused, path), "COMPONENT_CUSTOM_ID_DUPLICATED");
        let panel = message(json!([display("x"), row(json!([button("Next", "n")]))]));
        assert_eq!(bot.respond(&i, json!({ "type": 4, "data": panel })).await.0, 204);
        let original = "/messages/@original";
        let refused = bot.webhook("PATCH", &i, original, json!({ "flags": 0 })).await.1;
        assert_eq!(code_at(&refused, "flags"), "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG");
        let refused = bot.webhook("POST", &i, "", mixed).await;
        assert_eq!(refused.0, 400);
    });
    let panel = seen.unwrap().message().unwrap();
    let (_, _) = tokio::join!(rin.click(&panel, "Next"), async {
        let i = bot.next().await;
        let data = json!({ "content": "plain" });
        let refused = bot.respond(&i, json!({ "type": 7, "data": data })).await.1;
        let legacy = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2";
        assert_eq!(code_at(&refused, "data.content"), legacy);
        bot.respond(&i, json!({ "type": 7, "data": message(json!([display("y")])) })).await;
    });
    assert!(!discord.take_violations().is_empty());
}
