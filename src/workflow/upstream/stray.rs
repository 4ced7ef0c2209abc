//! Looks for the token of a call without a clear answer, and revokes it if found. "Not there"
//! is believed only of a configuration whose `find` has shown what its `create` had just created.

use std::time::Duration;

use crate::config::UpstreamValues;
use crate::domain::attempt::{Attempt, AttemptState, UpstreamDoubt, UpstreamProblem};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::AttemptId;
use crate::domain::request::{Request, RequestState};
use crate::domain::transitions::AttemptTransition;
use crate::store::tx::Tx;
use crate::store::{attempts, requests};

use crate::workflow::upstream::attempt;
use crate::workflow::upstream::trouble::{self, Next};
use crate::workflow::{Outcome, Workflow};

/// When a missing token is looked for once more: longer than a call may be on its way.
const LOOK_AGAIN: Duration = Duration::from_secs(600);

/// How long people wait until they are told why nothing happens.
const PATIENCE: Duration = Duration::from_secs(45);

/// For how long the last look for a token is repeated, beside which another was made.
const LATE_PATIENCE: Duration = Duration::from_secs(60 * 60);

/// A call whose token is looked for.
#[derive(Debug)]
pub struct AttemptToLookFor {
    /// The call.
    pub attempt: Attempt,
    /// The request that it was made for.
    pub request: Request,
    /// The values for the upstream's calls.
    pub values: UpstreamValues,
}

/// The result of looking for a call's token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It was there, and was gone after it was revoked.
    Revoked,
    /// Nothing bears its marker, on no page.
    Nothing {
        /// How long the text is in which it would stand.
        length: usize,
    },
    /// Nothing does, and none of the other tokens that live is shown either.
    Blind,
    /// Nothing does on the pages that were read, and there are more.
    TooLong,
    /// The upstream refuses the look-up or the revocation; its text.
    Refused(String),
    /// Unclear, with the reason.
    Unclear(String),
}

/// The provider of a call.
pub async fn get_provider(workflow: &Workflow, id: AttemptId) -> Outcome<Option<ProviderId>> {
    let mut connection = workflow.pool.acquire().await?;
    let Some(attempt) = attempts::get(&mut connection, id).await? else { return Ok(None) };
    let request = requests::get(&mut connection, attempt.request).await?;
    Ok(request.map(|request| request.content.provider))
}

/// A call whose token must be looked for, if it still must.
pub async fn get_attempt_to_look_for(
    workflow: &Workflow,
    id: AttemptId,
) -> Outcome<Option<AttemptToLookFor>> {
    let Some((mut tx, mut request, attempt)) = attempt::lock_attempt(workflow, id).await? else {
        return Ok(None);
    };
    let can_look = match attempt.state {
        AttemptState::Calling if request.state != RequestState::Issuing => {
            let why = "the request had ended";
            attempt::mark_doubtful(workflow, &mut tx, &mut request, &attempt, why).await?
        }
        AttemptState::Doubtful => {
            attempt::can_look(workflow, &mut tx, &mut request, &attempt).await?
        }
        AttemptState::Absent => true,
        _ => false,
    };
    tx.commit().await?;
    if !can_look {
        return Ok(None);
    }
    let values = attempt::build_values(&request, &attempt.marker, None);
    Ok(Some(AttemptToLookFor { attempt, request, values }))
}

