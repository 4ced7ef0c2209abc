//! The driver: what a client lets people do, and how things read.

use discord_sim::{Options, standard::GENERAL};
use serde_json::{Value, json};

use crate::minimal_bot::{button, row, start};

fn form() -> Value {
    json!({ "type": 9, "data": { "custom_id": "form", "title": "A form", "components": [
        { "type": 18, "label": "Name", "component":
            { "type": 4, "custom_id": "name", "style": 1, "max_length": 8 } },
        { "type": 18, "label": "Version", "description": "newest first", "component":
            { "type": 3, "custom_id": "version", "options": [
                { "label": "3", "value": "v3", "default": true }, { "label": "2", "value": "v2" },
            ] } },
        { "type": 18, "label": "Contact", "component":
            { "type": 5, "custom_id": "contact", "default_values": [
                { "type": "user", "id": "1105000000000000001" },
            ] } },
    ]}})
}

#[tokio::test]
async fn modals_are_filled_as_the_client_lets() {
    let (discord, bot) = start(Options::standard()).await;
    let (rin, aki) = (discord.person("rin").unwrap(), discord.person("aki").unwrap());
    let (opened, _) = tokio::join!(rin.type_command("/ask for what:tea whom:@Ben"), async {
        let interaction = bot.next().await;
        let typed = &interaction["data"]["options"][0]["options"];
        assert_eq!(typed[0], json!({ "name": "what", "type": 3, "value": "tea" }));
        let users = &interaction["data"]["resolved"]["users"];
        assert_eq!(users.as_object().unwrap().len(), 1);
        assert_eq!(bot.respond(&interaction, form()).await.0, 204);
    });
    let mut modal = opened.unwrap().modal().unwrap();
    let shown = "◆ A form\nName *\n  \nVersion * – newest first\n  [x] 3\n  [ ] 2\nContact *\n  [x] \
                 @Rin";
    assert_eq!(modal.to_string(), shown);
    assert!(modal.submit().await.unwrap_err().to_string().contains("Name: This field"));
    assert!(modal.fill("Name", "123456789").is_err());
    assert!(modal.fill("Nome", "x").is_err());
    modal.fill("Name", "tea").unwrap().choose("Version", "2").unwrap();
    modal.choose_user("Contact", &aki).unwrap();
    let (seen, _) = tokio::join!(modal.submit(), async {
        let interaction = bot.next().await;
        let fields = &interaction["data"]["components"];
        assert_eq!(fields[1]["component"]["values"], json!(["v2"]));
        assert_eq!(fields[2]["component"]["values"], json!([aki.id().to_string()]));
        let resolved = &interaction["data"]["resolved"]["members"];
        assert!(resolved[aki.id().to_string()]["roles"].is_array());
        let data = json!({ "content": format!("hello {}", rin.mention()), "flags": 64,
            "allowed_mentions": { "parse": [] } });
        bot.respond(&interaction, json!({ "type": 4, "data": data })).await;
    });
    let message = seen.unwrap().private().unwrap();
    assert_eq!(message.text(), "hello @Rin");
    assert!(!message.pings());
    assert!(discord.violations().is_empty(), "{:?}", discord.violations());
}

#[tokio::test]
async fn modals_over_the_limits_are_refused() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let field = |id: &str| {
        json!({ "type": 18, "label": "L", "component":
            { "type": 4, "custom_id": id, "style": 1 } })
    };
    let (_, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        let six: Vec<_> = (0..6).map(|at| field(&at.to_string())).collect();
        for components in [json!(six), json!([field("a"), field("a")])] {
            let data = json!({ "custom_id": "m", "title": "T", "components": components });
            let (status, body) =
                bot.respond(&interaction, json!({ "type": 9, "data": data })).await;
            assert_eq!((status, &body["code"]), (400, &json!(50035)));
            assert!(!discord.take_violations().is_empty());
        }
        bot.respond(&interaction, form()).await;
    });
}

