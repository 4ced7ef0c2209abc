//! A token's life where an upstream can everything, and where it can little.

use testkit::mock_upstream::Call;
use testkit::scene::{deletes, presses, shows};

use super::{House, PATIENCE};

#[tokio::test]
async fn a_token_lives_and_ends_at_its_upstream() {
    let house = House::start("upstream life").await;
    let secret = house.has_a_token("Reports").await;
    house.one_lives(&secret).await;
    let sent = house.upstream.last_sent(Call::Create).unwrap();
    assert!(sent["comment"].as_str().unwrap().starts_with("countersign-1-"), "{sent}");
    assert_eq!(sent["ttl"], 90 * 24 * 60 * 60);
    assert!(!sent["rights"].as_array().unwrap().is_empty(), "{sent}");
    assert_eq!(house.attempts().await, "made");

    let panel = shows(&house.scene.rin, "Reports").await;
    assert_eq!(panel.buttons(), ["Edit", "Reset", "Duplicate", "Disable", "Delete"]);

    // The old secret is dead as soon as the new one is made.
    let asks = presses(&house.scene.rin, "Reports", "Reset").await;
    assert!(asks.contains("Registry makes the new secret once this is approved"), "{asks}");
    assert!(!asks.contains("an admin makes") && asks.options("Overlap").is_none(), "{asks}");
    house.submits(&asks).await;
    let ready = house.ready().await;
    let renewed = house.collects(&ready).await;
    assert!(!house.upstream.opens(&secret) && house.upstream.opens(&renewed));
    house.one_lives(&renewed).await;

    let said = presses(&house.scene.rin, "Reports", "Disable").await;
    assert!(said.contains("is being switched off"), "{said}");
    let told = house.scene.rin.sees_dm("was disabled").await.unwrap();
    assert!(told.contains("@Rin did it"), "{told}");
    house.scene.last_card("It is disabled").await;
    assert!(!house.upstream.opens(&renewed));
    let panel = shows(&house.scene.rin, "Reports").await;
    assert_eq!(panel.buttons(), ["Edit", "Enable", "Duplicate", "Delete"]);

    let asks = presses(&house.scene.rin, "Reports", "Enable").await;
    house.submits(&asks).await;
    let ready = house.ready().await;
    let enabled = house.collects(&ready).await;
    assert!(!house.upstream.opens(&renewed) && house.upstream.opens(&enabled));

    let said = deletes(&house.scene.rin, "Reports").await;
    assert!(said.contains("is being switched off"), "{said}");
    house.scene.rin.sees_dm("was deleted").await.unwrap();
    house.scene.last_card("It is deleted").await;
    assert_eq!(house.upstream.tokens(), []);
    house.scene.ends().await;
}

#[tokio::test]
async fn an_edit_changes_what_is_ours_and_nothing_else() {
    let house = House::start("upstream edit").await;
    let secret = house.has_a_token("Reports").await;
    let panel = presses(&house.scene.rin, "Reports", "Edit").await;
    assert!(panel.contains("no way to change what a token opens"), "{panel}");
    assert_eq!(panel.buttons(), ["Edit details", "Cancel", "Submit"]);
    let mut form = house.scene.rin.clicks(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Token name", "Reports of the night").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    house.submits(&panel).await;
    house.scene.rin.sees_dm("was changed").await.unwrap();
    house.scene.last_card("**Changed:**").await;
    house.one_lives(&secret).await;
    assert_eq!(house.upstream.count(Call::Create), 1);
    house.scene.ends().await;
}

#[tokio::test]
async fn what_an_upstream_cannot_is_not_shown() {
    let house = House::with("upstream little", |issuer| {
        for call in ["reset", "enable", "disable"] {
            issuer.remove(call);
        }
    })
    .await;
    house.approved("Reports").await;
    let ready = house.ready().await;
    // It can't be disabled, so it is ended for good.
    let said = house.scene.rin.clicks(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("is being switched off"), "{said}");
    for person in [&house.scene.aki, &house.scene.ben] {
        person.patient(PATIENCE).sees_dm("Not me").await.unwrap();
    }
    house.scene.rin.sees_dm("was disabled").await.unwrap();
    house.scene.last_card("It is disabled").await;
    assert_eq!(house.upstream.tokens(), []);
    let panel = shows(&house.scene.rin, "Reports").await;
    assert_eq!(panel.buttons(), ["Edit", "Duplicate", "Delete"]);
    house.scene.ends().await;
}
