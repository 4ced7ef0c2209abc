//! A token or a request is looked up for a person: only where they may do to it what they ask for. Every workflow
//! that begins with a press comes by here.

use sqlx::PgConnection;

use crate::domain::ids::{RequestId, TokenId};
use crate::domain::permission::{Action, allows};
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::store::{requests, tokens};

use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Outcome, Workflow};

/// A token, for somebody who may do `action` to it.
pub(in crate::workflow) async fn get_token(
    workflow: &Workflow,
    connection: &mut PgConnection,
    actor: &Actor,
    action: Action,
    id: TokenId,
) -> Outcome<Token> {
    let token = tokens::get(connection, id).await?.ok_or(Refusal::Gone)?;
    check_token(workflow, actor, action, &token)?;
    Ok(token)
}

/// The same, locked.
pub(in crate::workflow) async fn lock_token(
    workflow: &Workflow,
    connection: &mut PgConnection,
    actor: &Actor,
    action: Action,
    id: TokenId,
) -> Outcome<Token> {
    let token = tokens::lock(connection, id).await?.ok_or(Refusal::Gone)?;
    check_token(workflow, actor, action, &token)?;
    Ok(token)
}

/// Refuses the person who may not do `action` to a token: in words that don't tell whether there is one.
pub(in crate::workflow) fn check_token(
    workflow: &Workflow,
    actor: &Actor,
    action: Action,
    token: &Token,
) -> Result<(), Refusal> {
    let relationship = actor.relationship_to(workflow.config.provider(&token.provider), token);
    if allows(action, relationship) {
        Ok(())
    } else if allows(Action::ReadToken, relationship) {
        Err(Refusal::NotAllowed(action))
    } else {
        Err(Refusal::Gone)
    }
}

/// A request, for somebody who may do `action` to it.
pub(in crate::workflow) async fn get_request(
    workflow: &Workflow,
    actor: &Actor,
    action: Action,
    id: RequestId,
) -> Outcome<Request> {
    let mut connection = workflow.pool.acquire().await?;
    let request = requests::get(&mut connection, id).await?.ok_or(Refusal::Gone)?;
    check_request(workflow, actor, action, &request)?;
    Ok(request)
}

/// The same, locked.
pub(in crate::workflow) async fn lock_request(
    workflow: &Workflow,
    connection: &mut PgConnection,
    actor: &Actor,
    action: Action,
    id: RequestId,
) -> Outcome<Request> {
    let request = requests::lock(connection, id).await?.ok_or(Refusal::Gone)?;
    check_request(workflow, actor, action, &request)?;
    Ok(request)
}

fn check_request(
    workflow: &Workflow,
    actor: &Actor,
    action: Action,
    request: &Request,
) -> Result<(), Refusal> {
    let provider = workflow.config.provider(&request.content.provider);
    actor.must_be_allowed(action, provider, Some(request.requester))
}
