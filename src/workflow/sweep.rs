//! Finds what is due and has no job, and asks for it again.

use std::time::Duration;

use crate::domain::catalogue::ProviderId;
use crate::domain::job::Job;
use crate::domain::request::RequestState;
use crate::store::{
    announcements, attempts, calls, cards, deliveries, departures, drafts, expiries, interactions,
    jobs, leaks, notices, requests, reveals, tokens, warnings,
};

use crate::workflow::{Outcome, Workflow};

/// How long a card that Discord refused is left alone: someone may have fixed what it was about.
const REFUSED_CARD_PAUSE: Duration = Duration::from_secs(60 * 60);

/// Finds what is due and has no job any more, and enqueues it again.
pub async fn enqueue_due_jobs(workflow: &Workflow) -> Outcome<()> {
    let mut connection = workflow.pool.acquire().await?;
    let mut due_jobs = Vec::new();
    for due in requests::list_due(&mut connection).await? {
        let request = due.id;
        due_jobs.push(match due.state {
            RequestState::Approved => Job::ConfirmApprovals { request },
            RequestState::Issuing => Job::Issue { request },
            _ => Job::LapseRequest { request },
        });
    }
    let remind_after = workflow.config.policy.remind_after;
    let waiting = calls::list_due_reminders(&mut connection, remind_after).await?;
    due_jobs.extend(waiting.into_iter().map(|request| Job::RemindAdmins { request }));
    let ended = tokens::list_due(&mut connection).await?;
    due_jobs.extend(ended.into_iter().map(|token| Job::ExpireToken { token }));
    let going = tokens::list_going_off(&mut connection).await?;
    due_jobs.extend(going.into_iter().map(|token| Job::SwitchOff { token }));
    let strays = attempts::list_strays(&mut connection).await?;
    due_jobs.extend(strays.into_iter().map(|attempt| Job::LookForStray { attempt }));
    if !warnings::are_given_today(&mut connection).await? {
        due_jobs.push(Job::WarnOfEnds);
    }
    if expiries::is_any_unreported(&mut connection).await? {
        due_jobs.push(Job::TellOfExpiries);
    }
    if cards::count_refused(&mut connection).await?.is_some() {
        cards::retry_refused(&mut connection, REFUSED_CARD_PAUSE).await?;
    }
    let stale = cards::list_stale(&mut connection).await?;
    due_jobs.extend(stale.into_iter().map(|request| Job::RenderCard { request }));
    let unannounced = deliveries::list_unannounced(&mut connection).await?;
    due_jobs.extend(unannounced.into_iter().map(|delivery| Job::Deliver { delivery }));
    let due = deliveries::list_due(&mut connection).await?;
    due_jobs.extend(due.into_iter().map(|delivery| Job::LapseDelivery { delivery }));
    let to_hide = reveals::list_deliveries_to_hide(&mut connection).await?;
    due_jobs.extend(to_hide.into_iter().map(|delivery| Job::DeleteReveal { delivery }));
    let untold = departures::list_unreported(&mut connection, &list_providers(workflow)).await?;
    due_jobs.extend(untold.into_iter().map(|departure| Job::TellDeparture { departure }));
    let overdue = notices::list_overdue(&mut connection).await?;
    due_jobs.extend(overdue.into_iter().map(|overdue| Job::send(overdue.id, overdue.is_mail)));
    for job in due_jobs {
        jobs::enqueue_due(&mut connection, job).await?;
    }
    // Last, so that nothing that is due must wait for it.
    drafts::forget_lapsed(&mut connection).await?;
    announcements::forget_lapsed(&mut connection).await?;
    interactions::forget_old(&mut connection).await?;
    leaks::forget_lapsed(&mut connection).await?;
    drop(connection);
    post_missing_cards(workflow).await
}

/// A provider may be configured again; meanwhile nobody could be asked to approve. A request that can't be
/// read, because another version wrote it, does not delay the others.
async fn post_missing_cards(workflow: &Workflow) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    for (request, provider) in cards::list_missing(&mut tx, &list_providers(workflow)).await? {
        tx.post_missing_card(request, &provider);
    }
    tx.commit().await?;
    Ok(())
}

fn list_providers(workflow: &Workflow) -> Vec<ProviderId> {
    workflow.config.providers.iter().map(|provider| provider.id.clone()).collect()
}
