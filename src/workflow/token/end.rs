//! Ends tokens: at once if the issuer can do so, otherwise when a person confirms that they did it.

use serde_json::{Value, json};

use crate::domain::content::Content;
use crate::domain::ids::{RequestId, TokenId, UserId};
use crate::domain::operator::Operator;
use crate::domain::permission::Action;
use crate::domain::policy;
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::domain::transitions::{RequestTransition, TokenTransition};
use crate::store::events::{self, EndInitiator};
use crate::store::tx::{Cause, EndTokenStep, Tx};
use crate::store::{approvals, attempts, now, requests, tokens};

use crate::workflow::refusal::{Gone, Refusal};
use crate::workflow::token::end_means::{self, EndMeans, TokenEnd};
use crate::workflow::token::narrow;
use crate::workflow::{Actor, Outcome, Workflow, access};

/// *Disable*.
pub async fn disable(workflow: &Workflow, actor: &Actor, id: TokenId) -> Outcome<Token> {
    let mut tx = workflow.begin(actor).await?;
    let action = Action::NarrowToken;
    let token = access::lock_token(workflow, &mut tx, actor, action, id).await?;
    if !token.state.allows(RequestKind::Disable) {
        return Err(Refusal::TokenIs(token.state).into());
    }
    let provider = workflow.config.provider(&token.provider);
    if provider.is_some_and(|found| !found.issuer.offers(RequestKind::Disable)) {
        return Err(Refusal::NotOffered.into());
    }
    let token = stop_token(workflow, &mut tx, &token, TokenEnd::Disabled).await?;
    tx.commit().await?;
    Ok(token)
}

/// A token for the form of *Delete*, before anything changes.
pub async fn get_token_to_delete(
    workflow: &Workflow,
    actor: &Actor,
    id: TokenId,
) -> Outcome<Token> {
    get_token_that_allows(workflow, actor, id, RequestKind::Delete).await
}

/// A token for the question of *Disable*, before anything changes.
pub async fn get_token_to_disable(
    workflow: &Workflow,
    actor: &Actor,
    id: TokenId,
) -> Outcome<Token> {
    get_token_that_allows(workflow, actor, id, RequestKind::Disable).await
}

async fn get_token_that_allows(
    workflow: &Workflow,
    actor: &Actor,
    id: TokenId,
    kind: RequestKind,
) -> Outcome<Token> {
    let mut connection = workflow.pool.acquire().await?;
    let action = Action::NarrowToken;
    let token = access::get_token(workflow, &mut connection, actor, action, id).await?;
    if token.state.allows(kind) { Ok(token) } else { Err(Refusal::TokenIs(token.state).into()) }
}

/// *Delete*, confirmed by typing the token's name.
pub async fn delete(
    workflow: &Workflow,
    actor: &Actor,
    id: TokenId,
    typed: &str,
) -> Outcome<Token> {
    let mut tx = workflow.begin(actor).await?;
    let action = Action::NarrowToken;
    let token = access::lock_token(workflow, &mut tx, actor, action, id).await?;
    if !token.state.allows(RequestKind::Delete) {
        return Err(Refusal::TokenIs(token.state).into());
    }
    if typed.trim() != token.settings.name {
        return Err(Refusal::NotItsName.into());
    }
    let token = stop_token(workflow, &mut tx, &token, TokenEnd::Deleted).await?;
    tx.commit().await?;
    Ok(token)
}

/// The operator disables a token; `because` is an additional reason.
pub async fn disable_by_operator(
    workflow: &Workflow,
    id: TokenId,
    operator: &Operator,
    because: Option<&str>,
) -> Outcome<Token> {
    let mut tx = workflow.tx().await?;
    let token = tokens::lock(&mut tx, id).await?.ok_or(Refusal::Gone(Gone::Token))?;
    if !token.state.allows(RequestKind::Disable) {
        return Err(Refusal::TokenIs(token.state).into());
    }
    let off = TokenEnd::ByOperator;
    let mut detail = off.detail();
    detail["operator"] = json!(operator);
    if let Some(because) = because {
        detail["because"] = json!(because);
    }
    let token = stop_token_with(workflow, &mut tx, &token, (off, detail)).await?;
    tx.commit().await?;
    Ok(token)
}

/// Ends a token at once, if the issuer can or if the token was off already; otherwise a person must do it,
/// and a card of its own asks for it. Returns the changed token.
pub(in crate::workflow) async fn stop_token(
    workflow: &Workflow,
    tx: &mut Tx,
    token: &Token,
    off: TokenEnd,
) -> Outcome<Token> {
    stop_token_with(workflow, tx, token, (off, off.detail())).await
}

