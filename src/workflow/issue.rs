//! A token comes to be: minted by ourselves, or handed over by an admin who made it by hand.

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::domain::event::EventKind;
use crate::domain::ids::{RequestId, TokenId};
use crate::domain::notice::NoticeKind;
use crate::domain::permission::Action;
use crate::domain::policy;
use crate::domain::request::{Request, RequestState};
use crate::domain::secret;
use crate::domain::token::{IssuerKind, Token};
use crate::queue::{self, Job};
use crate::store::tokens::{self, NewToken};
use crate::store::{broken_constraint, deliveries, requests};

use super::confirm::Today;
use super::record::{contact_beside_owner, everyone_of, request_event, tell, token_event};
use super::refusal::Refusal;
use super::{Actor, Failure, Outcome, Workflow};

/// The longest *Account SID* and *Auth Token* that the form takes.
pub const ACCOUNT_SID_LIMIT: usize = 128;
/// The longest *Auth Token* that the form takes.
pub const AUTH_TOKEN_LIMIT: usize = 512;

/// What an issuer made.
struct Made {
    account_sid: String,
    secret: SecretString,
    /// Whether its lifetime begins now, and not when it is collected.
    lives_from_now: bool,
}

/// The row that a sealed secret belongs to.
pub(super) fn secret_identity(token: TokenId) -> String {
    format!("token:{token}")
}

impl Workflow {
    /// Mints the token of a request that is being issued by ourselves; others wait for a person.
    ///
    /// # Errors
    /// Faults.
    pub async fn issue(&self, id: RequestId) -> Outcome<()> {
        let mut transaction = self.pool.begin().await?;
        let Some(request) = requests::lock(&mut transaction, id).await? else { return Ok(()) };
        let due =
            request.state == RequestState::Issuing && request.content.issuer == IssuerKind::Builtin;
        if !due {
            return Ok(());
        }
        if self.today(&mut transaction, &request).await? == Today::Same {
            let made = Made {
                account_sid: secret::mint_account_sid().context("no randomness")?,
                secret: secret::mint().context("no randomness")?,
                lives_from_now: false,
            };
            self.hand_over(&mut transaction, &request, None, &made).await?;
        }
        self.show(&mut transaction, &request).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// A request for the form of *Fulfil*, before anything changes.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn look_to_fulfil(
        &self,
        actor: &Actor,
        id: RequestId,
        shown: &str,
    ) -> Outcome<Request> {
        let request = self.look(actor, id, Action::Fulfil).await?;
        must_be_fulfillable(&request, shown)?;
        Ok(request)
    }

    /// *Fulfil*: an admin made the token on the provider's page and pasted what it shows.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn fulfil(
        &self,
        actor: &Actor,
        id: RequestId,
        shown: &str,
        account_sid: &str,
        secret: SecretString,
    ) -> Outcome<Request> {
        let account_sid = account_sid.trim();
        if !is_credential(account_sid, ACCOUNT_SID_LIMIT) {
            return Err(Refusal::BadAccountSid.into());
        }
        let secret = SecretString::from(secret.expose_secret().trim());
        if !is_credential(secret.expose_secret(), AUTH_TOKEN_LIMIT) {
            return Err(Refusal::BadSecret.into());
        }
        let mut transaction = self.begin(actor).await?;
        let request = self.lock_for(&mut transaction, actor, Action::Fulfil, id).await?;
        must_be_fulfillable(&request, shown)?;
        if self.today(&mut transaction, &request).await? != Today::Same {
            self.show(&mut transaction, &request).await?;
            transaction.commit().await?;
            return Err(Refusal::OlderContent.into());
        }
        let made = Made { account_sid: account_sid.to_owned(), secret, lives_from_now: true };
        self.hand_over(&mut transaction, &request, Some(actor), &made).await?;
        self.show(&mut transaction, &request).await?;
        transaction.commit().await?;
        Ok(request)
    }

    /// *Try again* after a failure: everybody's hands are asked again.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn try_again(&self, actor: &Actor, id: RequestId) -> Outcome<Request> {
        let mut transaction = self.begin(actor).await?;
        let mut request = self.lock_for(&mut transaction, actor, Action::Fulfil, id).await?;
        if request.state != RequestState::Failed {
            return Err(Refusal::NotPending(request.state).into());
        }
        let hands = requests::hands(&mut transaction, id).await?;
        let enough = policy::tally(&request, &hands).is_enough();
        let to = if enough { RequestState::Approved } else { RequestState::Pending };
        requests::change_state(&mut transaction, &request, to, None, None).await?;
        request.state = to;
        let kind = EventKind::RequestRetried;
        request_event(&mut transaction, &request, kind, Some(actor), json!({})).await?;
        if enough {
            queue::enqueue(&mut transaction, Job::ConfirmHands { request: id }, None).await?;
        }
        self.show(&mut transaction, &request).await?;
        transaction.commit().await?;
        Ok(request)
    }

    /// The token, its sealed secret and its delivery, the end of the request, and everyone told.
    async fn hand_over(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        actor: Option<&Actor>,
        made: &Made,
    ) -> Outcome<()> {
        let new = NewToken {
            request,
            account_sid: &made.account_sid,
            secret_sha256: secret::sha256(&made.secret),
            lives_from_now: made.lives_from_now,
        };
        let id = tokens::insert(transaction, &new).await.map_err(secret_known)?;
        let token = tokens::lock(transaction, id).await?.context("the token is not there")?;
        let sealed = self
            .keyring
            .seal(&made.secret, &secret_identity(id))
            .context("the secret could not be sealed")?;
        let ttl = self.config.policy.delivery_ttl;
        let (delivery, expires_at) =
            deliveries::insert(transaction, id, token.owner, &sealed, ttl).await?;
        let to = RequestState::Done;
        requests::change_state(transaction, request, to, None, None).await?;

        let kind = EventKind::TokenIssued;
        let event = token_event(transaction, &token, kind, actor, facts(&token)).await?;
        let recipients = everyone_of(&token, contact_beside_owner(&token));
        let about = (Some(request.id), Some(id));
        tell(transaction, event, NoticeKind::Created, about, recipients).await?;
        queue::enqueue(transaction, Job::LapseDelivery { delivery }, Some(expires_at)).await?;
        queue::enqueue(transaction, Job::Deliver { delivery }, None).await?;
        Ok(())
    }
}

fn facts(token: &Token) -> serde_json::Value {
    json!({ "account_sid": token.account_sid, "owner": token.owner, "issuer": token.issuer })
}

fn must_be_fulfillable(request: &Request, shown: &str) -> Result<(), Refusal> {
    if request.content.issuer != IssuerKind::Manual {
        return Err(Refusal::NotManual);
    }
    if request.state != RequestState::Issuing {
        return Err(Refusal::NotPending(request.state));
    }
    if request.digest.short() != shown {
        return Err(Refusal::OlderContent);
    }
    Ok(())
}

/// One word of printable ASCII, as HTTP credentials are.
fn is_credential(text: &str, limit: usize) -> bool {
    (1..=limit).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn secret_known(error: sqlx::Error) -> Failure {
    if broken_constraint(&error) == Some(tokens::SECRET_KNOWN) {
        Refusal::SecretKnown.into()
    } else {
        error.into()
    }
}
