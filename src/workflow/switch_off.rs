//! A token stops working: at once where its issuer can, else when a person says that they did it.

use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, RequestId};
use crate::domain::notice::NoticeKind;
use crate::domain::permission::Action;
use crate::domain::request::Request;
use crate::domain::token::{IssuerKind, Token, TokenState};
use crate::store::{requests, tokens};

use super::record::{contact_beside_owner, everyone_of, tell, token_event};
use super::refusal::Refusal;
use super::{Actor, Outcome, Workflow};

/// How a token stops working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Off {
    /// For now; its name stays taken.
    Disabled,
    /// For good.
    Deleted,
}

impl Workflow {
    /// Off at once where the issuer can, else a person must do it, and the card asks for it.
    pub(super) async fn switch_off(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: Option<&Actor>,
        token: &Token,
        off: Off,
    ) -> Outcome<()> {
        if matches!(token.state, TokenState::Issued | TokenState::Active) {
            let at_once = token.issuer == IssuerKind::Builtin;
            let (to, kind) = match (off, at_once) {
                (Off::Disabled, true) => (TokenState::Disabled, EventKind::TokenDisabled),
                (Off::Disabled, false) => (TokenState::Disabling, EventKind::TokenDisabling),
                (Off::Deleted, true) => (TokenState::Deleted, EventKind::TokenDeleted),
                (Off::Deleted, false) => (TokenState::Deleting, EventKind::TokenDeleting),
            };
            tokens::change_state(transaction, token, to).await?;
            let event = token_event(transaction, token, kind, actor, json!({})).await?;
            if to == TokenState::Disabled {
                tell_disabled(transaction, event, token).await?;
            }
        }
        self.show_of(transaction, token).await
    }

    /// *Done*: an admin switched the token off, or deleted it, at the provider.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn finish_switching_off(&self, actor: &Actor, id: RequestId) -> Outcome<Request> {
        let mut transaction = self.begin(actor).await?;
        let request = self.lock_for(&mut transaction, actor, Action::Fulfil, id).await?;
        let token = tokens::of_request(&mut transaction, id).await?.ok_or(Refusal::NothingToDo)?;
        let token = tokens::lock(&mut transaction, token.id).await?.ok_or(Refusal::NothingToDo)?;
        let (to, kind) = match token.state {
            TokenState::Disabling => (TokenState::Disabled, EventKind::TokenDisabled),
            TokenState::Deleting => (TokenState::Deleted, EventKind::TokenDeleted),
            _ => return Err(Refusal::NothingToDo.into()),
        };
        tokens::change_state(&mut transaction, &token, to).await?;
        let event = token_event(&mut transaction, &token, kind, Some(actor), json!({})).await?;
        if to == TokenState::Disabled {
            tell_disabled(&mut transaction, event, &token).await?;
        }
        self.show(&mut transaction, &request).await?;
        transaction.commit().await?;
        Ok(request)
    }

    /// Lets the card of a token's request be rendered.
    pub(super) async fn show_of(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        token: &Token,
    ) -> Outcome<()> {
        if let Some(request) = requests::get(transaction, token.request).await? {
            self.show(transaction, &request).await?;
        }
        Ok(())
    }
}

async fn tell_disabled(
    transaction: &mut Transaction<'static, Postgres>,
    event: EventId,
    token: &Token,
) -> sqlx::Result<()> {
    let about = (Some(token.request), Some(token.id));
    let recipients = everyone_of(token, contact_beside_owner(token));
    tell(transaction, event, NoticeKind::Disabled, about, recipients).await
}
