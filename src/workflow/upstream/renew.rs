//! Swaps a token's secret at its upstream, which also enables a disabled token. A swap without a clear answer
//! may still arrive, and would end the secret of the next one: so another waits for that. What a call did that
//! nobody saw answered stays unclear until a later one is, whatever is refused in between.

use std::time::Duration;

use anyhow::Context as _;

use crate::config::HttpIssuerSettings;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::ids::{AttemptId, RequestId};
use crate::domain::issuer::IssuerKind;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::TokenState;
use crate::issuer::{Answer, Later, NotDone, Renewed, describe_refusal};
use crate::store::attempts::Upstream;
use crate::store::tokens::LifetimeStart;
use crate::store::tx::Tx;
use crate::store::{attempts, now, requests, secrets, tokens};

use crate::workflow::delivery::hand_over::{self, IssuerAnswer};
use crate::workflow::refusal::Refusal;
use crate::workflow::request::fulfil::ACCOUNT_SID_LIMIT;
use crate::workflow::request::review::{self, Today};
use crate::workflow::token::end;
use crate::workflow::token::end_means::TokenEnd;
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
    let Some((token, known)) = attempt::find_changed(tx, request).await? else {
        return Ok(UpstreamCall::Nothing);
    };
    if review::waits_until_off(request, &token) {
        return Ok(UpstreamCall::Wait(REPEAT_AFTER));
    }
    let now = now(tx).await?;
    let earlier = attempts::in_flight_until(tx, known.attempt).await?;
    if let Some(left) = earlier.and_then(|until| (until - now).to_std().ok()) {
        return Ok(UpstreamCall::Wait(left));
    }
    let provider = request.content.provider.clone();
    if let Some(upstream) = attempt::find_upstream(workflow, request) {
        attempts::note_call(tx, known.attempt, false, upstream.longest_call()).await?;
        attempts::note_renewal_sent(tx, known.attempt).await?;
    }
    let upstream_id = identity::open(workflow, &known)?;
    let values = attempt::build_values(request, &known.marker, Some(&upstream_id));
    Ok(UpstreamCall::Renew(provider, values, request.content.kind == RequestKind::Enable))
}

/// A disabled token got its new secret, and is about to be enabled: that is another call, and its id may be another
/// one by now.
pub async fn record_reset(
    workflow: &Workflow,
    id: RequestId,
    upstream_id: Option<&str>,
) -> Outcome<()> {
    keep_id(workflow, id, upstream_id).await?;
    let mut tx = workflow.tx().await?;
    let Some(request) = requests::lock(&mut tx, id).await? else { return Ok(()) };
    if let Some(known) = find_known(&mut tx, &request).await? {
        if let Some(upstream) = attempt::find_upstream(workflow, &request) {
            attempts::note_call(&mut tx, known.attempt, false, upstream.longest_call()).await?;
        }
        let doubt = "its secret was swapped, and then it was to be enabled";
        attempts::note_renewal_step(&mut tx, known.attempt, doubt).await?;
    }
    Ok(tx.commit().await?)
}

/// The upstream answered, clearly or not.
pub async fn record_answer(
    workflow: &Workflow,
    id: RequestId,
    answer: Answer<Renewed>,
) -> Outcome<Next> {
    // Whatever becomes of the secret, the token has this id from now on.
    let upstream_id = answer.as_ref().ok().and_then(|renewed| renewed.id.clone());
    keep_id(workflow, id, upstream_id.as_deref()).await?;
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else {
        return Ok(Next::Over);
    };
    let doubt = note_answer(&mut tx, &request, &answer).await?;
    if request.state != RequestState::Issuing {
        if let (Ok(_), _) | (_, Some(_)) = (&answer, &doubt) {
            warn_or_disable(workflow, &mut tx, &request, "its request had ended").await?;
        }
        tx.commit().await?;
        return Ok(Next::Over);
    }
    let next = match (answer, doubt) {
        (Ok(renewed), _) => match keep_secret(workflow, &mut tx, &mut request, renewed).await {
            Ok(()) => Next::Over,
            Err(Failure::Refused(Refusal::SecretKnown)) => {
                tx.rollback().await?;
                let why = "the secret in the answer was handed out before".to_owned();
                return Box::pin(record_answer(workflow, id, Err(NotDone::Doubtful(why)))).await;
            }
            Err(failure) => return Err(failure),
        },
        (Err(NotDone::NotNow(later)), _) => {
            wait_or_fail(workflow, &mut tx, &mut request, later).await?
        }
        (Err(NotDone::Refused { status, words }), None) => {
            let trouble = UpstreamProblem::Refused(describe_refusal(status, words));
            trouble::fail_request(&mut tx, &mut request, &trouble).await?;
            Next::Over
        }
        (Err(NotDone::Refused { status, words }), Some(doubt)) => {
            let why = format!("{doubt}; then: {}", describe_refusal(status, words));
            warn_unless_told(&mut tx, &request, &why).await?;
            fail_in_doubt(workflow, &mut tx, &mut request, why).await?;
            Next::Over
        }
        (Err(NotDone::Doubtful(_)), _) if can_be_repeated(workflow, &mut tx, &request).await? => {
            Next::Wait(REPEAT_AFTER)
        }
        (Err(NotDone::Doubtful(why)), _) => {
            warn(&mut tx, &request, &why).await?;
            fail_in_doubt(workflow, &mut tx, &mut request, why).await?;
            Next::Over
        }
    };
    tx.commit().await?;
    Ok(next)
}