#[tokio::test]
async fn commands_are_read_as_the_client_reads_them() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    for wrong in ["/nothing", "/ask", "/ask for", "/ask for what", "/ask for whom:@Nobody what:x"] {
        assert!(rin.type_command(wrong).await.is_err(), "{wrong}");
    }
    let (choices, _) = tokio::join!(rin.complete("/ask for what:tea how:wa"), async {
        let interaction = bot.next().await;
        assert_eq!(interaction["type"], 4);
        let focused = &interaction["data"]["options"][0]["options"][1];
        assert_eq!(focused["focused"], true);
        let choices = json!([{ "name": "Warm", "value": "warm" }]);
        bot.respond(&interaction, json!({ "type": 8, "data": { "choices": choices } })).await;
    });
    assert_eq!(choices.unwrap(), [("Warm".to_owned(), "warm".to_owned())]);
}

#[tokio::test]
async fn selects_replace_and_messages_read_well() {
    let (discord, bot) = start(Options::standard()).await;
    let aki = discord.person("aki").unwrap();
    let options = json!([
        { "label": "Read", "value": "r", "default": true, "description": "GET /x" },
        { "label": "Write", "value": "w" },
    ]);
    let select = json!({ "type": 3, "custom_id": "scopes", "placeholder": "Scopes",
        "min_values": 0, "max_values": 2, "options": options });
    let mut off = button("Create", "create");
    off["disabled"] = json!(true);
    let body = json!({
        "content": "Choose",
        "embeds": [{ "title": "Token", "color": 255, "fields": [{ "name": "For", "value": "tea" }],
            "footer": { "text": "end" } }],
        "components": [row(json!([select])), row(json!([button("Clear", "clear"), off]))],
    });
    let (status, answer) = bot.post(GENERAL, body).await;
    assert_eq!(status, 200, "{answer}");
    let panel = aki.wait_for_message("general", "Choose").await.unwrap();
    let shown = "Bot in #general\nChoose\n│ # Token\n│ For:\n│   tea\n│ -- end\n│ (colour \
                 #0000ff)\n▾ Scopes (0 to 2)\n  [x] Read – GET /x\n  [ ] Write\n[Clear] [Create \
                 (disabled)]";
    assert_eq!(panel.to_string(), shown);
    assert!(aki.click(&panel, "Create").await.is_err());
    assert!(aki.select(&panel, "Scopes", &["Other"]).await.is_err());
    assert_eq!(panel.chosen("Scopes").unwrap(), ["Read"]);
    let (seen, _) = tokio::join!(aki.select(&panel, "Scopes", &["Write"]), async {
        let interaction = bot.next().await;
        assert_eq!(interaction["data"]["values"], json!(["w"]));
        bot.respond(&interaction, json!({ "type": 7, "data": { "content": "Chosen" } })).await;
    });
    assert!(seen.unwrap().message().unwrap().contains("Chosen"));
    assert!(discord.violations().is_empty(), "{:?}", discord.violations());
}

#[tokio::test]
async fn replays_are_the_same_and_edits_count_as_unread() {
    let (discord, bot) = start(Options::standard()).await;
    let (aki, ben) = (discord.person("aki").unwrap(), discord.person("ben").unwrap());
    let message = bot.post(GENERAL, json!({ "content": "one" })).await.1;
    aki.wait_for_message("general", "one").await.unwrap();
    ben.wait_for_message("general", "one").await.unwrap();
    let path = format!("/channels/{GENERAL}/messages/{}", message["id"].as_str().unwrap());
    bot.call("PATCH", &path, json!({ "content": "two" })).await;
    assert_eq!(discord.unread().len(), 1);
    aki.wait_for_message("general", "two").await.unwrap();
    assert!(discord.unread().is_empty());
    let (_, first) = tokio::join!(aki.type_command("/ask for what:x"), async {
        let interaction = bot.next().await;
        bot.respond(&interaction, json!({ "type": 4, "data": { "content": "x" } })).await;
        interaction
    });
    discord.replay(&discord.last_interaction(&aki).unwrap());
    assert_eq!(bot.next().await, first);
}
