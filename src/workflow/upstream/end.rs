//! A token is switched off at its upstream; where that can't be brought to it, by a person.

use std::time::Duration;

use serde_json::json;

use crate::config::UpstreamValues;
use crate::domain::attempt::Trouble;
use crate::domain::content::Content;
use crate::domain::ids::TokenId;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::domain::transitions::TokenTransition;
use crate::store::{attempts, events, requests, tokens};

use crate::workflow::token::{end, end_means, narrow};
use crate::workflow::upstream::create;
use crate::workflow::{Outcome, Workflow};

/// How long an upstream may be out of reach until a person is asked, while we go on trying.
const PATIENCE: Duration = Duration::from_secs(300);

/// A token that its upstream is to switch off.
#[derive(Debug)]
pub struct TokenToEnd {
    /// The token.
    pub token: Token,
    /// What the upstream is asked with.
    pub values: UpstreamValues,
    /// Whether it is to be gone for good.
    pub for_good: bool,
}

/// A token that its upstream is to switch off, if it still is.
pub async fn get_due_token(workflow: &Workflow, id: TokenId) -> Outcome<Option<TokenToEnd>> {
    let mut tx = workflow.tx().await?;
    let Some(token) = tokens::lock(&mut tx, id).await? else { return Ok(None) };
    let Some(kind) = pending_end(&token) else { return Ok(None) };
    if !end_means::has_upstream_call(workflow, &token, kind) {
        // The configuration had a call for that when it was asked for.
        drop(tx);
        let said = "the configuration has no call for that".to_owned();
        report_trouble(workflow, id, Some(said)).await?;
        return Ok(None);
    }
    let Some(known) = end_means::get_upstream(&mut tx, &token).await? else {
        return Ok(None);
    };
    let latest = requests::get(&mut tx, token.latest_request()).await?;
    Ok(latest.map(|latest| TokenToEnd {
        values: create::build_values(&latest, &known.marker, Some(&known.upstream_id)),
        token,
        for_good: kind == RequestKind::Delete,
    }))
}

/// The upstream did it: the token is off, and the person who was asked to do it need not. Where it is to be
/// gone for good by now, and was asked for less (not `for_good`), that is still to be done.
pub async fn record_success(workflow: &Workflow, id: TokenId, for_good: bool) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some(token) = tokens::lock(&mut tx, id).await? else { return Ok(()) };
    let is_done = pending_end(&token).is_some_and(|kind| for_good || kind == RequestKind::Disable);
    if is_done {
        let asked = events::asked_to_end(&mut tx, token.id).await?;
        end::complete(&mut tx, &token, (token.request, asked)).await?;
        end::drop_task(&mut tx, &token, "done_upstream").await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The upstream did not: a person is asked to, at once where it said no (`said`), after a while
/// where it can't be reached.
pub async fn report_trouble(workflow: &Workflow, id: TokenId, said: Option<String>) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some(token) = tokens::lock(&mut tx, id).await? else { return Ok(()) };
    let Some(kind) = pending_end(&token) else { return Ok(()) };
    let Some(known) = end_means::get_upstream(&mut tx, &token).await? else {
        return Ok(());
    };
    let lasts = attempts::note_trouble(&mut tx, known.attempt, PATIENCE).await?;
    let is_asked = requests::open_task(&mut tx, id).await?.is_some();
    if !is_asked && (lasts || said.is_some()) {
        let said = said.unwrap_or_else(|| "it does not answer".to_owned());
        let reason = Trouble::Refused(said).to_string();
        let asked = events::asked_to_end(&mut tx, token.id).await?;
        let wanted_by = asked.person.unwrap_or(token.owner);
        let detail = json!({ "reason": reason });
        tx.note_token(&token, TokenTransition::ReportTrouble, detail).await?;
        let content = Content::task(kind, &token);
        narrow::ask_admin(workflow, &mut tx, &content, wanted_by).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What a token is on its way to.
fn pending_end(token: &Token) -> Option<RequestKind> {
    match token.state {
        TokenState::Disabling => Some(RequestKind::Disable),
        TokenState::Deleting => Some(RequestKind::Delete),
        _ => None,
    }
}