/// Waits for an upstream as for any call; but where an earlier call may have swapped the secret, its people know at
/// once, and nobody reads that nothing was done.
pub(in crate::workflow) async fn wait_or_fail(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    later: Option<Later>,
) -> Outcome<Next> {
    let Some(doubt) = find_doubt(tx, request).await? else {
        return trouble::wait_or_fail(tx, request, later).await;
    };
    warn_unless_told(tx, request, &doubt).await?;
    if let Some(next) = trouble::wait_on(tx, request, later.as_ref()).await? {
        return Ok(next);
    }
    let said = later.map_or_else(|| "it can't be reached".to_owned(), |later| later.said);
    fail_in_doubt(workflow, tx, request, format!("{doubt}; then: {said}")).await?;
    Ok(Next::Over)
}

/// A request ended, or can't go on, and a call of it may have renewed the secret: its answer is for nobody.
pub(in crate::workflow) async fn settle_unanswered(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &Request,
) -> Outcome<()> {
    match find_doubt(tx, request).await? {
        Some(doubt) => warn_or_disable(workflow, tx, request, &doubt).await,
        None => Ok(()),
    }
}

/// For how long a call that enables a token may still arrive; none if it can't.
pub async fn get_time_to_arrive(
    workflow: &Workflow,
    attempt: AttemptId,
) -> Outcome<Option<Duration>> {
    let mut tx = workflow.tx().await?;
    if attempts::find_renewal_doubt(&mut tx, attempt).await?.is_none() {
        return Ok(None);
    }
    let now = now(&mut tx).await?;
    let until = attempts::in_flight_until(&mut tx, attempt).await?;
    Ok(until.and_then(|until| (until - now).to_std().ok()))
}

/// The token's row at its upstream, if a request renews a secret there.
async fn find_known(tx: &mut Tx, request: &Request) -> Outcome<Option<Upstream>> {
    if !request.content.kind.renews_the_secret() || request.content.issuer != IssuerKind::Http {
        return Ok(None);
    }
    let Some(token) = request.token() else { return Ok(None) };
    let Some(token) = tokens::get(tx, token).await? else { return Ok(None) };
    Ok(attempts::find_made(tx, token.request).await?)
}

/// Why it is unclear what a call did that renews the secret of a request's token.
async fn find_doubt(tx: &mut Tx, request: &Request) -> Outcome<Option<String>> {
    match find_known(tx, request).await? {
        Some(known) => Ok(attempts::find_renewal_doubt(tx, known.attempt).await?),
        None => Ok(None),
    }
}

/// The token's new id, before anything else is done with an answer.
async fn keep_id(workflow: &Workflow, id: RequestId, upstream_id: Option<&str>) -> Outcome<()> {
    let Some(upstream_id) = upstream_id else { return Ok(()) };
    let mut tx = workflow.tx().await?;
    let Some(request) = requests::lock(&mut tx, id).await? else { return Ok(()) };
    if let Some(known) = find_known(&mut tx, &request).await? {
        let is_secret = known.sealed_upstream_id.is_some();
        let kept = identity::keep(workflow, &known.marker, (upstream_id, is_secret))?;
        tx.change_upstream_id(known.attempt, &kept).await?;
    }
    Ok(tx.commit().await?)
}