/// The call's token was looked for.
pub async fn record_look(workflow: &Workflow, id: AttemptId, found: Found) -> Outcome<Next> {
    let Some((mut tx, mut request, attempt)) = attempt::lock_attempt(workflow, id).await? else {
        return Ok(Next::Over);
    };
    let next = match (attempt.state, found) {
        (AttemptState::Doubtful | AttemptState::Absent, Found::Revoked) => {
            attempts::note_on(&mut tx, attempt.id).await?;
            clear_revoked(workflow, &mut tx, &request, &attempt).await?
        }
        (AttemptState::Doubtful | AttemptState::Absent, Found::Nothing { .. })
            if attempt.is_revoked || attempt.was_accepted =>
        {
            clear_revoked(workflow, &mut tx, &request, &attempt).await?
        }
        (AttemptState::Doubtful | AttemptState::Absent, Found::Nothing { .. } | Found::Blind)
            if attempt.was_shown =>
        {
            let why = "it was there and is no longer shown, but its end was not accepted";
            let trouble =
                UpstreamProblem::Stray { marker: attempt.marker.clone(), why: why.to_owned() };
            leave_to_person(&mut tx, &mut request, &attempt, &trouble).await?
        }
        (AttemptState::Doubtful, Found::Nothing { .. } | Found::Blind) if !attempt.is_settled => {
            Next::Wait(pause(workflow, &request))
        }
        (AttemptState::Doubtful | AttemptState::Absent, Found::Nothing { length }) => {
            believe_nothing(&mut tx, &mut request, (&attempt, length)).await?
        }
        (AttemptState::Doubtful | AttemptState::Absent, Found::Blind) => {
            let trouble = UpstreamProblem::Unproven(attempt.marker.clone());
            leave_to_person(&mut tx, &mut request, &attempt, &trouble).await?
        }
        (AttemptState::Doubtful | AttemptState::Absent, Found::TooLong) => {
            let why = "the list there is longer than what can be read of it".to_owned();
            let trouble = UpstreamProblem::Stray { marker: attempt.marker.clone(), why };
            leave_to_person(&mut tx, &mut request, &attempt, &trouble).await?
        }
        (AttemptState::Doubtful, Found::Refused(why)) => {
            let trouble = UpstreamProblem::Stray { marker: attempt.marker, why };
            trouble::fail_request(&mut tx, &mut request, &trouble).await?;
            Next::TryLater
        }
        (AttemptState::Doubtful, Found::Unclear(why)) => {
            if attempts::note_trouble(&mut tx, attempt.id, PATIENCE).await? {
                let trouble = UpstreamProblem::Stray { marker: attempt.marker, why };
                trouble::fail_request(&mut tx, &mut request, &trouble).await?;
            }
            Next::TryLater
        }
        (AttemptState::Absent, Found::Refused(why)) => {
            let trouble = UpstreamProblem::Stray { marker: attempt.marker.clone(), why };
            leave_to_person(&mut tx, &mut request, &attempt, &trouble).await?
        }
        (AttemptState::Absent, Found::Unclear(why))
            if attempts::note_trouble(&mut tx, attempt.id, LATE_PATIENCE).await? =>
        {
            let trouble = UpstreamProblem::Stray { marker: attempt.marker.clone(), why };
            leave_to_person(&mut tx, &mut request, &attempt, &trouble).await?
        }
        (AttemptState::Absent, _) => Next::TryLater,
        _ => Next::Over,
    };
    tx.commit().await?;
    Ok(match next {
        // The request's next step waits for this.
        Next::GoOn if request.state != RequestState::Issuing => Next::Over,
        next => next,
    })
}

/// Until it is looked once more for what may still be on its way.
fn pause(workflow: &Workflow, request: &Request) -> Duration {
    let settle = attempt::find_upstream(workflow, request).map(|upstream| upstream.settle);
    settle.unwrap_or_default().min(Duration::from_secs(5)).max(Duration::from_secs(1))
}

/// The token was revoked, and is not there. What the upstream may still take for a while is waited for.
async fn clear_revoked(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &Request,
    attempt: &Attempt,
) -> Outcome<Next> {
    let takes = attempt::find_upstream(workflow, request)
        .map(|upstream| upstream.revoke_takes)
        .unwrap_or_default();
    if !attempts::note_off(tx, attempt.id, takes).await? {
        return Ok(Next::Wait(takes));
    }
    let clear = (AttemptTransition::Clear, None);
    tx.move_attempt(request, attempt, clear, "found and revoked").await?;
    Ok(Next::GoOn)
}

/// Nothing is there, and the call can't be on its way any more. That is believed where such a token would be seen,
/// each time anew.
async fn believe_nothing(
    tx: &mut Tx,
    request: &mut Request,
    (attempt, length): (&Attempt, usize),
) -> Outcome<Next> {
    if !attempts::is_proven(tx, &attempt.configuration, length).await? {
        let trouble = UpstreamProblem::Unproven(attempt.marker.clone());
        return leave_to_person(tx, request, attempt, &trouble).await;
    }
    if attempt.state == AttemptState::Doubtful {
        attempt::schedule_last_look(tx, request, attempt, LOOK_AGAIN).await?;
        return Ok(Next::GoOn);
    }
    let clear = (AttemptTransition::Clear, None);
    tx.move_attempt(request, attempt, clear, "not there").await?;
    Ok(Next::Over)
}

/// A person looks. What another was made beside meanwhile is told to the admins: its request went on.
async fn leave_to_person(
    tx: &mut Tx,
    request: &mut Request,
    attempt: &Attempt,
    trouble: &UpstreamProblem,
) -> Outcome<Next> {
    if attempt.state == AttemptState::Absent {
        let doubt = UpstreamDoubt::Stray { marker: attempt.marker.clone() };
        tx.doubt_upstream(&request.content.provider, &attempt.configuration, &doubt).await?;
    }
    attempt::leave_to_person(tx, request, attempt, (&trouble.to_string(), trouble)).await?;
    Ok(Next::Over)
}
