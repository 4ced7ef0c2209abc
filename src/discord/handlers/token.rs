//! A token's panel: what can be asked for, and what takes one press.

use super::route::TokenPress;
use super::{Handlers, Visit};
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::views::{self, token::TokenFacts};
use crate::domain::ids::TokenId;
use crate::workflow::Outcome;
use crate::workflow::list::Seen;
use crate::workflow::refusal::Refusal;

impl Handlers {
    /// A token with all that can be done to it.
    pub(super) async fn token_panel(&self, visit: &Visit<'_>, id: TokenId) -> Outcome<Message> {
        let seen = self.workflow.look_at_token(&visit.actor, id).await?;
        Ok(views::token::panel(&self.facts(&seen), visit.language))
    }

    fn facts<'a>(&'a self, seen: &'a Seen) -> TokenFacts<'a> {
        TokenFacts {
            token: &seen.token,
            uses: &seen.uses,
            provider: self.workflow.config.provider(&seen.token.provider),
            open_change: seen.open_change.as_deref(),
        }
    }

    pub(super) async fn token(
        &self,
        visit: &Visit<'_>,
        id: TokenId,
        press: &TokenPress,
    ) -> Outcome<Reply> {
        let (workflow, actor, language) = (&self.workflow, &visit.actor, visit.language);
        Ok(Reply::private(match press {
            TokenPress::Change(kind) => {
                let changed = workflow.begin_change(actor, id, *kind).await?;
                self.panel_of(visit, &changed)?
            }
            TokenPress::AllScopes => {
                let seen = workflow.look_at_token(actor, id).await?;
                return Ok(Reply::Private(views::token::all(&self.facts(&seen), language)));
            }
            TokenPress::Disable => {
                views::token::switched_off(&workflow.disable(actor, id).await?, language)
            }
            TokenPress::OpenDelete => {
                let token = workflow.look_to_delete(actor, id).await?;
                return Ok(Reply::Modal(views::token::delete_form(&token, language)));
            }
            TokenPress::Delete(submission) => {
                let typed = views::token::typed_name(submission).ok_or(Refusal::NotUnderstood)?;
                let token = workflow.delete(actor, id, typed).await?;
                views::token::switched_off(&token, language)
            }
        }))
    }
}
