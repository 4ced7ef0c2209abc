//! What was asked for comes to be: a token, a new secret for one that is there, or other settings.

use anyhow::Context as _;
use secrecy::SecretString;
use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::domain::delivery::DeliveryState;
use crate::domain::event::EventKind;
use crate::domain::ids::{RequestId, TokenId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::domain::secret;
use crate::domain::token::{IssuerKind, Token, TokenState};
use crate::queue::{self, Job};
use crate::store::secrets::{self, NewSecret};
use crate::store::tokens::{self, Lives, NewToken};
use crate::store::{broken_constraint, deliveries, events, requests};

use super::attempt::Step;
use super::confirm::Today;
use super::record::{change_event, contact_beside_owner, everyone_of, of_delivery, others, tell};
use super::refusal::Refusal;
use super::{Actor, Failure, Outcome, Workflow};

/// What an issuer made.
pub(super) struct Made {
    pub(super) account_sid: String,
    pub(super) secret: SecretString,
    /// From when its lifetime counts, if it is a new token.
    pub(super) lives: Lives,
}

/// The row that a sealed secret belongs to.
pub(super) fn secret_identity(token: TokenId) -> String {
    format!("token:{token}")
}

impl Workflow {
    /// Does what a request asks for that is being issued, where we do it ourselves; what an upstream
    /// has to do first is what this gives; the rest waits for a person.
    ///
    /// # Errors
    /// Faults.
    pub async fn issue(&self, id: RequestId) -> Outcome<Step> {
        let mut transaction = self.transaction().await?;
        let Some(request) = requests::lock(&mut transaction, id).await? else {
            return Ok(Step::Nothing);
        };
        if request.state != RequestState::Issuing || request.waits_for_a_person() {
            return Ok(Step::Nothing);
        }
        let mut step = Step::Nothing;
        if self.today(&mut transaction, &request).await? == Today::Same {
            let is_upstream = request.content.issuer == IssuerKind::Http;
            let kind = request.content.kind;
            if kind.makes_a_token() && is_upstream {
                step = self.next_attempt(&mut transaction, &request).await?;
            } else if kind.renews_the_secret() && is_upstream {
                step = self.next_renewal(&mut transaction, &request).await?;
            } else if kind.makes_a_token() || kind.renews_the_secret() {
                let made = self.mint(&mut transaction, &request).await?;
                self.hand_over(&mut transaction, &request, None, &made).await?;
            } else {
                self.apply(&mut transaction, &request, None).await?;
            }
        }
        self.show(&mut transaction, &request).await?;
        transaction.commit().await?;
        Ok(step)
    }

    /// A fresh secret; a token that is there keeps its public id.
    async fn mint(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
    ) -> Outcome<Made> {
        let account_sid = match request.token() {
            Some(token) => {
                tokens::get(transaction, token).await?.context("the token is gone")?.account_sid
            }
            None => secret::mint_account_sid().context("no randomness")?,
        };
        let secret = secret::mint().context("no randomness")?;
        Ok(Made { account_sid, secret, lives: Lives::OnceCollected })
    }

    /// A new secret, sealed, waits for whoever asked for it; a new token with it, where that was
    /// asked for. The request ends.
    pub(super) async fn hand_over(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        actor: Option<&Actor>,
        made: &Made,
    ) -> Outcome<()> {
        let id = match request.token() {
            Some(token) => token,
            None => {
                let new = NewToken { request, account_sid: &made.account_sid, lives: made.lives };
                tokens::insert(transaction, &new).await?
            }
        };
        if request.content.kind.renews_the_secret() {
            self.replace_uncollected(transaction, request, id).await?;
        }
        self.deliver(transaction, request, id, made).await?;
        let token = tokens::lock(transaction, id).await?.context("the token is not there")?;
        let to = RequestState::Done;
        requests::change_state(transaction, request, to, None, None).await?;
        if request.content.kind.makes_a_token() {
            let (both, kind) = ((None, &token), EventKind::TokenIssued);
            let event = change_event(transaction, request, both, kind, actor, json!({})).await?;
            let recipients = everyone_of(&token, contact_beside_owner(&token));
            let about = (Some(request.id), Some(id));
            tell(transaction, event, NoticeKind::Created, about, recipients).await?;
        } else {
            self.secret_renewed(transaction, request, actor, &token).await?;
        }
        Ok(())
    }

    /// The token is what it was until the secret is collected; or the new secret works at the provider
    /// before that: a token that was off is on there from now, and whoever uses the old secret of one that
    /// was on is refused.
    async fn secret_renewed(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        actor: Option<&Actor>,
        was: &Token,
    ) -> Outcome<()> {
        let is_swapped = !was.issuer.swaps_at_collection();
        let is_enabled = is_swapped && request.content.kind == RequestKind::Enable;
        if is_enabled {
            tokens::change_state(transaction, was, TokenState::Issued).await?;
        }
        let token = &tokens::lock(transaction, was.id).await?.context("the token is gone")?;
        let (both, kind) = ((Some(was), token), EventKind::SecretRenewed);
        let event = change_event(transaction, request, both, kind, actor, json!({})).await?;
        if !is_swapped {
            return Ok(());
        }
        if is_enabled {
            self.review_open_change(transaction, token).await?;
        } else {
            // Whoever asked reads it where they read that the new one is ready.
            let mut people = others(actor, [token.owner, token.contact]);
            people.retain(|person| *person != request.requester);
            let about = (Some(request.id), Some(token.id));
            let everyone = everyone_of(token, people);
            tell(transaction, event, NoticeKind::Renewed, about, everyone).await?;
        }
        self.show_of(transaction, token).await
    }

    /// A secret that an earlier request made, and that its owner has not read yet, gives way to the one
    /// that is being made now: the newest stands. One that was pressed opens the token until then, but is
    /// shown no more. Where the issuer has swapped them already, whatever opened the token is dead.
    async fn replace_uncollected(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        id: TokenId,
    ) -> Outcome<()> {
        if let Some(older) = deliveries::due_of(transaction, id).await? {
            let token = tokens::get(transaction, id).await?.context("the token is gone")?;
            let (to, kind) = match older.state {
                DeliveryState::Waiting => (DeliveryState::Voided, EventKind::DeliveryReplaced),
                _ => (DeliveryState::Unconfirmed, EventKind::DeliveryUnconfirmed),
            };
            deliveries::end(transaction, &older, to).await?;
            let (about, detail) = ((&token, &older), json!({ "replaced_by": request.number }));
            let event = of_delivery(transaction, about, kind, None, detail).await?;
            let event = events::append(transaction, &event).await?;
            if older.owner != request.requester {
                let asked = [Recipient::DirectMessage(older.owner)];
                let about = (Some(request.id), Some(id));
                tell(transaction, event, NoticeKind::Replaced, about, asked).await?;
            }
            self.show_of(transaction, &token).await?;
        }
        if request.content.issuer.swaps_at_collection() {
            Ok(secrets::forget_waiting(transaction, id).await?)
        } else {
            Ok(secrets::end_all(transaction, id).await?)
        }
    }

    /// Seals the secret for whoever asked for it.
    async fn deliver(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        token: TokenId,
        made: &Made,
    ) -> Outcome<()> {
        let new = NewSecret {
            token,
            request: request.id,
            account_sid: &made.account_sid,
            sha256: secret::sha256(&made.secret),
        };
        let secret = secrets::insert(transaction, &new).await.map_err(secret_known)?;
        let sealed = self
            .keyring
            .seal(&made.secret, &secret_identity(token))
            .context("the secret could not be sealed")?;
        let (owner, ttl) = (request.requester, self.config.policy.delivery_ttl);
        let (delivery, expires_at) =
            deliveries::insert(transaction, (token, secret), owner, &sealed, ttl).await?;
        queue::enqueue(transaction, Job::LapseDelivery { delivery }, Some(expires_at)).await?;
        queue::enqueue(transaction, Job::Deliver { delivery }, None).await?;
        Ok(())
    }

    /// A change takes effect; whoever was contact or developer before hears of it too.
    pub(super) async fn apply(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        actor: Option<&Actor>,
    ) -> Outcome<()> {
        let id = request.token().context("a change has a token")?;
        let was = tokens::lock(transaction, id).await?.context("the token is gone")?;
        tokens::apply(transaction, id, request).await?;
        let token = tokens::lock(transaction, id).await?.context("the token is gone")?;
        let to = RequestState::Done;
        requests::change_state(transaction, request, to, None, None).await?;
        let narrows = request.content.kind.is_task();
        let (kind, notice) = if narrows {
            (EventKind::TokenNarrowed, NoticeKind::Narrowed)
        } else {
            (EventKind::TokenChanged, NoticeKind::Changed)
        };
        let detail = json!({ "expires_before": was.expires_at, "expires_after": token.expires_at });
        let both = (Some(&was), &token);
        let event = change_event(transaction, request, both, kind, actor, detail).await?;
        let people = [token.owner, token.contact, was.contact, request.requester];
        let mut recipients = everyone_of(&token, others(actor, people));
        for former in everyone_of(&was, []) {
            if !recipients.contains(&former) {
                recipients.push(former);
            }
        }
        let about = (Some(request.id), Some(id));
        tell(transaction, event, notice, about, recipients).await?;
        self.show_of(transaction, &token).await
    }
}

fn secret_known(error: sqlx::Error) -> Failure {
    if broken_constraint(&error) == Some(secrets::SECRET_KNOWN) {
        Refusal::SecretKnown.into()
    } else {
        error.into()
    }
}
