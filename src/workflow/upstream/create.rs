//! Creates a token at an upstream. Each call is recorded before it is sent, and one without a clear
//! answer is looked up, so that one request never has two tokens that work. After any failure of
//! the call, the upstream or the bot, the recorded state decides the next step.

use std::time::Duration;

use anyhow::Context as _;
use rand::TryRngCore as _;
use rand::rngs::OsRng;

use crate::config::UpstreamValues;
use crate::domain::attempt::{Attempt, AttemptState, UpstreamDoubt, UpstreamProblem};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::AttemptId;
use crate::domain::request::{Request, RequestState};
use crate::domain::transitions::AttemptTransition;
use crate::issuer::{Answer, Created, End, NotDone, describe_refusal};
use crate::store::tokens::LifetimeStart;
use crate::store::tx::Tx;
use crate::store::{attempts, events};

use crate::workflow::delivery::hand_over::{self, IssuerAnswer};
use crate::workflow::refusal::Refusal;
use crate::workflow::upstream::trouble::{self, Next};
use crate::workflow::upstream::{attempt, identity};
use crate::workflow::{Failure, Outcome, Workflow};

/// How many calls in a row may be doubtful before an admin must look: each of them
/// may have created a token, and unreadable answers are mostly due to our own configuration.
const DOUBTS: i64 = 3;

/// The next step of a request at its upstream.
#[derive(Debug)]
pub enum UpstreamCall {
    /// No token, or no longer one.
    Nothing,
    /// Create a token.
    Create(AttemptId, ProviderId, UpstreamValues),
    /// Look for an earlier call's token first.
    LookFor(AttemptId),
    /// Not now: others are before it, or a call that ends another token may be on its way, and may have the id of the new
    /// one.
    Wait(Duration),
    /// Swap a token's secret; `true` if the token must be enabled, too.
    Renew(ProviderId, UpstreamValues, bool),
    /// Change a token in place.
    Update(ProviderId, UpstreamValues),
}

/// A unique marker: 128 bits.
fn mint_marker(request: &Request) -> Outcome<String> {
    let mut bytes = [0_u8; 16];
    OsRng.try_fill_bytes(&mut bytes).context("no randomness")?;
    Ok(format!("countersign-{}-{}", request.number, hex::encode(bytes)))
}

/// The next call for a request that creates a token, or the look-up of an earlier one's.
pub(in crate::workflow) async fn prepare_call(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
) -> Outcome<UpstreamCall> {
    if let Some(attempt) = attempts::open(tx, request.id).await? {
        let can_look = match attempt.state {
            AttemptState::Doubtful => attempt::can_look(workflow, tx, request, &attempt).await?,
            // The process that called is gone: this job never runs twice at once.
            _ => {
                let why = "whoever called did not see it answered";
                attempt::mark_doubtful(workflow, tx, request, &attempt, why).await?
            }
        };
        return Ok(if can_look {
            UpstreamCall::LookFor(attempt.id)
        } else {
            UpstreamCall::Nothing
        });
    }
    if attempts::count_doubtful(tx, request.id).await? >= DOUBTS {
        let why = events::last_doubt(tx, request.id).await?.unwrap_or_default();
        trouble::fail_request(tx, request, &UpstreamProblem::Repeated(why)).await?;
        return Ok(UpstreamCall::Nothing);
    }
    let provider = request.content.provider.clone();
    let Some(upstream) = attempt::find_upstream(workflow, request) else {
        return Ok(UpstreamCall::Nothing);
    };
    if let Some(wait) =
        attempts::get_longest_flight(tx, &provider).await?.filter(|_| !upstream.ids_are_unique)
    {
        return Ok(UpstreamCall::Wait(wait));
    }
    let marker = mint_marker(request)?;
    let id = tx.begin_attempt(request, (&marker, &upstream.fingerprint())).await?;
    Ok(UpstreamCall::Create(id, provider, attempt::build_values(request, &marker, None)))
}

/// The upstream answered, clearly or not.
pub async fn record_answer(
    workflow: &Workflow,
    id: AttemptId,
    answer: Answer<Created>,
) -> Outcome<Next> {
    let Some((mut tx, mut request, attempt)) = attempt::lock_attempt(workflow, id).await? else {
        return Ok(Next::Over);
    };
    if attempt.state != AttemptState::Calling {
        // Another process took over: it decided, and looks once more for a token that appears late.
        let may_be_there = matches!(answer, Ok(_) | Err(NotDone::Doubtful(_)));
        if may_be_there && attempt.state == AttemptState::Gone {
            attempt::schedule_last_look(&mut tx, &request, &attempt, Duration::ZERO).await?;
        }
        tx.commit().await?;
        return Ok(Next::GoOn);
    }
    let next = match answer {
        Ok(created) if request.state == RequestState::Issuing => {
            match keep_token(workflow, &mut tx, &mut request, &attempt, created).await {
                Ok(()) => Next::Over,
                Err(Failure::Refused(Refusal::SecretKnown)) => {
                    tx.rollback().await?;
                    let why = "the secret in the answer was handed out before".to_owned();
                    return Box::pin(record_answer(workflow, id, Err(NotDone::Doubtful(why))))
                        .await;
                }
                Err(failure) => return Err(failure),
            }
        }
        Ok(_) => {
            let why = "the request had ended";
            attempt::mark_doubtful(workflow, &mut tx, &mut request, &attempt, why).await?;
            Next::GoOn
        }
        Err(NotDone::Doubtful(why)) => {
            attempt::mark_doubtful(workflow, &mut tx, &mut request, &attempt, &why).await?;
            Next::GoOn
        }
        Err(NotDone::NotNow(later)) => {
            let refused = (AttemptTransition::Refuse, None);
            tx.move_attempt(&request, &attempt, refused, "not now").await?;
            trouble::wait_or_fail(&mut tx, &mut request, later).await?
        }
        Err(NotDone::Refused { status, words }) => {
            let said = describe_refusal(status, words);
            let refused = (AttemptTransition::Refuse, None);
            tx.move_attempt(&request, &attempt, refused, &said).await?;
            trouble::fail_request(&mut tx, &mut request, &UpstreamProblem::Refused(said)).await?;
            Next::Over
        }
    };
    tx.commit().await?;
    Ok(next)
}

/// The token is stored. If it has no public id, people see its marker.
async fn keep_token(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    attempt: &Attempt,
    created: Created,
) -> Outcome<()> {
    let Created { id, account_sid, secret, ends } = created;
    let lifetime_start = ends.at().map_or(LifetimeStart::FromNow, LifetimeStart::Until);
    let account_sid = account_sid.unwrap_or_else(|| attempt.marker.clone());
    hand_over::issue_secret(
        workflow,
        tx,
        request,
        &IssuerAnswer { account_sid, secret, lifetime_start },
    )
    .await?;
    let id_is_secret =
        attempt::find_upstream(workflow, request).is_some_and(|found| found.id_is_secret);
    let kept = identity::keep(workflow, &attempt.marker, (&id, id_is_secret))?;
    tx.note_made(request, attempt.id, (&kept, ends.at())).await?;
    if let End::Unreadable(value) = ends {
        let doubt = UpstreamDoubt::EndUnreadable { value };
        tx.doubt_upstream(&request.content.provider, &attempt.configuration, &doubt).await?;
    }
    Ok(())
}
