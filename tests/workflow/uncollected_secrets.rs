//! Uncollected secrets of an issuer that swaps secrets at once: they work at the provider.

use countersign::domain::delivery::LapseEffect;
use countersign::domain::ids::{DeliveryId, RequestId, TokenId};
use countersign::domain::leak::LeakSeverity;
use countersign::domain::operator::Operator;
use countersign::domain::request_kind::RequestKind;
use countersign::workflow::delivery::deliver;
use countersign::workflow::refusal::Refusal;
use countersign::workflow::request::fulfil;
use countersign::workflow::token::leak::{self, LeakLookup};
use countersign::workflow::token::{end, expire};

use crate::refused;
use crate::support::{AKI, CHIYO, Fixture, RIN};
use crate::token_steps::{
    id_of, is_done, is_in_use, is_in_use_by_hand, is_issued, is_made_by_hand, lapse_delivery,
    renew_by_hand, renew_secret, reveal_secret, secret_by_hand, task_of,
};

const CURRENT: &str = "select count(*) from secrets where state = 'current'";

async fn state_of(fixture: &Fixture, token: TokenId) -> String {
    sqlx::query_scalar("select state from tokens where id = $1")
        .bind(token.get())
        .fetch_one(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap()
}

/// Rin's token, disabled at the provider, and enabled there again; the new secret waits for Rin.
async fn is_enabled(fixture: &Fixture, name: &str) -> (TokenId, DeliveryId) {
    let (token, _) = is_in_use_by_hand(fixture, RIN, name).await;
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    is_done(fixture, task_of(fixture, token).await).await;
    assert_eq!(state_of(fixture, token).await, "disabled");
    let delivery = renew_by_hand(fixture, RIN, token, RequestKind::Enable).await;
    assert_eq!(state_of(fixture, token).await, "issued", "it works there");
    (token, delivery)
}

#[tokio::test]
async fn a_manually_enabled_token_works_before_it_is_collected() {
    let fixture = Fixture::by_hand("enabled at once").await;
    let (token, delivery) = is_enabled(&fixture, "Reports").await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    assert_eq!(state_of(&fixture, token).await, "active");
    // So does one that was disabled before its first collection.
    let (token, _) = is_made_by_hand(&fixture, RIN, "Other").await;
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    is_done(&fixture, task_of(&fixture, token).await).await;
    let delivery = renew_by_hand(&fixture, RIN, token, RequestKind::Enable).await;
    assert_eq!(state_of(&fixture, token).await, "issued");
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    assert_eq!(state_of(&fixture, token).await, "active");
}

#[derive(Clone, Copy, Debug)]
enum EndCause {
    NotMe,
    Lapse,
    Leak,
    Expiry,
    Disable,
    Operator,
}

async fn finish(fixture: &Fixture, end: EndCause, (token, delivery): (TokenId, DeliveryId)) {
    match end {
        EndCause::NotMe => {
            deliver::disown(&fixture.workflow, &fixture.member(RIN), delivery).await.unwrap();
        }
        EndCause::Lapse => lapse_delivery(fixture, delivery).await,
        EndCause::Leak => {
            let query = "select request_id from secrets where token_id = $1 and state = 'waiting'";
            let request = RequestId::new(id_of(fixture, query, token.get()).await).unwrap();
            let found = secret_by_hand(request);
            let looked =
                leak::look_up(&fixture.workflow, &fixture.member(CHIYO), &found).await.unwrap();
            let LeakLookup::Known(known) = looked else { panic!("not known: {looked:?}") };
            let report = known.report.expect("nothing to disable");
            leak::disable_token(&fixture.workflow, &fixture.member(CHIYO), report).await.unwrap();
        }
        EndCause::Expiry => {
            fixture.as_owner("tokens", &format!("expires_at = now() where id = {token}")).await;
            expire::end_if_due(&fixture.workflow, token).await.unwrap();
        }
        EndCause::Disable => {
            end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
        }
        EndCause::Operator => {
            let operator = Operator { uid: 1000, name: None, sudo_user: None };
            end::disable_by_operator(&fixture.workflow, token, &operator, None).await.unwrap();
        }
    }
}

#[tokio::test]
async fn each_end_of_it_is_brought_about_at_the_provider() {
    let fixture = Fixture::by_hand("enabled ends").await;
    for end in [
        EndCause::NotMe,
        EndCause::Lapse,
        EndCause::Leak,
        EndCause::Expiry,
        EndCause::Disable,
        EndCause::Operator,
    ] {
        let (token, delivery) = is_enabled(&fixture, &format!("{end:?}")).await;
        let off = "select count(*) from notices
                   where kind in ('disabled', 'token_expired')";
        let told = fixture.count(off).await;
        let found = secret_by_hand(request_of(&fixture, delivery).await);
        finish(&fixture, end, (token, delivery)).await;
        assert_eq!(state_of(&fixture, token).await, "disabling", "{end:?}");
        let looked =
            leak::look_up(&fixture.workflow, &fixture.member(CHIYO), &found).await.unwrap();
        let LeakLookup::Known(known) = looked else { panic!("not known: {looked:?}") };
        assert_eq!(known.opens, LeakSeverity::UntilSwitchedOff, "{end:?}: it may work there");
        assert_eq!(fixture.count(off).await, told, "{end:?}: nobody is told before it is off");
        is_done(&fixture, task_of(&fixture, token).await).await;
        expire::notify_people(&fixture.workflow).await.unwrap();
        let off_as = if matches!(end, EndCause::Expiry) { "expired" } else { "disabled" };
        assert_eq!(state_of(&fixture, token).await, off_as, "{end:?}");
        assert!(fixture.count(off).await > told, "{end:?}");
        let left = "select count(*) from secrets where state <> 'dead'";
        assert_eq!(fixture.count(left).await, 0, "{end:?}");
    }
}

#[tokio::test]
async fn nothing_else_brings_a_token_back_to_issued() {
    let on = "update tokens set state = 'issued' where state = 'disabled'";
    let refused = Some("CS039".to_owned());
    let fixture = Fixture::by_hand("never on").await;
    let (token, _) = is_in_use_by_hand(&fixture, RIN, "Reports").await;
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    is_done(&fixture, task_of(&fixture, token).await).await;
    assert_eq!(fixture.attack(on).await, refused, "without a secret that waits");
    // With our own issuer, the token is off until the new secret is collected.
    let fixture = Fixture::new("never on here").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    renew_secret(&fixture, RIN, token, RequestKind::Enable).await;
    assert_eq!(state_of(&fixture, token).await, "disabled");
    assert_eq!(fixture.attack(on).await, refused);
    let (token, _) = is_in_use(&fixture, RIN, "Other").await;
    assert_eq!(state_of(&fixture, token).await, "active");
    let back = "update tokens set state = 'issued' where state = 'active'";
    assert_eq!(fixture.attack(back).await.as_deref(), Some("CS034"));
}

/// Who got this notice, by direct message and by email.
async fn told(fixture: &Fixture, kind: &str) -> Vec<String> {
    sqlx::query_scalar("select recipient from notices where kind = $1 order by recipient")
        .bind(kind)
        .fetch_all(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap()
}

/// Whether a person who found this request's secret could disable its token.
async fn stop_request(fixture: &Fixture, request: RequestId) -> bool {
    let found = secret_by_hand(request);
    match leak::look_up(&fixture.workflow, &fixture.member(CHIYO), &found).await.unwrap() {
        LeakLookup::Known(known) => known.report.is_some(),
        other => panic!("not known: {other:?}"),
    }
}

async fn request_of(fixture: &Fixture, delivery: DeliveryId) -> RequestId {
    let query = "select request_id from secrets join deliveries on secret_id = secrets.id
                 where deliveries.id = $1";
    RequestId::new(id_of(fixture, query, delivery.get()).await).unwrap()
}

#[tokio::test]
async fn an_expired_reset_leaves_no_usable_secret_and_says_so() {
    let fixture = Fixture::by_hand("lapsed reset").await;
    let (token, first) = is_in_use_by_hand(&fixture, RIN, "Reports").await;
    let delivery = renew_by_hand(&fixture, CHIYO, token, RequestKind::Reset).await;
    // The old one no longer works from here on; all but the requester are told.
    assert_eq!(fixture.count(CURRENT).await, 0);
    assert_eq!(told(&fixture, "renewed").await, ["11", "dev@example.com"]);
    assert!(!stop_request(&fixture, request_of(&fixture, first).await).await, "it opens nothing");

    lapse_delivery(&fixture, delivery).await;
    assert_eq!(
        state_of(&fixture, token).await,
        "active",
        "it is on there, and nobody asked for its end"
    );
    assert_eq!(told(&fixture, "renewal_lapsed").await, ["11", "14", "dev@example.com"]);
    let late = refused(reveal_secret(&fixture, CHIYO, delivery).await);
    assert_eq!(late, Refusal::NotCollected { lapse: LapseEffect::OldIsDead, is_off: false });
    let late = refused(deliver::disown(&fixture.workflow, &fixture.member(CHIYO), delivery).await);
    assert_eq!(late, Refusal::NotCollected { lapse: LapseEffect::OldIsDead, is_off: false });
    assert!(stop_request(&fixture, request_of(&fixture, delivery).await).await, "it works there");

    let delivery = renew_by_hand(&fixture, RIN, token, RequestKind::Reset).await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    assert_eq!(
        (state_of(&fixture, token).await.as_str(), fixture.count(CURRENT).await),
        ("active", 1)
    );
}

#[tokio::test]
async fn an_expired_builtin_reset_changes_nothing() {
    let fixture = Fixture::new("lapsed reset here").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    let delivery = renew_secret(&fixture, CHIYO, token, RequestKind::Reset).await;
    assert_eq!(told(&fixture, "renewed").await, [""; 0]);
    lapse_delivery(&fixture, delivery).await;
    assert_eq!(
        (state_of(&fixture, token).await.as_str(), fixture.count(CURRENT).await),
        ("active", 1)
    );
    assert_eq!(told(&fixture, "renewal_lapsed").await, ["11", "14"], "developers need not know");
    let late = refused(reveal_secret(&fixture, CHIYO, delivery).await);
    assert_eq!(late, Refusal::NotCollected { lapse: LapseEffect::Unchanged, is_off: true });
}

#[tokio::test]
async fn developers_are_told_of_an_uncollected_token_only_when_it_is_deleted() {
    let letters =
        "select count(*) from notices where medium = 'mail' and kind in ('lapsed', 'deleted')";
    let fixture = Fixture::by_hand("letter of a lapse").await;
    let (token, delivery) = is_made_by_hand(&fixture, RIN, "Reports").await;
    lapse_delivery(&fixture, delivery).await;
    assert_eq!(state_of(&fixture, token).await, "deleting");
    let late = |is_off| Refusal::NotCollected { lapse: LapseEffect::Revoked, is_off };
    assert_eq!(
        refused(reveal_secret(&fixture, RIN, delivery).await),
        late(false),
        "it may still work"
    );
    let told = "select count(*) from notices where medium = 'direct_message' and kind = 'lapsed'";
    assert_eq!((fixture.count(letters).await, fixture.count(told).await), (0, 1));
    is_done(&fixture, task_of(&fixture, token).await).await;
    assert_eq!(refused(reveal_secret(&fixture, RIN, delivery).await), late(true));
    assert_eq!(fixture.count(letters).await, 1);
    // If it is deleted at once, they are told that it was not collected.
    let fixture = Fixture::new("letter of a lapse here").await;
    let (token, delivery) = is_issued(&fixture, RIN, "Reports").await;
    lapse_delivery(&fixture, delivery).await;
    assert_eq!(state_of(&fixture, token).await, "deleted");
    let lapsed = "select count(*) from notices where medium = 'mail' and kind = 'lapsed'";
    assert_eq!((fixture.count(letters).await, fixture.count(lapsed).await), (1, 1));
}

/// Chiyo, neither owner nor contact, requested a new secret of Rin's token.
const VOIDED: &str = "select count(*) from notices where kind = 'voided' and recipient = '14'";

#[tokio::test]
async fn a_requester_is_told_that_a_newer_secret_voided_theirs() {
    let fixture = Fixture::new("voided").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    renew_secret(&fixture, CHIYO, token, RequestKind::Reset).await;
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    assert_eq!(fixture.count(VOIDED).await, 1);
    renew_secret(&fixture, CHIYO, token, RequestKind::Enable).await;
    end::delete(&fixture.workflow, &fixture.member(AKI), token, "Reports").await.unwrap();
    assert_eq!(fixture.count(VOIDED).await, 2);
    // Not by their own press, nor if they are told as the owner.
    let (token, _) = is_in_use(&fixture, RIN, "Other").await;
    renew_secret(&fixture, CHIYO, token, RequestKind::Reset).await;
    end::disable(&fixture.workflow, &fixture.member(CHIYO), token).await.unwrap();
    renew_secret(&fixture, RIN, token, RequestKind::Enable).await;
    end::delete(&fixture.workflow, &fixture.member(AKI), token, "Other").await.unwrap();
    assert_eq!(fixture.count("select count(*) from notices where kind = 'voided'").await, 2);
}

#[tokio::test]
async fn for_manual_tokens_they_are_told_when_it_is_done() {
    let fixture = Fixture::by_hand("voided by hand").await;
    let (token, _) = is_in_use_by_hand(&fixture, RIN, "Reports").await;
    renew_by_hand(&fixture, CHIYO, token, RequestKind::Reset).await;
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    assert_eq!(fixture.count(VOIDED).await, 0);
    let task = task_of(&fixture, token).await;
    let request = fixture.read_details(AKI, task).await;
    fulfil::complete_task(&fixture.workflow, &fixture.member(AKI), task, request.digest)
        .await
        .unwrap();
    assert_eq!(fixture.count(VOIDED).await, 1);
}
