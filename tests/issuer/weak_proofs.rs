//! Answers that show less than they seem to: half an answer, an answer about something else, a list of which nobody
//! knows whether it is the right one. The service is asked whether it takes the token.

use std::time::Duration;

use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::{delete_token, press_button};

use super::believed_ends::by_id_alone;
use super::shapes::{answers, configure_look_up, configure_unique_look_up};
use super::unsure_ends::{AS_IT_IS, EMPTY, a_person_ends_it, is_on, is_told_at_last};
use super::updates::{remove_scopes, rights, start_updates};
use super::{Fixture, PATIENCE};

/// One that is listed as not working may be so for another reason.
#[tokio::test]
async fn a_404_proves_nothing_of_what_is_still_listed() {
    let fixture = Fixture::start("archived").await;
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.change_manner(|manner| manner.shows_state = Some("archived"));
    let other = Answers::Says(404, r#"{"error":"Cannot DELETE /v1"}"#);
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(other); 20]);
    delete_token(&fixture.team.rin, "Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let task = aki.wait_for_message("approvals", "Cannot DELETE").await.unwrap();
    is_on(&fixture, &secret, "archived").await;
    a_person_ends_it(&fixture, &task, &secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_404_about_something_else_does_not_make_202_a_yes() {
    let fixture = Fixture::with("moved tenant", configure_look_up).await;
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.forget_calls();
    let moved = Answers::Says(404, r#"{"error":"tenant is being moved"}"#);
    fixture.upstream.fail(Call::Get, [AS_IT_IS]);
    fixture.upstream.fail(Call::Get, [Fault::not_done(moved); 40]);
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(Answers::Says(202, "{}")); 20]);
    delete_token(&fixture.team.rin, "Reports").await;
    fixture.wait_for_calls(Call::Revoke, 2).await;
    is_on(&fixture, &secret, "moved tenant").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    fixture.team.finish().await;
}

/// An answer to every address that has a name, as a service at work on itself may give.
#[tokio::test(flavor = "multi_thread")]
async fn what_has_another_name_and_no_id_is_not_the_token() {
    let fixture = Fixture::with("at work", configure_unique_look_up).await;
    let secret = fixture.create_token("Reports").await;
    let at_work = Answers::Says(200, r#"{"comment":"Token service","state":"maintenance"}"#);
    for call in [Call::Get, Call::Revoke, Call::Disable] {
        fixture.upstream.fail(call, [Fault::not_done(at_work); 40]);
    }
    delete_token(&fixture.team.rin, "Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let task = aki.wait_for_message("approvals", "Token service").await.unwrap();
    is_on(&fixture, &secret, "at work").await;
    a_person_ends_it(&fixture, &task, &secret).await;
    fixture.team.finish().await;

    let with_id = |issuer: &mut toml::Table| {
        configure_unique_look_up(issuer);
        answers(issuer, "get", "id", "/id");
    };
    let fixture = Fixture::with("renamed, with its id", with_id).await;
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.rename(1, "nightly export");
    fixture.is_deleted("Reports").await;
    assert!(!fixture.upstream.open_panel(&secret));
    fixture.team.finish().await;
}

#[tokio::test]
async fn text_where_json_should_be_is_no_yes() {
    let fixture = Fixture::with("text", by_id_alone).await;
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.forget_calls();
    let said = [
        "Access denied by policy",
        "\u{feff}{\"error\": \"no\"}",
        "\"Access denied by policy\"",
        "[{\"error\": \"no\"}]",
    ];
    let faults = said.map(|text| Fault::not_done(Answers::Says(200, text)));
    fixture.upstream.fail(Call::Revoke, [faults; 10].concat());
    delete_token(&fixture.team.rin, "Reports").await;
    fixture.wait_for_calls(Call::Revoke, 4).await;
    is_on(&fixture, &secret, "text").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    fixture.team.finish().await;

    let fixture = start_updates("text for an update").await;
    fixture.create_token("Reports").await;
    let all = rights(&fixture).len();
    fixture.upstream.fail(Call::Rights, [Fault::not_done(Answers::Says(200, said[3])); 20]);
    remove_scopes(&fixture).await;
    fixture.wait_for_calls(Call::Rights, 2).await;
    assert_eq!(rights(&fixture).len(), all);
    assert!(!fixture.team.rin.dms().iter().any(|one| one.contains("was reduced")));
    fixture.upstream.recover(Call::Rights);
    fixture.team.rin.patient(PATIENCE).wait_for_dm("was reduced").await.unwrap();
    fixture.team.last_card("**Reduced:**").await;
    fixture.team.finish().await;
}

/// The call was answered with yes and did nothing; then the list is another's.
#[tokio::test]
async fn a_list_without_the_other_tokens_shows_no_end() {
    let fixture = Fixture::start("another list").await;
    let other = fixture.create_token("Dashboard").await;
    let secret = fixture.create_token("Reports").await;
    fixture.upstream.forget_calls();
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(Answers::Says(200, "{}")); 20]);
    fixture.upstream.fail(Call::Find, [AS_IT_IS]);
    fixture.upstream.fail(Call::Find, [Fault::not_done(EMPTY); 40]);
    delete_token(&fixture.team.rin, "Reports").await;
    fixture.wait_for_calls(Call::Find, 6).await;
    is_on(&fixture, &secret, "another list").await;
    is_told_at_last(&fixture, &secret, "was deleted").await;
    assert!(fixture.upstream.open_panel(&other));
    fixture.team.finish().await;
}

/// Its second call would be refused: there is none.
#[tokio::test]
async fn what_is_off_is_not_called_again_while_it_may_take_a_while() {
    let takes = |issuer: &mut toml::Table| {
        issuer.insert("revoke_takes".to_owned(), "3s".into());
    };
    let fixture = Fixture::with("takes a while", takes).await;
    fixture.create_token("Reports").await;
    fixture.upstream.fail(Call::Disable, [AS_IT_IS]);
    fixture.upstream.fail(Call::Disable, [Fault::not_done(Answers::Status(409)); 20]);
    press_button(&fixture.team.rin, "Reports", "Disable").await;
    fixture.team.rin.patient(PATIENCE).wait_for_dm("was disabled").await.unwrap();
    fixture.team.last_card("It is disabled").await;
    assert_eq!(fixture.upstream.count(Call::Disable), 1);
    fixture.team.finish().await;
}

/// Not yet alive, and not revoked either.
#[tokio::test]
async fn a_stray_that_is_not_ready_to_be_revoked_is_not_gone() {
    let fixture = Fixture::proven("not ready").await;
    fixture.upstream.change_manner(|manner| manner.shows_state = Some("provisioning"));
    fixture.upstream.fail(Call::Create, [Fault::done(Answers::Cut)]);
    let not_ready = Answers::Says(404, r#"{"error":"token not ready"}"#);
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(not_ready); 40]);
    fixture.approved("Reports").await;
    let aki = fixture.team.aki.patient(PATIENCE);
    aki.wait_for_message("approvals", "token not ready").await.unwrap();
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.upstream.count(Call::Create), 1);
    fixture.team.finish().await;
}

