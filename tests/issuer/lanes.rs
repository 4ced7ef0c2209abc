//! An API that hangs costs its own requests only.

use std::time::{Duration, Instant};

use testkit::mock_upstream::{Answers, Call, Fault};

use super::Fixture;

/// How many requests wait for the API that hangs.
const REQUESTS: usize = 4;

#[tokio::test]
async fn a_hanging_api_delays_no_other_jobs() {
    let fixture = Fixture::with("frozen", |issuer| {
        issuer.insert("timeout".to_owned(), "10s".into());
    })
    .await;
    let silence = Fault { does: false, answers: Answers::Silence };
    for call in [Call::Create, Call::Find] {
        fixture.upstream.fail(call, [silence; 60]);
    }
    let rin = fixture.team.rin.patient(Duration::from_secs(100));
    for index in 1..=REQUESTS {
        fixture.approved(&format!("Reports {index}")).await;
    }
    fixture.wait_for_call(Call::Create).await;

    // Cards appear, and tokens of others are ready, at once.
    let began = Instant::now();
    fixture.team.issue_token("Harvest").await;
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());

    // Each card shows it within a minute, and the request can be denied.
    for _ in 0..REQUESTS {
        rin.wait_for_dm("could not be carried out").await.unwrap();
    }
    assert!(began.elapsed() < Duration::from_secs(90), "{:?}", began.elapsed());
    let card = fixture.team.card("An admin has to act before").await;
    let mut modal = fixture.team.aki.click(&card, "Deny").await.unwrap().modal().unwrap();
    modal.fill("Reason", "It hangs").unwrap();
    modal.submit().await.unwrap().private().unwrap();
    fixture.team.rin.wait_for_dm("was denied").await.unwrap();
}
