//! A recorded call that creates a token at an upstream: what it sends, and what happens if its result is
//! unclear.

use std::time::Duration;

use anyhow::Context as _;
use chrono::Utc;

use crate::config::{HttpIssuerSettings, UpstreamValues};
use crate::domain::attempt::{Attempt, AttemptState, UpstreamProblem};
use crate::domain::ids::AttemptId;
use crate::domain::request::{Request, RequestState};
use crate::domain::token::Token;
use crate::domain::transitions::AttemptTransition;
use crate::store::attempts::{self, Upstream};
use crate::store::tx::Tx;
use crate::store::{requests, tokens};

use crate::workflow::upstream::trouble;
use crate::workflow::{Outcome, Workflow};

/// How long a call may be on its way to an upstream that is no longer configured.
const LONGEST_SETTLE: Duration = Duration::from_secs(60);

/// The values of a request that an upstream gets; `marker` and `id` only if there is a token.
pub(in crate::workflow) fn build_values(
    request: &Request,
    marker: &str,
    id: Option<&str>,
) -> UpstreamValues {
    let content = &request.content;
    let lifetime_seconds = u64::from(content.lifetime_days) * 24 * 60 * 60;
    UpstreamValues {
        name: content.settings.name.clone(),
        description: content.settings.description.clone(),
        marker: marker.to_owned(),
        api_version: content.settings.api_version.get(),
        scopes: content.scopes.iter().map(|scope| scope.value.clone()).collect(),
        requester: request.requester.to_string(),
        contact: content.settings.contact.to_string(),
        developer_emails: content.settings.developer_addresses(),
        lifetime_seconds,
        expires_at: UpstreamValues::end_of(lifetime_seconds, Utc::now()),
        upstream_id: id.map(str::to_owned),
    }
}

/// The call's request, locked first, and the call.
pub(in crate::workflow) async fn lock_attempt(
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

/// A call has no clear answer: its token is looked for, by us or by an admin. Whether by us.
pub(in crate::workflow) async fn mark_doubtful(
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

/// Whether we can look for a doubtful call's token. If not, it is left to an admin.
pub(in crate::workflow) async fn can_look(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    doubtful: &Attempt,
) -> Outcome<bool> {
    let Some(upstream) = find_upstream(workflow, request) else { return Ok(false) };
    if upstream.find.is_some() && upstream.revoke.is_some() {
        return Ok(true);
    }
    let trouble = UpstreamProblem::Unsure(doubtful.marker.clone());
    leave_to_person(tx, request, doubtful, ("it can't be looked for", &trouble)).await?;
    Ok(false)
}

/// A person has to look, once there is one who can go on with the request: until then it stays doubtful, so that
/// no other call goes out. One beside which another went out already waits for nothing. `why` is for the audit log.
pub(in crate::workflow) async fn leave_to_person(
    tx: &mut Tx,
    request: &mut Request,
    attempt: &Attempt,
    (why, trouble): (&str, &UpstreamProblem),
) -> Outcome<()> {
    let is_ready = attempt.state == AttemptState::Absent || request.state.is_final();
    if is_ready || request.state == RequestState::Issuing {
        let leave = (AttemptTransition::LeaveToPerson, None);
        tx.move_attempt(request, attempt, leave, why).await?;
        trouble::fail_request(tx, request, trouble).await?;
    }
    Ok(())
}

/// The upstream that creates a request's tokens, if its provider (still) has one.
pub(in crate::workflow) fn find_upstream<'a>(
    workflow: &'a Workflow,
    request: &Request,
) -> Option<&'a HttpIssuerSettings> {
    workflow.config.provider(&request.content.provider)?.issuer.http()
}

/// Not there; but a call may be on its way for long.
pub(in crate::workflow) async fn schedule_last_look(
    tx: &mut Tx,
    request: &Request,
    attempt: &Attempt,
    after: Duration,
) -> Outcome<()> {
    let again = (AttemptTransition::Recheck, Some(after));
    Ok(tx.move_attempt(request, attempt, again, "not there so far").await?)
}

/// The token that a request changes, with its id at the upstream. The request fails if no upstream created it.
pub(in crate::workflow) async fn find_changed(
    tx: &mut Tx,
    request: &mut Request,
) -> Outcome<Option<(Token, Upstream)>> {
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(tx, id).await?.context("the token is gone")?;
    let Some(known) = attempts::find_made(tx, token.request).await? else {
        let problem = UpstreamProblem::Refused("its upstream never made it".to_owned());
        trouble::fail_request(tx, request, &problem).await?;
        return Ok(None);
    };
    Ok(Some((token, known)))
}
