//! What nobody has collected yet at an issuer that swaps secrets at once: it works at the provider.

use countersign::domain::delivery::Lapse;
use countersign::domain::ids::{DeliveryId, RequestId, TokenId};
use countersign::domain::leak::Opens;
use countersign::domain::operator::Operator;
use countersign::domain::request_kind::RequestKind;
use countersign::workflow::delivery::deliver;
use countersign::workflow::refusal::Refusal;
use countersign::workflow::request::fulfil;
use countersign::workflow::token::leak::{self, LeakLookup};
use countersign::workflow::token::{end, expire};

use crate::refused;
use crate::support::{AKI, CHIYO, Desk, RIN};
use crate::token_steps::{
    id_of, is_done, is_in_use, is_in_use_by_hand, is_issued, is_made_by_hand, lapses, renews,
    renews_by_hand, reveals, secret_by_hand, task_of,
};

const CURRENT: &str = "select count(*) from secrets where state = 'current'";

async fn state_of(desk: &Desk, token: TokenId) -> String {
    sqlx::query_scalar("select state from tokens where id = $1")
        .bind(token.get())
        .fetch_one(&desk.workflow.pool)
        .await
        .unwrap()
}

/// Rin's token, disabled at the provider, and enabled there again; the new secret waits for Rin.
async fn is_enabled(desk: &Desk, name: &str) -> (TokenId, DeliveryId) {
    let (token, _) = is_in_use_by_hand(desk, RIN, name).await;
    end::disable(&desk.workflow, &desk.member(RIN), token).await.unwrap();
    is_done(desk, task_of(desk, token).await).await;
    assert_eq!(state_of(desk, token).await, "disabled");
    let delivery = renews_by_hand(desk, RIN, token, RequestKind::Enable).await;
    assert_eq!(state_of(desk, token).await, "issued", "it works there");
    (token, delivery)
}

#[tokio::test]
async fn what_is_enabled_at_the_provider_is_on_before_anybody_collects_it() {
    let desk = Desk::by_hand("enabled at once").await;
    let (token, delivery) = is_enabled(&desk, "Reports").await;
    reveals(&desk, RIN, delivery).await.unwrap();
    assert_eq!(state_of(&desk, token).await, "active");
    // So does one that was disabled before it was ever collected.
    let (token, _) = is_made_by_hand(&desk, RIN, "Other").await;
    end::disable(&desk.workflow, &desk.member(RIN), token).await.unwrap();
    is_done(&desk, task_of(&desk, token).await).await;
    let delivery = renews_by_hand(&desk, RIN, token, RequestKind::Enable).await;
    assert_eq!(state_of(&desk, token).await, "issued");
    reveals(&desk, RIN, delivery).await.unwrap();
    assert_eq!(state_of(&desk, token).await, "active");
}

#[derive(Clone, Copy, Debug)]
enum End {
    NotMe,
    Lapse,
    Leak,
    Expiry,
    Disable,
    Operator,
}

async fn ends(desk: &Desk, end: End, (token, delivery): (TokenId, DeliveryId)) {
    match end {
        End::NotMe => {
            deliver::disown(&desk.workflow, &desk.member(RIN), delivery).await.unwrap();
        }
        End::Lapse => lapses(desk, delivery).await,
        End::Leak => {
            let query = "select request_id from secrets where token_id = $1 and state = 'waiting'";
            let request = RequestId::new(id_of(desk, query, token.get()).await).unwrap();
            let found = secret_by_hand(request);
            let looked = leak::look_up(&desk.workflow, &desk.member(CHIYO), &found).await.unwrap();
            let LeakLookup::Known(known) = looked else { panic!("not known: {looked:?}") };
            let report = known.report.expect("nothing to disable");
            leak::disable_token(&desk.workflow, &desk.member(CHIYO), report).await.unwrap();
        }
        End::Expiry => {
            desk.as_owner("tokens", &format!("expires_at = now() where id = {token}")).await;
            expire::end_if_due(&desk.workflow, token).await.unwrap();
        }
        End::Disable => {
            end::disable(&desk.workflow, &desk.member(RIN), token).await.unwrap();
        }
        End::Operator => {
            let operator = Operator { uid: 1000, name: None, sudo_user: None };
            end::disable_by_operator(&desk.workflow, token, &operator, None).await.unwrap();
        }
    }
}

