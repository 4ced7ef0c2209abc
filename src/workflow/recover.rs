//! Recovery after the database was restored from an older dump. Secrets that were stopped since then would
//! work again, and withdrawn approvals would count. So everything that Countersign verifies is disabled,
//! everything that waits is voided, and people are told what to compare.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, RequestId, TokenId};
use crate::domain::operator::Operator;
use crate::store::recovery::RestorePoint;
use crate::store::tx::UnreadableRow;
use crate::store::{events, recovery, requests};

use crate::workflow::request::review;
use crate::workflow::token::end;

use crate::workflow::{Outcome, Workflow};

/// The reason in the audit log, which cards and messages explain.
pub(in crate::workflow) const RESTORED: &str = "restored";

/// What a recovery stopped at one provider, as its event holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecoveryCounts {
    /// Tokens that were disabled.
    pub tokens: u32,
    /// Requests that were withdrawn.
    pub requests: u32,
    /// Deliveries that were voided.
    pub deliveries: u32,
    /// When the last event in the restored database was written.
    pub restored_to: Option<DateTime<Utc>>,
}

/// What was stopped, for each provider that is configured or that the database knows.
pub type Recoveries = BTreeMap<ProviderId, RecoveryCounts>;

/// Disables, withdraws and voids, one by one, each with its event. After a crash it continues, and tells
/// everything together. Returns none if nothing was left to do since the last recovery. The caller has
/// noted that the recovery began, and has moved the counters.
///
/// Rows that can't be read, because another version wrote them or somebody damaged them, are ended too, and
/// don't stop the others.
///
/// # Errors
/// Faults. If some rows could not be ended, it says which, after all others are done.
pub async fn stop_everything(
    workflow: &Workflow,
    operator: &Operator,
    end: RestorePoint,
) -> Outcome<Option<Recoveries>> {
    let mut left = Vec::new();
    let mut connection = workflow.pool.acquire().await?;
    let tokens = recovery::list_verified_tokens(&mut connection).await?;
    let requests = recovery::list_open_requests(&mut connection).await?;
    drop(connection);
    for id in tokens {
        match disable_restored(workflow, id, operator).await {
            Ok(()) => {}
            // Another session holds a lock: wait for that before trying anything else.
            Err(failure) if failure.is_lock() => return Err(failure),
            Err(failure) => left.push(format!("token {id}: {failure}")),
        }
    }
    for id in requests {
        match withdraw_restored(workflow, id).await {
            Ok(()) => {}
            Err(failure) if failure.is_lock() => return Err(failure),
            Err(failure) => left.push(format!("request {id}: {failure}")),
        }
    }
    match finish_recovery(workflow, operator, end, left.is_empty()).await {
        Ok(done) if left.is_empty() => return Ok(done),
        Ok(_) => {}
        Err(failure) => left.push(format!("what waits, and what the admins are told: {failure}")),
    }
    let left = left.join("\n  ");
    Err(anyhow::anyhow!("everything else is done, and these are left:\n  {left}").into())
}

/// Voids what waits, logs what was stopped since the recovery began, and ends the recovery if nothing is
/// left: in one transaction, so that the admins are told of everything once.
async fn finish_recovery(
    workflow: &Workflow,
    operator: &Operator,
    end: RestorePoint,
    is_all: bool,
) -> Outcome<Option<Recoveries>> {
    let restored_to = end.last_event;
    let empty = || RecoveryCounts { restored_to, ..RecoveryCounts::default() };
    let named = workflow.config.providers.iter();
    let mut done: Recoveries = named.map(|found| (found.id.clone(), empty())).collect();
    let mut tx = workflow.tx().await?;
    for stopped in recovery::count_stopped(&mut tx).await? {
        let one = done.entry(stopped.provider).or_insert_with(empty);
        (one.tokens, one.requests) = (stopped.tokens, stopped.requests);
    }
    for provider in recovery::void_deliveries(&mut tx).await? {
        // A provider whose name is not valid is voided too, but nobody is told.
        if let Ok(provider) = provider.parse::<ProviderId>() {
            done.entry(provider).or_insert_with(empty).deliveries += 1;
        }
    }
    recovery::forget_what_passes(&mut tx).await?;
    let stopped = |one: &RecoveryCounts| one.tokens + one.requests + one.deliveries > 0;
    let is_news = !end.is_recovered || done.values().any(stopped);
    if is_news {
        for (provider, recovered) in &done {
            let mut detail = json!(recovered);
            detail["operator"] = json!(operator);
            tx.log_recovery(provider, detail).await?;
        }
    }
    if is_all {
        recovery::finish(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(is_news.then_some(done))
}

async fn disable_restored(workflow: &Workflow, id: TokenId, operator: &Operator) -> Outcome<()> {
    match end::disable_by_operator(workflow, id, operator, Some(RESTORED)).await {
        Ok(_) => Ok(()),
        Err(failure) if failure.is_lock() => Err(failure),
        Err(failure) => {
            let mut tx = workflow.tx().await?;
            let ended = tx.disable_unread(id).await?;
            tx.commit().await?;
            tracing::warn!(token = id.get(), %failure, "disabled without being read");
            let by = json!({ "by": "operator", "operator": operator, "because": RESTORED });
            log_unread(workflow, &ended, by).await
        }
    }
}

async fn log_unread(workflow: &Workflow, ended: &UnreadableRow, detail: Value) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    tx.log_unread(ended, detail).await?;
    Ok(tx.commit().await?)
}

async fn withdraw_restored(workflow: &Workflow, id: RequestId) -> Outcome<()> {
    let withdrawn: Outcome<()> = async {
        let mut tx = workflow.tx().await?;
        let Some(mut request) = requests::lock(&mut tx, id).await? else { return Ok(()) };
        review::withdraw(&mut tx, &mut request, RESTORED).await?;
        Ok(tx.commit().await?)
    }
    .await;
    match withdrawn {
        Ok(()) => Ok(()),
        Err(failure) if failure.is_lock() => Err(failure),
        Err(failure) => {
            let mut tx = workflow.tx().await?;
            let ended = tx.withdraw_unread(id).await?;
            tx.commit().await?;
            tracing::warn!(request = id.get(), %failure, "withdrawn without being read");
            log_unread(workflow, &ended, json!({ "reason": RESTORED })).await
        }
    }
}

/// What a recovery stopped, for the message to the admins; none if there is no such event.
pub async fn get_result(
    workflow: &Workflow,
    event: EventId,
) -> Outcome<Option<(ProviderId, RecoveryCounts)>> {
    let mut connection = workflow.pool.acquire().await?;
    let found = events::get_detail(&mut connection, event, EventKind::DatabaseRestored).await?;
    let Some((provider, detail)) = found else { return Ok(None) };
    Ok(RecoveryCounts::deserialize(detail).ok().map(|recovered| (provider, recovered)))
}