/// A limit that stands before the API may have let the call pass.
#[tokio::test]
async fn a_page_that_says_later_leaves_in_doubt_what_was_made() {
    let fixture = Fixture::proven("429 page").await;
    let passed = Fault::done(Answers::WaitPage(1));
    fixture.upstream.fail(Call::Create, [passed]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(fixture.attempts().await, "gone made");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// It came to be after the first look, beside the one that was made next, and can't be revoked.
#[tokio::test]
async fn a_late_stray_that_can_not_be_revoked_is_told() {
    let fixture = Fixture::proven("late stray").await;
    let late = Fault::done(Answers::ArrivesLate(Duration::from_secs(8)));
    fixture.upstream.fail(Call::Create, [late]);
    fixture.create_token("Reports").await;
    let arrives = async {
        while fixture.upstream.tokens().len() < 2 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, arrives).await.unwrap();
    fixture.upstream.say("you may not delete");
    fixture.upstream.fail(Call::Revoke, [Fault::not_done(Answers::Status(403)); 20]);
    fixture.look_again().await;
    let aki = fixture.team.aki.patient(PATIENCE);
    aki.wait_for_message("approvals", "so both may exist").await.unwrap();
    assert_eq!(fixture.attempts().await, "unresolved made");
    fixture.team.finish().await;
}

/// The look right after a token was made repeats its secret, which is too short to look like one.
#[tokio::test]
async fn a_look_that_repeats_the_new_secret_shows_none() {
    let fixture = Fixture::start("repeats the secret").await;
    fixture.upstream.change_manner(|manner| manner.secrets_are_short = true);
    fixture.upstream.fail(Call::Find, [Fault::not_done(Answers::Repeats(403)); 3]);
    fixture.approved("Reports").await;
    let ready = fixture.ready().await;
    let told = fixture.team.card("no look at").await;
    let secret = fixture.collect_secret(&ready).await;
    assert!(told.contains("•••") && !told.contains(&secret), "{told}");
    assert!(fixture.team.setup.tables_with(&secret).await.unwrap().is_empty());
    assert!(!fixture.team.setup.bot.everything_written().unwrap().contains(&secret));
    fixture.team.finish().await;
}
