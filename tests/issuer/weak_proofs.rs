//! Answers that show less than they seem to: half an answer, an answer about something else, a list of which nobody
//! knows whether it is the right one. The service is asked whether it takes the token.

use std::time::Duration;

use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::{deletes, presses};

use super::believed_ends::by_id_alone;
use super::shapes::answers;
use super::unsure_ends::{
    AS_IT_IS, EMPTY, a_person_ends_it, is_asked_again, is_on, is_told_at_last, looks_up, not,
};
use super::updates::{rights, takes_scopes, updates};
use super::{Fixture, PATIENCE};

/// `get`, where no id is given twice.
fn looks_up_unique(issuer: &mut toml::Table) {
    looks_up(issuer);
    issuer.insert("ids_are_unique".to_owned(), true.into());
}

/// One that is listed as not working may be so for another reason.
#[tokio::test]
async fn a_404_proves_nothing_of_what_is_still_listed() {
    let fixture = Fixture::start("archived").await;
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.behaves(|manner| manner.shows_state = Some("archived"));
    let other = Answers::Says(404, r#"{"error":"Cannot DELETE /v1"}"#);
    fixture.upstream.fails(Call::Revoke, [not(other); 20]);
    deletes(&fixture.team.rin, "Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let task = aki.sees_in("approvals", "Cannot DELETE").await.unwrap();
    is_on(&fixture, &secret, "archived").await;
    a_person_ends_it(&fixture, &task, &secret).await;
    fixture.team.ends().await;
}

#[tokio::test]
async fn a_404_about_something_else_does_not_make_202_a_yes() {
    let fixture = Fixture::with("moved tenant", looks_up).await;
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.forgets_calls();
    let moved = Answers::Says(404, r#"{"error":"tenant is being moved"}"#);
    fixture.upstream.fails(Call::Get, [AS_IT_IS]);
    fixture.upstream.fails(Call::Get, [not(moved); 40]);
    fixture.upstream.fails(Call::Revoke, [not(Answers::Says(202, "{}")); 20]);
    deletes(&fixture.team.rin, "Reports").await;
    is_asked_again(&fixture, Call::Revoke, 2).await;
    is_on(&fixture, &secret, "moved tenant").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    fixture.team.ends().await;
}

/// An answer to every address that has a name, as a service at work on itself may give.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_another_name_and_no_id_is_not_the_token() {
    let fixture = Fixture::with("at work", looks_up_unique).await;
    let secret = fixture.has_a_token("Reports").await;
    let at_work = Answers::Says(200, r#"{"comment":"Token service","state":"maintenance"}"#);
    for call in [Call::Get, Call::Revoke, Call::Disable] {
        fixture.upstream.fails(call, [not(at_work); 40]);
    }
    deletes(&fixture.team.rin, "Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let task = aki.sees_in("approvals", "Token service").await.unwrap();
    is_on(&fixture, &secret, "at work").await;
    a_person_ends_it(&fixture, &task, &secret).await;
    fixture.team.ends().await;

    let with_id = |issuer: &mut toml::Table| {
        looks_up_unique(issuer);
        answers(issuer, "get", "id", "/id");
    };
    let fixture = Fixture::with("renamed, with its id", with_id).await;
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.renames(1, "nightly export");
    fixture.is_deleted("Reports").await;
    assert!(!fixture.upstream.opens(&secret));
    fixture.team.ends().await;
}

#[tokio::test]
async fn text_where_json_should_be_is_no_yes() {
    let fixture = Fixture::with("text", by_id_alone).await;
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.forgets_calls();
    let said = ["Access denied by policy", "\u{feff}{\"error\": \"no\"}"];
    let faults = said.map(|text| not(Answers::Says(200, text)));
    fixture.upstream.fails(Call::Revoke, [faults; 10].concat());
    deletes(&fixture.team.rin, "Reports").await;
    is_asked_again(&fixture, Call::Revoke, 2).await;
    is_on(&fixture, &secret, "text").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    fixture.team.ends().await;

    let fixture = updates("text for an update").await;
    fixture.has_a_token("Reports").await;
    let all = rights(&fixture).len();
    fixture.upstream.fails(Call::Rights, [not(Answers::Says(200, said[0])); 20]);
    takes_scopes(&fixture).await;
    is_asked_again(&fixture, Call::Rights, 2).await;
    assert_eq!(rights(&fixture).len(), all);
    assert!(!fixture.team.rin.dms().iter().any(|one| one.contains("was reduced")));
    fixture.upstream.recovers(Call::Rights);
    fixture.team.rin.patient(PATIENCE).sees_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    fixture.team.ends().await;
}

/// The call was answered with yes and did nothing; then the list is another's.
#[tokio::test]
async fn a_list_without_the_other_tokens_shows_no_end() {
    let fixture = Fixture::start("another list").await;
    let other = fixture.has_a_token("Dashboard").await;
    let secret = fixture.has_a_token("Reports").await;
    fixture.upstream.forgets_calls();
    fixture.upstream.fails(Call::Revoke, [not(Answers::Says(200, "{}")); 20]);
    fixture.upstream.fails(Call::Find, [AS_IT_IS]);
    fixture.upstream.fails(Call::Find, [not(EMPTY); 40]);
    deletes(&fixture.team.rin, "Reports").await;
    is_asked_again(&fixture, Call::Find, 6).await;
    is_on(&fixture, &secret, "another list").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    assert!(fixture.upstream.opens(&other));
    fixture.team.ends().await;
}

/// Its second call would be refused: there is none.
#[tokio::test]
async fn what_is_off_is_not_called_again_while_it_may_take_a_while() {
    let takes = |issuer: &mut toml::Table| {
        issuer.insert("revoke_takes".to_owned(), "3s".into());
    };
    let fixture = Fixture::with("takes a while", takes).await;
    fixture.has_a_token("Reports").await;
    fixture.upstream.fails(Call::Disable, [AS_IT_IS]);
    fixture.upstream.fails(Call::Disable, [not(Answers::Status(409)); 20]);
    presses(&fixture.team.rin, "Reports", "Disable").await;
    fixture.team.rin.patient(PATIENCE).sees_dm("was disabled").await.unwrap();
    fixture.team.last_card("It is disabled").await;
    assert_eq!(fixture.upstream.count(Call::Disable), 1);
    fixture.team.ends().await;
}

/// Not yet alive, and not revoked either.
#[tokio::test]
async fn a_stray_that_is_not_ready_to_be_revoked_is_not_gone() {
    let fixture = Fixture::proven("not ready").await;
    fixture.upstream.behaves(|manner| manner.shows_state = Some("provisioning"));
    fixture.upstream.fails(Call::Create, [Fault { does: true, answers: Answers::Cut }]);
    let not_ready = Answers::Says(404, r#"{"error":"token not ready"}"#);
    fixture.upstream.fails(Call::Revoke, [not(not_ready); 40]);
    fixture.approved("Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    aki.sees_in("approvals", "token not ready").await.unwrap();
    fixture.team.rin.sees_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.upstream.count(Call::Create), 1);
    fixture.team.ends().await;
}

/// A limit that stands before the API may have let the call pass.
#[tokio::test]
async fn a_page_that_says_later_leaves_in_doubt_what_was_made() {
    let fixture = Fixture::proven("429 page").await;
    let passed = Fault { does: true, answers: Answers::WaitPage(1) };
    fixture.upstream.fails(Call::Create, [passed]);
    let secret = fixture.has_a_token("Reports").await;
    assert_eq!(fixture.attempts().await, "gone made");
    fixture.one_lives(&secret).await;
    fixture.team.ends().await;
}

/// It came to be after the first look, beside the one that was made next, and can't be revoked.
#[tokio::test]
async fn a_late_stray_that_can_not_be_revoked_is_told() {
    let fixture = Fixture::proven("late stray").await;
    let late = Fault { does: true, answers: Answers::ArrivesLate(Duration::from_secs(8)) };
    fixture.upstream.fails(Call::Create, [late]);
    fixture.has_a_token("Reports").await;
    let arrives = async {
        while fixture.upstream.tokens().len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, arrives).await.unwrap();
    fixture.upstream.says("you may not delete");
    fixture.upstream.fails(Call::Revoke, [not(Answers::Status(403)); 20]);
    let mut connection = fixture.team.setup.connect().await.unwrap();
    sqlx::raw_sql(
        "update countersign.attempts set look_again_at = now() where state = 'absent';
         update countersign.jobs set due_at = now() where kind = 'look_for_stray'",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let aki = fixture.team.aki.patient(PATIENCE);
    aki.sees_in("approvals", "so both may exist").await.unwrap();
    assert_eq!(fixture.attempts().await, "unresolved made");
    fixture.team.ends().await;
}

/// The look right after a token was made repeats its secret, which is too short to look like one.
#[tokio::test]
async fn a_look_that_repeats_the_new_secret_shows_none() {
    let fixture = Fixture::start("repeats the secret").await;
    fixture.upstream.behaves(|manner| manner.secrets_are_short = true);
    fixture.upstream.fails(Call::Find, [not(Answers::Repeats(403)); 3]);
    fixture.approved("Reports").await;
    let ready = fixture.ready().await;
    let told = fixture.team.card("no look at").await;
    let secret = fixture.collects(&ready).await;
    assert!(told.contains("•••") && !told.contains(&secret), "{told}");
    assert!(fixture.team.setup.tables_with(&secret).await.unwrap().is_empty());
    assert!(!fixture.team.setup.bot.everything_written().unwrap().contains(&secret));
    fixture.team.ends().await;
}