#[tokio::test]
async fn each_end_of_it_is_brought_about_at_the_provider() {
    let desk = Desk::by_hand("enabled ends").await;
    for end in [End::NotMe, End::Lapse, End::Leak, End::Expiry, End::Disable, End::Operator] {
        let (token, delivery) = is_enabled(&desk, &format!("{end:?}")).await;
        let off = "select count(*) from notices
                   where kind in ('disabled', 'token_expired')";
        let told = desk.count(off).await;
        let found = secret_by_hand(request_of(&desk, delivery).await);
        ends(&desk, end, (token, delivery)).await;
        assert_eq!(state_of(&desk, token).await, "disabling", "{end:?}");
        let looked = leak::look_up(&desk.workflow, &desk.member(CHIYO), &found).await.unwrap();
        let LeakLookup::Known(known) = looked else { panic!("not known: {looked:?}") };
        assert_eq!(known.opens, Opens::UntilSwitchedOff, "{end:?}: it may work there");
        assert_eq!(desk.count(off).await, told, "{end:?}: nobody is told before it is off");
        is_done(&desk, task_of(&desk, token).await).await;
        expire::notify_people(&desk.workflow).await.unwrap();
        let off_as = if matches!(end, End::Expiry) { "expired" } else { "disabled" };
        assert_eq!(state_of(&desk, token).await, off_as, "{end:?}");
        assert!(desk.count(off).await > told, "{end:?}");
        let left = "select count(*) from secrets where state <> 'dead'";
        assert_eq!(desk.count(left).await, 0, "{end:?}");
    }
}

#[tokio::test]
async fn nothing_else_brings_a_token_back_to_issued() {
    let on = "update tokens set state = 'issued' where state = 'disabled'";
    let refused = Some("CS039".to_owned());
    let desk = Desk::by_hand("never on").await;
    let (token, _) = is_in_use_by_hand(&desk, RIN, "Reports").await;
    end::disable(&desk.workflow, &desk.member(RIN), token).await.unwrap();
    is_done(&desk, task_of(&desk, token).await).await;
    assert_eq!(desk.attack(on).await, refused, "without a secret that waits");
    // Where we mint ourselves, the old one is off until the new one is collected.
    let desk = Desk::new("never on here").await;
    let (token, _) = is_in_use(&desk, RIN, "Reports").await;
    end::disable(&desk.workflow, &desk.member(RIN), token).await.unwrap();
    renews(&desk, RIN, token, RequestKind::Enable).await;
    assert_eq!(state_of(&desk, token).await, "disabled");
    assert_eq!(desk.attack(on).await, refused);
    let (token, _) = is_in_use(&desk, RIN, "Other").await;
    assert_eq!(state_of(&desk, token).await, "active");
    let back = "update tokens set state = 'issued' where state = 'active'";
    assert_eq!(desk.attack(back).await.as_deref(), Some("CS034"));
}

/// Who was told this, by direct message and by mail.
async fn told(desk: &Desk, kind: &str) -> Vec<String> {
    sqlx::query_scalar("select recipient from notices where kind = $1 order by recipient")
        .bind(kind)
        .fetch_all(&desk.workflow.pool)
        .await
        .unwrap()
}

/// Whether whoever found what was made for a request could disable its token.
async fn stops_it(desk: &Desk, request: RequestId) -> bool {
    let found = secret_by_hand(request);
    match leak::look_up(&desk.workflow, &desk.member(CHIYO), &found).await.unwrap() {
        LeakLookup::Known(known) => known.report.is_some(),
        other => panic!("not known: {other:?}"),
    }
}

async fn request_of(desk: &Desk, delivery: DeliveryId) -> RequestId {
    let query = "select request_id from secrets join deliveries on secret_id = secrets.id
                 where deliveries.id = $1";
    RequestId::new(id_of(desk, query, delivery.get()).await).unwrap()
}

#[tokio::test]
async fn a_lapsed_reset_leaves_nobody_a_secret_and_says_so() {
    let desk = Desk::by_hand("lapsed reset").await;
    let (token, first) = is_in_use_by_hand(&desk, RIN, "Reports").await;
    let delivery = renews_by_hand(&desk, CHIYO, token, RequestKind::Reset).await;
    // The old one is dead from here, which all hear who didn't ask for that.
    assert_eq!(desk.count(CURRENT).await, 0);
    assert_eq!(told(&desk, "renewed").await, ["11", "dev@example.com"]);
    assert!(!stops_it(&desk, request_of(&desk, first).await).await, "it opens nothing");

    lapses(&desk, delivery).await;
    assert_eq!(
        state_of(&desk, token).await,
        "active",
        "it is on there, and nobody asked for its end"
    );
    assert_eq!(told(&desk, "renewal_lapsed").await, ["11", "14", "dev@example.com"]);
    let late = refused(reveals(&desk, CHIYO, delivery).await);
    assert_eq!(late, Refusal::NotCollected(Lapse::OldIsDead));
    let late = refused(deliver::disown(&desk.workflow, &desk.member(CHIYO), delivery).await);
    assert_eq!(late, Refusal::NotCollected(Lapse::OldIsDead));
    assert!(stops_it(&desk, request_of(&desk, delivery).await).await, "it works there");

    let delivery = renews_by_hand(&desk, RIN, token, RequestKind::Reset).await;
    reveals(&desk, RIN, delivery).await.unwrap();
    assert_eq!((state_of(&desk, token).await.as_str(), desk.count(CURRENT).await), ("active", 1));
}

