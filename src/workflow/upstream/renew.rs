//! Swaps a token's secret at its upstream, which also enables a disabled token. A swap without a clear answer
//! may still arrive, and would end the secret of the next one: so another waits for that.

use std::time::Duration;

use anyhow::Context as _;

use crate::domain::attempt::UpstreamProblem;
use crate::domain::ids::RequestId;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::issuer::{Answer, NotDone, Renewed, describe_refusal};
use crate::store::tokens::LifetimeStart;
use crate::store::tx::Tx;
use crate::store::{attempts, now, requests, tokens};

use crate::workflow::delivery::hand_over::{self, IssuerAnswer};
use crate::workflow::refusal::Refusal;
use crate::workflow::request::review::{self, Today};
use crate::workflow::upstream::attempt;
use crate::workflow::upstream::create::UpstreamCall;
use crate::workflow::upstream::identity;
use crate::workflow::upstream::trouble::{self, Next};
use crate::workflow::{Failure, Outcome, Workflow};

/// When a repeated swap is considered: not before the last one can no longer arrive.
const REPEAT_AFTER: Duration = Duration::from_secs(2);

/// For how long a swap is repeated. After that an admin decides.
const REPEAT_FOR: Duration = Duration::from_secs(300);

/// The call that swaps the secret of the token that a request changes.
pub(in crate::workflow) async fn prepare_call(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
) -> Outcome<UpstreamCall> {
    let Some((_, known)) = attempt::find_changed(tx, request).await? else {
        return Ok(UpstreamCall::Nothing);
    };
    let now = now(tx).await?;
    let earlier = attempts::in_flight_until(tx, known.attempt).await?;
    if let Some(left) = earlier.and_then(|until| (until - now).to_std().ok()) {
        return Ok(UpstreamCall::Wait(left));
    }
    let provider = request.content.provider.clone();
    if let Some(upstream) = attempt::find_upstream(workflow, request) {
        attempts::note_call(tx, known.attempt, false, upstream.longest_call()).await?;
    }
    let upstream_id = identity::open(workflow, &known)?;
    let values = attempt::build_values(request, &known.marker, Some(&upstream_id));
    Ok(UpstreamCall::Renew(provider, values, request.content.kind == RequestKind::Enable))
}

/// The upstream answered, clearly or not.
pub async fn record_answer(
    workflow: &Workflow,
    id: RequestId,
    answer: Answer<Renewed>,
) -> Outcome<Next> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else {
        return Ok(Next::Over);
    };
    if !matches!(answer, Err(NotDone::Doubtful(_))) {
        note_answer(&mut tx, &request).await?;
    }
    if request.state != RequestState::Issuing {
        if matches!(answer, Ok(_) | Err(NotDone::Doubtful(_))) {
            let why = "its request had ended";
            secret_unsure(&mut tx, &request, why).await?;
        }
        tx.commit().await?;
        return Ok(Next::Over);
    }
    let next = match answer {
        Err(NotDone::NotNow(later)) => trouble::wait_or_fail(&mut tx, &mut request, later).await?,
        Err(NotDone::Refused { status, words }) => {
            let trouble = UpstreamProblem::Refused(describe_refusal(status, words));
            trouble::fail_request(&mut tx, &mut request, &trouble).await?;
            Next::Over
        }
        Err(NotDone::Doubtful(_)) if can_be_repeated(workflow, &mut tx, &request).await? => {
            Next::Wait(REPEAT_AFTER)
        }
        Err(NotDone::Doubtful(why)) => {
            secret_unsure(&mut tx, &request, &why).await?;
            trouble::fail_request(&mut tx, &mut request, &UpstreamProblem::Renewing(why)).await?;
            Next::Over
        }
        Ok(renewed) => match keep_secret(workflow, &mut tx, &mut request, renewed).await {
            Ok(()) => Next::Over,
            Err(Failure::Refused(Refusal::SecretKnown)) => {
                tx.rollback().await?;
                let why = "the secret in the answer was handed out before".to_owned();
                return Box::pin(record_answer(workflow, id, Err(NotDone::Doubtful(why)))).await;
            }
            Err(failure) => return Err(failure),
        },
    };
    tx.commit().await?;
    Ok(next)
}

/// The call was answered clearly: none is on its way.
async fn note_answer(tx: &mut Tx, request: &Request) -> Outcome<()> {
    let Some(token) = request.token() else { return Ok(()) };
    let Some(token) = tokens::get(tx, token).await? else { return Ok(()) };
    if let Some(known) = attempts::find_made(tx, token.request).await? {
        attempts::note_answer(tx, known.attempt, (None, false)).await?;
    }
    Ok(())
}

/// Whether a swap without a clear answer may be sent again, and for how long.
async fn can_be_repeated(workflow: &Workflow, tx: &mut Tx, request: &Request) -> Outcome<bool> {
    let says_so = attempt::find_upstream(workflow, request)
        .is_some_and(|upstream| upstream.reset_can_be_repeated);
    let is_reset = request.content.kind == RequestKind::Reset;
    Ok(says_so && is_reset && !requests::is_unchanged_for(tx, request.id, REPEAT_FOR).await?)
}

/// Delivers the new secret, unless the request has changed since.
async fn keep_secret(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    renewed: Renewed,
) -> Outcome<()> {
    if review::recheck_content(workflow, tx, request).await? != Today::Same {
        let why = "it came to a request that was not the same any more";
        return secret_unsure(tx, request, why).await;
    }
    let made = read_renewed(workflow, tx, request, renewed).await?;
    hand_over::issue_secret(workflow, tx, request, &made).await
}

/// The new secret; if it has another id, that is stored.
async fn read_renewed(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &Request,
    renewed: Renewed,
) -> Outcome<IssuerAnswer> {
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(tx, id).await?.context("the token is gone")?;
    let mut account_sid = renewed.account_sid;
    if let Some(id) = renewed.id
        && let Some(known) = attempts::find_made(tx, token.request).await?
    {
        let id_is_secret = known.sealed_upstream_id.is_some();
        let was_shown = !id_is_secret && known.upstream_id.as_ref() == Some(&token.account_sid);
        if was_shown && account_sid.is_none() {
            account_sid = Some(id.clone());
        }
        let kept = identity::keep(workflow, &known.marker, (&id, id_is_secret))?;
        tx.change_upstream_id(known.attempt, &kept).await?;
    }
    Ok(IssuerAnswer {
        account_sid: account_sid.unwrap_or(token.account_sid),
        secret: renewed.secret,
        lifetime_start: LifetimeStart::FromNow,
    })
}

/// A new secret may have replaced the old one, and did not arrive here. The person who uses the token should
/// know at once. A disabled token has no secret that could stop working.
async fn secret_unsure(tx: &mut Tx, request: &Request, why: &str) -> Outcome<()> {
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(tx, id).await?.context("the token is gone")?;
    if request.content.kind != RequestKind::Reset || !token.state.is_on() {
        return Ok(());
    }
    Ok(tx.doubt_secret(request, &token, why).await?)
}
