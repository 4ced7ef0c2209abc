//! Answers that look like a token's end and are none: the service is asked whether it takes the token.

use discord_sim::MessageView;
use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::{delete_token, press_button, show_token};

use super::believed_ends::by_id_alone;
use super::shapes::{Issuer, answers, configure_look_up, configure_unique_look_up, set};
use super::{Fixture, PATIENCE};

pub const EMPTY: Answers = Answers::Says(200, r#"{"tokens":[]}"#);
pub const AS_IT_IS: Fault = Fault::done(Answers::None);

/// The token still works, and nobody is told otherwise.
pub async fn is_on(fixture: &Fixture, secret: &str, case: &str) {
    assert!(fixture.upstream.open_panel(secret), "{case}: it ended after all");
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert!(panel.contains("being disabled"), "{case}: {panel}");
}

/// A person ends what the API doesn't, and says so.
pub async fn a_person_ends_it(fixture: &Fixture, task: &MessageView, secret: &str) {
    fixture.upstream.end_by_hand(secret);
    fixture.team.chiyo.click(task, "Done").await.unwrap().private().unwrap();
    fixture.team.rin.wait_for_dm("was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
}

/// The API does what it is asked for again: only now it is told.
pub async fn is_told_at_last(fixture: &Fixture, secret: &str, told: &str) {
    for call in [Call::Find, Call::Get, Call::Revoke, Call::Disable] {
        fixture.upstream.recover(call);
    }
    fixture.team.rin.patient(PATIENCE).wait_for_dm(told).await.unwrap();
    assert!(!fixture.upstream.open_panel(secret));
    fixture.team.last_card(&told.replace("was", "It is")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_outweighs_no_refusal() {
    for status in [429, 503] {
        let fixture = Fixture::start(&format!("empty list, {status}")).await;
        let secret = fixture.create_token("Reports").await;
        fixture.upstream.forget_calls();
        fixture.upstream.fail(Call::Revoke, [Fault::not_done(Answers::Status(status)); 20]);
        fixture.upstream.fail(Call::Find, [AS_IT_IS]);
        fixture.upstream.fail(Call::Find, [Fault::not_done(EMPTY); 40]);
        delete_token(&fixture.team.rin, "Reports").await;
        fixture.wait_for_calls(Call::Revoke, 3).await;
        is_on(&fixture, &secret, &status.to_string()).await;
        is_told_at_last(&fixture, &secret, "was deleted").await;
        fixture.team.finish().await;
    }
    let fixture = Fixture::start("empty list, 403").await;
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.say("you may not delete");
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(Answers::Status(403)); 20]);
    fixture.upstream.fail(Call::Find, [AS_IT_IS]);
    fixture.upstream.fail(Call::Find, [Fault::not_done(EMPTY); 40]);
    delete_token(&fixture.team.rin, "Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let task = aki.wait_for_message("approvals", "you may not delete").await.unwrap();
    is_on(&fixture, &secret, "403").await;
    a_person_ends_it(&fixture, &task, &secret).await;
    fixture.team.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_404_about_something_else_is_no_end() {
    let named: Issuer = |issuer| {
        configure_unique_look_up(issuer);
        for call in ["get", "revoke"] {
            answers(issuer, call, "gone", "no such token");
        }
    };
    let configurations: [(&str, Issuer); 4] = [
        ("get", configure_unique_look_up),
        ("get, named", named),
        ("by id", by_id_alone),
        ("with marker", configure_look_up),
    ];
    for (label, issuer) in configurations {
        let fixture = Fixture::with(&format!("other 404, {label}"), issuer).await;
        let secret = fixture.create_token("Reports").await;
        let other = Fault::not_done(Answers::Says(404, r#"{"error":"Realm not found."}"#));
        // One that was shown a moment before is no exception.
        fixture.upstream.fail(Call::Get, [AS_IT_IS]);
        for call in [Call::Get, Call::Revoke] {
            fixture.upstream.fail(call, [other; 40]);
        }
        delete_token(&fixture.team.rin, "Reports").await;
        let aki = fixture.team.aki.patient(PATIENCE);
        let task = aki.wait_for_message("approvals", "Realm not found").await.unwrap();
        is_on(&fixture, &secret, label).await;
        a_person_ends_it(&fixture, &task, &secret).await;
        fixture.team.finish().await;
    }
}

/// The service is at work on itself once it has shown the token, and says so in the place of its list.
async fn is_not_deleted_while_down(fixture: &Fixture, secret: &str, case: &str) {
    fixture.upstream.forget_calls();
    let down = Answers::Says(200, r#"{"tokens":{"detail":"Down for maintenance"}}"#);
    fixture.upstream.fail(Call::Find, [AS_IT_IS]);
    fixture.upstream.fail(Call::Find, [Fault::not_done(down); 40]);
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(down); 20]);
    delete_token(&fixture.team.rin, "Reports").await;
    fixture.wait_for_calls(Call::Find, 3).await;
    is_on(fixture, secret, case).await;
    is_told_at_last(fixture, secret, "was deleted").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_is_no_list_where_nothing_says_so() {
    let fixture = Fixture::start("no list").await;
    let secret = fixture.create_token("Reports").await;
    is_not_deleted_while_down(&fixture, &secret, "no list").await;
    fixture.team.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_taken_on_is_not_done() {
    let inner = r#"{"results":[{"status":403,"error":"no"}]}"#;
    for (status, body) in [(202, "{}"), (207, inner)] {
        let fixture = Fixture::with(&format!("{status} by id"), by_id_alone).await;
        let secret = fixture.create_token("Reports").await;
        fixture.upstream.forget_calls();
        fixture.upstream.fail(Call::Revoke, [Fault::not_done(Answers::Says(status, body)); 20]);
        delete_token(&fixture.team.rin, "Reports").await;
        fixture.wait_for_calls(Call::Revoke, 2).await;
        is_on(&fixture, &secret, &status.to_string()).await;
        is_told_at_last(&fixture, &secret, "was deleted").await;
        fixture.team.finish().await;
    }
    let fixture = Fixture::start("disabling").await;
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.forget_calls();
    fixture.upstream.change_manner(|manner| manner.shows_state = Some("disabling"));
    fixture.upstream.fail(Call::Disable, [Fault::not_done(Answers::Says(202, "{}")); 20]);
    press_button(&fixture.team.rin, "Reports", "Disable").await;
    fixture.wait_for_calls(Call::Disable, 2).await;
    is_on(&fixture, &secret, "disabling").await;
    fixture.upstream.change_manner(|manner| manner.shows_state = None);
    is_told_at_last(&fixture, &secret, "was disabled").await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn one_that_is_listed_twice_lives_as_long_as_one_of_them() {
    let fixture = Fixture::start("twice").await;
    fixture.upstream.change_manner(|manner| manner.lists_twice = true);
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.forget_calls();
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(Answers::Says(200, "{}")); 20]);
    delete_token(&fixture.team.rin, "Reports").await;
    fixture.wait_for_calls(Call::Revoke, 2).await;
    is_on(&fixture, &secret, "twice").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    fixture.team.finish().await;
}

/// `items` may be an object by the configuration's word.
#[tokio::test]
async fn an_object_by_key_holds_tokens_alone() {
    let by_key: Issuer = |issuer| {
        set(issuer, "find", "by_key", true);
        set(issuer, "find", "match", "/value/comment");
        set(issuer, "find", "alive", toml::toml! { at = "/value/state" is = "works" });
        answers(issuer, "find", "id", "/value/id");
    };
    let fixture = Fixture::with("by key", by_key).await;
    fixture.upstream.change_manner(|manner| manner.lists_objects = true);
    let secret = fixture.create_token("Reports").await;
    is_not_deleted_while_down(&fixture, &secret, "by key").await;
    fixture.team.finish().await;
}