#[tokio::test]
async fn a_lapsed_reset_of_ours_changes_nothing() {
    let desk = Desk::new("lapsed reset here").await;
    let (token, _) = is_in_use(&desk, RIN, "Reports").await;
    let delivery = renews(&desk, CHIYO, token, RequestKind::Reset).await;
    assert_eq!(told(&desk, "renewed").await, [""; 0]);
    lapses(&desk, delivery).await;
    assert_eq!((state_of(&desk, token).await.as_str(), desk.count(CURRENT).await), ("active", 1));
    assert_eq!(told(&desk, "renewal_lapsed").await, ["11", "14"], "developers need not know");
    let late = refused(reveals(&desk, CHIYO, delivery).await);
    assert_eq!(late, Refusal::NotCollected(Lapse::Unchanged));
}

#[tokio::test]
async fn developers_read_of_a_lapsed_token_only_once_it_is_gone() {
    let letters =
        "select count(*) from notices where medium = 'mail' and kind in ('lapsed', 'deleted')";
    let desk = Desk::by_hand("letter of a lapse").await;
    let (token, delivery) = is_made_by_hand(&desk, RIN, "Reports").await;
    lapses(&desk, delivery).await;
    assert_eq!(state_of(&desk, token).await, "deleting");
    let told = "select count(*) from notices where medium = 'direct_message' and kind = 'lapsed'";
    assert_eq!((desk.count(letters).await, desk.count(told).await), (0, 1));
    is_done(&desk, task_of(&desk, token).await).await;
    assert_eq!(desk.count(letters).await, 1);
    // Where it is gone at once, they read that nobody collected it.
    let desk = Desk::new("letter of a lapse here").await;
    let (token, delivery) = is_issued(&desk, RIN, "Reports").await;
    lapses(&desk, delivery).await;
    assert_eq!(state_of(&desk, token).await, "deleted");
    let lapsed = "select count(*) from notices where medium = 'mail' and kind = 'lapsed'";
    assert_eq!((desk.count(letters).await, desk.count(lapsed).await), (1, 1));
}

/// Chiyo, neither owner nor contact, asked for a new secret of Rin's token.
const VOIDED: &str = "select count(*) from notices where kind = 'voided' and recipient = '14'";

#[tokio::test]
async fn who_asked_for_a_secret_hears_that_another_has_voided_it() {
    let desk = Desk::new("voided").await;
    let (token, _) = is_in_use(&desk, RIN, "Reports").await;
    renews(&desk, CHIYO, token, RequestKind::Reset).await;
    end::disable(&desk.workflow, &desk.member(RIN), token).await.unwrap();
    assert_eq!(desk.count(VOIDED).await, 1);
    renews(&desk, CHIYO, token, RequestKind::Enable).await;
    end::delete(&desk.workflow, &desk.member(AKI), token, "Reports").await.unwrap();
    assert_eq!(desk.count(VOIDED).await, 2);
    // Not by their own press, nor where they hear of it as the owner.
    let (token, _) = is_in_use(&desk, RIN, "Other").await;
    renews(&desk, CHIYO, token, RequestKind::Reset).await;
    end::disable(&desk.workflow, &desk.member(CHIYO), token).await.unwrap();
    renews(&desk, RIN, token, RequestKind::Enable).await;
    end::delete(&desk.workflow, &desk.member(AKI), token, "Other").await.unwrap();
    assert_eq!(desk.count("select count(*) from notices where kind = 'voided'").await, 2);
}

#[tokio::test]
async fn by_hand_they_hear_of_it_when_it_is_done() {
    let desk = Desk::by_hand("voided by hand").await;
    let (token, _) = is_in_use_by_hand(&desk, RIN, "Reports").await;
    renews_by_hand(&desk, CHIYO, token, RequestKind::Reset).await;
    end::disable(&desk.workflow, &desk.member(RIN), token).await.unwrap();
    assert_eq!(desk.count(VOIDED).await, 0);
    let task = task_of(&desk, token).await;
    let request = desk.reads_all(AKI, task).await;
    fulfil::complete_task(&desk.workflow, &desk.member(AKI), task, request.digest).await.unwrap();
    assert_eq!(desk.count(VOIDED).await, 1);
}
