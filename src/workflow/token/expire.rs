//! Ends tokens whose time is up, and tells their people of all that expired at the same time.

use std::collections::HashMap;

use crate::domain::ids::TokenId;
use crate::domain::notice::{NoticeKind, list_everyone};
use crate::store::tx::{SharedNotices, TokenEvent};
use crate::store::{approvals, expiries, tokens};

use crate::workflow::token::end;
use crate::workflow::token::end_means::TokenEnd;
use crate::workflow::{Outcome, Workflow};

/// How many expiries are told in one transaction.
const AT_ONCE: u16 = 500;

/// The outcome of telling people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyOutcome {
    /// All messages are stored.
    Everyone,
    /// More tokens are expiring now; they go into the same messages.
    TooEarly,
}

/// Ends a token whose time is up.
pub async fn end_if_due(workflow: &Workflow, id: TokenId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some(token) = tokens::lock(&mut tx, id).await? else { return Ok(()) };
    if !tokens::is_expired(&mut tx, id).await? {
        return Ok(());
    }
    end::stop_token(workflow, &mut tx, &token, TokenEnd::Expired).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells the people of expired tokens, in one message each: after a downtime of a week there may be many.
pub async fn notify_people(workflow: &Workflow) -> Outcome<NotifyOutcome> {
    let mut tx = workflow.tx().await?;
    if expiries::is_any_under_way(&mut tx).await? {
        return Ok(NotifyOutcome::TooEarly);
    }
    let expired = expiries::take_unreported(&mut tx, AT_ONCE).await?;
    let ids: Vec<TokenId> = expired.iter().map(|expiry| expiry.token).collect();
    let events: HashMap<_, _> = expired.iter().map(|expiry| (expiry.token, expiry.event)).collect();
    let mut notices = SharedNotices::default();
    for token in tokens::get_all(&mut tx, &ids).await? {
        let request = approvals::find_last_approved_request(&mut tx, &token).await?;
        let about = TokenEvent { event: events[&token.id], request, token: token.id };
        notices.add(about, list_everyone(&token, [token.owner, token.settings.contact]));
    }
    let kinds = (NoticeKind::TokenExpired, NoticeKind::SeveralExpired);
    tx.notify_of_one_or_several(notices, kinds).await?;
    if expired.len() == usize::from(AT_ONCE) {
        tx.go_on_telling_of_expiries();
    }
    tx.commit().await?;
    Ok(NotifyOutcome::Everyone)
}
