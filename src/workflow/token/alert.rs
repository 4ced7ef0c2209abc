//! What a provider's admins are alerted of: someone else may have a token, or use it.

use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, UserId};
use crate::domain::notice::NoticeKind;
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::store::{calls, requests, tokens};

use crate::workflow::{Outcome, Workflow};

/// An alert, with all that it mentions.
#[derive(Debug)]
pub struct Alert {
    /// What people are told of it.
    pub kind: NoticeKind,
    /// The provider.
    pub provider: ProviderId,
    /// The token, as it is now.
    pub token: Token,
    /// The request that made it.
    pub request: Request,
    /// Who found the secret, or pressed *Not me*.
    pub actor: Option<UserId>,
    /// Whether an operator did it.
    pub by_operator: bool,
}

/// What an event alerts of.
pub async fn get_alert(workflow: &Workflow, event: EventId) -> Outcome<Option<Alert>> {
    let mut connection = workflow.pool.acquire().await?;
    let found = calls::get_alerting_event(&mut connection, event).await?;
    let Some(found) = found else { return Ok(None) };
    let Some(token) = tokens::get(&mut connection, found.token).await? else { return Ok(None) };
    let Some(request) = requests::get(&mut connection, token.request).await? else {
        return Ok(None);
    };
    let kind = match found.kind {
        EventKind::DeliveryDisowned => NoticeKind::Disowned,
        _ => NoticeKind::Leaked,
    };
    let (provider, actor, by_operator) = (found.provider, found.actor, found.by_operator);
    Ok(Some(Alert { kind, provider, token, request, actor, by_operator }))
}
