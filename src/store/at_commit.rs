//! What a transaction leaves for its end: events, what is told of them, cards that are outdated, and jobs.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::events::{EventColumns, NewEvent};
use super::hand_over::OwnJobs;
use super::jobs::{CHANNEL, Due, RequestedJobs};
use super::lookups::{Lookup, LookupColumns};
use super::notices::NoticeColumns;
use crate::domain::ids::{ChannelId, RequestId};
use crate::domain::job::Job;
use crate::domain::notice::NoticeKind;

/// What is left.
#[derive(Debug, Default)]
pub(super) struct Leftovers<'a> {
    /// In the order in which they happened.
    pub events: &'a [NewEvent],
    pub notices: NoticeColumns,
    /// With the channels in which their requests' cards are to be; without one, a card stays where it is.
    pub cards: Vec<(RequestId, Option<ChannelId>)>,
    pub jobs: RequestedJobs,
    /// Further jobs, and cards; of two requests for one job the earlier counts.
    pub lookups: BTreeSet<Lookup>,
}

impl Leftovers<'_> {
    fn is_empty(&self) -> bool {
        self.events.is_empty()
            && self.notices.kinds.is_empty()
            && self.cards.is_empty()
            && self.jobs.is_empty()
            && self.lookups.is_empty()
    }
}

