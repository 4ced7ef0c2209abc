//! The service's own answers and payloads, held to Discord's OpenAPI document and documentation.

use discord_sim::{
    Discord, Options,
    standard::{APPROVALS, GENERAL, GUILD, RIN},
};
use serde_json::{Value, json};

use crate::minimal_bot::{button, row, start, text};

#[tokio::test]
async fn answers_are_as_documented() {
    let (discord, bot) = start(Options::standard()).await;
    assert!(Discord::has_document() || discord.violations().is_empty());
    let get = async |path: String| assert_eq!(bot.call("GET", &path, Value::Null).await.0, 200);
    for path in ["/users/@me", "/applications/@me", "/gateway/bot"] {
        get(path.to_owned()).await;
    }
    for tail in ["", "?with_counts=true", "/roles", "/roles/member-counts", "/channels"] {
        get(format!("/guilds/{GUILD}{tail}")).await;
    }
    get(format!("/guilds/{GUILD}/members/{RIN}")).await;
    get(format!("/channels/{APPROVALS}")).await;
    let direct = bot.direct(RIN).await;
    get(format!("/channels/{direct}")).await;
    let select =
        json!({ "type": 3, "custom_id": "s", "options": [{ "label": "a", "value": "b" }] });
    let message = bot
        .post(
            GENERAL,
            json!({ "content": "x", "nonce": "1", "embeds": [{ "title": "t", "color": 3,
                "fields": [{ "name": "a", "value": "b" }], "footer": { "text": "f" } }],
                "components": [row(json!([button("a", "x")])), row(json!([select]))] }),
        )
        .await
        .1;
    get(format!("/channels/{GENERAL}/messages/{}", text(&message["id"]))).await;
    get(format!("/channels/{GENERAL}/messages")).await;
    let rin = discord.person("rin").unwrap();
    let (_, _) = tokio::join!(rin.type_command("/ask for what:x"), async {
        let i = bot.next().await;
        let path = format!("/interactions/{}/{}/callback", text(&i["id"]), text(&i["token"]));
        let hello = json!({ "type": 4, "data": { "content": "x", "flags": 64 } });
        bot.call("POST", &format!("{path}?with_response=true"), hello).await;
        bot.webhook("GET", &i, "/messages/@original", Value::Null).await;
        bot.webhook("POST", &i, "?wait=true", json!({ "content": "more" })).await;
    });
    let violations = discord.violations();
    assert!(violations.is_empty(), "{violations:#?}");
}

#[tokio::test]
async fn the_gateway_or_signed_posts_carry_interactions() {
    use tokio::{io::AsyncReadExt, net::TcpListener};
    let discord = Discord::start(Options::standard()).await.unwrap();
    assert!(discord.gateway().unwrap().bot_info()["url"].as_str().unwrap().starts_with("ws://"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/discord/interactions", listener.local_addr().unwrap());
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    assert_eq!(discord.deliver_over_http(&url, key).unwrap().len(), 64);
    discord.send_raw(json!({ "type": 2 }));
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut bytes = vec![0; 4096];
    let length = socket.read(&mut bytes).await.unwrap();
    let request = String::from_utf8_lossy(&bytes[..length]).to_lowercase();
    assert!(request.starts_with("post /discord/interactions"), "{request}");
    assert!(request.contains("x-signature-ed25519: "), "{request}");
}

#[tokio::test]
async fn interactions_are_complete() {
    let (discord, bot) = start(Options::standard()).await;
    let chiyo = discord.person("chiyo").unwrap();
    let (_, interaction) =
        tokio::join!(chiyo.type_command_in("approvals", "/ask for what:x"), async {
            let interaction = bot.next().await;
            let hello = json!({ "type": 4, "data": { "content": "x" } });
            bot.respond(&interaction, hello).await;
            interaction
        });
    for field in [
        "id",
        "application_id",
        "type",
        "token",
        "version",
        "data",
        "guild",
        "guild_id",
        "guild_locale",
        "channel",
        "channel_id",
        "member",
        "locale",
        "app_permissions",
        "entitlements",
        "authorizing_integration_owners",
        "context",
        "attachment_size_limit",
    ] {
        assert!(!interaction[field].is_null(), "{field} is missing");
    }
    assert_eq!(interaction["locale"], "ja");
    assert_eq!(interaction["guild_locale"], "en-US");
    assert_eq!(interaction["member"]["user"]["username"], "chiyo");
    assert!(interaction["member"]["permissions"].is_string());
    assert!(interaction["member"]["joined_at"].is_string());
}
