//! Which answer fits which interaction, when, and who sees it.

use std::time::Duration;

use discord_sim::{
    Options, Seen, Timings,
    standard::{GENERAL, RIN},
};
use serde_json::{Value, json};

use crate::minimal_bot::{button, code, row, start, text};

fn hello() -> Value {
    json!({ "type": 4, "data": { "content": "hello" } })
}

fn quick() -> Options {
    let timings = Timings { answer_within: Duration::from_secs(1), ..Timings::default() };
    Options { timings, ..Options::standard() }
}

#[tokio::test]
async fn one_acknowledgement_in_time() {
    let (discord, bot) = start(quick()).await;
    let rin = discord.person("rin").unwrap();
    let (seen, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        let before = bot.webhook("POST", &interaction, "", json!({ "content": "early" })).await;
        assert_eq!(code(before), (404, 10015));
        assert_eq!(bot.respond(&interaction, hello()).await.0, 204);
        assert_eq!(code(bot.respond(&interaction, hello()).await), (400, 40060));
    });
    assert_eq!(seen.unwrap().message().unwrap().text(), "hello");
    let silence = rin.type_command("/ask for what:tea").await.unwrap_err();
    assert_eq!(silence.to_string(), "The application did not respond");
    let interaction = bot.next().await;
    assert_eq!(code(bot.respond(&interaction, hello()).await), (404, 10062));
    assert_eq!(discord.unread().len(), 0);
}

#[tokio::test]
async fn interaction_tokens_expire() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let (_, interaction) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        bot.respond(&interaction, hello()).await;
        interaction
    });
    discord.expire_tokens().unwrap();
    let late = bot.webhook("POST", &interaction, "", json!({ "content": "late" })).await;
    assert_eq!(code(late), (401, 50027));
}

#[tokio::test]
async fn kinds_that_do_not_fit_are_refused() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let (opened, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        for kind in [6, 7, 8, 1] {
            let body = json!({ "type": kind, "data": { "choices": [] } });
            assert_eq!(code(bot.respond(&interaction, body).await), (400, 50035), "{kind}");
        }
        let modal = json!({ "type": 9, "data": { "custom_id": "m", "title": "T", "components": [
            { "type": 18, "label": "Name", "component":
                { "type": 4, "custom_id": "n", "style": 1, "min_length": 2, "max_length": 4 } },
        ]}});
        assert_eq!(bot.respond(&interaction, modal).await.0, 204);
    });
    let mut modal = opened.unwrap().modal().unwrap();
    modal.fill("Name", "abc").unwrap();
    let (seen, _) = tokio::join!(modal.submit(), async {
        let interaction = bot.next().await;
        assert_eq!(interaction["type"], 5);
        assert!(interaction.get("message").is_none());
        assert_eq!(interaction["data"]["components"][0]["component"]["value"], "abc");
        let modal = json!({ "type": 9, "data": {} });
        assert_eq!(code(bot.respond(&interaction, modal).await), (400, 50035));
        let update = json!({ "type": 7, "data": { "content": "x" } });
        assert_eq!(code(bot.respond(&interaction, update).await), (404, 10008));
        let deferral = json!({ "type": 5, "data": { "flags": 4 } });
        assert_eq!(code(bot.respond(&interaction, deferral).await), (400, 50035));
        assert_eq!(bot.respond(&interaction, hello()).await.0, 204);
    });
    seen.unwrap().message().unwrap();
    assert!(!discord.take_violations().is_empty());
}

#[tokio::test]
async fn deferred_answers_are_waited_for() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let (seen, _) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        let deferral = json!({ "type": 5, "data": { "flags": 64 } });
        bot.respond(&interaction, deferral).await;
        let body = json!({ "content": "done" });
        let edited = bot.webhook("PATCH", &interaction, "/messages/@original", body).await;
        assert_eq!(edited.1["flags"], 64);
        let more = json!({ "content": "more", "flags": 64 });
        assert_eq!(bot.webhook("POST", &interaction, "?wait=true", more).await.0, 200);
    });
    assert_eq!(seen.unwrap().private().unwrap().text(), "done");
    assert_eq!(rin.wait_for_private("more").await.unwrap().text(), "more");
}

