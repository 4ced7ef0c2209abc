//! The same through signed HTTP, and interactions that come twice or to the wrong place.

use std::net::TcpListener;

use discord_sim::{Discord, Options};
use serde_json::{Value, json};
use testkit::bot::Ingress;

use super::Scene;
use testkit::scene::code_blocks;

#[tokio::test]
async fn signed_posts_do_the_same_as_the_gateway() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let public_key = hex::encode(key.verifying_key().to_bytes());
    let scene = Scene::with("http", Options::standard(), |config| {
        config.ingress = Ingress::Http { public_key };
        config.environment.push(("COUNTERSIGN_HTTP__LISTEN".to_owned(), address.to_string()));
    })
    .await;
    let url = format!("{}/discord/interactions", scene.stage.bot.url().unwrap());
    scene.stage.discord.delivers_over_http(&url, key).unwrap();
    let ready = scene.is_ready("Reports").await;
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2);
    scene.is_collected().await;
    scene.ends().await;
}

/// The same interaction again, and the bot's counters afterwards.
async fn replays(scene: &Scene, discord: &Discord, payload: &Value) {
    discord.replays(payload);
    // A repeat is answered only after a second; Discord refuses it.
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    scene.stage.settles().await.unwrap();
}

#[tokio::test]
async fn a_replayed_interaction_changes_nothing() {
    let scene = Scene::start("replay").await;
    let discord = &scene.stage.discord;
    scene.asks(&scene.rin, "Reports").await;
    let created = discord.last_interaction(&scene.rin).unwrap();
    replays(&scene, discord, &created).await;
    assert_eq!(scene.count("select count(*) from countersign.requests").await, 1);
    let card = scene.card("0 of 2 approvals").await;
    scene.approves(&scene.aki, &card).await;
    let approved = discord.last_interaction(&scene.aki).unwrap();
    replays(&scene, discord, &approved).await;
    assert_eq!(scene.count("select count(*) from countersign.approvals").await, 1);
    let card = scene.last_card("1 of 2 approvals").await;
    scene.approves(&scene.ben, &card).await;
    scene.rin.sees_dm("is approved").await.unwrap();
    let ready = scene.rin.sees_dm("is ready").await.unwrap();
    scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    replays(&scene, discord, &discord.last_interaction(&scene.rin).unwrap()).await;
    let reveals = "select count(*) from countersign.reveals";
    assert_eq!(scene.count(reveals).await, 1);
    scene.is_collected().await;
    scene.ends().await;
}

#[tokio::test]
async fn other_guilds_and_other_applications_are_refused() {
    let scene = Scene::start("elsewhere").await;
    scene.asks(&scene.rin, "Reports").await;
    let card = scene.card("0 of 2 approvals").await;
    scene.approves(&scene.aki, &card).await;
    let approved = scene.stage.discord.last_interaction(&scene.aki).unwrap();
    for (key, value) in [("guild_id", "42"), ("application_id", "42")] {
        let mut elsewhere = approved.clone();
        elsewhere[key] = json!(value);
        elsewhere["id"] = json!("1234567890123456789");
        elsewhere["member"]["user"]["id"] = json!(scene.ben.id().to_string());
        scene.stage.discord.sends_raw(elsewhere);
    }
    let nonsense = [json!(null), json!({}), json!({"type": 3}), json!({"type": 99, "id": "1"})];
    nonsense.into_iter().for_each(|payload| scene.stage.discord.sends_raw(payload));
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(scene.count("select count(*) from countersign.approvals").await, 1);
    let help = scene.rin.types("/token help").await.unwrap().private().unwrap();
    assert!(help.contains("/token request"), "it still lives");
    scene.last_card("1 of 2 approvals").await;
    scene.ends().await;
}
