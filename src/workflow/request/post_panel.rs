//! `/token panel`: who may post the button that requests a token.

use crate::config::Provider;
use crate::domain::permission::Action;

use crate::workflow::{Actor, Outcome, Workflow};

/// Refuses who is no admin of the provider, and an interaction that came before.
pub async fn check(workflow: &Workflow, actor: &Actor, provider: &Provider) -> Outcome<()> {
    actor.must_be_allowed(Action::PostPanel, Some(provider), None)?;
    Ok(workflow.begin(actor).await?.commit().await?)
}
