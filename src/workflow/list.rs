//! Tokens as people look them up: each sees only what is theirs, admins all of their providers'.

use crate::domain::ids::TokenId;
use crate::domain::permission::Action;
use crate::domain::token::Token;
use crate::store::lists::{self, Viewer};
use crate::store::secrets::{self, Use};
use crate::store::{requests, tokens};

use super::refusal::Refusal;
use super::{Actor, Outcome, Workflow};

/// A token as somebody sees it whose business it is.
#[derive(Debug)]
pub struct Seen {
    /// The token.
    pub token: Token,
    /// The secrets that open it, the current one first.
    pub uses: Vec<Use>,
    /// A link to the card of its open change.
    pub open_change: Option<String>,
}

impl Workflow {
    /// One token.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn look_at_token(&self, actor: &Actor, id: TokenId) -> Outcome<Seen> {
        let mut connection = self.pool.acquire().await?;
        let token = tokens::get(&mut connection, id).await?.ok_or(Refusal::Gone)?;
        self.must_be_allowed_to(actor, Action::ReadToken, &token)?;
        let uses = secrets::in_use(&mut connection, id).await?;
        let open_change = match requests::open_change(&mut connection, id).await? {
            Some(open) => self.card_link(&mut connection, open).await?,
            None => None,
        };
        Ok(Seen { token, uses, open_change })
    }

    /// The token of exactly this name.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn token_called(&self, actor: &Actor, name: &str) -> Outcome<TokenId> {
        let tokens = self.tokens_like(actor, name, 25).await?;
        let called = |token: &&Token| token.name == name.trim();
        Ok(tokens.iter().find(called).map(|token| token.id).ok_or(Refusal::Gone)?)
    }

    /// Tokens whose name holds what was typed, the newest first.
    ///
    /// # Errors
    /// Faults.
    pub async fn tokens_like(
        &self,
        actor: &Actor,
        typed: &str,
        most: usize,
    ) -> Outcome<Vec<Token>> {
        let mut connection = self.pool.acquire().await?;
        Ok(lists::like(&mut connection, &self.viewer(actor), typed.trim(), most).await?)
    }

    /// Whose tokens this person sees.
    fn viewer(&self, actor: &Actor) -> Viewer {
        let providers = self.config.providers.iter();
        let admin_of = providers.filter(|provider| actor.standing(Some(provider), None).admin);
        Viewer { user: actor.user, admin_of: admin_of.map(|found| found.id.clone()).collect() }
    }
}
