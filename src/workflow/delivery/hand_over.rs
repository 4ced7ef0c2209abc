//! Seals a new secret, which then waits for the person who asked for it.

use anyhow::Context as _;
use secrecy::SecretString;

use crate::domain::ids::TokenId;
use crate::domain::request::Request;
use crate::domain::secret;
use crate::store::tokens::LifetimeStart;
use crate::store::tx::{IssuedSecret, Tx};
use crate::store::{broken_constraint, secrets};
use crate::workflow::refusal::Refusal;
use crate::workflow::{Failure, Outcome, Workflow};

/// What an issuer returned.
pub(in crate::workflow) struct IssuerAnswer {
    pub(in crate::workflow) account_sid: String,
    pub(in crate::workflow) secret: SecretString,
    /// When the lifetime begins, for a new token.
    pub(in crate::workflow) lifetime_start: LifetimeStart,
}

/// The identity of the row that a sealed secret belongs to.
pub(in crate::workflow) fn secret_identity(token: TokenId) -> String {
    format!("token:{token}")
}

/// Stores a new secret, sealed, for the person who asked for it; with a new token if the request is for
/// one. The request is done.
pub(in crate::workflow) async fn issue_secret(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    made: &IssuerAnswer,
) -> Outcome<()> {
    let issued = IssuedSecret {
        account_sid: made.account_sid.clone(),
        sha256: secret::sha256(&made.secret),
        lifetime_start: made.lifetime_start,
        collect_within: workflow.config.policy.delivery_ttl,
    };
    let seal = |token| {
        workflow
            .keyring
            .seal(&made.secret, &secret_identity(token))
            .context("the secret could not be sealed")
    };
    tx.issue(request, &issued, &seal).await.map_err(secret_known)
}

fn secret_known(error: anyhow::Error) -> Failure {
    let database = error.downcast_ref::<sqlx::Error>();
    if database.and_then(broken_constraint) == Some(secrets::SECRET_KNOWN) {
        Refusal::SecretKnown.into()
    } else {
        error.into()
    }
}
