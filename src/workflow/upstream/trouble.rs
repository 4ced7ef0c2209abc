//! An upstream refuses or is unreachable: what follows, and when people must be told.

use std::time::Duration;

use crate::domain::attempt::UpstreamProblem;
use crate::domain::request::{Request, RequestState};
use crate::domain::transitions::RequestTransition;
use crate::issuer::Later;
use crate::store::requests;
use crate::store::tx::{Cause, Tx};

use crate::workflow::Outcome;

/// How long an upstream may be unreachable or slow until people are told; they can then also cancel.
const PATIENCE: Duration = Duration::from_secs(50);

/// The same if it says how long to wait.
const LONG_PATIENCE: Duration = Duration::from_secs(60 * 60);

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The request's next step, at once.
    GoOn,
    /// The same, after a while.
    Wait(Duration),
    /// A pause as after a failure.
    TryLater,
    /// Nothing.
    Over,
}

/// A person must do something before it can continue. What takes no approvals does not fail: an admin is
/// asked to do it at the provider, once.
pub(in crate::workflow) async fn fail_request(
    tx: &mut Tx,
    request: &mut Request,
    trouble: &UpstreamProblem,
) -> Outcome<()> {
    if request.state != RequestState::Issuing || request.waits_for_a_person() {
        return Ok(());
    }
    let transition = match request.is_narrowed_by_upstream() {
        true => RequestTransition::AskAdminInstead,
        false => RequestTransition::Fail,
    };
    let cause = Cause::reason(Some(&trouble.to_string()));
    Ok(tx.move_request(request, transition, cause).await?)
}

/// How a request waits for an upstream that is unreachable or asks us to wait; none if that has lasted for too
/// long.
pub(in crate::workflow) async fn wait_on(
    tx: &mut Tx,
    request: &Request,
    later: Option<&Later>,
) -> Outcome<Option<Next>> {
    let wait = later.and_then(|later| later.wait);
    let patience = if wait.is_some() { LONG_PATIENCE } else { PATIENCE };
    let is_over = requests::is_unchanged_for(tx, request.id, patience).await?;
    Ok((!is_over).then(|| wait.map_or(Next::TryLater, Next::Wait)))
}

/// An upstream is unreachable or asks us to wait: so we wait. If that lasts, people are told.
pub(in crate::workflow) async fn wait_or_fail(
    tx: &mut Tx,
    request: &mut Request,
    later: Option<Later>,
) -> Outcome<Next> {
    if let Some(next) = wait_on(tx, request, later.as_ref()).await? {
        return Ok(next);
    }
    let problem = match later {
        Some(later) => UpstreamProblem::Waits(later.said),
        None => UpstreamProblem::Away("it can't be reached".to_owned()),
    };
    fail_request(tx, request, &problem).await?;
    Ok(Next::Over)
}
