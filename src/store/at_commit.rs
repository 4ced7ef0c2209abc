//! What a transaction leaves for its end: events, cards that are outdated, and jobs.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::events::{EventColumns, NewEvent};
use super::jobs::{CHANNEL, Due, RequestedJobs};
use crate::domain::ids::{ChannelId, RequestId};
use crate::domain::job::Job;

/// Writes the events in their order, marks these cards as outdated, which gives each a row if it has none, and requests
/// the jobs: all of it is rolled back with the transaction, and visible when it commits.
///
/// If a job is requested again before it starts, it runs once, at the time of the last request. If it is
/// requested while it runs, it runs once more afterwards. The transaction locks the cards and the jobs until it ends.
pub(super) async fn write(
    connection: &mut PgConnection,
    events: &[NewEvent],
    outdated: &[(RequestId, ChannelId)],
    requested: &RequestedJobs,
) -> sqlx::Result<()> {
    let (requests, channels): (Vec<_>, Vec<_>) =
        outdated.iter().map(|(request, channel)| (request.get(), channel.get())).unzip();
    let (kinds, subjects): (Vec<_>, Vec<_>) =
        requested.keys().map(|(kind, subject)| ((*kind).to_owned(), *subject)).unzip();
    let (jobs, dues): (Vec<Job>, Vec<Due>) = requested.values().copied().unzip();
    let (times, waits): (Vec<Option<DateTime<Utc>>>, Vec<f64>) =
        dues.into_iter().map(Due::into_parts).unzip();
    let events = EventColumns::of(events);
    sqlx::query!(
        r#"with written as (
               insert into events (kind, provider, request_id, token_id, actor, on_behalf_of,
                   interaction_id, digest_before, digest_after, detail)
               select kind, provider, request_id, token_id, actor, on_behalf_of,
                   interaction_id, digest_before, digest_after, detail
               from unnest($10::text[], $11::text[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[],
                       $16::bigint[], $17::bytea[], $18::bytea[], $19::jsonb[])
                   with ordinality as event (kind, provider, request_id, token_id, actor, on_behalf_of,
                       interaction_id, digest_before, digest_after, detail, place)
               order by place
               returning id),
           outdated as (
               insert into cards (request_id, channel)
               select request_id, channel from unnest($1::bigint[], $2::bigint[]) as card (request_id, channel)
               where (select count(*) from written) >= 0
               order by request_id
               on conflict (request_id) do update set wanted = cards.wanted + 1
               returning request_id),
           requested as (
               insert into jobs (kind, subject, lane, urgency, due_at)
               select kind, subject, lane, urgency, coalesce(due_at, case when wait > 0 then clock_timestamp() else now() end) + make_interval(secs => wait)
               from unnest($3::text[], $4::bigint[], $5::text[], $6::smallint[], $7::timestamptz[], $8::float8[])
                   as job (kind, subject, lane, urgency, due_at, wait)
               -- The cards first, as everywhere.
               where (select count(*) from outdated) >= 0
               -- In one order, so that no two transactions wait for each other.
               order by kind, subject
               on conflict (kind, subject) do update set written_at = now(),
                   due_at = case when jobs.taken_by is null then excluded.due_at else jobs.due_at end,
                   again_at = case when jobs.taken_by is null then null else excluded.due_at end,
                   is_put_back = false, failures = 0
               returning due_at, taken_by)
           select pg_notify($9, '') as "notified: ()" from requested
           where due_at <= now() and taken_by is null limit 1"#,
        &requests,
        &channels,
        &kinds,
        &subjects,
        &jobs.iter().map(|job| job.lane().name().to_owned()).collect::<Vec<_>>(),
        &jobs.iter().map(|job| job.urgency().rank()).collect::<Vec<_>>(),
        &times as _,
        &waits,
        CHANNEL,
        &events.kinds as _,
        &events.providers as _,
        &events.requests as _,
        &events.tokens as _,
        &events.actors as _,
        &events.others as _,
        &events.interactions as _,
        &events.before as _,
        &events.after as _,
        &events.details as _
    )
    .fetch_optional(connection)
    .await?;
    Ok(())
}
