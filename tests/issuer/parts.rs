//! Tokens that several calls make: all of them, or none.

use testkit::mock_upstream::{Answers, Call, Fault, in_parts};

use super::Fixture;

/// Its rights and its secret come with calls of their own.
async fn made_in_parts(label: &str) -> Fixture {
    let fixture = Fixture::with(label, in_parts).await;
    fixture.upstream.change_manner(|manner| manner.makes_in_parts = true);
    fixture
}

#[tokio::test]
async fn a_token_may_be_made_by_several_calls() {
    let fixture = made_in_parts("parts").await;
    let secret = fixture.create_token("Reports").await;
    let token = fixture.upstream.newest();
    assert!(fixture.upstream.open_panel(&secret));
    assert!(!token.rights.as_array().unwrap().is_empty(), "{token:?}");
    fixture.one_lives(&secret).await;
    fixture.is_deleted("Reports").await;
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}

#[tokio::test]
async fn an_unfinished_token_is_revoked() {
    let fixture = made_in_parts("parts in doubt").await;
    let fault = |does, answers| Fault { does, answers };
    fixture.upstream.fail(Call::Rights, [fault(false, Answers::Status(403))]);
    fixture.upstream.fail(Call::Reset, [fault(true, Answers::Cut)]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(fixture.attempts().await, "gone gone made");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// A refused call is tried three times, and the card shows why.
#[tokio::test]
async fn a_further_call_that_is_refused_again_and_again_leaves_nothing() {
    let fixture = made_in_parts("parts refused").await;
    fixture.upstream.say("no such right");
    let no = Fault { does: false, answers: Answers::Status(422) };
    fixture.upstream.fail(Call::Rights, [no; 3]);
    fixture.approved("Reports").await;
    let card = fixture.team.aki.patient(super::PATIENCE);
    let card = card.wait_for_message("approvals", "no such right").await.unwrap();
    assert!(card.contains("call 1 of then"), "{card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}
