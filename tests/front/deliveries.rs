//! A secret reaches one person, once, and is left nowhere.

use std::time::Duration;

use discord_sim::{Fault, standard};

use super::Scene;
use testkit::scene::code_blocks;

/// The answer that shows the secret, after it was deferred.
const SHOWS: &str = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original";

#[tokio::test]
async fn one_press_shows_the_secret_to_its_owner_and_to_nobody_else() {
    let scene = Scene::start("reveal").await;
    let ready = scene.is_ready("Reports").await;
    assert_eq!(ready.buttons(), ["Reveal", "Not me"]);
    let reveal = ready.custom_id("Reveal").unwrap();
    for other in [&scene.aki, &scene.chiyo] {
        let refused = other.forges(&ready, &reveal, 2, &[]).await.unwrap().private().unwrap();
        assert!(code_blocks(&refused).is_empty(), "{refused}");
    }
    assert_eq!(
        scene.count("select count(*) from countersign.tokens where state = 'active'").await,
        0
    );

    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    let [sid, secret] = <[String; 2]>::try_from(code_blocks(&shown)).unwrap();
    assert!(countersign::domain::secret::is_well_formed(&secret));
    assert!(sid.starts_with("CS"), "{sid}");
    assert_eq!(shown.buttons(), ["I have stored it", "Not me"]);
    scene.is_collected().await;
    let again = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(again.contains("was revealed on") && !again.contains(&secret), "{again}");

    let stored = scene.rin.clicks(&shown, "I have stored it").await.unwrap();
    stored.gone().unwrap();
    scene.stage.settles().await.unwrap();
    assert!(!scene.rin.still_sees(&shown));
    assert!(scene.stage.tables_with(&secret).await.unwrap().is_empty());
    assert!(!scene.stage.bot.everything_written().unwrap().contains(&secret));
    let wiped = "select count(*) from countersign.reveals
                 where sealed_interaction_token is not null or hidden_at is null";
    assert_eq!(scene.count(wiped).await, 0);
    assert_eq!(
        scene
            .count("select count(*) from countersign.deliveries where sealed_secret is not null")
            .await,
        0
    );
    scene.ends().await;
}

#[tokio::test]
async fn a_revealed_secret_disappears_by_itself() {
    let scene = Scene::configured("hide", "[policy]\nreveal_visible_for = \"2s\"").await;
    let ready = scene.is_ready("Reports").await;
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    scene.rin.patient(Duration::from_secs(8)).sees_vanish(&shown).await.unwrap();
    scene.is_collected().await;
    scene.ends().await;
}

#[tokio::test]
async fn closed_direct_messages_leave_token_collect() {
    for refusal in [discord_sim::DirectMessages::Closed, discord_sim::DirectMessages::Blocked] {
        let scene = Scene::start("closed").await;
        scene.stage.discord.set_direct_messages(&scene.rin, refusal).unwrap();
        let nothing = scene.rin.types("/token collect").await.unwrap().private().unwrap();
        assert!(nothing.contains("nothing to collect"), "{nothing}");
        scene.asks(&scene.rin, "Reports").await;
        let card = scene.card("0 of 2 approvals").await;
        scene.approves(&scene.aki, &card).await;
        let card = scene.card("1 of 2 approvals").await;
        scene.approves(&scene.ben, &card).await;
        let card = scene.card("/token collect").await;
        assert!(card.contains("does not accept direct messages"), "{card}");

        let none = scene.aki.types("/token collect").await.unwrap().private().unwrap();
        assert!(none.contains("nothing to collect"), "{none}");
        let ready = scene.rin.types("/token collect").await.unwrap().private().unwrap();
        let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
        assert_eq!(code_blocks(&shown).len(), 2, "{shown}");
        scene.is_collected().await;
        scene.ends().await;
    }
}

