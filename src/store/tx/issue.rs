//! Carries out a request: a new token, a new secret for an existing token, or a change. The request is done
//! in the same step.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Error;

use super::token::{TokenStep, with_content};
use super::{Cause, Tx};
use crate::domain::delivery::DeliveryState;
use crate::domain::ids::TokenId;
use crate::domain::notice::Recipient;
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::Token;
use crate::domain::transitions::{
    DeliveryFollowUp, DeliveryTransition, RequestTransition, TokenTransition,
};
use crate::keyring::Sealed;
use crate::store::deliveries::{self, NewSecret};
use crate::store::secrets;
use crate::store::tokens::{self, LifetimeStart, NewToken};

/// A secret that an issuer made, without the secret itself.
#[derive(Debug)]
pub struct IssuedSecret {
    /// The public id of the secret.
    pub account_sid: String,
    /// SHA-256 of the secret.
    pub sha256: [u8; 32],
    /// For a new token: when its lifetime begins.
    pub lifetime_start: LifetimeStart,
    /// How long its owner has to collect it.
    pub collect_within: Duration,
}

/// Seals an issued secret for its token.
pub type SealSecret<'a> = dyn Fn(TokenId) -> anyhow::Result<Sealed> + Send + Sync + 'a;

impl Tx {
    /// Creates the token of a request that is being issued, or a new secret for its token. The encrypted
    /// secret waits for the requester.
    ///
    /// # Errors
    /// A secret that was issued before breaks [`secrets::SECRET_KNOWN`]. Faults of `seal`.
    pub async fn issue(
        &mut self,
        request: &mut Request,
        made: &IssuedSecret,
        seal: &SealSecret<'_>,
    ) -> anyhow::Result<()> {
        let token = match request.token() {
            Some(token) => tokens::lock(self, token).await?.ok_or(Error::RowNotFound)?,
            None => {
                let new = NewToken {
                    request,
                    account_sid: &made.account_sid,
                    lifetime_start: made.lifetime_start,
                };
                tokens::insert(self, &new).await?
            }
        };
        if request.content.kind.renews_the_secret() {
            self.replace_uncollected(request, &token).await?;
        }
        self.create_delivery(request, token.id, made, &seal(token.id)?).await?;
        self.move_request(request, RequestTransition::FinishWithSecret, Cause::none()).await?;
        if request.content.kind.makes_a_token() {
            let step = TokenStep {
                on_behalf_of: Some(request.requester),
                detail: with_content(request, json!({})),
                ..TokenStep::of(TokenTransition::Issue, (None, &token), request.id)
            };
            self.follow_token(step).await?;
        } else {
            self.renew_token(request, &token).await?;
        }
        Ok(())
    }

    /// If the issuer swaps at collection, the token stays as it was until then. Otherwise the new secret
    /// works at the provider at once: a token that was off is on from now, and the old secret of one that
    /// was on is refused.
    async fn renew_token(&mut self, request: &Request, was: &Token) -> sqlx::Result<()> {
        let transition = match request.content.kind {
            _ if was.issuer.swaps_at_collection() => TokenTransition::Renew,
            RequestKind::Enable => TokenTransition::EnableUpstream,
            _ => TokenTransition::Replace,
        };
        let row = transition.row();
        let to = row.next(was.state).ok_or(Error::RowNotFound)?;
        let changed = match row.to {
            Some(_) => Some(tokens::change_state(self, was, to).await?),
            None => None,
        };
        let is = changed.as_ref().unwrap_or(was);
        let step = TokenStep {
            on_behalf_of: Some(request.requester),
            detail: with_content(request, json!({})),
            // The requester is told by the message that the new secret is ready.
            not_told: Some(request.requester),
            ..TokenStep::of(transition, (Some(was), is), request.id)
        };
        self.follow_token(step).await?;
        Ok(())
    }

    /// Ends an earlier secret that its owner has not revealed, because the newest one counts. If it was
    /// pressed, it works until the new one is collected, but is not shown again. If the issuer
    /// has swapped the secrets already, no earlier one works.
    async fn replace_uncollected(&mut self, request: &Request, token: &Token) -> sqlx::Result<()> {
        if let Some(older) = deliveries::lock_due_of_token(self, token.id).await? {
            let transition = match older.state {
                DeliveryState::Waiting => DeliveryTransition::Replace,
                _ => DeliveryTransition::ReplacePressed,
            };
            let owner = (older.owner != request.requester).then_some(older.owner);
            let told = owner.map(Recipient::DirectMessage).into_iter().collect();
            let detail = json!({ "replaced_by": request.number });
            self.end_delivery((token, &older), transition, detail, Some((request.id, told)))
                .await?;
        }
        if request.content.issuer.swaps_at_collection() {
            secrets::forget_waiting(self, token.id).await
        } else {
            secrets::end_all(self, token.id).await
        }
    }

    async fn create_delivery(
        &mut self,
        request: &Request,
        token: TokenId,
        made: &IssuedSecret,
        sealed: &Sealed,
    ) -> sqlx::Result<()> {
        let owner = request.requester;
        let new = NewSecret {
            token,
            request,
            account_sid: &made.account_sid,
            sha256: made.sha256,
            sealed,
            ttl: made.collect_within,
        };
        let (delivery, expires_at) = deliveries::insert(self, &new).await?;
        let at = |follow_up: &DeliveryFollowUp| {
            (*follow_up == DeliveryFollowUp::LapseDelivery).then_some(expires_at)
        };
        for follow_up in DeliveryTransition::Create.row().follow_ups {
            self.follow_delivery(*follow_up, (delivery, owner), None, at(follow_up))?;
        }
        Ok(())
    }

    /// Applies a change and ends its request; former contacts and developers are told too.
    pub async fn change_token(&mut self, request: &mut Request) -> sqlx::Result<()> {
        let id = request.token().ok_or(Error::RowNotFound)?;
        let was = tokens::lock(self, id).await?.ok_or(Error::RowNotFound)?;
        let transition = match request.content.kind.is_task() {
            true => TokenTransition::Narrow,
            false => TokenTransition::Change,
        };
        transition.row().next(was.state).ok_or(Error::RowNotFound)?;
        let is = tokens::apply(self, id, request).await?;
        self.move_request(request, RequestTransition::Finish, Cause::none()).await?;
        let ends: Value =
            json!({ "expires_before": was.expires_at, "expires_after": is.expires_at });
        let step = TokenStep {
            on_behalf_of: Some(request.requester),
            detail: with_content(request, ends),
            also_told: vec![request.requester],
            ..TokenStep::of(transition, (Some(&was), &is), request.id)
        };
        self.follow_token(step).await?;
        Ok(())
    }
}
