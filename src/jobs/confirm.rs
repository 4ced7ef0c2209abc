//! Asks Discord whether the people who approved are still admins, outside of any transaction.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::Context as _;

use crate::discord::rest::Rest;
use crate::domain::ids::{GuildId, RequestId};
use crate::queue::Done;
use crate::workflow::Workflow;
use crate::workflow::departure;
use crate::workflow::request::confirm::{self, ConfirmOutcome};

/// Asks about everybody whose approval counts, then lets the workflow decide. If Discord doesn't answer,
/// the job fails and is tried again: nothing goes on without an answer.
pub(super) async fn confirm_approvals(
    workflow: &Workflow,
    rest: &Rest,
    guild: GuildId,
    request: RequestId,
) -> anyhow::Result<Done> {
    let Some(ask) = confirm::get_approvers(workflow, request).await? else {
        return Ok(Done::Finished);
    };
    let mut admins = BTreeSet::new();
    for person in &ask.people {
        let member = rest
            .member(guild, *person)
            .await
            .with_context(|| format!("Discord did not say whether {person} is an admin"))?;
        match member {
            Some(member) if ask.admin_roles.iter().any(|role| member.roles.contains(role)) => {
                admins.insert(*person);
            }
            Some(_) => {}
            None => departure::note_absence(workflow, *person).await?,
        }
    }
    match confirm::record_admins(workflow, request, &ask.people, &admins).await? {
        ConfirmOutcome::AskAgain => Ok(Done::Again(Duration::from_secs(1))),
        _ => Ok(Done::Finished),
    }
}
