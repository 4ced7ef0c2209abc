//! A token's time is up: it ends, and those who should know hear of all that ended with it.

use std::collections::HashMap;

use crate::domain::ids::TokenId;
use crate::domain::notice::{NoticeKind, list_everyone};
use crate::store::tx::{SharedNotices, TokenEvent};
use crate::store::{approvals, expiries, tokens};

use crate::workflow::token::end;
use crate::workflow::token::end_means::TokenEnd;
use crate::workflow::{Outcome, Workflow};

/// How many are told of in one transaction.
const AT_ONCE: u16 = 500;

/// What came of telling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotifyOutcome {
    /// Everybody's message is noted.
    Everyone,
    /// More expires just now, and comes into the same messages.
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

/// Tells everybody whose tokens expired, in one message to each: after a week of being off, these
/// are many.
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
        tx.go_on_telling_of_expiries().await?;
    }
    tx.commit().await?;
    Ok(NotifyOutcome::Everyone)
}
