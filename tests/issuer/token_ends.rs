//! A token is to end at an upstream that won't, can't, or has given its id to another.

use std::time::Duration;

use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::scene::{deletes, presses, shows};

use super::House;

#[tokio::test]
async fn an_id_that_is_another_s_by_now_is_left_alone() {
    let house = House::start("id again").await;
    house.has_a_token("Reports").await;
    let ours = house.upstream.tokens().remove(0);
    house.upstream.gives_to_another(ours.id);
    deletes(&house.scene.rin, "Reports").await;
    // Nobody can tell whether it was renamed.
    let task = house.scene.card("another name there").await;
    assert!(task.contains("somebody else’s") || task.contains("somebody else's"), "{task}");
    house.scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    house.scene.rin.sees_dm("was deleted").await.unwrap();
    house.scene.last_card("It is deleted").await;
    assert_eq!(house.upstream.tokens().len(), 1, "theirs is still there");
    assert_eq!(house.upstream.count(Call::Revoke), 0);
    house.scene.ends().await;
}

#[tokio::test]
async fn an_end_in_doubt_is_asked_for_until_it_is_sure() {
    let house = House::start("end in doubt").await;
    let secret = house.has_a_token("Reports").await;
    let not = |answers| Fault { does: false, answers };
    house.upstream.fails(Call::Disable, [not(Answers::Silence), not(Answers::Status(500))]);
    presses(&house.scene.rin, "Reports", "Disable").await;
    house.scene.rin.patient(super::PATIENCE).sees_dm("was disabled").await.unwrap();
    house.scene.last_card("It is disabled").await;
    assert!(!house.upstream.opens(&secret));
    // What says that it is gone, and is not, is asked again.
    house.upstream.fails(Call::Revoke, [not(Answers::Garbage)]);
    deletes(&house.scene.rin, "Reports").await;
    house.scene.rin.sees_dm("was deleted").await.unwrap();
    house.scene.last_card("It is deleted").await;
    assert_eq!(house.upstream.tokens(), []);
    house.scene.ends().await;
}

#[tokio::test]
async fn where_an_upstream_says_no_a_person_is_asked_at_once() {
    let house = House::start("end refused").await;
    house.has_a_token("Reports").await;
    let no = Fault { does: false, answers: Answers::Status(403) };
    house.upstream.fails(Call::Revoke, [no; 20]);
    deletes(&house.scene.rin, "Reports").await;
    let task = house.scene.card("must delete this token at Registry").await;
    assert_eq!(task.buttons(), ["Done", "All scopes"]);
    let pending = house.scene.chiyo.types("/token pending").await.unwrap().private().unwrap();
    assert!(pending.contains("Reports"), "{pending}");
    let panel = shows(&house.scene.rin, "Reports").await;
    assert!(panel.contains("being switched off"), "{panel}");
    let done = house.scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    assert!(done.is_ephemeral());
    house.scene.rin.sees_dm("was deleted").await.unwrap();
    house.scene.last_card("It is deleted").await;
    house.scene.ends().await;
}

#[tokio::test]
async fn a_renewal_in_doubt_is_told_and_tried_again() {
    let house = House::start("reset in doubt").await;
    let old = house.has_a_token("Reports").await;
    let panel = presses(&house.scene.rin, "Reports", "Reset").await;
    house.upstream.fails(Call::Reset, [Fault { does: true, answers: Answers::Cut }]);
    house.submits(&panel).await;
    let card = house.scene.card("old secret may work no more").await;
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();
    // Whoever uses the token hears of it too, whatever becomes of the request.
    house.scene.rin.sees_dm("Reports may not work any more").await.unwrap();
    let secret = house.tries_again(&card).await;
    house.scene.last_card("made for #2").await;
    assert!(!house.upstream.opens(&old));
    house.one_lives(&secret).await;
    house.scene.ends().await;
}

#[tokio::test]
async fn what_is_enabled_there_and_not_expected_here_is_switched_off_there_again() {
    let house = House::start("enabled, not me").await;
    house.has_a_token("Reports").await;
    house.is_disabled("Reports").await;
    let panel = presses(&house.scene.rin, "Reports", "Enable").await;
    house.submits(&panel).await;
    let ready = house.ready().await;
    let secret = house.upstream.tokens()[0].secret.clone();
    assert!(house.upstream.opens(&secret), "it works before anybody collects it");
    let said = house.scene.rin.clicks(&ready, "Not me").await.unwrap().private().unwrap();
    assert!(said.contains("Until that is done it may still work"), "{said}");
    for admin in [&house.scene.aki, &house.scene.ben] {
        admin.sees_dm("Not me").await.unwrap();
    }
    house.scene.rin.sees_dm("was disabled").await.unwrap();
    house.scene.last_card("It is disabled").await;
    assert!(!house.upstream.opens(&secret));
    house.scene.ends().await;
}

