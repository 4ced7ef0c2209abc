//! Answers that look like a token's end and are none: the service is asked whether it takes the token.

use std::time::Duration;

use discord_sim::MessageView;
use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::{deletes, presses, shows};

use super::believed_ends::by_id_alone;
use super::shapes::{Issuer, answers, set};
use super::{Fixture, PATIENCE};

pub const EMPTY: Answers = Answers::Says(200, r#"{"tokens":[]}"#);
pub const AS_IT_IS: Fault = Fault { does: true, answers: Answers::None };

pub fn not(answers: Answers) -> Fault {
    Fault { does: false, answers }
}

/// The token still works, and nobody is told otherwise.
pub async fn is_on(fixture: &Fixture, secret: &str, case: &str) {
    assert!(fixture.upstream.opens(secret), "{case}: it ended after all");
    let panel = shows(&fixture.team.rin, "Reports").await;
    assert!(panel.contains("being disabled"), "{case}: {panel}");
}

pub async fn is_asked_again(fixture: &Fixture, call: Call, times: usize) {
    let asked = async {
        while fixture.upstream.count(call) < times {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap();
}

/// A person ends what the API doesn't, and says so.
pub async fn a_person_ends_it(fixture: &Fixture, task: &MessageView, secret: &str) {
    fixture.upstream.ends_by_hand(secret);
    fixture.team.chiyo.clicks(task, "Done").await.unwrap().private().unwrap();
    fixture.team.rin.sees_dm("was deleted").await.unwrap();
    fixture.team.last_card("It is deleted").await;
}

/// The API does what it is asked for again: only now it is told.
pub async fn is_told_at_last(fixture: &Fixture, secret: &str, told: &str) {
    for call in [Call::Find, Call::Get, Call::Revoke, Call::Disable] {
        fixture.upstream.recovers(call);
    }
    fixture.team.rin.patient(PATIENCE).sees_dm(told).await.unwrap();
    assert!(!fixture.upstream.opens(secret));
    fixture.team.last_card(&told.replace("was", "It is")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_list_outweighs_no_refusal() {
    for status in [429, 503] {
        let fixture = Fixture::start(&format!("empty list, {status}")).await;
        let secret = fixture.has_a_token("Reports").await;
        fixture.upstream.forgets_calls();
        fixture.upstream.fails(Call::Revoke, [not(Answers::Status(status)); 20]);
        fixture.upstream.fails(Call::Find, [AS_IT_IS]);
        fixture.upstream.fails(Call::Find, [not(EMPTY); 40]);
        deletes(&fixture.team.rin, "Reports").await;
        is_asked_again(&fixture, Call::Revoke, 3).await;
        is_on(&fixture, &secret, &status.to_string()).await;
        is_told_at_last(&fixture, &secret, "was deleted").await;
        fixture.team.ends().await;
    }
    let fixture = Fixture::start("empty list, 403").await;
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.says("you may not delete");
    fixture.upstream.fails(Call::Revoke, [not(Answers::Status(403)); 20]);
    fixture.upstream.fails(Call::Find, [AS_IT_IS]);
    fixture.upstream.fails(Call::Find, [not(EMPTY); 40]);
    deletes(&fixture.team.rin, "Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let task = aki.sees_in("approvals", "you may not delete").await.unwrap();
    is_on(&fixture, &secret, "403").await;
    a_person_ends_it(&fixture, &task, &secret).await;
    fixture.team.ends().await;
}

/// `get` in place of `find`.
pub fn looks_up(issuer: &mut toml::Table) {
    let mut get = issuer["find"].as_table().unwrap().clone();
    get.remove("items");
    let url = format!("{}/{{{{ upstream_id }}}}", get["url"].as_str().unwrap());
    get.insert("url".to_owned(), url.into());
    get["response"].as_table_mut().unwrap().remove("id");
    issuer.insert("get".to_owned(), get.into());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_404_about_something_else_is_no_end() {
    let unique: Issuer = |issuer| {
        looks_up(issuer);
        issuer.insert("ids_are_unique".to_owned(), true.into());
    };
    let named: Issuer = |issuer| {
        looks_up(issuer);
        issuer.insert("ids_are_unique".to_owned(), true.into());
        for call in ["get", "revoke"] {
            answers(issuer, call, "gone", "no such token");
        }
    };
    let configurations: [(&str, Issuer); 4] =
        [("get", unique), ("get, named", named), ("by id", by_id_alone), ("with marker", looks_up)];
    for (label, issuer) in configurations {
        let fixture = Fixture::with(&format!("other 404, {label}"), issuer).await;
        let secret = fixture.has_a_token("Reports").await;
        let other = not(Answers::Says(404, r#"{"error":"Realm not found."}"#));
        // One that was shown a moment before is no exception.
        fixture.upstream.fails(Call::Get, [AS_IT_IS]);
        for call in [Call::Get, Call::Revoke] {
            fixture.upstream.fails(call, [other; 40]);
        }
        deletes(&fixture.team.rin, "Reports").await;
        let aki = fixture.team.aki.patient(PATIENCE);
        let task = aki.sees_in("approvals", "Realm not found").await.unwrap();
        is_on(&fixture, &secret, label).await;
        a_person_ends_it(&fixture, &task, &secret).await;
        fixture.team.ends().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_is_no_list_where_nothing_says_so() {
    let fixture = Fixture::start("no list").await;
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.forgets_calls();
    let down = Answers::Says(200, r#"{"tokens":{"detail":"Down for maintenance"}}"#);
    fixture.upstream.fails(Call::Find, [AS_IT_IS]);
    fixture.upstream.fails(Call::Find, [not(down); 40]);
    fixture.upstream.fails(Call::Revoke, [not(down); 20]);
    deletes(&fixture.team.rin, "Reports").await;
    is_asked_again(&fixture, Call::Find, 3).await;
    is_on(&fixture, &secret, "no list").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    fixture.team.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_taken_on_is_not_done() {
    let inner = r#"{"results":[{"status":403,"error":"no"}]}"#;
    for (status, body) in [(202, "{}"), (207, inner)] {
        let fixture = Fixture::with(&format!("{status} by id"), by_id_alone).await;
        let secret = fixture.has_a_token("Reports").await;
        fixture.upstream.forgets_calls();
        fixture.upstream.fails(Call::Revoke, [not(Answers::Says(status, body)); 20]);
        deletes(&fixture.team.rin, "Reports").await;
        is_asked_again(&fixture, Call::Revoke, 2).await;
        is_on(&fixture, &secret, &status.to_string()).await;
        is_told_at_last(&fixture, &secret, "was deleted").await;
        fixture.team.ends().await;
    }
    let fixture = Fixture::start("disabling").await;
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.forgets_calls();
    fixture.upstream.behaves(|manner| manner.shows_state = Some("disabling"));
    fixture.upstream.fails(Call::Disable, [not(Answers::Says(202, "{}")); 20]);
    presses(&fixture.team.rin, "Reports", "Disable").await;
    is_asked_again(&fixture, Call::Disable, 2).await;
    is_on(&fixture, &secret, "disabling").await;
    fixture.upstream.behaves(|manner| manner.shows_state = None);
    is_told_at_last(&fixture, &secret, "was disabled").await;
    fixture.team.ends().await;
}

#[tokio::test]
async fn one_that_is_listed_twice_lives_as_long_as_one_of_them() {
    let fixture = Fixture::start("twice").await;
    fixture.upstream.behaves(|manner| manner.lists_twice = true);
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.forgets_calls();
    fixture.upstream.fails(Call::Revoke, [not(Answers::Says(200, "{}")); 20]);
    deletes(&fixture.team.rin, "Reports").await;
    is_asked_again(&fixture, Call::Revoke, 2).await;
    is_on(&fixture, &secret, "twice").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    fixture.team.ends().await;
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
    fixture.upstream.behaves(|manner| manner.lists_objects = true);
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.forgets_calls();
    let down = Answers::Says(200, r#"{"tokens":{"detail":"Down for maintenance"}}"#);
    fixture.upstream.fails(Call::Find, [AS_IT_IS]);
    fixture.upstream.fails(Call::Find, [not(down); 40]);
    fixture.upstream.fails(Call::Revoke, [not(down); 20]);
    deletes(&fixture.team.rin, "Reports").await;
    is_asked_again(&fixture, Call::Find, 3).await;
    is_on(&fixture, &secret, "by key").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    fixture.team.ends().await;
}