async fn stop_token_with(
    workflow: &Workflow,
    tx: &mut Tx,
    token: &Token,
    (off, detail): (TokenEnd, Value),
) -> Outcome<Token> {
    if !token.state.allows(off.kind()) && !is_ended_by(off, token.state) {
        return Ok(tokens::lock(tx, token.id).await?.ok_or(Refusal::Gone(Gone::Token))?);
    }
    let means = end_means::find(workflow, tx, token, off).await?;
    // An end by time is on behalf of the owner; the operator acts on behalf of nobody.
    let by_time = matches!(off, TokenEnd::Expired | TokenEnd::Lapsed);
    let asked = EndInitiator { person: by_time.then_some(token.owner), detail };
    let also_told = match off {
        TokenEnd::Leaked => list_approvers(tx, token).await?,
        _ => Vec::new(),
    };
    let transition = off.transition(means);
    let end = EndTokenStep { transition, request: token.request, asked, also_told };
    let ended = tx.end_token(token, end).await?;
    if means != EndMeans::Ourselves {
        // Not earlier: the task of the person who must switch the token off stays open as long as the token
        // waits for it.
        drop_task(tx, token, "superseded").await?;
    }
    if means == EndMeans::Person {
        let on_behalf_of = tx.person().unwrap_or(token.owner);
        let content = Content::of_task(off.kind(), token);
        narrow::ask_admin(workflow, tx, &content, on_behalf_of).await?;
    }
    Ok(ended)
}

/// *Done* on a task to disable or delete a token.
pub(in crate::workflow) async fn complete_task(tx: &mut Tx, task: &mut Request) -> Outcome<()> {
    let id = task.token().ok_or(Refusal::NothingToDo)?;
    let token = tokens::lock(tx, id).await?.ok_or(Refusal::NothingToDo)?;
    let asked = events::find_end_initiator(tx, token.id).await?;
    complete(tx, &token, (task.id, asked), IsGone(false)).await?;
    tx.move_request(task, RequestTransition::Finish, Cause::none()).await?;
    Ok(())
}

/// Withdraws the task to switch a token off.
pub(in crate::workflow) async fn drop_task(
    tx: &mut Tx,
    token: &Token,
    reason: &'static str,
) -> Outcome<()> {
    let Some(id) = requests::find_open_task(tx, token.id).await? else { return Ok(()) };
    let mut task = match requests::lock(tx, id).await {
        Ok(task) => task.ok_or(Refusal::Gone(Gone::Request))?,
        // A task that can't be read must not prevent the token's end.
        Err(sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) => {
            let ended = tx.withdraw_unread(id).await?;
            return Ok(tx.log_unread(&ended, json!({ "reason": reason })).await?);
        }
        Err(error) => return Err(error.into()),
    };
    let cause = Cause::reason(Some(reason));
    Ok(tx.move_request(&mut task, RequestTransition::DropTask, cause).await?)
}

/// Whether a token is gone for good, though it was only to stop: its upstream has no call for less.
#[derive(Debug, Clone, Copy)]
pub(in crate::workflow) struct IsGone(pub(in crate::workflow) bool);

/// A token that was being switched off is off now, and everyone is told; `asked` is the request that led to
/// it, and who asked.
pub(in crate::workflow) async fn complete(
    tx: &mut Tx,
    token: &Token,
    (request, asked): (RequestId, EndInitiator),
    is_gone: IsGone,
) -> Outcome<()> {
    if let Some(known) = end_means::get_upstream(tx, token).await? {
        attempts::note_renewal_clear(tx, known.attempt).await?;
    }
    let transition = match token.state {
        TokenState::Disabling => {
            let now = now(tx).await?;
            let is_past = token.expires_at.is_some_and(|at| at <= now);
            match is_gone {
                _ if is_past => TokenTransition::Expire,
                IsGone(true) => TokenTransition::Delete,
                IsGone(false) => TokenTransition::Disable,
            }
        }
        TokenState::Deleting => TokenTransition::Delete,
        _ => return Err(Refusal::NothingToDo.into()),
    };
    // The person who asked may be neither owner nor contact. A person who only found the secret learns
    // nothing about the token.
    let is_reported = asked.detail["reported_as_leaked"] == true;
    let also_told = asked.person.filter(|_| !is_reported).into_iter().collect();
    tx.end_token(token, EndTokenStep { transition, request, asked, also_told }).await?;
    Ok(())
}

/// People who approved the token: they are told that a secret of it was found, even while a person must
/// still switch it off.
async fn list_approvers(tx: &mut Tx, token: &Token) -> Outcome<Vec<UserId>> {
    let approved = approvals::find_last_approved_request(tx, token).await?;
    let read = approvals::get_request(tx, approved).await?;
    let Some(read) = read else { return Ok(Vec::new()) };
    Ok(policy::people_whose_approvals_count(&read.request, &read.approvals).into_iter().collect())
}

/// Whether a token is ended in this way from a state in which nobody could ask for it.
fn is_ended_by(off: TokenEnd, state: TokenState) -> bool {
    matches!(off, TokenEnd::Expired | TokenEnd::MayBeEnabled) && state == TokenState::Disabled
}