#[tokio::test]
async fn not_me_switches_off_and_alerts() {
    let scene = Scene::start("not me").await;
    let ready = scene.is_ready("Reports").await;
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    scene.is_collected().await;
    let said = scene.rin.clicks(&shown, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("is disabled"), "{said}");
    scene.rin.sees_vanish(&shown).await.unwrap();
    for admin in [&scene.aki, &scene.ben] {
        let alert = admin.sees_dm("Not me").await.unwrap();
        assert!(alert.contains("@Rin"), "{alert}");
    }
    scene.last_card("It is disabled").await;
    assert_eq!(
        scene.count("select count(*) from countersign.tokens where state = 'disabled'").await,
        1
    );
    let again = scene.rin.clicks(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(again.contains("was pressed, so this secret is erased"), "{again}");
    scene.ends().await;
}

#[tokio::test]
async fn not_me_works_before_any_press() {
    let scene = Scene::start("not me at once").await;
    let ready = scene.is_ready("Reports").await;
    scene.rin.clicks(&ready, "Not me").await.unwrap().private().unwrap();
    scene.aki.sees_dm("Not me").await.unwrap();
    scene.ben.sees_dm("Not me").await.unwrap();
    let late = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(
        late.contains("was pressed, so this secret is erased") && code_blocks(&late).is_empty(),
        "{late}"
    );
    scene.last_card("It is disabled").await;
    scene.ends().await;
}

#[tokio::test]
async fn what_nobody_collects_is_revoked() {
    let scene = Scene::configured("lapse", "[policy]\ndelivery_ttl = \"2s\"").await;
    let ready = scene.is_ready("Reports").await;
    let rin = scene.rin.patient(Duration::from_secs(40));
    let told = rin.sees_dm("was not collected").await.unwrap();
    assert!(told.contains("no longer works"), "{told}");
    scene.card("Not collected").await;
    let late = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(late.contains("no longer works") && code_blocks(&late).is_empty(), "{late}");
    assert_eq!(
        scene.count("select count(*) from countersign.tokens where state = 'deleted'").await,
        1
    );
    // Its name is free again.
    let submitted = scene.asks(&scene.rin, "Reports").await;
    assert!(submitted.contains("#2"), "{submitted}");
    scene.last_card("#2").await;
    scene.ends().await;
}

#[tokio::test]
async fn a_secret_that_discord_refused_can_be_revealed_again() {
    let scene = Scene::start("refused reveal").await;
    let ready = scene.is_ready("Reports").await;
    let refusal = Fault::refusal(400, 50035, "Invalid Form Body");
    scene.stage.discord.fails(SHOWS, 1, refusal).unwrap();
    let told = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert!(told.contains("Discord did not accept") && code_blocks(&told).is_empty(), "{told}");
    let sealed = "select count(*) from countersign.deliveries where sealed_secret is not null";
    assert_eq!(scene.count(sealed).await, 1);
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2);
    scene.is_collected().await;
    assert_eq!(scene.count(sealed).await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn a_secret_whose_arrival_was_not_seen_is_taken_back_and_can_be_revealed_again() {
    let scene = Scene::start("unseen reveal").await;
    let ready = scene.is_ready("Reports").await;
    // The message is there, but all three answers that say so are lost.
    scene.stage.discord.fails(SHOWS, 3, Fault::DropAfter).unwrap();
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    let first = code_blocks(&shown);
    assert_eq!(first.len(), 2, "{shown}");
    let told = scene.rin.sees(&shown, "The connection to Discord failed").await.unwrap();
    assert!(code_blocks(&told).is_empty() && told.buttons().is_empty(), "{told}");
    let sealed = "select count(*) from countersign.deliveries where sealed_secret is not null";
    assert_eq!(scene.count(sealed).await, 1);
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown), first);
    scene.is_collected().await;
    assert_eq!(scene.count(sealed).await, 0);
    scene.ends().await;
}

#[tokio::test]
async fn a_press_outside_of_the_guild_is_the_owners_alone() {
    let scene = Scene::start("outside").await;
    let ready = scene.is_ready("Reports").await;
    scene.stage.discord.remove_member(&scene.rin).unwrap();
    let shown = scene.rin.clicks(&ready, "Reveal").await.unwrap().private().unwrap();
    assert_eq!(code_blocks(&shown).len(), 2);
    scene.is_collected().await;
    let interaction = scene.stage.discord.last_interaction(&scene.rin).unwrap();
    assert!(interaction["guild_id"].is_null() && standard::GUILD > 0);
    scene.ends().await;
}
