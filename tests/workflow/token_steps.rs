//! What happens to a token in use, step by step.

use std::collections::BTreeSet;

use countersign::domain::ids::{DeliveryId, DraftId, RequestId, TokenId, UserId};
use countersign::domain::request::Request;
use countersign::domain::request_kind::RequestKind;
use countersign::workflow::delivery::deliver;
use countersign::workflow::delivery::reveal::{self, RevealedSecret};
use countersign::workflow::request::edit_draft::DraftEdit;
use countersign::workflow::request::{begin_change, confirm, draft, fulfil, issue};
use countersign::workflow::{Actor, Failure, Outcome};
use secrecy::SecretString;

use crate::support::{AKI, BEN, CHIYO, Fixture, person};

/// Only a refusal is an outcome; a fault is not.
#[track_caller]
pub fn may<T>(outcome: Outcome<T>) {
    if let Err(Failure::Fault(error)) = outcome {
        panic!("{error:?}");
    }
}

pub fn interaction_token() -> SecretString {
    SecretString::from("interaction-token")
}

/// Two admins approve it, and it takes effect.
pub async fn open_panel(fixture: &Fixture, request: &Request) {
    give_approvals(fixture, request).await;
    carry_out(fixture, request.id).await;
}

/// As many approvals as it needs; an admin who requests it has given theirs.
pub async fn give_approvals(fixture: &Fixture, request: &Request) {
    for admin in [AKI, BEN] {
        let own = person(admin) == request.requester;
        if !own && fixture.approve(admin, request, request.digest).await.unwrap().tally.is_enough()
        {
            return;
        }
    }
}

pub async fn carry_out(fixture: &Fixture, id: RequestId) {
    confirm(fixture, id).await;
    may(issue::carry_out(&fixture.workflow, id, &mut |_| true).await);
}

/// Discord confirms that everyone is an admin.
pub async fn confirm(fixture: &Fixture, id: RequestId) {
    if let Some(asked) = confirm::get_approvers(&fixture.workflow, id).await.unwrap() {
        let admins: BTreeSet<UserId> = asked.people;
        may(confirm::record_admins(&fixture.workflow, id, &admins, &admins).await);
    }
}

/// A draft for a change; with only so many of the token's scopes, if a number is given.
pub async fn draft(
    fixture: &Fixture,
    by: i64,
    token: TokenId,
    kind: RequestKind,
    scopes: Option<usize>,
) -> DraftId {
    let actor = |fixture: &Fixture| -> Actor { fixture.member(by) };
    let draft = begin_change::open_draft(&fixture.workflow, &actor(fixture), token, kind, None)
        .await
        .unwrap()
        .draft;
    if let Some(few) = scopes {
        let shown = draft.scopes.clone();
        let chosen = shown[..few].to_vec();
        let step = DraftEdit::Scopes { shown, chosen };
        draft::edit(&fixture.workflow, &actor(fixture), draft.id, step).await.unwrap();
    }
    draft.id
}

/// A person submits a change as its first draft has it.
pub async fn ask(fixture: &Fixture, by: i64, token: TokenId, kind: RequestKind) -> Request {
    let draft = draft(fixture, by, token, kind, None).await;
    fixture.submit_for_approvals(&fixture.member(by), draft).await.unwrap().request
}

/// A person requests a new secret and gets it. Returns its delivery.
pub async fn renew_secret(
    fixture: &Fixture,
    by: i64,
    token: TokenId,
    kind: RequestKind,
) -> DeliveryId {
    let request = ask(fixture, by, token, kind).await;
    open_panel(fixture, &request).await;
    delivery_of(fixture, request.id).await
}

/// A person reveals a secret, and Discord is seen to show it.
async fn see_secret(fixture: &Fixture, owner: i64, delivery: DeliveryId) {
    reveal_secret(fixture, owner, delivery).await.unwrap();
    deliver::note_reveal_accepted(&fixture.workflow, delivery).await.unwrap();
}

