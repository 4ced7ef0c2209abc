//! Special cases of a token's states: disabled before it was collected, a newer secret over one that was not
//! revealed, *Not me* of a former owner, and tasks for an admin at the provider.

use countersign::domain::delivery::DeliveryState;
use countersign::domain::ids::DeliveryId;
use countersign::domain::request::RequestState;
use countersign::domain::request_kind::RequestKind;
use countersign::domain::token::TokenState;
use countersign::workflow::delivery::deliver;
use countersign::workflow::refusal::Refusal;
use countersign::workflow::request::decide;
use countersign::workflow::request::submit::SubmitOutcome;
use countersign::workflow::token::{end, expire};

use crate::refused;
use crate::support::{AKI, CHIYO, Fixture, RIN};
use crate::token_steps::{
    draft, is_done, is_in_use, is_issued, is_made_by_hand, renew_secret, reveal_secret, task_of,
};

async fn state_of(fixture: &Fixture, delivery: DeliveryId) -> String {
    sqlx::query_scalar("select state from deliveries where id = $1")
        .bind(delivery.get())
        .fetch_one(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap()
}

const WORKS: &str = "select count(*) from tokens where state = 'active'";
const CURRENT: &str = "select count(*) from secrets where state = 'current'";
const WAITING: &str = "select count(*) from secrets where state = 'waiting'";

#[tokio::test]
async fn a_token_enabled_before_collection_expires_too() {
    let fixture = Fixture::new("enabled first").await;
    let (token, _) = is_issued(&fixture, RIN, "Reports").await;
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    let delivery = renew_secret(&fixture, RIN, token, RequestKind::Enable).await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    let ends = "select count(*) from tokens where state = 'active' and collected_at = now_of_press
                and expires_at = now_of_press + make_interval(days => lifetime_days)";
    let ends = ends.replace("now_of_press", "(select max(first_pressed_at) from deliveries)");
    assert_eq!(fixture.count(Box::leak(ends.into_boxed_str())).await, 1);
}

#[tokio::test]
async fn a_newer_secret_replaces_an_unrevealed_one() {
    let fixture = Fixture::new("replaced").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    let older = renew_secret(&fixture, RIN, token, RequestKind::Reset).await;
    let newer = renew_secret(&fixture, CHIYO, token, RequestKind::Reset).await;
    assert_eq!(state_of(&fixture, older).await, "voided");
    assert_eq!(
        refused(reveal_secret(&fixture, RIN, older).await),
        Refusal::DeliveryEnded(DeliveryState::Voided)
    );
    // Rin, who is the owner until Chiyo reveals, is told; the audit log has it too.
    let told = "select count(*) from notices where kind = 'replaced' and recipient = '11'";
    assert_eq!(fixture.count(told).await, 1);
    let noted = "select count(*) from events where kind = 'delivery_replaced'";
    assert_eq!(fixture.count(noted).await, 1);
    assert_eq!(fixture.count(CURRENT).await, 1, "until then the old one works");
    reveal_secret(&fixture, CHIYO, newer).await.unwrap();
    assert_eq!((fixture.count(WORKS).await, fixture.count(CURRENT).await), (1, 1));
    assert_eq!(fixture.count("select count(*) from tokens where owner = 14").await, 1);
    assert_eq!(fixture.count(WAITING).await, 0);
}

#[tokio::test]
async fn a_newer_secret_replaces_an_unconfirmed_one() {
    let fixture = Fixture::new("replaced late").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    let older = renew_secret(&fixture, RIN, token, RequestKind::Reset).await;
    reveal_secret(&fixture, RIN, older).await.unwrap();
    let newer = renew_secret(&fixture, RIN, token, RequestKind::Reset).await;
    assert_eq!(state_of(&fixture, older).await, "unconfirmed");
    // Discord's answer comes late, and changes nothing.
    deliver::note_reveal_accepted(&fixture.workflow, older).await.unwrap();
    assert_eq!(state_of(&fixture, older).await, "unconfirmed");
    let told = "select count(*) from notices where kind = 'replaced'";
    assert_eq!(fixture.count(told).await, 0, "who asked for the newer one knows");
    reveal_secret(&fixture, RIN, newer).await.unwrap();
    assert_eq!((fixture.count(WORKS).await, fixture.count(CURRENT).await), (1, 1));
}

#[tokio::test]
async fn what_was_disowned_can_be_enabled_again() {
    let fixture = Fixture::new("disowned").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    let unexpected = renew_secret(&fixture, RIN, token, RequestKind::Enable).await;
    deliver::disown(&fixture.workflow, &fixture.member(RIN), unexpected).await.unwrap();
    assert_eq!(fixture.count(WAITING).await, 0, "it opens nothing, and waits for nobody");
    let delivery = renew_secret(&fixture, RIN, token, RequestKind::Enable).await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    assert_eq!(fixture.count(WORKS).await, 1);
}

#[tokio::test]
async fn a_former_owner_disables_nothing() {
    let fixture = Fixture::new("former owner").await;
    let (token, former) = is_in_use(&fixture, RIN, "Reports").await;
    let delivery = renew_secret(&fixture, CHIYO, token, RequestKind::Reset).await;
    reveal_secret(&fixture, CHIYO, delivery).await.unwrap();
    deliver::note_reveal_accepted(&fixture.workflow, delivery).await.unwrap();

    let said = deliver::disown(&fixture.workflow, &fixture.member(RIN), former).await.unwrap();
    assert!(said.was_dead);
    assert_eq!((fixture.count(WORKS).await, fixture.count(CURRENT).await), (1, 1));
    // The admins who approved it are told all the same.
    let told = "select count(*) from notices where kind = 'disowned'";
    assert_eq!(fixture.count(told).await, 2);
    let said = deliver::disown(&fixture.workflow, &fixture.member(CHIYO), delivery).await.unwrap();
    assert!(!said.was_dead);
    assert_eq!(fixture.count(WORKS).await, 0);
}

#[tokio::test]
async fn a_token_being_disabled_is_not_revealed() {
    let fixture = Fixture::by_hand("reveal while off").await;
    let (token, delivery) = is_made_by_hand(&fixture, RIN, "Reports").await;
    end::disable(&fixture.workflow, &fixture.member(AKI), token).await.unwrap();
    let refusal = refused(reveal_secret(&fixture, RIN, delivery).await);
    assert_eq!(refusal, Refusal::TokenIs(TokenState::Disabling));
    end::delete(&fixture.workflow, &fixture.member(AKI), token, "Reports").await.unwrap();
    let refusal = refused(reveal_secret(&fixture, RIN, delivery).await);
    assert_eq!(refusal, Refusal::TokenIs(TokenState::Deleting));
    is_done(&fixture, task_of(&fixture, token).await).await;
    assert_eq!(state_of(&fixture, delivery).await, "voided");
}

#[tokio::test]
async fn a_task_to_disable_stays_until_it_is_done() {
    let fixture = Fixture::by_hand("tasks stay").await;
    let (token, delivery) = is_made_by_hand(&fixture, RIN, "Reports").await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    let still = Refusal::NotPending(RequestState::Issuing);
    for ends in ["disable", "delete"] {
        if ends == "delete" {
            end::delete(&fixture.workflow, &fixture.member(RIN), token, "Reports").await.unwrap();
        }
        let task = task_of(&fixture, token).await;
        let by_whom_it_is = decide::withdraw(&fixture.workflow, &fixture.member(RIN), task).await;
        assert_eq!(refused(by_whom_it_is), still, "{ends}");
        assert_eq!(
            refused(decide::deny(&fixture.workflow, &fixture.member(AKI), task, "No").await),
            still,
            "{ends}"
        );
        assert_eq!(
            refused(
                decide::get_request_to_deny(&fixture.workflow, &fixture.member(AKI), task).await
            ),
            still
        );
    }
    is_done(&fixture, task_of(&fixture, token).await).await;
    assert_eq!(fixture.count("select count(*) from tokens where state = 'deleted'").await, 1);
}

#[tokio::test]
async fn only_a_task_that_removes_scopes_can_be_withdrawn() {
    let fixture = Fixture::by_hand("narrow back").await;
    let (token, delivery) = is_made_by_hand(&fixture, RIN, "Reports").await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    let fewer = draft(&fixture, RIN, token, RequestKind::Edit, Some(1)).await;
    let created = fixture.press_create(&fixture.member(RIN), fewer).await.unwrap();
    let SubmitOutcome::Narrowed(narrowed, _) = created else { panic!("not narrowed") };
    let task = narrowed.task.unwrap().id;
    let denied = refused(decide::deny(&fixture.workflow, &fixture.member(AKI), task, "No").await);
    assert_eq!(denied, Refusal::NotPending(RequestState::Issuing));
    let names = "select count(*) from reserved_names";
    assert_eq!(fixture.count(names).await, 1, "the token's alone");
    decide::withdraw(&fixture.workflow, &fixture.member(RIN), task).await.unwrap();
    assert_eq!(fixture.count(names).await, 1);
    assert_eq!(fixture.count("select count(*) from requests where state = 'issuing'").await, 0);
}

#[tokio::test]
async fn an_expired_token_can_be_deleted_after_its_name_was_reused() {
    let fixture = Fixture::by_hand("expired").await;
    for successor in [false, true] {
        let (token, delivery) = is_made_by_hand(&fixture, RIN, "Reports").await;
        reveal_secret(&fixture, RIN, delivery).await.unwrap();
        let past = format!("expires_at = now() where id = {token}");
        fixture.as_owner("tokens", &past).await;
        expire::end_if_due(&fixture.workflow, token).await.unwrap();
        is_done(&fixture, task_of(&fixture, token).await).await;
        let expired = "select count(*) from tokens where state = 'expired'";
        assert_eq!(fixture.count(expired).await, 1);
        if successor {
            fixture.submit(RIN, "Reports").await;
        }
        end::delete(&fixture.workflow, &fixture.member(RIN), token, "Reports").await.unwrap();
        is_done(&fixture, task_of(&fixture, token).await).await;
        assert_eq!(fixture.count(expired).await, 0);
        let names = "select count(*) from reserved_names";
        assert_eq!(fixture.count(names).await, i64::from(successor), "a task holds no name");
    }
}
