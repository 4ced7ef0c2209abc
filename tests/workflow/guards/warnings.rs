//! Warnings of tokens that end soon: once, by any process, and only for those.

use std::collections::BTreeSet;

use crate::support::{AKI, BEN, Fixture, RIN, person};
use countersign::workflow::delivery::reveal;
use countersign::workflow::request::{confirm, issue};
use countersign::workflow::token::warn;

/// Rin's working token, which ends in five days.
async fn start_near_end(label: &str) -> Fixture {
    let fixture = Fixture::new(label).await;
    let request = fixture.submit(RIN, "Reports").await;
    for admin in [AKI, BEN] {
        fixture.approve(admin, &request, request.digest).await.unwrap();
    }
    let both = BTreeSet::from([person(AKI), person(BEN)]);
    confirm::record_admins(&fixture.workflow, request.id, &both, &both).await.unwrap();
    issue::carry_out(&fixture.workflow, request.id, &mut |_| true).await.unwrap();
    let press = secrecy::SecretString::from("interaction-token");
    let delivery = fixture.delivery().await;
    reveal::open_secret(&fixture.workflow, &fixture.actor(RIN, true), delivery, &press)
        .await
        .unwrap();
    fixture.as_owner("tokens", "expires_at = now() + interval '5 days'").await;
    fixture
}

const NOTICES: &str = "select count(*) from notices where kind = 'expiring'";

#[tokio::test]
async fn many_at_once_warn_once() {
    let fixture = start_near_end("warn_race").await;
    let warn = || warn::notify_people(&fixture.workflow);
    let all = tokio::join!(warn(), warn(), warn(), warn(), warn(), warn());
    for outcome in [all.0, all.1, all.2, all.3, all.4, all.5] {
        outcome.unwrap();
    }
    // Rin, who is owner and contact, and the developer.
    assert_eq!(fixture.count(NOTICES).await, 2);
    assert_eq!(fixture.count("select count(*) from warnings where days = 7").await, 1);
    assert_eq!(fixture.count("select count(*) from warnings").await, 1);
    assert_eq!(fixture.count("select count(*) from notice_tokens").await, 2);
}

#[tokio::test]
async fn the_application_can_warn_of_nothing_twice_and_of_nothing_false() {
    let fixture = start_near_end("warn_attacks").await;
    warn::notify_people(&fixture.workflow).await.unwrap();
    for (statement, code) in [
        (
            "insert into warnings (token_id, expires_at, days, event_id)
             select token_id, expires_at, days, event_id from warnings",
            "23505",
        ),
        (
            "insert into warnings (token_id, expires_at, days, event_id)
             select token_id, expires_at, 30, event_id from warnings",
            "CS070",
        ),
        (
            "insert into warnings (token_id, expires_at, days, event_id)
             select token_id, expires_at, 6, event_id from warnings",
            "CS070",
        ),
        (
            "insert into warnings (token_id, expires_at, days, event_id)
             select token_id, expires_at + interval '1 hour', days, event_id from warnings",
            "CS070",
        ),
        (
            "update tokens set state = 'disabled';
             insert into warnings (token_id, expires_at, days, event_id)
             select token_id, expires_at, days, event_id from warnings",
            "CS070",
        ),
        (
            "insert into notices (event_id, kind, medium, recipient)
             select max(events.id), 'expiring', medium, recipient from notices, events
             where notices.kind = 'expiring' group by medium, recipient",
            "23505",
        ),
        (
            "insert into notice_tokens (notice_id, token_id)
             select notice_id, token_id + 1 from notice_tokens",
            "CS053",
        ),
        ("update notice_tokens set token_id = 1", "42501"),
    ] {
        assert_eq!(fixture.attack(statement).await.as_deref(), Some(code), "{statement}");
    }
    assert_eq!(fixture.count(NOTICES).await, 2);
}
