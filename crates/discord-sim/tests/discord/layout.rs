//! Messages of Components V2: what is taken, how it is shown, and what people do on it.

use discord_sim::{Discord, MessageView, Options, standard::GENERAL};
use serde_json::{Value, json};

use crate::minimal_bot::{Bot, button, row, start, text};

/// The flag IS_COMPONENTS_V2.
const V2: u64 = 1 << 15;
const EPHEMERAL: u64 = 1 << 6;

fn display(content: &str) -> Value {
    json!({ "type": 10, "content": content })
}

fn container(inside: Value) -> Value {
    json!({ "type": 17, "components": inside })
}

fn message(components: Value) -> Value {
    json!({ "flags": V2, "components": components })
}

/// A card with one of everything that people read or press.
fn card() -> Value {
    let options = json!([{ "label": "Read", "value": "r" }, { "label": "Write", "value": "w" }]);
    let select = json!({ "type": 3, "custom_id": "scopes", "placeholder": "Scopes",
        "max_values": 2, "options": options });
    let mut off = button("Deny", "deny");
    off["disabled"] = json!(true);
    let mut card = container(json!([
        display("# Rin requests *tea*"),
        { "type": 9, "components": [display("For the harvest"), display("30 days")],
            "accessory": button("Details", "details") },
        { "type": 14 },
        { "type": 14, "divider": false, "spacing": 2 },
        row(json!([select])),
        row(json!([button("Approve", "approve"), off])),
    ]));
    card["accent_color"] = json!(0x5865F2);
    message(json!([display("over"), card]))
}

async fn posted(discord: &Discord, bot: &Bot, body: Value) -> MessageView {
    let (status, answer) = bot.post(GENERAL, body).await;
    assert_eq!(status, 200, "{answer}");
    let messages = discord.person("aki").unwrap().channel("general").unwrap();
    messages.into_iter().find(|m| m.id().to_string() == text(&answer["id"])).unwrap()
}