#[tokio::test]
async fn private_messages_are_private() {
    let (discord, bot) = start(Options::standard()).await;
    let (rin, aki) = (discord.person("rin").unwrap(), discord.person("aki").unwrap());
    let (seen, interaction) = tokio::join!(rin.type_command("/ask for what:tea"), async {
        let interaction = bot.next().await;
        let data = json!({
            "content": "secret", "flags": 64, "components": [row(json!([button("Go", "go")]))],
        });
        let path = format!(
            "/interactions/{}/{}/callback?with_response=true",
            text(&interaction["id"]),
            text(&interaction["token"])
        );
        let (status, body) = bot.call("POST", &path, json!({ "type": 4, "data": data })).await;
        assert_eq!(status, 200);
        assert_eq!(body["interaction"]["response_message_ephemeral"], true);
        assert_eq!(body["resource"]["message"]["content"], "secret");
        interaction
    });
    let secret = seen.unwrap().private().unwrap();
    assert!(aki.channel("general").unwrap().is_empty());
    assert!(aki.click(&secret, "Go").await.is_err());
    let list = format!("/channels/{GENERAL}/messages");
    assert_eq!(bot.call("GET", &list, Value::Null).await.1, json!([]));
    let one = format!("{list}/{}", secret.id());
    assert_eq!(code(bot.call("GET", &one, Value::Null).await), (404, 10008));
    let edit = json!({ "content": "x" });
    assert_eq!(code(bot.call("PATCH", &one, edit).await), (404, 10008));
    let gone = bot.webhook("DELETE", &interaction, "/messages/@original", Value::Null).await;
    assert_eq!(gone.0, 204);
    rin.wait_until_gone(&secret).await.unwrap();
    let restarted = bot.webhook("GET", &interaction, "/messages/@original", Value::Null).await;
    assert_eq!(code(restarted), (404, 10008));
}

#[tokio::test]
async fn clicks_carry_the_message_and_update_it() {
    let (discord, bot) = start(Options::standard()).await;
    let aki = discord.person("aki").unwrap();
    let card = json!({ "content": "1", "components": [row(json!([button("More", "more")]))] });
    bot.post(GENERAL, card).await;
    let card = aki.wait_for_message("general", "1").await.unwrap();
    let (seen, _) = tokio::join!(aki.click(&card, "More"), async {
        let interaction = bot.next().await;
        assert_eq!(interaction["message"]["id"], card.id().to_string());
        assert_eq!(interaction["data"]["custom_id"], "more");
        assert_eq!(interaction["data"]["component_type"], 2);
        bot.respond(&interaction, json!({ "type": 7, "data": { "content": "2" } })).await;
        let private = json!({ "content": "thanks", "flags": 64 });
        bot.webhook("POST", &interaction, "?wait=true", private).await;
    });
    assert!(matches!(seen.unwrap(), Seen::Updated(message) if message.contains("2")));
    assert_eq!(discord.unread().len(), 1);
    aki.wait_for_private("thanks").await.unwrap();
    assert_eq!(discord.unread().len(), 0);
    let (seen, _) = tokio::join!(aki.click(&card, "More"), async {
        let interaction = bot.next().await;
        bot.respond(&interaction, json!({ "type": 6 })).await;
        let path = format!("/channels/{GENERAL}/messages/{}", card.id());
        bot.call("PATCH", &path, json!({ "content": "3", "components": [] })).await;
    });
    assert_eq!(seen.unwrap().message().unwrap().text(), "3");
    assert!(aki.click(&card, "More").await.is_err());
}

#[tokio::test]
async fn direct_messages_have_buttons_too() {
    let (discord, bot) = start(Options::standard()).await;
    let rin = discord.person("rin").unwrap();
    let channel = bot.direct(RIN).await;
    let body = json!({ "content": "ready", "components": [row(json!([button("Reveal", "r")]))] });
    bot.post(channel, body).await;
    let ready = rin.wait_for_dm("ready").await.unwrap();
    let (seen, _) = tokio::join!(rin.click(&ready, "Reveal"), async {
        let interaction = bot.next().await;
        assert_eq!(interaction["context"], 1);
        assert_eq!(interaction["user"]["id"], RIN.to_string());
        assert!(interaction.get("member").is_none() && interaction.get("guild_id").is_none());
        let data = json!({ "content": "the secret", "flags": 64 });
        bot.respond(&interaction, json!({ "type": 4, "data": data })).await;
    });
    assert_eq!(seen.unwrap().private().unwrap().text(), "the secret");
    // A forged press on someone else's message.
    let aki = discord.person("aki").unwrap();
    assert!(aki.click(&ready, "Reveal").await.is_err());
    let (lied, _) = tokio::join!(aki.forge_press(&ready, "r", 2, &[]), async {
        bot.next().await;
    });
    assert!(lied.is_err());
}
