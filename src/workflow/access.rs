//! Reads a token or a request for a person, if they are permitted to do to it what they ask for. Every
//! workflow that begins with a press uses this.

use sqlx::PgConnection;

use crate::domain::ids::{RequestId, TokenId};
use crate::domain::permission::{Action, allows};
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::store::approvals::RequestWithApprovals;
use crate::store::tx::Tx;
use crate::store::{requests, tokens};

use crate::workflow::refusal::{Gone, Refusal};
use crate::workflow::{Actor, Outcome, Workflow};

/// A token, for a person who may do `action` to it.
pub(in crate::workflow) async fn get_token(
    workflow: &Workflow,
    connection: &mut PgConnection,
    actor: &Actor,
    action: Action,
    id: TokenId,
) -> Outcome<Token> {
    let token = tokens::get(connection, id).await?.ok_or(Refusal::Gone(Gone::Token))?;
    check_token(workflow, actor, action, &token)?;
    Ok(token)
}

/// The same, but locked.
pub(in crate::workflow) async fn lock_token(
    workflow: &Workflow,
    connection: &mut PgConnection,
    actor: &Actor,
    action: Action,
    id: TokenId,
) -> Outcome<Token> {
    let token = tokens::lock(connection, id).await?.ok_or(Refusal::Gone(Gone::Token))?;
    check_token(workflow, actor, action, &token)?;
    Ok(token)
}

/// Refuses a person who may not do `action` to a token. The refusal does not reveal whether the token
/// exists.
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
        Err(Refusal::Gone(Gone::Token))
    }
}

/// A request, for a person who may do `action` to it.
pub(in crate::workflow) async fn get_request(
    workflow: &Workflow,
    actor: &Actor,
    action: Action,
    id: RequestId,
) -> Outcome<Request> {
    let mut connection = workflow.pool.acquire().await?;
    let request = requests::get(&mut connection, id).await?.ok_or(Refusal::Gone(Gone::Request))?;
    connection.keep();
    check_request(workflow, actor, action, &request)?;
    Ok(request)
}

/// The same, but locked.
pub(in crate::workflow) async fn lock_request(
    workflow: &Workflow,
    connection: &mut PgConnection,
    actor: &Actor,
    action: Action,
    id: RequestId,
) -> Outcome<Request> {
    let request = requests::lock(connection, id).await?.ok_or(Refusal::Gone(Gone::Request))?;
    check_request(workflow, actor, action, &request)?;
    Ok(request)
}

/// The same for a press, whose transaction begins with the lock.
pub(in crate::workflow) async fn begin_on_request(
    workflow: &Workflow,
    actor: &Actor,
    action: Action,
    id: RequestId,
) -> Outcome<(Tx, RequestWithApprovals)> {
    let (tx, locked) = workflow.begin_on_request(actor, id).await?;
    check_request(workflow, actor, action, &locked.request)?;
    Ok((tx, locked))
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
