//! What was asked for comes to be: a token, a new secret for one that is there, or other settings.

use anyhow::Context as _;
use secrecy::SecretString;

use crate::domain::ids::{RequestId, TokenId};
use crate::domain::request::{Request, RequestState};
use crate::domain::secret;
use crate::domain::token::IssuerKind;
use crate::store::tokens::Lives;
use crate::store::tx::{IssuedSecret, Tx};
use crate::store::{broken_constraint, requests, secrets, tokens};

use super::attempt::Step;
use super::confirm::Today;
use super::refusal::Refusal;
use super::{Failure, Outcome, Workflow};

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
        let mut tx = self.tx().await?;
        let Some(mut request) = requests::lock(&mut tx, id).await? else {
            return Ok(Step::Nothing);
        };
        if request.state != RequestState::Issuing || request.waits_for_a_person() {
            return Ok(Step::Nothing);
        }
        let mut step = Step::Nothing;
        if self.today(&mut tx, &mut request).await? == Today::Same {
            let is_upstream = request.content.issuer == IssuerKind::Http;
            let kind = request.content.kind;
            if kind.makes_a_token() && is_upstream {
                step = self.next_attempt(&mut tx, &mut request).await?;
            } else if kind.renews_the_secret() && is_upstream {
                step = self.next_renewal(&mut tx, &mut request).await?;
            } else if kind.makes_a_token() || kind.renews_the_secret() {
                let made = self.mint(&mut tx, &request).await?;
                self.hand_over(&mut tx, &mut request, &made).await?;
            } else {
                tx.change_token(&mut request).await?;
            }
        }
        tx.commit().await?;
        Ok(step)
    }

    /// A fresh secret; a token that is there keeps its public id.
    async fn mint(&self, tx: &mut Tx, request: &Request) -> Outcome<Made> {
        let account_sid = match request.token() {
            Some(token) => tokens::get(tx, token).await?.context("the token is gone")?.account_sid,
            None => secret::mint_account_sid().context("no randomness")?,
        };
        let secret = secret::mint().context("no randomness")?;
        Ok(Made { account_sid, secret, lives: Lives::OnceCollected })
    }

    /// A new secret, sealed, waits for whoever asked for it; a new token with it, where that was asked for.
    /// The request is done.
    pub(super) async fn hand_over(
        &self,
        tx: &mut Tx,
        request: &mut Request,
        made: &Made,
    ) -> Outcome<()> {
        let issued = IssuedSecret {
            account_sid: made.account_sid.clone(),
            sha256: secret::sha256(&made.secret),
            lives: made.lives,
            collect_within: self.config.policy.delivery_ttl,
        };
        let seal = |token| {
            self.keyring
                .seal(&made.secret, &secret_identity(token))
                .context("the secret could not be sealed")
        };
        tx.issue(request, &issued, &seal).await.map_err(secret_known)
    }
}

fn secret_known(error: anyhow::Error) -> Failure {
    let database = error.downcast_ref::<sqlx::Error>();
    if database.and_then(broken_constraint) == Some(secrets::SECRET_KNOWN) {
        Refusal::SecretKnown.into()
    } else {
        error.into()
    }
}
