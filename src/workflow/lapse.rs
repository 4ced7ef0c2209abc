//! What happens when nobody does anything: requests lapse, deliveries lapse, sweeps find the rest.

use serde_json::json;

use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::RequestId;
use crate::domain::notice::NoticeKind;
use crate::domain::request::RequestState;
use crate::queue::{self, Job};
use crate::store::{
    announcements, attempts, cards, deliveries, departures, drafts, expiries, interactions, leaks,
    notices, requests, reveals, tokens, warnings,
};

use super::record::{request_event, tell_requester};
use super::{Outcome, Workflow};

impl Workflow {
    /// Ends a request that nobody decided in time.
    ///
    /// # Errors
    /// Faults.
    pub async fn lapse_request(&self, id: RequestId) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        let Some(request) = requests::lock(&mut transaction, id).await? else { return Ok(()) };
        if request.state != RequestState::Pending
            || !requests::is_past(&mut transaction, id).await?
        {
            return Ok(());
        }
        let to = RequestState::Expired;
        requests::change_state(&mut transaction, &request, to, None, None).await?;
        let kind = EventKind::RequestExpired;
        let event = request_event(&mut transaction, &request, kind, None, json!({})).await?;
        tell_requester(&mut transaction, event, NoticeKind::Expired, &request).await?;
        self.show(&mut transaction, &request).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Finds what is due and has no job any more, and asks for it again.
    ///
    /// # Errors
    /// Faults.
    pub async fn sweep(&self) -> Outcome<()> {
        self.make_missing_cards().await?;
        let mut connection = self.pool.acquire().await?;
        let mut jobs = Vec::new();
        for due in requests::due(&mut connection).await? {
            let request = due.id;
            jobs.push(match due.state {
                RequestState::Approved => Job::ConfirmApprovals { request },
                RequestState::Issuing => Job::Issue { request },
                _ => Job::LapseRequest { request },
            });
        }
        let remind_after = self.config.policy.remind_after;
        let waiting = cards::to_be_reminded_of(&mut connection, remind_after).await?;
        jobs.extend(waiting.into_iter().map(|request| Job::RemindAdmins { request }));
        let ended = tokens::due(&mut connection).await?;
        jobs.extend(ended.into_iter().map(|token| Job::ExpireToken { token }));
        let going = tokens::going_off(&mut connection).await?;
        jobs.extend(going.into_iter().map(|token| Job::SwitchOff { token }));
        let strays = attempts::strays(&mut connection).await?;
        jobs.extend(strays.into_iter().map(|attempt| Job::LookForStray { attempt }));
        if !warnings::were_given_today(&mut connection).await? {
            jobs.push(Job::WarnOfEnds);
        }
        if expiries::are_untold(&mut connection).await? {
            jobs.push(Job::TellOfExpiries);
        }
        let stale = cards::stale(&mut connection).await?;
        jobs.extend(stale.into_iter().map(|request| Job::RenderCard { request }));
        let unannounced = deliveries::unannounced(&mut connection).await?;
        jobs.extend(unannounced.into_iter().map(|delivery| Job::Deliver { delivery }));
        let due = deliveries::due(&mut connection).await?;
        jobs.extend(due.into_iter().map(|delivery| Job::LapseDelivery { delivery }));
        let to_hide = reveals::to_hide(&mut connection).await?;
        jobs.extend(to_hide.into_iter().map(|delivery| Job::DeleteReveal { delivery }));
        let untold = departures::untold(&mut connection, &self.providers()).await?;
        jobs.extend(untold.into_iter().map(|departure| Job::TellDeparture { departure }));
        let overdue = notices::overdue(&mut connection).await?;
        jobs.extend(overdue.into_iter().map(|overdue| Job::send(overdue.id, overdue.is_mail)));
        for job in jobs {
            queue::enqueue_due(&mut connection, job).await?;
        }
        // Last, so that nothing that is due has to wait for it.
        drafts::forget_lapsed(&mut connection).await?;
        announcements::forget_lapsed(&mut connection).await?;
        interactions::forget_old(&mut connection).await?;
        leaks::forget_lapsed(&mut connection).await?;
        Ok(())
    }

    /// A provider may be configured again; nobody could be asked for anything at it meanwhile.
    async fn make_missing_cards(&self) -> Outcome<()> {
        let mut transaction = self.transaction().await?;
        for id in cards::missing(&mut transaction, &self.providers()).await? {
            if let Some(request) = requests::lock(&mut transaction, id).await? {
                self.show(&mut transaction, &request).await?;
            }
        }
        transaction.commit().await?;
        Ok(())
    }

    fn providers(&self) -> Vec<ProviderId> {
        self.config.providers.iter().map(|provider| provider.id.clone()).collect()
    }
}