/// A person's new token, not collected yet, and its delivery.
pub async fn is_issued(fixture: &Fixture, owner: i64, name: &str) -> (TokenId, DeliveryId) {
    let request = fixture.submit(owner, name).await;
    open_panel(fixture, &request).await;
    (token_of(fixture, request.id).await, delivery_of(fixture, request.id).await)
}

/// The same, collected.
pub async fn is_in_use(fixture: &Fixture, owner: i64, name: &str) -> (TokenId, DeliveryId) {
    let issued = is_issued(fixture, owner, name).await;
    see_secret(fixture, owner, issued.1).await;
    issued
}

/// A person's new token, made at the provider by Ben, and its delivery.
pub async fn is_made_by_hand(fixture: &Fixture, owner: i64, name: &str) -> (TokenId, DeliveryId) {
    let request = fixture.submit(owner, name).await;
    let delivery = is_fulfilled(fixture, &request).await;
    (token_of(fixture, request.id).await, delivery)
}

/// The same, collected.
pub async fn is_in_use_by_hand(fixture: &Fixture, owner: i64, name: &str) -> (TokenId, DeliveryId) {
    let made = is_made_by_hand(fixture, owner, name).await;
    see_secret(fixture, owner, made.1).await;
    made
}

/// A person requests a new secret, which Ben creates at the provider. Returns its delivery.
pub async fn renew_by_hand(
    fixture: &Fixture,
    by: i64,
    token: TokenId,
    kind: RequestKind,
) -> DeliveryId {
    let request = ask(fixture, by, token, kind).await;
    is_fulfilled(fixture, &request).await
}

/// It gets its approvals, and Ben carries it out at the provider and pastes the secret.
async fn is_fulfilled(fixture: &Fixture, request: &Request) -> DeliveryId {
    give_approvals(fixture, request).await;
    confirm(fixture, request.id).await;
    let (ben, shown) = (fixture.member(BEN), request.digest);
    let (sid, secret) = (format!("IRsid{}", request.id), secret_by_hand(request.id));
    fulfil::enter_secret(&fixture.workflow, &ben, request.id, shown, &sid, secret).await.unwrap();
    delivery_of(fixture, request.id).await
}

/// What Ben pastes for a request.
pub fn secret_by_hand(request: RequestId) -> SecretString {
    SecretString::from(format!("secret-of-{request}"))
}

/// Chiyo did at the provider what the card says.
pub async fn is_done(fixture: &Fixture, task: RequestId) {
    let request = fixture.read_details(CHIYO, task).await;
    fulfil::complete_task(&fixture.workflow, &fixture.member(CHIYO), task, request.digest)
        .await
        .unwrap();
}

/// It is not collected in time.
pub async fn lapse_delivery(fixture: &Fixture, delivery: DeliveryId) {
    fixture.as_owner("deliveries", &format!("expires_at = now() where id = {delivery}")).await;
    deliver::end_if_due(&fixture.workflow, delivery).await.unwrap();
}

pub async fn reveal_secret(
    fixture: &Fixture,
    by: i64,
    delivery: DeliveryId,
) -> Outcome<RevealedSecret> {
    reveal::open_secret(&fixture.workflow, &fixture.member(by), delivery, &interaction_token())
        .await
}

pub async fn token_of(fixture: &Fixture, request: RequestId) -> TokenId {
    let query = "select id from tokens where request_id = $1";
    TokenId::new(id_of(fixture, query, request.get()).await).unwrap()
}

pub async fn delivery_of(fixture: &Fixture, request: RequestId) -> DeliveryId {
    let query = "select deliveries.id from deliveries join secrets on secrets.id = secret_id
                 where secrets.request_id = $1";
    DeliveryId::new(id_of(fixture, query, request.get()).await).unwrap()
}

/// The task for an admin at the provider about a token.
pub async fn task_of(fixture: &Fixture, token: TokenId) -> RequestId {
    let query = "select id from requests where token_id = $1 and state = 'issuing'";
    RequestId::new(id_of(fixture, query, token.get()).await).unwrap()
}

pub async fn id_of(fixture: &Fixture, query: &'static str, about: i64) -> i64 {
    sqlx::query_scalar(query)
        .bind(about)
        .fetch_one(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap()
}