/// What an answer says of the calls so far. Returns why it is unclear what this call or an earlier one did.
async fn note_answer(
    tx: &mut Tx,
    request: &Request,
    answer: &Answer<Renewed>,
) -> Outcome<Option<String>> {
    let Some(known) = find_known(tx, request).await? else { return Ok(None) };
    if !matches!(answer, Err(NotDone::Doubtful(_))) {
        attempts::note_answer(tx, known.attempt, (None, false)).await?;
    }
    let doubt = match answer {
        Ok(renewed) => {
            attempts::note_renewal_clear(tx, known.attempt).await?;
            if let Some(ends) = &renewed.ends {
                attempts::note_renewed_end(tx, known.attempt, ends.at()).await?;
            }
            return Ok(None);
        }
        Err(NotDone::Doubtful(why)) => Some(why.as_str()),
        // Some enable a token and say that it was too much: that it is off again, somebody looks.
        Err(NotDone::NotNow(Some(later))) if request.content.kind == RequestKind::Enable => {
            Some(later.said.as_str())
        }
        Err(NotDone::NotNow(_) | NotDone::Refused { .. }) => None,
    };
    Ok(attempts::note_renewal_failed(tx, known.attempt, doubt).await?)
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
        return warn_or_disable(workflow, tx, request, why).await;
    }
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(tx, id).await?.context("the token is gone")?;
    let shows_ids =
        attempt::find_upstream(workflow, request).is_some_and(HttpIssuerSettings::shows_ids);
    let shown = renewed.id.filter(|id| shows_ids && id.len() <= ACCOUNT_SID_LIMIT);
    let made = IssuerAnswer {
        account_sid: renewed.account_sid.or(shown).unwrap_or(token.account_sid),
        secret: renewed.secret,
        lifetime_start: LifetimeStart::FromNow,
    };
    hand_over::issue_secret(workflow, tx, request, &made).await
}

/// The request fails, as nobody knows what its calls did.
async fn fail_in_doubt(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    why: String,
) -> Outcome<()> {
    if request.content.kind == RequestKind::Reset {
        return trouble::fail_request(tx, request, &UpstreamProblem::Renewing(why)).await;
    }
    trouble::fail_request(tx, request, &UpstreamProblem::Enabling(why)).await?;
    disable_again(workflow, tx, request).await
}

/// What follows for a token if a call may have renewed its secret, and its request is not there to say so.
async fn warn_or_disable(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &Request,
    why: &str,
) -> Outcome<()> {
    warn_unless_told(tx, request, why).await?;
    disable_again(workflow, tx, request).await
}

/// Here a token that was to be enabled stays disabled, and there it may work. Only a look can tell.
async fn disable_again(workflow: &Workflow, tx: &mut Tx, request: &Request) -> Outcome<()> {
    if request.content.kind != RequestKind::Enable {
        return Ok(());
    }
    let id = request.token().context("a change has a token")?;
    let token = tokens::lock(tx, id).await?.context("the token is gone")?;
    let off = match token.state {
        TokenState::Disabled => TokenEnd::MayBeEnabled,
        // Its time was up meanwhile.
        TokenState::Expired => TokenEnd::Deleted,
        _ => return Ok(()),
    };
    end::stop_token(workflow, tx, &token, off).await?;
    Ok(())
}

/// The same as [`warn`], once for each secret.
async fn warn_unless_told(tx: &mut Tx, request: &Request, why: &str) -> Outcome<()> {
    let id = request.token().context("a change has a token")?;
    match secrets::is_doubted(tx, id).await? {
        true => Ok(()),
        false => warn(tx, request, why).await,
    }
}

/// A new secret may have replaced the old one, and did not arrive here. The person who uses the token should
/// know at once. A disabled token has no secret that could stop working.
async fn warn(tx: &mut Tx, request: &Request, why: &str) -> Outcome<()> {
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(tx, id).await?.context("the token is gone")?;
    if request.content.kind != RequestKind::Reset || !token.state.is_on() {
        return Ok(());
    }
    Ok(tx.doubt_secret(request, &token, why).await?)
}