/// Writes the events and notices, marks the cards as outdated, which gives each a row if it has none, and requests the jobs: all
/// of it is rolled back with the transaction, and visible when it commits. A notice that was written before is left out.
///
/// If a job is requested again before it starts, it runs once, at the time of the last request. If it is
/// requested while it runs, it runs once more afterwards. The transaction locks the cards and the jobs until it ends.
pub(super) async fn write(
    connection: &mut PgConnection,
    left: &Leftovers<'_>,
    own: &mut OwnJobs,
) -> sqlx::Result<()> {
    if left.is_empty() {
        return Ok(());
    }
    let (requests, channels): (Vec<_>, Vec<_>) = left
        .cards
        .iter()
        .map(|(request, channel)| (request.get(), channel.map(ChannelId::get)))
        .unzip();
    let (kinds, subjects): (Vec<_>, Vec<_>) =
        left.jobs.keys().map(|(kind, subject)| ((*kind).to_owned(), *subject)).unzip();
    let (jobs, dues): (Vec<Job>, Vec<Due>) = left.jobs.values().copied().unzip();
    let is_own: Vec<bool> = left
        .jobs
        .values()
        .map(|(job, due)| due.into_parts() == (None, 0.0) && own.keep(*job))
        .collect();
    let (times, waits): (Vec<Option<DateTime<Utc>>>, Vec<f64>) =
        dues.into_iter().map(Due::into_parts).unzip();
    let events = EventColumns::of(left.events);
    let lookups = LookupColumns::of(&left.lookups);
    let rows = sqlx::query!(
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
           notice as (
               select coalesce(event_id, numbered.id) as event_id, kind, medium, recipient, request_id, token_id,
                   follows_others, job, lane, urgency, wait, number
               from unnest($28::bigint[], $29::bigint[], $30::text[], $31::text[], $32::text[], $33::bigint[],
                       $34::bigint[], $35::boolean[], $36::text[], $37::text[], $38::smallint[], $39::float8[])
                   with ordinality as notice (event_id, place, kind, medium, recipient, request_id,
                       token_id, follows_others, job, lane, urgency, wait, number)
               left join (select id, row_number() over (order by id) as place from written) as numbered using (place)),
           noted as (
               insert into notices (event_id, kind, medium, recipient, request_id, token_id)
               select event_id, kind, medium, recipient, request_id, token_id from notice
               -- Of one row each: a plan for `exists` may read them all.
               where not follows_others or (select true from notices as earlier
                   where earlier.request_id = notice.request_id and earlier.medium = notice.medium
                       and earlier.recipient = notice.recipient and earlier.kind = any($43)
                       and (earlier.state = 'waiting' or earlier.dm_message is not null) limit 1)
               order by number
               on conflict on constraint told_once do nothing
               returning id, event_id, kind, medium, recipient),
           found as (
               select job as kind, noted.id as subject, lane, urgency, wait, null::bigint as channel
               from noted join notice using (event_id, kind, medium, recipient)
               union all
               select job, id, lane, urgency, wait, channel
               from unnest($20::text[], $21::bigint[], $22::bigint[], $23::text[], $24::bigint[],
                       $25::text[], $26::smallint[], $27::float8[])
                   as lookup (job, about, person, provider, channel, lane, urgency, wait)
               cross join lateral find_concerned(job, about, person, provider) as id),
           outdated as (
               insert into cards (request_id, channel)
               select distinct on (request_id) request_id, place
               from (select * from unnest($1::bigint[], $2::bigint[]) as card (request_id, channel)
                   union all select subject, channel from found where kind = 'render_card') as card
               cross join lateral coalesce(channel,
                   (select cards.channel from cards where cards.request_id = card.request_id)) as place
               where place is not null and (select count(*) from written) >= 0
               order by request_id
               on conflict (request_id) do update set wanted = cards.wanted + 1
               returning request_id),
           requested as (
               insert into jobs (kind, subject, lane, urgency, due_at, taken_by, leased_until)
               select distinct on (kind, subject) kind, subject, lane, urgency,
                   coalesce(due_at, case when wait > 0 then clock_timestamp() else now() end) + make_interval(secs => wait),
                   case when own then $41::uuid end, case when own then clock_timestamp() + make_interval(secs => $42) end
               from (select * from unnest($3::text[], $4::bigint[], $5::text[], $6::smallint[], $7::timestamptz[], $8::float8[], $40::boolean[])
                       as job (kind, subject, lane, urgency, due_at, wait, own)
                   union all select kind, subject, lane, urgency, null, wait, false from found) as job
               -- The cards first, as everywhere.
               where (select count(*) from outdated) >= 0
               -- In one order, so that no two transactions wait for each other.
               order by kind, subject, wait
               on conflict (kind, subject) do update set written_at = now(),
                   due_at = case when jobs.taken_by is null then excluded.due_at else jobs.due_at end,
                   again_at = case when jobs.taken_by is null then null else excluded.due_at end,
                   is_put_back = false, failures = 0, taken_by = coalesce(jobs.taken_by, excluded.taken_by),
                   leased_until = case when jobs.taken_by is null then excluded.leased_until else jobs.leased_until end
               returning kind, subject, due_at, taken_by)
           select kind, subject, taken_by is not null as "is_own!",
               case when taken_by is null then pg_notify($9, '') end as "notified: ()" from requested
           where due_at <= now() and (taken_by is null or taken_by = $41)"#,
        &requests,
        &channels as _,
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
        &events.details as _,
        &lookups.kinds as _,
        &lookups.about as _,
        &lookups.people as _,
        &lookups.providers as _,
        &lookups.channels as _,
        &lookups.lanes as _,
        &lookups.urgencies as _,
        &lookups.waits as _,
        &left.notices.events as _,
        &left.notices.places as _,
        &left.notices.kinds as _,
        &left.notices.media as _,
        &left.notices.recipients as _,
        &left.notices.requests as _,
        &left.notices.tokens as _,
        &left.notices.follow_others,
        &left.notices.jobs as _,
        &left.notices.lanes as _,
        &left.notices.urgencies as _,
        &left.notices.waits as _,
        &is_own,
        own.taking,
        own.lease().as_secs_f64(),
        &NoticeKind::OF_COURSE as _
    )
    .fetch_all(connection)
    .await?;
    let taken = rows.into_iter().filter(|row| row.is_own);
    own.note_taken(taken.filter_map(|row| Job::from_parts(&row.kind, row.subject)));
    Ok(())
}
