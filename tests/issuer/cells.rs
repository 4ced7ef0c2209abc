//! The other cells of the table of ends: a reset, and a create without a clear answer, at each of the services of
//! `believed_ends`. Everything that people are told is compared with the service.

use testkit::mock_upstream::{Answers, Call, Fault};
use testkit::team::{press_button, show_token};

use super::believed_ends::{SERVICES, Service};
use super::{Fixture, PATIENCE};

/// Nobody is told that a secret was swapped while the service takes it; that it may be dead, where nobody knows.
async fn reset_secret(service: &Service) {
    let label = format!("{}, reset", service.label);
    let fixture = Fixture::with(&label, service.issuer).await;
    (service.at_first)(&fixture.upstream);
    let secret = fixture.create_token("Reports").await;
    if let Some(doubt) = service.doubt {
        fixture.team.last_card(doubt).await;
    }
    (service.then)(&fixture.upstream);
    let panel = press_button(&fixture.team.rin, "Reports", "Reset").await;
    fixture.submit(&panel).await;
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.wait_for_message("approvals", "An admin has to act before").await.unwrap();
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert!(fixture.upstream.open_panel(&secret), "{label}: it was swapped after all");
    // A page says nothing of what the API did.
    let is_page = service.label.starts_with("a proxy");
    assert_eq!(card.contains("may no longer work"), is_page, "{label}: {card}");
    if is_page {
        fixture.team.rin.wait_for_dm("Reports may no longer work").await.unwrap();
        fixture.team.finish().await;
        return;
    }
    let panel = show_token(&fixture.team.rin, "Reports").await;
    assert!(panel.contains("🟢"), "{label}: {panel}");
    fixture.team.finish().await;
}

/// Nothing else is created, and no one is told that it is gone.
async fn lose_one(service: &Service) {
    let label = format!("{}, lost", service.label);
    let fixture = Fixture::with(&label, service.issuer).await;
    (service.at_first)(&fixture.upstream);
    let before = fixture.upstream.tokens().len();
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::Cut }]);
    // Another user is quicker than the first look-up.
    fixture.upstream.fail(Call::Find, [Fault { does: false, answers: Answers::Garbage }]);
    fixture.approved("Reports").await;
    fixture.wait_for_call(Call::Create).await;
    (service.then)(&fixture.upstream);
    let stray = fixture.upstream.newest();
    let sent = fixture.upstream.last_sent(Call::Create).unwrap();
    let marker = sent["comment"].as_str().unwrap();
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.wait_for_message("approvals", marker).await.unwrap();
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert!(fixture.upstream.open_panel(&stray.secret), "{label}: it ended after all");
    assert_eq!(fixture.upstream.tokens().len(), before + 1, "{label}");
    for lie in ["deleted again", "nothing was created", "Nothing was created"] {
        assert!(!card.contains(lie), "{label}: {card}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_swap_is_reported_that_the_service_did_not_do() {
    for pair in SERVICES.chunks(2) {
        let [one, other] = pair else { panic!("an odd one") };
        tokio::join!(reset_secret(one), reset_secret(other));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_lost_token_is_reported_gone_while_the_service_accepts_it() {
    for pair in SERVICES.chunks(2) {
        let [one, other] = pair else { panic!("an odd one") };
        tokio::join!(lose_one(one), lose_one(other));
    }
}
