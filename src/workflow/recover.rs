//! After the database was restored from an older dump: secrets that were stopped since then would open
//! again, and approvals would count that were withdrawn. So everything that Countersign verifies is
//! disabled, everything that waits is void, and people are told what to compare.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::EventId;
use crate::domain::operator::Operator;
use crate::store::recovery::End;
use crate::store::{events, recovery, requests, tokens};

use super::confirm::withdraw;

use super::{Outcome, Workflow};

/// What the audit log calls the reason, and what cards and messages explain by it.
pub(super) const RESTORED: &str = "restored";

/// What a recovery did at one provider, as its event holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovered {
    /// Tokens that were disabled.
    pub tokens: u32,
    /// Requests that were withdrawn.
    pub requests: u32,
    /// Deliveries that were voided.
    pub deliveries: u32,
    /// When the last thing happened that the database knows.
    pub restored_to: Option<DateTime<Utc>>,
}

/// What was done, for each provider that the configuration has or the database knows of.
pub type Recoveries = BTreeMap<ProviderId, Recovered>;

impl Workflow {
    /// Disables, voids and withdraws, step by step, each with its event; what was done before a crash is
    /// not done again; none where nothing was left to do since the last recovery. The counters must have been
    /// moved before.
    ///
    /// # Errors
    /// Faults.
    pub async fn recover(&self, operator: &Operator, end: End) -> Outcome<Option<Recoveries>> {
        let restored_to = end.last_event;
        let named = self.config.providers.iter();
        let empty = || Recovered { restored_to, ..Recovered::default() };
        let mut done: Recoveries = named.map(|found| (found.id.clone(), empty())).collect();
        self.withdraw_all(&mut done).await?;
        self.disable_all(operator, &mut done).await?;
        let mut tx = self.tx().await?;
        for provider in recovery::void_deliveries(&mut tx).await? {
            done.entry(provider).or_insert_with(empty).deliveries += 1;
        }
        recovery::forget_what_passes(&mut tx).await?;
        let stopped = |one: &Recovered| one.tokens + one.requests + one.deliveries > 0;
        if end.is_recovered && !done.values().any(stopped) {
            tx.commit().await?;
            return Ok(None);
        }
        for (provider, recovered) in &done {
            let mut detail = json!(recovered);
            detail["operator"] = json!(operator);
            tx.log_recovery(provider, detail).await?;
        }
        tx.commit().await?;
        Ok(Some(done))
    }

    async fn withdraw_all(&self, done: &mut Recoveries) -> Outcome<()> {
        let mut connection = self.pool.acquire().await?;
        let open = recovery::open_requests(&mut connection).await?;
        drop(connection);
        for id in open {
            let mut tx = self.tx().await?;
            let Some(mut request) = requests::lock(&mut tx, id).await? else { continue };
            withdraw(&mut tx, &mut request, RESTORED).await?;
            tx.commit().await?;
            done.entry(request.content.provider.clone()).or_default().requests += 1;
        }
        Ok(())
    }

    async fn disable_all(&self, operator: &Operator, done: &mut Recoveries) -> Outcome<()> {
        let mut connection = self.pool.acquire().await?;
        let on = recovery::verified_tokens(&mut connection).await?;
        for id in on {
            let Some(token) = tokens::get(&mut connection, id).await? else { continue };
            self.disable_at_the_machine(id, operator, Some(RESTORED)).await?;
            done.entry(token.provider).or_default().tokens += 1;
        }
        Ok(())
    }

    /// What a recovery did, for the message to the admins; none where there is no such event.
    ///
    /// # Errors
    /// Faults.
    pub async fn recovery(&self, event: EventId) -> Outcome<Option<(ProviderId, Recovered)>> {
        let mut connection = self.pool.acquire().await?;
        let found = events::detail(&mut connection, event, EventKind::DatabaseRestored).await?;
        let Some((provider, detail)) = found else { return Ok(None) };
        Ok(Recovered::deserialize(detail).ok().map(|recovered| (provider, recovered)))
    }
}
