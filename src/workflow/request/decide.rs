//! *Approve*, *Deny*, *Withdraw*, *Details*.

use crate::domain::attempt::UpstreamProblem;
use crate::domain::content::Digest;
use crate::domain::ids::RequestId;
use crate::domain::permission::{Action, allows};
use crate::domain::policy::{self, Tally};
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::transitions::RequestTransition;
use crate::store::approvals::RequestWithApprovals;
use crate::store::tx::{Cause, Tx};
use crate::store::{approvals, attempts, requests};

use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Outcome, Workflow, access};

/// The outcome of *Approve*.
#[derive(Debug)]
pub struct ApproveOutcome {
    /// The request as it is now.
    pub request: Request,
    /// Its progress.
    pub tally: Tally,
}

/// The longest reason of a denial, in characters.
pub const REASON_LIMIT: usize = 500;

/// *Approve* on a card that shows the content with the digest `shown`. If the card had no room for all of
/// it, *Details* must be opened first. The last approval approves the request, and Discord is asked
/// about everybody's roles.
pub async fn approve(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
    shown: Digest,
) -> Outcome<ApproveOutcome> {
    let (mut tx, locked) = access::begin_on_request(workflow, actor, Action::Approve, id).await?;
    let RequestWithApprovals { mut request, approvals, is_expired, is_unread } = locked;
    policy::may_approve(&request, &approvals, actor.user, shown).map_err(Refusal::from)?;
    if is_expired {
        // Its job will run soon.
        return Err(Refusal::NotPending(RequestState::Expired).into());
    }
    if is_unread {
        return Err(Refusal::ReadAllScopesFirst.into());
    }
    let tally = tx.give_approval(&request, approvals).await?;
    if tally.is_enough() {
        tx.move_request(&mut request, RequestTransition::Approve, Cause::none()).await?;
    }
    tx.commit().await?;
    Ok(ApproveOutcome { request, tally })
}

/// *Deny*, with a reason: one admin is enough.
pub async fn deny(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
    reason: &str,
) -> Outcome<Request> {
    let reason = reason.trim();
    if !(1..=REASON_LIMIT).contains(&reason.chars().count()) {
        return Err(Refusal::BadReason { limit: REASON_LIMIT }.into());
    }
    let (tx, request) = end_request(workflow, actor, (id, Action::Deny), Some(reason)).await?;
    tx.commit().await?;
    Ok(request)
}

/// *Withdraw*: the requester takes it back. With it comes what marks the token that its call may have made, and that
/// nobody has found to be gone.
pub async fn withdraw(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
) -> Outcome<(Request, Option<String>)> {
    let (mut tx, request) = end_request(workflow, actor, (id, Action::Withdraw), None).await?;
    let stray = attempts::find_unresolved_marker(&mut tx, id).await?;
    tx.commit().await?;
    Ok((request, stray))
}

async fn end_request(
    workflow: &Workflow,
    actor: &Actor,
    (id, action): (RequestId, Action),
    reason: Option<&str>,
) -> Outcome<(Tx, Request)> {
    let (mut tx, locked) = access::begin_on_request(workflow, actor, action, id).await?;
    let mut request = locked.request;
    if !can_be_ended(&request, action) {
        return Err(Refusal::NotPending(request.state).into());
    }
    let (transition, reason) = match action {
        Action::Withdraw => (RequestTransition::Withdraw, explain_withdrawal(&request)),
        _ => (RequestTransition::Deny, reason),
    };
    tx.move_request(&mut request, transition, Cause::reason(reason)).await?;
    Ok((tx, request))
}

/// What is left to say of a request that its requester takes back: an admin may have carried it out at the
/// provider, or its upstream may have changed the token.
fn explain_withdrawal(request: &Request) -> Option<&'static str> {
    let problem = request.reason.as_deref().and_then(UpstreamProblem::of);
    if matches!(problem, Some(UpstreamProblem::Changing(_))) {
        return Some("maybe_changed");
    }
    request.waits_for_a_person().then_some("maybe_done")
}

/// A request for the form of *Deny*, before anything changes.
pub async fn get_request_to_deny(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
) -> Outcome<Request> {
    let request = access::get_request(workflow, actor, Action::Deny, id).await?;
    if can_be_ended(&request, Action::Deny) {
        Ok(request)
    } else {
        Err(Refusal::NotPending(request.state).into())
    }
}

/// A request for *Details*, before anything changes.
pub async fn get_request_to_read(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
) -> Outcome<Request> {
    access::get_request(workflow, actor, Action::ReadRequest, id).await
}

/// Whether this person's approval of the request would count now.
pub async fn can_approve(workflow: &Workflow, actor: &Actor, request: &Request) -> Outcome<bool> {
    let provider = workflow.config.provider(&request.content.provider);
    if !allows(Action::Approve, actor.relationship(provider, Some(request.requester))) {
        return Ok(false);
    }
    let mut connection = workflow.pool.acquire().await?;
    let approvals = approvals::list_for_request(&mut connection, request.id).await?;
    connection.keep();
    Ok(policy::may_approve(request, &approvals, actor.user, request.digest).is_ok())
}

/// Notes that Discord has shown *Details*: the person has read the content that the card may not hold.
/// Nothing is noted if the request has another content meanwhile.
pub async fn note_read(workflow: &Workflow, actor: &Actor, shown: &Request) -> Outcome<()> {
    let mut tx = workflow.begin(actor).await?;
    let Some(mut request) = requests::lock(&mut tx, shown.id).await? else { return Ok(()) };
    if request.digest == shown.digest
        && approvals::note_reading(&mut tx, &request, actor.user).await?
    {
        tx.move_request(&mut request, RequestTransition::Read, Cause::none()).await?;
    }
    Ok(tx.commit().await?)
}

/// Pending requests, those that wait for a person to fulfil them, and failed ones: nothing is being made
/// for them now. A narrowing is never denied, nor withdrawn while its upstream is asked; and a token that must
/// be disabled or deleted goes on waiting for that.
fn can_be_ended(request: &Request, action: Action) -> bool {
    match (request.state, request.content.kind) {
        (RequestState::Pending | RequestState::Failed, _) => true,
        (RequestState::Issuing, RequestKind::Disable | RequestKind::Delete) => false,
        (RequestState::Issuing, RequestKind::Narrow) => {
            action == Action::Withdraw && request.waits_for_a_person()
        }
        (RequestState::Issuing, _) => request.waits_for_a_person(),
        _ => false,
    }
}
