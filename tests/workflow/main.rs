//! The workflows of the main job, and the refusals of the database, on a real Postgres with the two roles
//! that Countersign uses.

mod audit;
mod changes;
mod departures;
mod digest_collisions;
mod fresh_plans;
mod guards;
mod model;
mod name_search;
#[path = "../shared/pair.rs"]
mod pair;
mod pairs;
mod scale;
mod secret_swaps;
mod support;
mod token_steps;
mod uncollected_secrets;

use std::collections::BTreeSet;

use countersign::domain::ids::UserId;
use countersign::domain::policy::Tally;
use countersign::domain::request::RequestState;
use countersign::workflow::delivery::{deliver, reveal};
use countersign::workflow::refusal::Refusal;
use countersign::workflow::request::confirm::{self, ConfirmOutcome};
use countersign::workflow::request::{issue, lapse};
use countersign::workflow::{Failure, Outcome};
use secrecy::{ExposeSecret as _, SecretString};
use support::{AKI, BEN, CHIYO, Fixture, RIN, person};

fn refused<T: std::fmt::Debug>(outcome: Outcome<T>) -> Refusal {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

fn people(ids: &[i64]) -> BTreeSet<UserId> {
    ids.iter().map(|id| person(*id)).collect()
}

#[tokio::test]
async fn two_approvals_open_and_one_person_reads() {
    let fixture = Fixture::new("main job").await;
    let request = fixture.submit(RIN, "Reports").await;
    let digest = request.digest;
    let one = fixture.approve(AKI, &request, digest).await.unwrap();
    assert_eq!(one.tally, Tally { have: 1, need: 2 });
    assert_eq!(refused(fixture.approve(AKI, &request, digest).await), Refusal::AlreadyApproved);
    let two = fixture.approve(BEN, &request, digest).await.unwrap();
    assert_eq!(two.request.state, RequestState::Approved);
    assert_eq!(
        refused(fixture.approve(CHIYO, &request, digest).await),
        Refusal::NotPending(RequestState::Approved)
    );

    let both = people(&[AKI, BEN]);
    let confirmed =
        confirm::record_admins(&fixture.workflow, request.id, &both, &both).await.unwrap();
    assert_eq!(confirmed, ConfirmOutcome::Issuing);
    issue::carry_out(&fixture.workflow, request.id, &mut |_| true).await.unwrap();
    issue::carry_out(&fixture.workflow, request.id, &mut |_| true).await.unwrap();
    assert_eq!(fixture.count("select count(*) from tokens where state = 'issued'").await, 1);

    let delivery = fixture.delivery().await;
    let press = SecretString::from("interaction-token");
    let stranger =
        reveal::open_secret(&fixture.workflow, &fixture.actor(AKI, true), delivery, &press).await;
    assert_eq!(refused(stranger), Refusal::NotYours);
    // In a direct message no one has roles.
    let pressed =
        reveal::open_secret(&fixture.workflow, &fixture.actor(RIN, false), delivery, &press)
            .await
            .unwrap();
    assert!(countersign::domain::secret::is_well_formed(pressed.secret.expose_secret()));
    let again =
        reveal::open_secret(&fixture.workflow, &fixture.actor(RIN, true), delivery, &press).await;
    assert_eq!(refused(again), Refusal::BeingRevealed);
    deliver::note_reveal_accepted(&fixture.workflow, delivery).await.unwrap();
    let later = refused(
        reveal::open_secret(&fixture.workflow, &fixture.actor(RIN, true), delivery, &press).await,
    );
    assert!(matches!(later, Refusal::AlreadyRevealed { .. }), "{later:?}");
    assert_eq!(
        fixture.count("select count(*) from deliveries where sealed_secret is not null").await,
        0
    );
    assert_eq!(fixture.count("select count(*) from tokens where state = 'active'").await, 1);
}

#[tokio::test]
async fn approvals_of_former_admins_are_struck_and_it_waits_again() {
    let fixture = Fixture::new("struck").await;
    let request = fixture.submit(RIN, "Reports").await;
    let digest = request.digest;
    fixture.approve(AKI, &request, digest).await.unwrap();
    fixture.approve(BEN, &request, digest).await.unwrap();
    let (both, aki) = (people(&[AKI, BEN]), people(&[AKI]));
    assert_eq!(
        confirm::record_admins(&fixture.workflow, request.id, &aki, &aki).await.unwrap(),
        ConfirmOutcome::AskAgain
    );
    // Discord did not answer for days, so the request's time is up.
    fixture.as_owner("requests", "expires_at = submitted_at").await;
    assert_eq!(
        confirm::record_admins(&fixture.workflow, request.id, &both, &aki).await.unwrap(),
        ConfirmOutcome::Returned
    );
    lapse::end_if_due(&fixture.workflow, request.id).await.unwrap();
    let has_time = "select count(*) from requests
                    where state = 'pending' and expires_at > now() + interval '71 hours'";
    assert_eq!(fixture.count(has_time).await, 1, "it has its time anew");
    assert_eq!(
        fixture.count("select count(*) from approvals where struck_at is not null").await,
        1
    );
    let named = "select count(*) from events where kind = 'approval_struck'
                 and detail #>> '{struck,0,person}' = '13' and detail ->> 'because' = 'not_admin'";
    assert_eq!(fixture.count(named).await, 1, "Ben's");
    let third = fixture.approve(CHIYO, &request, digest).await.unwrap();
    assert_eq!(third.tally, Tally { have: 2, need: 2 });
}

#[tokio::test]
async fn one_admins_thousand_presses_are_one_approval() {
    let fixture = std::sync::Arc::new(Fixture::new("presses").await);
    let request = std::sync::Arc::new(fixture.submit(RIN, "Reports").await);
    let mut presses = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let (fixture, request) = (fixture.clone(), request.clone());
        presses.spawn(async move { fixture.approve(AKI, &request, request.digest).await.is_ok() });
    }
    let put = presses.join_all().await.into_iter().filter(|put| *put).count();
    assert_eq!(put, 1);
    assert_eq!(fixture.count("select count(*) from approvals").await, 1);
    assert_eq!(fixture.count("select count(*) from requests where state = 'pending'").await, 1);
}

#[tokio::test]
async fn a_name_is_taken_by_an_open_request() {
    let fixture = Fixture::new("names").await;
    fixture.submit(RIN, "Reports").await;
    let second = fixture.attempt(CHIYO, " REPORTS ").await;
    assert_eq!(refused(second), Refusal::NameTaken { name: "REPORTS".into() });
}