#[tokio::test]
async fn cards_are_shown_as_a_client_does() {
    let (discord, bot) = start(Options::standard()).await;
    let card = posted(&discord, &bot, card()).await;
    let shown = "over\n│ # Rin requests *tea*\n│ For the harvest\n│ 30 days  [Details]\n│ ────\n│ ▾ \
                 Scopes (1 to 2)\n│   [ ] Read\n│   [ ] Write\n│ [Approve] [Deny (disabled)]\n│ \
                 (colour #5865f2)";
    assert_eq!(card.text(), shown);
    assert!(card.contains("For the harvest") && !card.pings());
    let sources = ["over", "# Rin requests *tea*", "For the harvest", "30 days"];
    assert_eq!(card.sources(), sources);
    assert_eq!(card.buttons(), ["Details", "Approve", "Deny"]);
    assert!(card.offers("Details") && !card.offers("Deny"));
    assert_eq!(card.custom_id("Details").unwrap(), "details");
    assert_eq!(card.options("Scopes").unwrap(), ["Read", "Write"]);
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn what_was_left_out_is_stated_as_the_service_does() {
    let (discord, bot) = start(Options::standard()).await;
    let mut explicit = display("with a number");
    explicit["id"] = json!(2);
    let mut plain = container(json!([explicit, { "type": 14 }]));
    plain["id"] = json!(0);
    let answer = bot.post(GENERAL, message(json!([plain, display("last")]))).await.1;
    let shown = &answer["components"];
    assert_eq!(shown[0]["accent_color"], Value::Null);
    assert!(shown[0].as_object().unwrap().contains_key("accent_color"));
    assert_eq!((&shown[0]["id"], &shown[0]["spoiler"]), (&json!(1), &json!(false)));
    assert_eq!(shown[0]["components"][0]["id"], 2);
    let separator = json!({ "type": 14, "id": 3, "spacing": 1, "divider": true });
    assert_eq!(shown[0]["components"][1], separator);
    assert_eq!(shown[1], json!({ "type": 10, "id": 4, "content": "last" }));
    assert_eq!(answer["flags"], V2);
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn people_press_and_choose_wherever_it_stands() {
    let (discord, bot) = start(Options::standard()).await;
    let aki = discord.person("aki").unwrap();
    let card = posted(&discord, &bot, card()).await;
    assert!(aki.click(&card, "Deny").await.is_err(), "it is disabled");
    let (seen, _) = tokio::join!(aki.click(&card, "Details"), async {
        let interaction = bot.next().await;
        assert_eq!(interaction["data"]["custom_id"], "details");
        assert_eq!(interaction["data"]["id"], 7);
        assert_eq!(interaction["message"]["flags"], V2);
        let data = json!({ "flags": V2 | EPHEMERAL, "components": [display("all of it")] });
        bot.respond(&interaction, json!({ "type": 4, "data": data })).await;
    });
    assert_eq!(seen.unwrap().private().unwrap().text(), "all of it");
    let (seen, _) = tokio::join!(aki.select(&card, "Scopes", &["Write"]), async {
        let interaction = bot.next().await;
        assert_eq!(interaction["data"]["values"], json!(["w"]));
        // The flag stays, whether it is named or not.
        let data = json!({ "components": [display("chosen")] });
        let (status, answer) = bot.respond(&interaction, json!({ "type": 7, "data": data })).await;
        assert_eq!(status, 204, "{answer}");
    });
    let changed = seen.unwrap().message().unwrap();
    assert_eq!((changed.text(), &changed.json()["flags"]), ("chosen", &json!(V2)));
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn private_panels_are_edited_in_place() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let panel = |says: &str| {
        let inside = json!([display(says), row(json!([button("Next", "next")]))]);
        json!({ "flags": V2 | EPHEMERAL, "components": [container(inside)] })
    };
    let (seen, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        bot.respond(&interaction, json!({ "type": 5, "data": { "flags": EPHEMERAL } })).await;
        let answer = bot.webhook("PATCH", &interaction, "/messages/@original", panel("one")).await;
        assert_eq!((answer.0, &answer.1["flags"]), (200, &json!(V2 | EPHEMERAL)), "{}", answer.1);
        let more = json!({ "flags": V2 | EPHEMERAL, "components": [display("beside")] });
        assert_eq!(bot.webhook("POST", &interaction, "?wait=true", more).await.0, 200);
    });
    let first = seen.unwrap().private().unwrap();
    assert!(first.contains("one"), "{first}");
    assert!(rin.wait_for_private("beside").await.unwrap().is_ephemeral());
    let (seen, _) = tokio::join!(rin.click(&first, "Next"), async {
        let interaction = bot.next().await;
        bot.respond(&interaction, json!({ "type": 7, "data": panel("two") })).await;
    });
    let second = seen.unwrap().message().unwrap();
    assert!(second.contains("two") && second.is_ephemeral() && second.id() == first.id());
    let (seen, _) = tokio::join!(rin.click(&second, "Next"), async {
        let interaction = bot.next().await;
        bot.respond(&interaction, json!({ "type": 6 })).await;
        bot.webhook("PATCH", &interaction, "/messages/@original", panel("three")).await;
    });
    let third = seen.unwrap().message().unwrap();
    assert!(third.contains("three") && third.id() == first.id());
    assert_eq!(rin.private_messages().len(), 2);
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn files_come_with_messages_and_are_saved() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let export = "{\"step\":1}\r\n\r\n{\"step\":2}\n";
    let upload = async |method: &str, path: &str, json: Value| {
        let part = reqwest::multipart::Part::text(export).file_name("audit log.jsonl");
        let form = reqwest::multipart::Form::new().text("payload_json", json.to_string());
        let request = bot.http.request(method.parse().unwrap(), format!("{}{path}", bot.base));
        let token = discord_sim::standard::TOKEN;
        let request = request.header("authorization", format!("Bot {token}"));
        let response = request.multipart(form.part("files[0]", part)).send().await.unwrap();
        (response.status().as_u16(), response.json::<Value>().await.unwrap_or_default())
    };
    let file = json!({ "type": 13, "file": { "url": "attachment://audit_log.jsonl" } });
    let (seen, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let i = bot.next().await;
        let path = format!("/interactions/{}/{}/callback", text(&i["id"]), text(&i["token"]));
        let data = json!({ "flags": V2 | EPHEMERAL, "components": [display("Export"), file] });
        let answer = upload("POST", &path, json!({ "type": 4, "data": data })).await;
        assert_eq!(answer.0, 204, "{}", answer.1);
        bot.webhook("GET", &i, "/messages/@original", Value::Null).await;
    });
    let answer = seen.unwrap().private().unwrap();
    assert_eq!(answer.text(), "Export\n(file audit_log.jsonl)");
    assert_eq!(answer.files(), ["audit_log.jsonl"]);
    assert_eq!(rin.download(&answer, "audit_log.jsonl").unwrap(), export.as_bytes());
    assert_eq!(answer.json()["components"][1]["size"], export.len());
    let aki = discord.person("aki").unwrap();
    assert!(aki.download(&answer, "audit_log.jsonl").is_err(), "it is rin's alone");

    let path = format!("/channels/{GENERAL}/messages");
    let refused = upload("POST", &path, json!({ "content": "here" })).await;
    assert_eq!(
        (refused.0, &refused.1["code"]),
        (403, &json!(50013)),
        "the bot may attach no files"
    );
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn pictures_stand_beside_texts() {
    let (discord, bot) = start(Options::standard()).await;
    let picture = json!({ "media": { "url": "https://example.com/a.png" }, "description": "tea" });
    let mut thumbnail = picture.clone();
    thumbnail["type"] = json!(11);
    let section = json!({ "type": 9, "components": [display("Tea")], "accessory": thumbnail });
    let gallery = json!({ "type": 12, "items": [picture] });
    let shown = posted(&discord, &bot, message(json!([section, gallery]))).await;
    assert_eq!(shown.text(), "Tea  (picture tea)\n(picture tea)");
    let media = &shown.json()["components"][0]["accessory"]["media"];
    assert_eq!(media["url"], "https://example.com/a.png");
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}
