//! `/token health`: what is stuck at the providers whose admin somebody is.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::catalogue::ProviderId;
use crate::domain::permission::{Action, allows};
use crate::domain::request::Request;
use crate::store::health;
pub use crate::store::health::{FailingJobs, RefusedCard, UntoldSecret};
use crate::store::{jobs, requests};

use crate::workflow::refusal::Refusal;
use crate::workflow::request::card;
use crate::workflow::{Actor, Outcome, Workflow};

/// How many of one kind of trouble are listed; whoever has more of it begins with these.
const LISTED: u32 = 20;

/// What is stuck. Lists begin with the oldest.
#[derive(Debug, Default)]
pub struct Health {
    /// The providers that this is about.
    pub providers: Vec<ProviderId>,
    /// How long the oldest due job, of any provider, has waited for a process.
    pub oldest_wait: Duration,
    /// Jobs that fail.
    pub failing: Vec<FailingJobs>,
    /// Cards that Discord refuses.
    pub cards: Vec<Linked<RefusedCard>>,
    /// Requests that wait for a provider's API.
    pub upstream: Vec<Linked<Request>>,
    /// Secrets whose owners could not be told.
    pub untold: Vec<Linked<UntoldSecret>>,
    /// Emails that wait, and since when.
    pub emails: Option<(i64, DateTime<Utc>)>,
}

/// Something with a link to the card that it is about, if there is one.
#[derive(Debug)]
pub struct Linked<T> {
    /// What it is.
    pub what: T,
    /// The link.
    pub card: Option<String>,
}

impl Health {
    /// Whether there is nothing to tell.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let Self { providers: _, oldest_wait: _, failing, cards, upstream, untold, emails } = self;
        failing.is_empty()
            && cards.is_empty()
            && upstream.is_empty()
            && untold.is_empty()
            && emails.is_none()
            && self.waits_for_processes().is_none()
    }

    /// How long due jobs have waited, where that is too long.
    #[must_use]
    pub fn waits_for_processes(&self) -> Option<Duration> {
        /// Longer than a process that works well leaves any.
        const LONG: Duration = Duration::from_secs(60);
        Some(self.oldest_wait).filter(|wait| *wait >= LONG)
    }
}

/// The providers whose admin this person is.
///
/// # Errors
/// There are none.
pub fn list_providers(workflow: &Workflow, actor: &Actor) -> Result<Vec<ProviderId>, Refusal> {
    let may_see =
        |provider: &&_| allows(Action::SeeHealth, actor.relationship(Some(provider), None));
    let providers: Vec<ProviderId> =
        workflow.config.providers.iter().filter(may_see).map(|found| found.id.clone()).collect();
    if providers.is_empty() {
        return Err(Refusal::NotAllowed(Action::SeeHealth));
    }
    Ok(providers)
}

/// What is stuck at these providers.
pub async fn inspect(workflow: &Workflow, providers: Vec<ProviderId>) -> Outcome<Health> {
    let mut connection = workflow.pool.acquire().await?;
    let connection = &mut *connection;
    let backlog = jobs::read_backlog(connection).await?;
    let mut found = Health {
        oldest_wait: Duration::try_from_secs_f64(backlog.oldest_wait).unwrap_or_default(),
        failing: health::list_failing_jobs(connection, &providers).await?,
        emails: health::count_waiting_emails(connection, &providers).await?,
        ..Health::default()
    };
    for what in health::list_refused_cards(connection, &providers, LISTED).await? {
        let card = card::find_link(workflow, connection, what.request).await?;
        found.cards.push(Linked { what, card });
    }
    for id in health::list_waiting_for_upstream(connection, &providers, LISTED).await? {
        if let Some(what) = requests::get(connection, id).await? {
            let card = card::find_link(workflow, connection, id).await?;
            found.upstream.push(Linked { what, card });
        }
    }
    for what in health::list_untold_secrets(connection, &providers, LISTED).await? {
        let card = card::find_link(workflow, connection, what.request).await?;
        found.untold.push(Linked { what, card });
    }
    Ok(Health { providers, ..found })
}
