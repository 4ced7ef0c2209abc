//! Ends a token at its upstream; if the upstream can't, an admin is asked.

use std::time::Duration;

use serde_json::json;

use crate::config::UpstreamValues;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::content::Content;
use crate::domain::ids::{AttemptId, TokenId};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::domain::transitions::TokenTransition;
use crate::issuer::Known;
use crate::store::{attempts, events, now, requests, tokens};

use crate::workflow::token::end::{self, IsGone};
use crate::workflow::token::{end_means, narrow};
use crate::workflow::upstream::{attempt, identity};
use crate::workflow::{Outcome, Workflow};

/// How long an upstream may be unreachable until an admin is asked, while we keep trying.
const PATIENCE: Duration = Duration::from_secs(300);

/// A token that its upstream must end.
#[derive(Debug)]
pub struct TokenToEnd {
    /// The token.
    pub token: Token,
    /// The call that created it.
    pub attempt: AttemptId,
    /// The values for the upstream's calls.
    pub values: UpstreamValues,
    /// What is known of it before the look-up.
    pub known: Known,
}

/// When an admin is asked to end what the upstream does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// At once.
    Now,
    /// If that lasts.
    Later,
}

/// Loads a token that its upstream must end, if it still must.
pub async fn get_due_token(workflow: &Workflow, id: TokenId) -> Outcome<Option<TokenToEnd>> {
    let mut tx = workflow.tx().await?;
    let Some(token) = tokens::lock(&mut tx, id).await? else { return Ok(None) };
    let Some(kind) = pending_end(&token) else { return Ok(None) };
    if !end_means::has_upstream_call(workflow, &token, kind) {
        // The configuration had a call for that when it was requested.
        drop(tx);
        let said = "the configuration has no call for that".to_owned();
        report_trouble(workflow, id, (&UpstreamProblem::Refused(said), Ask::Now)).await?;
        return Ok(None);
    }
    let Some(known) = end_means::get_upstream(&mut tx, &token).await? else {
        return Ok(None);
    };
    let Some(latest) = requests::get(&mut tx, token.latest_request()).await? else {
        return Ok(None);
    };
    let upstream = workflow.config.provider(&token.provider).and_then(|found| found.issuer.http());
    let now = now(&mut tx).await?;
    let is_past = token.expires_at.is_some_and(|at| at <= now);
    let upstream_id = identity::open(workflow, &known)?;
    Ok(Some(TokenToEnd {
        values: attempt::build_values(&latest, &known.marker, Some(&upstream_id)),
        attempt: known.attempt,
        known: Known {
            ids_are_unique: upstream.is_some_and(|upstream| upstream.ids_are_unique),
            was_seen: known.was_seen,
            was_accepted: known.was_accepted,
            has_ended_itself: known.ends_itself && is_past,
            is_off: known.is_off,
            for_good: kind == RequestKind::Delete,
        },
        token,
    }))
}

/// The upstream shows the token to have ended, so the admin who was asked need not act. If it must now be
/// deleted, but only had to be disabled before (not `for_good`), that is still to be done. A token that may
/// still work for a while is not reported as ended before: returns for how long.
pub async fn record_success(workflow: &Workflow, due: &TokenToEnd) -> Outcome<Option<Duration>> {
    let mut tx = workflow.tx().await?;
    let Some(token) = tokens::lock(&mut tx, due.token.id).await? else { return Ok(None) };
    let provider = workflow.config.provider(&token.provider);
    let upstream = provider.and_then(|found| found.issuer.http());
    let takes = upstream.map(|found| found.revoke_takes).unwrap_or_default();
    // A token that can't be disabled was revoked.
    let is_gone = due.known.for_good || upstream.is_some_and(|found| found.disable.is_none());
    let is_over = attempts::note_off(&mut tx, due.attempt, takes).await?;
    let is_done =
        pending_end(&token).is_some_and(|kind| due.known.for_good || kind == RequestKind::Disable);
    if is_done && is_over {
        let asked = events::find_end_initiator(&mut tx, token.id).await?;
        end::complete(&mut tx, &token, (token.request, asked), IsGone(is_gone)).await?;
        end::drop_task(&mut tx, &token, "done_upstream").await?;
        attempts::note_on(&mut tx, due.attempt).await?;
    }
    tx.commit().await?;
    Ok((!is_over).then_some(takes))
}

/// Its end can't be seen: an admin is asked. If one was asked before, the card shows the current
/// reason.
pub async fn report_trouble(
    workflow: &Workflow,
    id: TokenId,
    (trouble, ask): (&UpstreamProblem, Ask),
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some(token) = tokens::lock(&mut tx, id).await? else { return Ok(()) };
    let Some(kind) = pending_end(&token) else { return Ok(()) };
    let Some(known) = end_means::get_upstream(&mut tx, &token).await? else {
        return Ok(());
    };
    attempts::note_on(&mut tx, known.attempt).await?;
    let lasts = attempts::note_trouble(&mut tx, known.attempt, PATIENCE).await?;
    let is_asked = requests::find_open_task(&mut tx, id).await?.is_some();
    let reason = trouble.to_string();
    if ask == Ask::Now || lasts {
        let before = events::last_trouble(&mut tx, id).await?;
        if !is_asked || (ask == Ask::Now && before.as_deref() != Some(reason.as_str())) {
            let detail = json!({ "reason": reason });
            tx.note_token(&token, TokenTransition::ReportTrouble, detail).await?;
        }
        if !is_asked {
            let asked = events::find_end_initiator(&mut tx, token.id).await?;
            let wanted_by = asked.person.unwrap_or(token.owner);
            let content = Content::of_task(kind, &token);
            narrow::ask_admin(workflow, &mut tx, &content, wanted_by).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The state that a token is changing to.
fn pending_end(token: &Token) -> Option<RequestKind> {
    match token.state {
        TokenState::Disabling => Some(RequestKind::Disable),
        TokenState::Deleting => Some(RequestKind::Delete),
        _ => None,
    }
}
