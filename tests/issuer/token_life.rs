//! A token's life at an upstream that can do everything, and at one that can do little.

use testkit::mock_upstream::Call;
use testkit::team::{delete_token, press_button, show_token};

use super::{Fixture, PATIENCE};

#[tokio::test]
async fn a_token_is_created_used_and_ended_at_its_upstream() {
    let fixture = Fixture::start("upstream life").await;
    let secret = fixture.create_token("Reports").await;
    fixture.one_lives(&secret).await;
    let sent = fixture.upstream.last_sent(Call::Create).unwrap();
    assert!(sent["comment"].as_str().unwrap().starts_with("countersign-1-"), "{sent}");
    assert_eq!(sent["ttl"], 90 * 24 * 60 * 60);
    assert!(!sent["rights"].as_array().unwrap().is_empty(), "{sent}");
    assert_eq!(fixture.attempts().await, "made");

    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert_eq!(panel.buttons(), ["Edit", "Reset", "Duplicate", "Disable", "Delete"]);

    // The old secret stops working as soon as the new one is made.
    let asks = press_button(&fixture.team.rin, "Reports", "Reset").await;
    assert!(asks.contains("Once this is approved, Registry creates the new secret"), "{asks}");
    assert!(!asks.contains("An admin creates") && asks.options("Overlap").is_none(), "{asks}");
    fixture.submit(&asks).await;
    let ready = fixture.ready().await;
    let renewed = fixture.collect_secret(&ready).await;
    assert!(!fixture.upstream.open_panel(&secret) && fixture.upstream.open_panel(&renewed));
    fixture.one_lives(&renewed).await;

    let said = press_button(&fixture.team.rin, "Reports", "Disable").await;
    assert!(said.contains("is being disabled"), "{said}");
    let told = fixture.team.rin.wait_for_dm("was disabled").await.unwrap();
    assert!(told.contains("@Rin did this"), "{told}");
    fixture.team.last_card("It is disabled").await;
    assert!(!fixture.upstream.open_panel(&renewed));
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert_eq!(panel.buttons(), ["Edit", "Enable", "Duplicate", "Delete"]);

    let asks = press_button(&fixture.team.rin, "Reports", "Enable").await;
    fixture.submit(&asks).await;
    let ready = fixture.ready().await;
    let enabled = fixture.collect_secret(&ready).await;
    assert!(!fixture.upstream.open_panel(&renewed) && fixture.upstream.open_panel(&enabled));

    let said = delete_token(&fixture.team.rin, "Reports").await;
    assert!(said.contains("is being disabled"), "{said}");
    fixture.team.rin.wait_for_dm("was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}

#[tokio::test]
async fn an_edit_changes_what_is_ours_and_nothing_else() {
    let fixture = Fixture::start("upstream edit").await;
    let secret = fixture.create_token("Reports").await;
    let panel = press_button(&fixture.team.rin, "Reports", "Edit").await;
    assert!(panel.contains("can’t change the scopes or the expiry"), "{panel}");
    assert_eq!(panel.buttons(), ["Edit details", "Cancel", "Submit"]);
    let mut form = fixture.team.rin.click(&panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Token name", "Reports of the night").unwrap();
    let panel = form.submit().await.unwrap().message().unwrap();
    fixture.submit(&panel).await;
    fixture.team.rin.wait_for_dm("was changed").await.unwrap();
    fixture.team.last_card("**Changed:**").await;
    fixture.one_lives(&secret).await;
    assert_eq!(fixture.upstream.count(Call::Create), 1);
    fixture.team.finish().await;
}

#[tokio::test]
async fn unsupported_changes_are_not_offered() {
    let fixture = Fixture::with("upstream little", |issuer| {
        for call in ["reset", "enable", "disable"] {
            issuer.remove(call);
        }
    })
    .await;
    fixture.approved("Reports").await;
    let ready = fixture.ready().await;
    // It can't be disabled, so it is deleted.
    let said = fixture.team.rin.click(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("is being disabled"), "{said}");
    for person in [&fixture.team.aki, &fixture.team.ben] {
        person.patient(PATIENCE).wait_for_dm("Not me").await.unwrap();
    }
    // A revoked token is deleted, and people are told so.
    fixture.team.rin.wait_for_dm("was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}
