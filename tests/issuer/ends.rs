//! A token is to end at an upstream that won't, can't, or has given its id to another.

use countersign_playground::scene::{deletes, presses, shows};
use countersign_playground::upstream::{Answers, Call, Fault};

use super::House;

#[tokio::test]
async fn an_id_that_is_another_s_by_now_is_left_alone() {
    let house = House::start("id again").await;
    house.has_a_token("Reports").await;
    let ours = house.upstream.tokens().remove(0);
    house.upstream.gives_to_another(ours.id);
    deletes(&house.scene.rin, "Reports").await;
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
    let task = house.scene.card("must delete this token at Registry by hand").await;
    assert_eq!(task.buttons(), ["Done", "All scopes"]);
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
    presses(&house.scene.rin, "Reports", "Disable").await;
    house.scene.rin.sees_dm("was disabled").await.unwrap();
    house.scene.last_card("It is disabled").await;
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