#[tokio::test]
async fn what_is_deleted_while_it_is_being_disabled_is_revoked() {
    let house = House::start("delete beside disable").await;
    house.has_a_token("Reports").await;
    let late = Answers::Late(Duration::from_millis(800));
    house.upstream.fails(Call::Disable, [Fault { does: true, answers: late }]);
    presses(&house.scene.rin, "Reports", "Disable").await;
    house.asks_for(Call::Disable).await;
    deletes(&house.scene.rin, "Reports").await;
    house.scene.rin.sees_dm("was deleted").await.unwrap();
    house.scene.last_card("It is deleted").await;
    assert_eq!(house.upstream.tokens(), []);
    house.scene.ends().await;
}

#[tokio::test]
async fn what_the_configuration_has_no_call_for_any_more_is_asked_of_a_person() {
    let house = House::start("no call left").await;
    house.has_a_token("Reports").await;
    let not = Fault { does: false, answers: Answers::Status(500) };
    house.upstream.fails(Call::Disable, [not; 20]);
    presses(&house.scene.rin, "Reports", "Disable").await;
    house.asks_for(Call::Disable).await;
    let without = |config: &mut toml::Table| {
        let providers = config["providers"].as_array_mut().unwrap();
        let issuer = providers.last_mut().unwrap()["issuer"].as_table_mut().unwrap();
        for call in ["disable", "enable", "revoke"] {
            issuer.remove(call);
        }
        issuer.insert("allow_unrevocable".to_owned(), true.into());
    };
    house.scene.stage.restarts_with(without).await.unwrap();
    let aki = house.scene.aki.patient(super::PATIENCE);
    let task = aki.sees_in("approvals", "must switch this token off").await.unwrap();
    house.scene.chiyo.clicks(&task, "Done").await.unwrap().private().unwrap();
    house.scene.rin.sees_dm("was disabled").await.unwrap();
    house.scene.last_card("It is disabled").await;
    house.scene.ends().await;
}

#[tokio::test]
async fn a_secret_that_an_upstream_gives_again_is_no_new_one() {
    let house = House::with("same secret", |issuer| {
        issuer.remove("reset");
        let gives = toml::toml! { secret = "/token" };
        issuer["enable"].as_table_mut().unwrap().insert("response".to_owned(), gives.into());
    })
    .await;
    house.has_a_token("Reports").await;
    house.is_disabled("Reports").await;
    let panel = presses(&house.scene.rin, "Reports", "Enable").await;
    house.submits(&panel).await;
    let card = house.scene.card("was handed out before").await;
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();
    house.scene.aki.clicks(&card, "Deny").await.unwrap().modal().unwrap();
    house.scene.ends().await;
}

#[tokio::test]
async fn an_upstream_that_lets_tokens_live_longer_has_to_be_told_of_their_end() {
    let house = House::start("lives longer").await;
    let ends_itself = "select count(*) from countersign.attempts where ends_itself";
    house.has_a_token("Reports").await;
    assert_eq!(house.scene.count(ends_itself).await, 1);
    house.upstream.lives_longer(300 * 24 * 60 * 60);
    house.has_a_token("Dashboard").await;
    assert_eq!(house.scene.count(ends_itself).await, 1);
    house.scene.ends().await;
}

#[tokio::test]
async fn what_may_have_been_enabled_there_in_vain_is_switched_off_there_again() {
    let house = House::start("enable in doubt").await;
    house.has_a_token("Reports").await;
    house.is_disabled("Reports").await;
    let panel = presses(&house.scene.rin, "Reports", "Enable").await;
    house.upstream.fails(Call::Enable, [Fault { does: true, answers: Answers::Status(502) }]);
    house.submits(&panel).await;
    let card = house.scene.card("Nobody saw how").await;
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();
    assert!(!house.upstream.tokens()[0].enabled);
    let secret = house.tries_again(&card).await;
    house.one_lives(&secret).await;
    assert!(house.upstream.opens(&secret));
    house.scene.ends().await;
}
