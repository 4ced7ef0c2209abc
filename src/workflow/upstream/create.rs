//! A token is made at an upstream. Each call is written down before it goes out, and one whose end
//! nobody saw is looked for, so that there are never two live tokens for one request: whatever
//! happens to the call, to the upstream or to us, the next step is what the database says.

use std::time::Duration;

use anyhow::Context as _;
use rand::TryRngCore as _;
use rand::rngs::OsRng;

use crate::config::{HttpIssuerSettings, UpstreamValues};
use crate::domain::attempt::{Attempt, AttemptState, Trouble};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::AttemptId;
use crate::domain::request::{Request, RequestState};
use crate::domain::transitions::AttemptTransition;
use crate::issuer::{Answer, Created, NotDone};
use crate::store::tokens::Lives;
use crate::store::tx::Tx;
use crate::store::{attempts, requests};

use crate::workflow::delivery::hand_over::{self, Made};
use crate::workflow::refusal::Refusal;
use crate::workflow::upstream::trouble::{self, Next};
use crate::workflow::{Failure, Outcome, Workflow};

/// How often a call may end in doubt, one after the other, before a person has a look: each of them
/// may have made a token, and what makes answers unreadable is mostly our own configuration.
const DOUBTS: i64 = 3;

/// When a token that was not there is looked for once more: longer than a call may be on its way.
const LOOK_AGAIN: Duration = Duration::from_secs(600);

/// How long a call may be on its way to an upstream of which nothing is configured any more.
const LONGEST_SETTLE: Duration = Duration::from_secs(60);

/// What is to be done for a request at its upstream.
#[derive(Debug)]
pub enum UpstreamCall {
    /// Nothing, or nothing any more.
    Nothing,
    /// A token is to be made.
    Create(AttemptId, ProviderId, UpstreamValues),
    /// An earlier call's token is to be looked for first.
    LookFor(AttemptId),
    /// A token's secret is to be swapped; `true` where the token is to work again, too.
    Renew(ProviderId, UpstreamValues, bool),
}

/// A call whose token is looked for.
#[derive(Debug)]
pub struct AttemptToLookFor {
    /// The call.
    pub attempt: Attempt,
    /// The request that it was made for.
    pub request: Request,
    /// What the upstream is asked with.
    pub values: UpstreamValues,
}

/// What an upstream is told of a request; `marker` and `id` as far as there is a token.
pub(in crate::workflow) fn build_values(
    request: &Request,
    marker: &str,
    id: Option<&str>,
) -> UpstreamValues {
    let content = &request.content;
    UpstreamValues {
        name: content.settings.name.clone(),
        description: content.settings.description.clone(),
        marker: marker.to_owned(),
        api_version: content.settings.api_version.get(),
        scopes: content.scopes.iter().map(|scope| scope.value.clone()).collect(),
        requester: request.requester.to_string(),
        contact: content.settings.contact.to_string(),
        developer_emails: content
            .settings
            .developer_emails
            .iter()
            .map(ToString::to_string)
            .collect(),
        lifetime_seconds: Some(u64::from(content.lifetime_days) * 24 * 60 * 60),
        upstream_id: id.map(str::to_owned),
    }
}

/// A marker that nobody else has: 128 bits.
fn mint_marker(request: &Request) -> Outcome<String> {
    let mut bytes = [0_u8; 16];
    OsRng.try_fill_bytes(&mut bytes).context("no randomness")?;
    Ok(format!("countersign-{}-{}", request.number, hex::encode(bytes)))
}

/// The next call for a request that makes a token, or the look for an earlier one's.
pub(in crate::workflow) async fn prepare_call(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
) -> Outcome<UpstreamCall> {
    if let Some(attempt) = attempts::open(tx, request.id).await? {
        let can_look = match attempt.state {
            AttemptState::Doubtful => can_look(workflow, tx, request, &attempt).await?,
            // Whoever called is gone: this job never runs twice at once.
            _ => {
                let why = "whoever called did not see it answered";
                mark_doubtful(workflow, tx, request, &attempt, why).await?
            }
        };
        return Ok(if can_look {
            UpstreamCall::LookFor(attempt.id)
        } else {
            UpstreamCall::Nothing
        });
    }
    if attempts::count_doubtful(tx, request.id).await? >= DOUBTS {
        let why = "the answers could not be read, or never came".to_owned();
        trouble::fail_request(tx, request, &Trouble::Repeated(why)).await?;
        return Ok(UpstreamCall::Nothing);
    }
    let marker = mint_marker(request)?;
    let id = tx.begin_attempt(request, &marker).await?;
    let provider = request.content.provider.clone();
    Ok(UpstreamCall::Create(id, provider, build_values(request, &marker, None)))
}

