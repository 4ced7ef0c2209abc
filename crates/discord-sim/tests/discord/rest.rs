//! Routes, permissions, refusals, nonces, limits.

use discord_sim::{
    Discord, Options,
    permissions::VIEW_CHANNEL,
    standard::{ADMINS, AKI, APPLICATION, APPROVALS, GENERAL, GUILD, RIN},
};
use serde_json::{Value, json};

use crate::minimal_bot::{button, code, row, start, text};

#[tokio::test]
async fn calls_need_the_bots_token() {
    let (_discord, bot) = start(Options::standard()).await;
    let url = format!("{}/users/@me", bot.base);
    let wrong = bot.http.get(&url).header("authorization", "Bot wrong").send().await.unwrap();
    assert_eq!(wrong.status(), 401);
    let body: Value = wrong.json().await.unwrap();
    assert_eq!(body, json!({ "message": "401: Unauthorized", "code": 0 }));
    let nameless = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(nameless.get(&url).send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn missing_objects_have_their_own_error_codes() {
    let (discord, bot) = start(Options::standard()).await;
    let get = |path: String| {
        let bot = bot.clone();
        async move { code(bot.call("GET", &path, Value::Null).await) }
    };
    assert_eq!(get("/channels/5".into()).await, (404, 10003));
    assert_eq!(get("/guilds/5".into()).await, (404, 10004));
    assert_eq!(get(format!("/channels/{GENERAL}/messages/5")).await, (404, 10008));
    assert_eq!(get(format!("/guilds/{GUILD}/members/5")).await, (404, 10013));
    discord.remove_member(&RIN).unwrap();
    assert_eq!(get(format!("/guilds/{GUILD}/members/{RIN}")).await, (404, 10007));
    assert_eq!(get("/nowhere".into()).await, (404, 0));
    let direct = json!({ "recipient_id": "5" });
    assert_eq!(code(bot.call("POST", "/users/@me/channels", direct).await), (404, 10013));
    assert_eq!(discord.violations().len(), 0);
}

#[tokio::test]
async fn people_roles_and_channels_are_returned() {
    let (discord, bot) = start(Options::standard().with_member("dora", "ja", true)).await;
    let get = async |path: &str| bot.call("GET", path, Value::Null).await.1;
    let member = get(&format!("/guilds/{GUILD}/members/{AKI}")).await;
    assert_eq!(member["roles"], json!([ADMINS.to_string()]));
    let counts = get(&format!("/guilds/{GUILD}/roles/member-counts")).await;
    assert_eq!(counts[ADMINS.to_string()], 4);
    discord.set_roles(&AKI, &[]).unwrap();
    let counts = get(&format!("/guilds/{GUILD}/roles/member-counts")).await;
    assert_eq!(counts[ADMINS.to_string()], 3);
    assert_eq!(get("/applications/@me").await["id"], APPLICATION.to_string());
    let guild = get(&format!("/guilds/{GUILD}")).await;
    assert_eq!(guild["roles"].as_array().unwrap().len(), 3);
    let channel = get(&format!("/channels/{APPROVALS}")).await;
    assert_eq!(channel["permission_overwrites"].as_array().unwrap().len(), 3);
    assert!(get("/gateway/bot").await["session_start_limit"].is_object());
}

#[tokio::test]
async fn permissions_are_kept() {
    let (discord, bot) = start(Options::standard()).await;
    discord.allow_bot("approvals", 0).unwrap();
    let hello = json!({ "content": "hello" });
    assert_eq!(code(bot.post(APPROVALS, hello.clone()).await), (403, 50001));
    discord.allow_bot("approvals", VIEW_CHANNEL).unwrap();
    assert_eq!(code(bot.post(APPROVALS, hello).await), (403, 50013));
    let rin = discord.person("rin").unwrap();
    assert!(rin.channel("approvals").is_err());
    let said = discord.say(&rin, "general", "good morning").unwrap();
    let path = format!("/channels/{GENERAL}/messages/{}", said.id());
    let edit = json!({ "content": "mine" });
    assert_eq!(code(bot.call("PATCH", &path, edit).await), (403, 50005));
    assert_eq!(code(bot.call("DELETE", &path, Value::Null).await), (403, 50013));
}

#[tokio::test]
async fn closed_direct_messages_refuse() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let channel = bot.direct(RIN).await;
    assert_eq!(bot.direct(RIN).await, channel);
    assert_eq!(bot.post(channel, json!({ "content": "one" })).await.0, 200);
    discord.close_dms(&rin).unwrap();
    assert_eq!(code(bot.post(channel, json!({ "content": "two" })).await), (403, 50278));
    discord.block_bot(&rin).unwrap();
    assert_eq!(code(bot.post(channel, json!({ "content": "two" })).await), (403, 50007));
    discord.open_dms(&rin).unwrap();
    discord.remove_member(&rin).unwrap();
    assert_eq!(code(bot.post(channel, json!({ "content": "two" })).await), (403, 50278));
    assert_eq!(discord.unread().len(), 1);
    assert_eq!(rin.dms()[0].text(), "one");
    assert_eq!(discord.unread().len(), 0);
}

#[tokio::test]
async fn a_nonce_posts_once() {
    let (_discord, bot) = start(Options::standard()).await;
    let body = json!({ "content": "one", "nonce": "n", "enforce_nonce": true });
    let first = bot.post(GENERAL, body.clone()).await.1;
    let again = bot.post(GENERAL, body).await.1;
    assert_eq!(first["id"], again["id"]);
    let loose = json!({ "content": "two", "nonce": "n" });
    assert_ne!(bot.post(GENERAL, loose).await.1["id"], first["id"]);
}

#[tokio::test]
async fn edits_reach_their_end() {
    let (discord, bot) = start(Options::standard()).await;
    let message = bot.post(GENERAL, json!({ "content": "one" })).await.1;
    let path = format!("/channels/{GENERAL}/messages/{}", text(&message["id"]));
    let edited = bot.call("PATCH", &path, json!({ "content": "two" })).await.1;
    assert!(edited["edited_timestamp"].is_string());
    let empty = json!({ "content": "" });
    assert_eq!(code(bot.call("PATCH", &path, empty).await), (400, 50006));
    let rin = discord.person("rin").unwrap();
    let seen = rin.wait_for_message("general", "two").await.unwrap();
    discord.exhaust_edits(&seen).unwrap();
    let third = json!({ "content": "three" });
    assert_eq!(code(bot.call("PATCH", &path, third.clone()).await), (400, 30046));
    discord.delete_message(&seen).unwrap();
    assert_eq!(code(bot.call("PATCH", &path, third).await), (404, 10008));
    assert!(rin.refresh(&seen).is_err());
}

#[tokio::test]
async fn bodies_over_the_limits_are_refused_and_recorded() {
    let (discord, bot) = start(Options { route_limits: false, ..Options::standard() }).await;
    let long = "x".repeat(2001);
    let field = json!({ "name": "n", "value": "v".repeat(1000) });
    let embed = json!({ "fields": [field, field, field, field, field, field, field] });
    let wrong = [
        (json!({ "content": long }), "content"),
        (json!({ "embeds": [embed] }), "embeds"),
        (json!({ "embeds": [{ "title": "t".repeat(257) }] }), "embeds.0.title"),
        (
            json!({ "components": [row(json!([button("a", "x"), button("b", "x")]))] }),
            "components.0.components.1.custom_id",
        ),
        (
            json!({ "components": [row(json!([button("", "x")]))] }),
            "components.0.components.0.label",
        ),
        (json!({ "content": "x", "flags": 64 }), "flags"),
        (json!({ "components": vec![row(json!([button("a", "x")])); 6] }), "components"),
    ];
    for (body, path) in wrong {
        assert_eq!(code(bot.post(GENERAL, body).await), (400, 50035), "{path}");
        let found = discord.take_violations();
        assert!(found.iter().any(|v| v.path == path), "{path}: {found:?}");
    }
    assert_eq!(code(bot.post(GENERAL, json!({ "content": " " })).await), (400, 50006));
}

#[tokio::test]
async fn the_document_catches_what_the_own_checks_leave() {
    if !Discord::has_document() {
        eprintln!("no OpenAPI document at hand: nothing to try");
        return;
    }
    let (discord, bot) = start(Options::standard()).await;
    for (body, path) in [
        (json!({ "content": 7 }), "content"),
        (json!({ "content": "x", "tts": "yes" }), "tts"),
        (json!({ "embeds": [{ "title": "x", "color": "red" }] }), "embeds.0.color"),
        (
            json!({ "components": [row(json!([
                { "type": 3, "custom_id": "s", "options": [{ "label": "no value" }] }
            ]))] }),
            "components.0.components.0.options.0",
        ),
    ] {
        assert_eq!(code(bot.post(GENERAL, body).await), (400, 50035));
        let found = discord.take_violations();
        assert!(found.iter().any(|v| v.path == path), "{path}: {found:?}");
    }
}

#[tokio::test]
async fn limits_are_told_and_enforced() {
    let (_discord, bot) = start(Options::standard()).await;
    let url = format!("{}/channels/{GENERAL}/messages", bot.base);
    let mut statuses = Vec::new();
    for _ in 0..6 {
        let request = bot.http.post(&url).json(&json!({ "content": "x" }));
        let token = discord_sim::standard::TOKEN;
        let response = request.header("authorization", format!("Bot {token}")).send().await;
        let response = response.unwrap();
        assert_eq!(response.headers()["x-ratelimit-limit"], "5");
        statuses.push(response.status().as_u16());
        if response.status() == 429 {
            assert_eq!(response.headers()["x-ratelimit-scope"], "user");
            let body: Value = response.json().await.unwrap();
            assert!(body["retry_after"].as_f64().unwrap() > 0.0);
            assert_eq!(body["global"], false);
        }
    }
    assert_eq!(statuses, [200, 200, 200, 200, 200, 429]);
}

#[tokio::test]
async fn commands_are_held_to_their_limits() {
    let (discord, bot) = start(Options { route_limits: false, ..Options::standard() }).await;
    let path = format!("/applications/{APPLICATION}/guilds/{GUILD}/commands");
    for wrong in [
        json!([{ "name": "Upper", "description": "x" }]),
        json!([{ "name": "a", "description": "x" }, { "name": "a", "description": "x" }]),
        json!([{ "name": "a", "description": "x", "name_localizations": { "jp": "a" } }]),
        json!([{ "name": "a", "description": "x", "contexts": [0] }]),
    ] {
        assert_eq!(code(bot.call("PUT", &path, wrong).await), (400, 50035));
    }
    assert!(!discord.take_violations().is_empty());
    let right = json!([{
        "name": "token", "description": "x", "name_localizations": { "ja": "トークン" },
        "default_member_permissions": "0",
    }]);
    assert_eq!(bot.call("PUT", &path, right).await.0, 200);
    let listed = bot.call("GET", &path, Value::Null).await.1;
    assert_eq!(listed[0]["default_member_permissions"], "0");
    assert!(listed[0].get("name_localizations").is_none());
    let rin = discord.person("rin").unwrap();
    assert!(rin.type_command("/token").await.is_err());
    assert!(discord.violations().is_empty(), "{:?}", discord.violations());
}
