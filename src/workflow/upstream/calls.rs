//! Calls that end a token, and what a new token shows about its configuration: recorded before and after, so
//! that a crash in between leaves nothing that would be misread.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::config::UpstreamValues;
use crate::domain::attempt::UpstreamDoubt;
use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::{AttemptId, EventId};
use crate::issuer::{Said, Sight};
use crate::store::{attempts, events, requests};

use crate::workflow::upstream::{attempt, identity};
use crate::workflow::{Outcome, Workflow};

/// A call that ends a token, about to be sent.
#[derive(Debug)]
pub struct EndingCall {
    attempt: AttemptId,
    /// Until when an earlier one may still arrive.
    earlier: Option<DateTime<Utc>>,
}

/// A call that ends the token of an attempt is about to be sent, and may be on its way for this long.
pub async fn begin_end(
    workflow: &Workflow,
    attempt: AttemptId,
    (seen, on_its_way): (&Sight, Duration),
) -> Outcome<EndingCall> {
    let mut tx = workflow.tx().await?;
    let earlier = attempts::in_flight_until(&mut tx, attempt).await?;
    let is_seen = matches!(seen, Sight::Alive | Sight::Dead);
    attempts::note_call(&mut tx, attempt, is_seen, on_its_way).await?;
    tx.commit().await?;
    Ok(EndingCall { attempt, earlier })
}

/// A token works after the moment at which its upstream was to end it: what it said of that counts no longer.
pub async fn note_outlived(workflow: &Workflow, attempt: AttemptId) -> Outcome<()> {
    Ok(workflow
        .pool
        .run(async |connection| attempts::note_outlived(connection, attempt).await)
        .await?)
}

/// That call was answered, or not. `for_good`: it doesn't only stop the token.
pub async fn finish_end(
    workflow: &Workflow,
    call: EndingCall,
    (said, for_good): (&Said, bool),
) -> Outcome<()> {
    if matches!(said, Said::Doubtful(_)) {
        return Ok(());
    }
    let mut tx = workflow.tx().await?;
    let is_accepted = for_good && said.is_accepted();
    attempts::note_answer(&mut tx, call.attempt, (call.earlier, is_accepted)).await?;
    tx.commit().await?;
    Ok(())
}

/// What a configuration's `find` showed of what its `create` had just made. The admins are told of one that
/// doesn't show it, once. `length`: of the text that held its marker.
pub async fn record_sight_of_new_token(
    workflow: &Workflow,
    (provider, configuration): (&ProviderId, &str),
    ((marker, length), sight): ((&str, usize), &Sight),
) -> Outcome<()> {
    let doubt = match sight {
        Sight::Alive => None,
        Sight::OtherName(name) => {
            let (marker, name) = (marker.to_owned(), name.clone());
            Some(UpstreamDoubt::OtherName { marker, name })
        }
        Sight::Unclear(why) | Sight::Refused(why) => {
            Some(UpstreamDoubt::Unreadable { why: why.clone() })
        }
        Sight::Dead => Some(UpstreamDoubt::ShownDead { marker: marker.to_owned() }),
        Sight::OtherId | Sight::Absent | Sight::Missing(_) | Sight::Partial | Sight::Unseen => {
            Some(UpstreamDoubt::NotShown { marker: marker.to_owned() })
        }
    };
    let mut tx = workflow.tx().await?;
    attempts::note_proof(&mut tx, (provider, configuration), (doubt.is_none(), length)).await?;
    if let Some(doubt) = doubt {
        tx.doubt_upstream(provider, configuration, &doubt).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The values of the newest tokens that live and were made by the configuration of this call, besides its own: a list
/// that shows what is there shows them.
pub async fn get_witnesses(
    workflow: &Workflow,
    attempt: AttemptId,
) -> Outcome<Vec<UpstreamValues>> {
    let mut connection = workflow.pool.acquire().await?;
    let mut values = Vec::new();
    for (id, known) in attempts::find_witnesses(&mut connection, attempt).await? {
        let Some(request) = requests::get(&mut connection, id).await? else { continue };
        let upstream_id = identity::open(workflow, &known)?;
        values.push(attempt::build_values(&request, &known.marker, Some(&upstream_id)));
    }
    Ok(values)
}

/// What the admins of a provider must be told about its upstream.
pub async fn get_doubt(
    workflow: &Workflow,
    event: EventId,
) -> Outcome<Option<(ProviderId, UpstreamDoubt)>> {
    let mut connection = workflow.pool.acquire().await?;
    let found = events::get_detail(&mut connection, event, EventKind::UpstreamDoubted).await?;
    let Some((provider, detail)) = found else { return Ok(None) };
    Ok(serde_json::from_value(detail).ok().map(|doubt| (provider, doubt)))
}
