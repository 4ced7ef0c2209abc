//! The same through signed HTTP, and interactions that come twice or to the wrong place.

use discord_sim::{Discord, Options};
use serde_json::{Value, json};
use testkit::bot::Ingress;
use testkit::ports::find_free_address;

use super::Team;
use testkit::team::code_blocks;

#[tokio::test]
async fn signed_posts_do_the_same_as_the_gateway() {
    let address = find_free_address().unwrap();
    let key = ed25519_dalek::SigningKey::from_bytes(&[7; 32]);
    let public_key = hex::encode(key.verifying_key().to_bytes());
    let team = Team::with("http", Options::standard(), |config| {
        config.ingress = Ingress::Http { public_key };
        config.environment.push(("COUNTERSIGN_HTTP__LISTEN".to_owned(), address.to_string()));
    })
    .await;
    let url = format!("{}/discord/interactions", team.setup.bot.url().unwrap());
    team.setup.discord.deliver_over_http(&url, key).unwrap();
    let ready = team.issue_token("Reports").await;
    let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2);
    team.wait_for_collected_card().await;
    team.finish().await;
}

/// The same interaction again, and the bot's counters afterwards.
async fn replay(team: &Team, discord: &Discord, payload: &Value) {
    discord.replay(payload);
    // A repeat is answered only after a second; Discord refuses it.
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    team.setup.settle().await.unwrap();
}

#[tokio::test]
async fn a_replayed_interaction_changes_nothing() {
    let team = Team::start("replay").await;
    let discord = &team.setup.discord;
    team.ask(&team.rin, "Reports").await;
    let created = discord.last_interaction(&team.rin).unwrap();
    replay(&team, discord, &created).await;
    assert_eq!(team.count("select count(*) from countersign.requests").await, 1);
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let approved = discord.last_interaction(&team.aki).unwrap();
    replay(&team, discord, &approved).await;
    assert_eq!(team.count("select count(*) from countersign.approvals").await, 1);
    let card = team.last_card("1 of 2 approvals").await;
    team.approve(&team.ben, &card).await;
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    replay(&team, discord, &discord.last_interaction(&team.rin).unwrap()).await;
    let reveals = "select count(*) from countersign.reveals";
    assert_eq!(team.count(reveals).await, 1);
    team.wait_for_collected_card().await;
    team.finish().await;
}

#[tokio::test]
async fn other_guilds_and_other_applications_are_refused() {
    let team = Team::start("elsewhere").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let approved = team.setup.discord.last_interaction(&team.aki).unwrap();
    for (key, value) in [("guild_id", "42"), ("application_id", "42")] {
        let mut elsewhere = approved.clone();
        elsewhere[key] = json!(value);
        elsewhere["id"] = json!("1234567890123456789");
        elsewhere["member"]["user"]["id"] = json!(team.ben.id().to_string());
        team.setup.discord.send_raw(elsewhere);
    }
    let nonsense = [json!(null), json!({}), json!({"type": 3}), json!({"type": 99, "id": "1"})];
    nonsense.into_iter().for_each(|payload| team.setup.discord.send_raw(payload));
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(team.count("select count(*) from countersign.approvals").await, 1);
    let help = team.rin.type_command("/token help").await.unwrap().private().unwrap();
    assert!(help.contains("/token request"), "it still lives");
    team.last_card("1 of 2 approvals").await;
    team.finish().await;
}
