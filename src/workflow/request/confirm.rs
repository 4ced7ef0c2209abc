//! Confirms a request with enough approvals: Discord is asked again about the people who approved, and
//! today's configuration must still give the same content.

use std::collections::BTreeSet;

use crate::domain::ids::{ApprovalId, RequestId, RoleId, UserId};
use crate::domain::policy::{self, Confirmation};
use crate::domain::request::{Approval, Request, RequestState};
use crate::domain::transitions::RequestTransition;
use crate::store::tx::{Cause, Tx};
use crate::store::{approvals, requests};

use crate::workflow::request::review::{self, Today};
use crate::workflow::{Outcome, Workflow};

/// The people about whom Discord must be asked.
#[derive(Debug)]
pub struct RolesToAsk {
    /// The people whose approvals count.
    pub people: BTreeSet<UserId>,
    /// The roles of admins; empty if the provider is gone.
    pub admin_roles: Vec<RoleId>,
}

/// The outcome of a confirmation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmOutcome {
    /// It is being issued.
    Issuing,
    /// It waits for approvals again.
    Returned,
    /// Its provider or its token is gone.
    Ended,
    /// Nothing was due.
    Nothing,
    /// Discord must be asked about more people first.
    AskAgain,
}

/// The people whose roles must be checked, if the request waits for that.
pub async fn get_approvers(workflow: &Workflow, id: RequestId) -> Outcome<Option<RolesToAsk>> {
    let mut connection = workflow.pool.acquire().await?;
    let Some(request) = requests::get(&mut connection, id).await? else { return Ok(None) };
    if request.state != RequestState::Approved {
        return Ok(None);
    }
    let approvals = approvals::list_for_request(&mut connection, id).await?;
    let provider = workflow.config.provider(&request.content.provider);
    Ok(Some(RolesToAsk {
        people: policy::people_whose_approvals_count(&request, &approvals),
        admin_roles: provider.map(|found| found.admin_roles.clone()).unwrap_or_default(),
    }))
}

/// Handles Discord's answer about everybody in `asked`; `admins` are those who still are admins.
pub async fn record_admins(
    workflow: &Workflow,
    id: RequestId,
    asked: &BTreeSet<UserId>,
    admins: &BTreeSet<UserId>,
) -> Outcome<ConfirmOutcome> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else {
        return Ok(ConfirmOutcome::Nothing);
    };
    if request.state != RequestState::Approved {
        return Ok(ConfirmOutcome::Nothing);
    }
    let confirmed = match review::recheck_content(workflow, &mut tx, &mut request).await? {
        Today::Gone => ConfirmOutcome::Ended,
        Today::Changed => ConfirmOutcome::Returned,
        Today::Same => {
            let approvals = approvals::list_for_request(&mut tx, id).await?;
            match policy::confirm(&request, &approvals, asked, admins) {
                Confirmation::AskAgain => return Ok(ConfirmOutcome::AskAgain),
                Confirmation::TooFew(struck) => {
                    strike(&mut tx, &request, (&approvals, &struck)).await?;
                    let transition = RequestTransition::Return;
                    tx.move_request(&mut request, transition, Cause::none()).await?;
                    ConfirmOutcome::Returned
                }
                Confirmation::Confirmed(struck) => {
                    strike(&mut tx, &request, (&approvals, &struck)).await?;
                    let transition = RequestTransition::Confirm;
                    tx.move_request(&mut request, transition, Cause::none()).await?;
                    ConfirmOutcome::Issuing
                }
            }
        }
    };
    tx.commit().await?;
    Ok(confirmed)
}

/// Strikes approvals of people who are no longer admins or members.
async fn strike(
    tx: &mut Tx,
    request: &Request,
    (approvals, ids): (&[Approval], &[ApprovalId]),
) -> Outcome<()> {
    let theirs: Vec<&Approval> =
        approvals.iter().filter(|approval| ids.contains(&approval.id)).collect();
    Ok(tx.strike_approvals(request, &theirs).await?)
}
