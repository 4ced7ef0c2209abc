//! The other cells of the table of ends: a reset, and a create without a clear answer, at each of the services of
//! `believed_ends`. Everything that people are told is compared with the service.

use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::{presses, shows};

use super::believed_ends::{SERVICES, Service};
use super::{Fixture, PATIENCE};

/// Nobody is told that a secret was swapped while the service takes it; that it may be dead, where nobody knows.
async fn resets(service: &Service) {
    let label = format!("{}, reset", service.label);
    let fixture = Fixture::with(&label, service.issuer).await;
    (service.at_first)(&fixture.upstream);
    let secret = fixture.has_a_token("Reports").await;
    if let Some(doubt) = service.doubt {
        fixture.team.last_card(doubt).await;
    }
    (service.then)(&fixture.upstream);
    let panel = presses(&fixture.team.rin, "Reports", "Reset").await;
    fixture.submits(&panel).await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.sees_in("approvals", "An admin has to act before").await.unwrap();
    fixture.team.rin.sees_dm("could not be carried out").await.unwrap();
    assert!(fixture.upstream.opens(&secret), "{label}: it was swapped after all");
    // A page says nothing of what the API did.
    let is_page = service.label.starts_with("a proxy");
    assert_eq!(card.contains("may no longer work"), is_page, "{label}: {card}");
    if is_page {
        fixture.team.rin.sees_dm("Reports may no longer work").await.unwrap();
        fixture.team.ends().await;
        return;
    }
    let panel = shows(&fixture.team.rin, "Reports").await;
    assert!(panel.contains("🟢"), "{label}: {panel}");
    fixture.team.ends().await;
}

/// Nothing else is created, and no one is told that it is gone.
async fn loses_one(service: &Service) {
    let label = format!("{}, lost", service.label);
    let fixture = Fixture::with(&label, service.issuer).await;
    (service.at_first)(&fixture.upstream);
    let before = fixture.upstream.tokens().len();
    fixture.upstream.fails(Call::Create, [Fault { does: true, answers: Answers::Cut }]);
    // Another user is quicker than the first look-up.
    fixture.upstream.fails(Call::Find, [Fault { does: false, answers: Answers::Garbage }]);
    fixture.approved("Reports").await;
    fixture.asks_for(Call::Create).await;
    (service.then)(&fixture.upstream);
    let stray = fixture.upstream.newest();
    let sent = fixture.upstream.last_sent(Call::Create).unwrap();
    let marker = sent["comment"].as_str().unwrap();
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.sees_in("approvals", marker).await.unwrap();
    fixture.team.rin.sees_dm("could not be carried out").await.unwrap();
    assert!(fixture.upstream.opens(&stray.secret), "{label}: it ended after all");
    assert_eq!(fixture.upstream.tokens().len(), before + 1, "{label}");
    for lie in ["deleted again", "nothing was created", "Nothing was created"] {
        assert!(!card.contains(lie), "{label}: {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_swap_is_reported_that_the_service_did_not_do() {
    for pair in SERVICES.chunks(2) {
        let [one, other] = pair else { panic!("an odd one") };
        tokio::join!(resets(one), resets(other));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_lost_token_is_reported_gone_while_the_service_accepts_it() {
    for pair in SERVICES.chunks(2) {
        let [one, other] = pair else { panic!("an odd one") };
        tokio::join!(loses_one(one), loses_one(other));
    }
}
