//! A token's id at its upstream: in plain text, or encrypted if it is the secret.

use anyhow::Context as _;
use secrecy::{ExposeSecret as _, SecretString};

use crate::store::attempts::{KeptId, Upstream};
use crate::workflow::{Outcome, Workflow};

/// An id as it is stored.
pub(in crate::workflow) fn keep(
    workflow: &Workflow,
    marker: &str,
    (id, is_secret): (&str, bool),
) -> Outcome<KeptId> {
    if !is_secret {
        return Ok(KeptId::Clear(id.to_owned()));
    }
    let sealed = workflow.keyring.seal(&SecretString::from(id), &row(marker));
    Ok(KeptId::Sealed(sealed.context("an id could not be sealed")?))
}

/// An id from the upstream.
pub(in crate::workflow) fn open(workflow: &Workflow, known: &Upstream) -> Outcome<String> {
    match (&known.upstream_id, &known.sealed_upstream_id) {
        (Some(id), _) => Ok(id.clone()),
        (None, Some(sealed)) => {
            let opened = workflow.keyring.open(sealed, &row(&known.marker));
            Ok(opened.context("a sealed id can't be opened")?.expose_secret().to_owned())
        }
        (None, None) => Err(anyhow::anyhow!("a token has no id at its upstream").into()),
    }
}

/// The row that an encrypted id belongs to.
fn row(marker: &str) -> String {
    format!("upstream-id:{marker}")
}
