//! Ending a token at an upstream that refuses, can't, or has given its id to another token.

use std::time::Duration;

use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::{delete_token, press_button, show_token};

use super::Fixture;
use super::shapes::configure_no_end;

#[tokio::test]
async fn a_reused_id_is_left_alone() {
    let fixture = Fixture::start("id again").await;
    fixture.create_token("Reports").await;
    let ours = fixture.upstream.tokens().remove(0);
    fixture.upstream.give_to_another(ours.id);
    delete_token(&fixture.team.rin, "Reports").await;
    // It is unclear whether it was renamed.
    let task = fixture.team.card("another name there").await;
    assert!(task.contains("somebody else’s") || task.contains("somebody else's"), "{task}");
    fixture.team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    fixture.team.rin.wait_for_dm("was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
    assert_eq!(fixture.upstream.tokens().len(), 1, "theirs is still there");
    assert_eq!(fixture.upstream.count(Call::Revoke), 0);
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_doubtful_end_is_repeated_until_it_is_certain() {
    let fixture = Fixture::start("end in doubt").await;
    let secret = fixture.create_token("Reports").await;
    let not = |answers| Fault { does: false, answers };
    fixture.upstream.fail(Call::Disable, [not(Answers::Silence), not(Answers::Status(500))]);
    press_button(&fixture.team.rin, "Reports", "Disable").await;
    fixture.team.rin.patient(super::PATIENCE).wait_for_dm("was disabled").await.unwrap();
    fixture.team.last_card("It is disabled").await;
    assert!(!fixture.upstream.open_panel(&secret));
    // A wrong answer that it is gone is checked again.
    fixture.upstream.fail(Call::Revoke, [not(Answers::Garbage)]);
    delete_token(&fixture.team.rin, "Reports").await;
    fixture.team.rin.wait_for_dm("was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_refused_end_is_given_to_an_admin_at_once() {
    let fixture = Fixture::start("end refused").await;
    fixture.create_token("Reports").await;
    let no = Fault { does: false, answers: Answers::Status(403) };
    fixture.upstream.fail(Call::Revoke, [no; 20]);
    delete_token(&fixture.team.rin, "Reports").await;
    let task = fixture.team.card("must delete this token at Registry").await;
    assert_eq!(task.buttons(), ["Done", "Details"]);
    let pending =
        fixture.team.chiyo.type_command("/token pending").await.unwrap().private().unwrap();
    assert!(pending.contains("Reports"), "{pending}");
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert!(panel.contains("being disabled"), "{panel}");
    let done = fixture.team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    assert!(done.is_ephemeral());
    fixture.team.rin.wait_for_dm("was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_renewal_in_doubt_is_told_and_tried_again() {
    renewed_in_doubt(Answers::Cut).await;
}

/// Whoever answers with a page has not read what the API did.
#[tokio::test]
async fn a_renewal_that_a_page_refuses_is_in_doubt() {
    renewed_in_doubt(Answers::Page(403)).await;
}

async fn renewed_in_doubt(answers: Answers) {
    let fixture = Fixture::start("reset in doubt").await;
    let old = fixture.create_token("Reports").await;
    let panel = press_button(&fixture.team.rin, "Reports", "Reset").await;
    fixture.upstream.fail(Call::Reset, [Fault { does: true, answers }]);
    fixture.submit(&panel).await;
    let card = fixture.team.card("old secret may no longer work").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    // The token's users are told too, whatever happens to the request.
    fixture.team.rin.wait_for_dm("Reports may no longer work").await.unwrap();
    let secret = fixture.press_try_again(&card).await;
    fixture.team.last_card("created for #2").await;
    assert!(!fixture.upstream.open_panel(&old));
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn what_is_enabled_there_and_not_expected_here_is_switched_off_there_again() {
    let fixture = Fixture::start("enabled, not me").await;
    fixture.create_token("Reports").await;
    fixture.is_disabled("Reports").await;
    let panel = press_button(&fixture.team.rin, "Reports", "Enable").await;
    fixture.submit(&panel).await;
    let ready = fixture.ready().await;
    let secret = fixture.upstream.tokens()[0].secret.clone();
    assert!(fixture.upstream.open_panel(&secret), "it works before anybody collects it");
    let said = fixture.team.rin.click(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("Until that is done it may still work"), "{said}");
    for admin in [&fixture.team.aki, &fixture.team.ben] {
        admin.wait_for_dm("Not me").await.unwrap();
    }
    fixture.team.rin.wait_for_dm("was disabled").await.unwrap();
    fixture.team.last_card("It is disabled").await;
    assert!(!fixture.upstream.open_panel(&secret));
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_token_deleted_while_being_disabled_is_revoked() {
    let fixture = Fixture::start("delete beside disable").await;
    fixture.create_token("Reports").await;
    let late = Answers::Late(Duration::from_millis(800));
    fixture.upstream.fail(Call::Disable, [Fault { does: true, answers: late }]);
    press_button(&fixture.team.rin, "Reports", "Disable").await;
    fixture.wait_for_call(Call::Disable).await;
    delete_token(&fixture.team.rin, "Reports").await;
    fixture.team.rin.wait_for_dm("was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}

#[tokio::test]
async fn an_end_whose_call_was_removed_is_given_to_an_admin() {
    let fixture = Fixture::start("no call left").await;
    fixture.create_token("Reports").await;
    let not = Fault { does: false, answers: Answers::Status(500) };
    fixture.upstream.fail(Call::Disable, [not; 20]);
    press_button(&fixture.team.rin, "Reports", "Disable").await;
    fixture.wait_for_call(Call::Disable).await;
    let without = |config: &mut toml::Table| {
        let providers = config["providers"].as_array_mut().unwrap();
        let issuer = providers.last_mut().unwrap()["issuer"].as_table_mut().unwrap();
        configure_no_end(issuer);
    };
    fixture.team.setup.restart_with(without).await.unwrap();
    let aki = fixture.team.aki.patient(super::PATIENCE);
    let task = aki.wait_for_message("approvals", "must disable this token").await.unwrap();
    fixture.team.chiyo.click(&task, "Done").await.unwrap().private().unwrap();
    fixture.team.rin.wait_for_dm("was disabled").await.unwrap();
    fixture.team.last_card("It is disabled").await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_reused_secret_is_not_accepted_as_new() {
    let fixture = Fixture::with("same secret", |issuer| {
        issuer.remove("reset");
        let gives = toml::toml! { secret = "/token" };
        issuer["enable"].as_table_mut().unwrap().insert("response".to_owned(), gives.into());
    })
    .await;
    fixture.create_token("Reports").await;
    fixture.is_disabled("Reports").await;
    let panel = press_button(&fixture.team.rin, "Reports", "Enable").await;
    fixture.submit(&panel).await;
    fixture.team.card("was handed out before").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    fixture.team.rin.patient(super::PATIENCE).wait_for_dm("was disabled").await.unwrap();
    fixture.team.last_card("It is disabled").await;
    fixture.team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let card = fixture.team.last_card("0 of 2 approvals").await;
    fixture.team.aki.click(&card, "Deny").await.unwrap().modal().unwrap();
    fixture.team.finish().await;
}

#[tokio::test]
async fn an_upstream_with_a_later_expiry_is_told_to_end_the_token() {
    let fixture = Fixture::start("lives longer").await;
    let ends_itself = "select count(*) from countersign.attempts where ends_itself";
    fixture.create_token("Reports").await;
    assert_eq!(fixture.team.count(ends_itself).await, 1);
    fixture.upstream.extend_life(300 * 24 * 60 * 60);
    fixture.create_token("Dashboard").await;
    assert_eq!(fixture.team.count(ends_itself).await, 1);
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_possibly_enabled_token_is_disabled_again() {
    let fixture = Fixture::start("enable in doubt").await;
    fixture.create_token("Reports").await;
    fixture.is_disabled("Reports").await;
    let panel = press_button(&fixture.team.rin, "Reports", "Enable").await;
    fixture.upstream.fail(Call::Enable, [Fault { does: true, answers: Answers::Status(502) }]);
    fixture.submit(&panel).await;
    let card = fixture.team.card("No clear answer").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    fixture.team.rin.patient(super::PATIENCE).wait_for_dm("was disabled").await.unwrap();
    fixture.team.last_card("It is disabled").await;
    assert!(!fixture.upstream.tokens()[0].enabled);
    assert!(!card.contains("nothing was created"), "{card}");
    fixture.team.rin.wait_for_dm("needs approvals again").await.unwrap();
    let card = fixture.team.last_card("0 of 2 approvals").await;
    fixture.team.approve_twice(&card).await;
    let ready = fixture.ready().await;
    let secret = fixture.collect_secret(&ready).await;
    fixture.one_lives(&secret).await;
    assert!(fixture.upstream.open_panel(&secret));
    fixture.team.finish().await;
}
