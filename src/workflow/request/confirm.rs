//! Confirms a request with enough approvals: Discord is asked again about the people who approved, and
//! today's configuration must still give the same content.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::domain::ids::{ApprovalId, RequestId, RoleId, UserId};
use crate::domain::policy::{self, Confirmation, Tally};
use crate::domain::request::{Approval, Request, RequestState, StrikeReason};
use crate::domain::transitions::RequestTransition;
use crate::store::approvals::{self, RequestWithApprovals};
use crate::store::tx::{Cause, Tx};

use crate::workflow::request::review::{self, Today};
use crate::workflow::{Outcome, Workflow};

/// The first and the longest pause between looks at a request that is being checked. Discord answers within
/// the first one unless something is wrong.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

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

/// A request whose approvals were checked.
#[derive(Debug)]
pub struct CheckedRequest {
    /// The request as it is now.
    pub request: Request,
    /// The people whose approval of its content was struck, because they are no longer admins.
    pub struck: BTreeSet<UserId>,
    /// Its progress.
    pub tally: Tally,
}

/// Waits until the approvals of a request were checked, by whichever process. None if that takes longer than
/// `limit`.
pub async fn wait_until_checked(
    workflow: &Workflow,
    id: RequestId,
    limit: Duration,
) -> Option<CheckedRequest> {
    let (start, mut pause) = (Instant::now(), FIRST_PAUSE);
    while start.elapsed() + pause < limit {
        tokio::time::sleep(pause).await;
        match get_checked(workflow, id).await {
            Ok(Some(checked)) => return Some(checked),
            Ok(None) => {}
            // The database may be back in time.
            Err(error) => {
                let error: anyhow::Error = error.into();
                tracing::debug!(error = format!("{error:#}"), "a request can't be read");
            }
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
    None
}

async fn get_checked(workflow: &Workflow, id: RequestId) -> Outcome<Option<CheckedRequest>> {
    let mut connection = workflow.pool.acquire().await?;
    let read = approvals::get_request(&mut connection, id).await?;
    connection.keep();
    let checked = read.filter(|read| read.request.state != RequestState::Approved);
    let Some(RequestWithApprovals { request, approvals, .. }) = checked else { return Ok(None) };
    let counting = policy::people_whose_approvals_count(&request, &approvals);
    let struck = approvals.iter().filter(|approval| {
        approval.struck == Some(StrikeReason::NotAdmin) && approval.digest == request.digest
    });
    let struck = struck.map(|approval| approval.person);
    let struck = struck.filter(|person| !counting.contains(person)).collect();
    let tally = policy::count_approvals(&request, &approvals);
    Ok(Some(CheckedRequest { request, struck, tally }))
}

/// The people whose roles must be checked, if the request waits for that.
pub async fn get_approvers(workflow: &Workflow, id: RequestId) -> Outcome<Option<RolesToAsk>> {
    let mut connection = workflow.pool.acquire().await?;
    let read = approvals::get_request(&mut connection, id).await?;
    connection.keep();
    let waiting = read.filter(|read| read.request.state == RequestState::Approved);
    let Some(RequestWithApprovals { request, approvals, .. }) = waiting else { return Ok(None) };
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
    let Some(locked) = approvals::lock_request(&mut tx, id).await? else {
        return Ok(ConfirmOutcome::Nothing);
    };
    let RequestWithApprovals { mut request, approvals, .. } = locked;
    if request.state != RequestState::Approved {
        return Ok(ConfirmOutcome::Nothing);
    }
    let confirmed = match review::recheck_content(workflow, &mut tx, &mut request).await? {
        Today::Gone => ConfirmOutcome::Ended,
        Today::Changed => ConfirmOutcome::Returned,
        Today::Same => match policy::confirm(&request, &approvals, asked, admins) {
            Confirmation::AskAgain => return Ok(ConfirmOutcome::AskAgain),
            Confirmation::TooFew(struck) => {
                strike(&mut tx, &request, (&approvals, &struck)).await?;
                tx.move_request(&mut request, RequestTransition::Return, Cause::none()).await?;
                ConfirmOutcome::Returned
            }
            Confirmation::Confirmed(struck) => {
                strike(&mut tx, &request, (&approvals, &struck)).await?;
                tx.move_request(&mut request, RequestTransition::Confirm, Cause::none()).await?;
                ConfirmOutcome::Issuing
            }
        },
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
