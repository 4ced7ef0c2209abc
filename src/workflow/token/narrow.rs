//! Narrows a token with one press: at once if its issuer can do so, otherwise a person is asked to.

use serde_json::json;

use crate::domain::change;
use crate::domain::content::Content;
use crate::domain::ids::{RequestNumber, UserId};
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::Token;
use crate::store::requests::NewRequest;
use crate::store::tx::Tx;

use crate::workflow::request::resolve_draft;
use crate::workflow::{Actor, Outcome, Workflow};

/// The outcome of a narrowing.
#[derive(Debug)]
pub struct Narrowed {
    /// The token as it is now.
    pub token: Token,
    /// The task for a person, if one is needed; none if it has taken effect.
    pub task: Option<Request>,
    /// The pending request that became this; it is withdrawn.
    pub instead_of: Option<RequestNumber>,
}

/// Gives a token, which the caller has locked, a content that only removes something.
pub(in crate::workflow) async fn apply(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    token: Token,
    content: Content,
) -> Outcome<Narrowed> {
    if !token.issuer.narrows_at_once() {
        // No approval binds what is called.
        let content = Content { kind: RequestKind::Narrow, calls: Vec::new(), ..content };
        let task = ask_admin(workflow, tx, &content, actor.user).await?;
        return Ok(Narrowed { token, task: Some(task), instead_of: None });
    }
    let removed = change::compare_scopes(&content).removed;
    let lives_anew = content.target.as_ref().is_some_and(|target| target.lives_anew);
    let days = lives_anew.then_some(content.lifetime_days);
    let removed = json!(removed);
    let narrowed = tx.narrow_token(&token, (&content.scopes, days), removed).await?;
    Ok(Narrowed { token: narrowed, task: None, instead_of: None })
}

/// A request that needs no approvals, only an admin who carries it out at the provider.
pub(in crate::workflow) async fn ask_admin(
    workflow: &Workflow,
    tx: &mut Tx,
    content: &Content,
    on_behalf_of: UserId,
) -> Outcome<Request> {
    let new = NewRequest {
        requester: on_behalf_of,
        content,
        terms: resolve_draft::build_terms(&workflow.config.policy, 0),
        draft: None,
        most_open: None,
    };
    Ok(tx.submit_request(&new).await?.ok_or(sqlx::Error::RowNotFound)?)
}
