//! Finds what is due and has no job, and asks for it again.

use crate::domain::catalogue::ProviderId;
use crate::domain::job::Job;
use crate::domain::request::RequestState;
use crate::store::{
    announcements, attempts, cards, deliveries, departures, drafts, expiries, interactions, jobs,
    leaks, notices, requests, reveals, tokens, warnings,
};

use crate::workflow::{Outcome, Workflow};

/// Finds what is due and has no job any more, and asks for it again.
pub async fn enqueue_due_jobs(workflow: &Workflow) -> Outcome<()> {
    let mut connection = workflow.pool.acquire().await?;
    let mut due_jobs = Vec::new();
    for due in requests::due(&mut connection).await? {
        let request = due.id;
        due_jobs.push(match due.state {
            RequestState::Approved => Job::ConfirmApprovals { request },
            RequestState::Issuing => Job::Issue { request },
            _ => Job::LapseRequest { request },
        });
    }
    let remind_after = workflow.config.policy.remind_after;
    let waiting = cards::to_be_reminded_of(&mut connection, remind_after).await?;
    due_jobs.extend(waiting.into_iter().map(|request| Job::RemindAdmins { request }));
    let ended = tokens::due(&mut connection).await?;
    due_jobs.extend(ended.into_iter().map(|token| Job::ExpireToken { token }));
    let going = tokens::going_off(&mut connection).await?;
    due_jobs.extend(going.into_iter().map(|token| Job::SwitchOff { token }));
    let strays = attempts::strays(&mut connection).await?;
    due_jobs.extend(strays.into_iter().map(|attempt| Job::LookForStray { attempt }));
    if !warnings::were_given_today(&mut connection).await? {
        due_jobs.push(Job::WarnOfEnds);
    }
    if expiries::are_untold(&mut connection).await? {
        due_jobs.push(Job::TellOfExpiries);
    }
    let stale = cards::stale(&mut connection).await?;
    due_jobs.extend(stale.into_iter().map(|request| Job::RenderCard { request }));
    let unannounced = deliveries::unannounced(&mut connection).await?;
    due_jobs.extend(unannounced.into_iter().map(|delivery| Job::Deliver { delivery }));
    let due = deliveries::due(&mut connection).await?;
    due_jobs.extend(due.into_iter().map(|delivery| Job::LapseDelivery { delivery }));
    let to_hide = reveals::to_hide(&mut connection).await?;
    due_jobs.extend(to_hide.into_iter().map(|delivery| Job::DeleteReveal { delivery }));
    let untold = departures::untold(&mut connection, &list_providers(workflow)).await?;
    due_jobs.extend(untold.into_iter().map(|departure| Job::TellDeparture { departure }));
    let overdue = notices::overdue(&mut connection).await?;
    due_jobs.extend(overdue.into_iter().map(|overdue| Job::send(overdue.id, overdue.is_mail)));
    for job in due_jobs {
        jobs::enqueue_due(&mut connection, job).await?;
    }
    // Last, so that nothing that is due has to wait for it.
    drafts::forget_lapsed(&mut connection).await?;
    announcements::forget_lapsed(&mut connection).await?;
    interactions::forget_old(&mut connection).await?;
    leaks::forget_lapsed(&mut connection).await?;
    drop(connection);
    post_missing_cards(workflow).await
}

/// A provider may be configured again; nobody could be asked for anything at it meanwhile. A request
/// that can't be read, since another version wrote it, keeps none of the others waiting.
async fn post_missing_cards(workflow: &Workflow) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    for (request, provider) in cards::missing(&mut tx, &list_providers(workflow)).await? {
        tx.post_missing_card(request, &provider);
    }
    tx.commit().await?;
    Ok(())
}

fn list_providers(workflow: &Workflow) -> Vec<ProviderId> {
    workflow.config.providers.iter().map(|provider| provider.id.clone()).collect()
}