/// The upstream answered, or did not.
pub async fn record_answer(
    workflow: &Workflow,
    id: AttemptId,
    answer: Answer<Created>,
) -> Outcome<Next> {
    let Some((mut tx, mut request, attempt)) = lock_attempt(workflow, id).await? else {
        return Ok(Next::Over);
    };
    if attempt.state != AttemptState::Calling {
        // Another process took us for dead: it decided, and looks once more for what came late.
        let may_be_there = matches!(answer, Ok(_) | Err(NotDone::Doubtful(_)));
        if may_be_there && attempt.state == AttemptState::Gone {
            schedule_last_look(&mut tx, &request, &attempt, Duration::ZERO).await?;
        }
        tx.commit().await?;
        return Ok(Next::GoOn);
    }
    let next = match answer {
        Ok(created) if request.state == RequestState::Issuing => {
            match keep_token(workflow, &mut tx, &mut request, id, created).await {
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
            mark_doubtful(workflow, &mut tx, &mut request, &attempt, why).await?;
            Next::GoOn
        }
        Err(NotDone::Doubtful(why)) => {
            mark_doubtful(workflow, &mut tx, &mut request, &attempt, &why).await?;
            Next::GoOn
        }
        Err(NotDone::NotNow(wait)) => {
            let refused = (AttemptTransition::Refuse, None);
            tx.move_attempt(&request, &attempt, refused, "not now").await?;
            trouble::wait_or_fail(&mut tx, &mut request, wait).await?
        }
        Err(NotDone::Refused { status, words }) => {
            let said = trouble::describe_refusal(status, words);
            let refused = (AttemptTransition::Refuse, None);
            tx.move_attempt(&request, &attempt, refused, &said).await?;
            trouble::fail_request(&mut tx, &mut request, &Trouble::Refused(said)).await?;
            Next::Over
        }
    };
    tx.commit().await?;
    Ok(next)
}

/// The token is ours.
async fn keep_token(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    id: AttemptId,
    created: Created,
) -> Outcome<()> {
    let lives = created.expires_at.map_or(Lives::FromNow, Lives::Until);
    let Created { id: upstream_id, account_sid, secret, .. } = created;
    let made = Made { account_sid, secret, lives };
    hand_over::issue_secret(workflow, tx, request, &made).await?;
    tx.note_made(request, id, (&upstream_id, created.expires_at)).await?;
    Ok(())
}

/// Nobody knows how a call ended: its token is looked for, by us or by a person. Whether by us.
async fn mark_doubtful(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    attempt: &Attempt,
    why: &str,
) -> Outcome<bool> {
    let settle =
        find_upstream(workflow, request).map_or(LONGEST_SETTLE, |upstream| upstream.settle);
    let doubt = (AttemptTransition::Doubt, Some(settle));
    tx.move_attempt(request, attempt, doubt, why).await?;
    let doubtful = Attempt { state: AttemptState::Doubtful, ..attempt.clone() };
    can_look(workflow, tx, request, &doubtful).await
}

/// Whether we can look for a doubtful call's token. Where not, a person is asked to, once there is one
/// who can go on with the request: until then it stays doubtful, so that no other call goes out.
async fn can_look(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    doubtful: &Attempt,
) -> Outcome<bool> {
    let Some(upstream) = find_upstream(workflow, request) else { return Ok(false) };
    if upstream.find.is_some() && upstream.revoke.is_some() {
        return Ok(true);
    }
    if request.state == RequestState::Issuing || request.state.is_final() {
        let (leave, why) = ((AttemptTransition::LeaveToPerson, None), "it can't be looked for");
        tx.move_attempt(request, doubtful, leave, why).await?;
        let trouble = Trouble::Unsure(doubtful.marker.clone());
        trouble::fail_request(tx, request, &trouble).await?;
    }
    Ok(false)
}

/// The call's request, locked first, and the call.
async fn lock_attempt(
    workflow: &Workflow,
    id: AttemptId,
) -> Outcome<Option<(Tx, Request, Attempt)>> {
    let mut tx = workflow.tx().await?;
    let Some(seen) = attempts::get(&mut tx, id).await? else { return Ok(None) };
    let Some(request) = requests::lock(&mut tx, seen.request).await? else {
        return Ok(None);
    };
    let attempt = attempts::get(&mut tx, id).await?;
    Ok(attempt.map(|attempt| (tx, request, attempt)))
}

/// A call whose token is to be looked for, if it still is.
pub async fn get_attempt_to_look_for(
    workflow: &Workflow,
    id: AttemptId,
) -> Outcome<Option<AttemptToLookFor>> {
    let Some((mut tx, mut request, attempt)) = lock_attempt(workflow, id).await? else {
        return Ok(None);
    };
    let can_look = match attempt.state {
        AttemptState::Calling if request.state != RequestState::Issuing => {
            let why = "the request had ended";
            mark_doubtful(workflow, &mut tx, &mut request, &attempt, why).await?
        }
        AttemptState::Doubtful => can_look(workflow, &mut tx, &mut request, &attempt).await?,
        AttemptState::Absent => true,
        _ => false,
    };
    tx.commit().await?;
    if !can_look {
        return Ok(None);
    }
    let values = build_values(&request, &attempt.marker, None);
    Ok(Some(AttemptToLookFor { attempt, request, values }))
}

/// The upstream has no token that bears the call's marker; `revoked`: not any more.
pub async fn record_absent_token(
    workflow: &Workflow,
    id: AttemptId,
    revoked: bool,
) -> Outcome<Next> {
    let Some((mut tx, request, attempt)) = lock_attempt(workflow, id).await? else {
        return Ok(Next::Over);
    };
    let settle =
        find_upstream(workflow, &request).map(|upstream| upstream.settle).unwrap_or_default();
    let next = match attempt.state {
        AttemptState::Doubtful if revoked => {
            let clear = (AttemptTransition::Clear, None);
            tx.move_attempt(&request, &attempt, clear, "found and revoked").await?;
            Next::GoOn
        }
        AttemptState::Doubtful if !attempt.is_settled => {
            Next::Wait(settle.min(Duration::from_secs(5)).max(Duration::from_secs(1)))
        }
        AttemptState::Doubtful => {
            schedule_last_look(&mut tx, &request, &attempt, LOOK_AGAIN).await?;
            Next::GoOn
        }
        AttemptState::Absent => {
            let clear = (AttemptTransition::Clear, None);
            let why = if revoked { "found late, and revoked" } else { "not there" };
            tx.move_attempt(&request, &attempt, clear, why).await?;
            Next::Over
        }
        _ => Next::Over,
    };
    tx.commit().await?;
    Ok(next)
}

/// The upstream doesn't let us look, or revoke what we found: a person has to.
pub async fn give_up_looking(workflow: &Workflow, id: AttemptId) -> Outcome<()> {
    let Some((mut tx, mut request, attempt)) = lock_attempt(workflow, id).await? else {
        return Ok(());
    };
    if request.state == RequestState::Issuing {
        trouble::fail_request(&mut tx, &mut request, &Trouble::Unsure(attempt.marker)).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What makes a request's tokens, where that is an upstream (still).
fn find_upstream<'a>(workflow: &'a Workflow, request: &Request) -> Option<&'a HttpIssuerSettings> {
    workflow.config.provider(&request.content.provider)?.issuer.http()
}

/// Not there; but a call may be on its way for long.
async fn schedule_last_look(
    tx: &mut Tx,
    request: &Request,
    attempt: &Attempt,
    after: Duration,
) -> Outcome<()> {
    let again = (AttemptTransition::LookAgain, Some(after));
    Ok(tx.move_attempt(request, attempt, again, "not there by now").await?)
}
