//! The job queue: the table `jobs`.
//!
//! A job has one row. A process takes it for the length of a lease, which it renews while it runs the job; after
//! the lease any process may take it. So the end of a job names its taking, and changes nothing if the job was
//! taken again in the meantime.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::postgres::PgListener;
use uuid::Uuid;

use super::at_commit::{self, Leftovers};
use super::hand_over::OwnJobs;
use super::pool::Pool;
use crate::domain::job::{Job, Lane, Urgency};

/// The channel on which a commit announces a due job.
pub(super) const CHANNEL: &str = "countersign_jobs";

/// When a job is due, by the database's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// With the commit.
    Now,
    /// So long after the request, and up to a second later: the commit notifies nobody of it.
    In(Duration),
    /// At a time.
    At(DateTime<Utc>),
}

impl Due {
    /// From when it counts (`None`: from now), and how many seconds it waits from then.
    pub(super) fn into_parts(self) -> (Option<DateTime<Utc>>, f64) {
        match self {
            Self::Now => (None, 0.0),
            Self::In(wait) => (None, wait.as_secs_f64()),
            Self::At(time) => (Some(time), 0.0),
        }
    }
}

/// Jobs with the times for which they are requested, by kind and subject: each once.
pub type RequestedJobs = BTreeMap<(&'static str, i64), (Job, Due)>;

/// Requests one job for a time (`None`: now), as a transaction requests its own.
pub async fn enqueue(
    connection: &mut PgConnection,
    job: Job,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    let jobs = RequestedJobs::from([((job.kind(), job.id()), (job, at.map_or(Due::Now, Due::At)))]);
    let left = Leftovers { jobs, ..Leftovers::default() };
    at_commit::write(connection, &left, &mut OwnJobs::none()).await
}

/// Requests a job that is due and may have been lost. It does not change a job that runs, or one that was
/// put back after a failure or to wait: such a job is not lost, and must not run earlier.
pub async fn enqueue_due(connection: &mut PgConnection, job: Job) -> sqlx::Result<()> {
    let is_there = sqlx::query_scalar!(
        r#"select exists (select from jobs where kind = $1 and subject = $2
               and (taken_by is not null or is_put_back or due_at <= now())) as "is_there!""#,
        job.kind(),
        job.id()
    )
    .fetch_one(&mut *connection)
    .await?;
    if is_there { Ok(()) } else { enqueue(connection, job, None).await }
}

/// Requests the sweep for the next multiple of `every`, by the database's clock. All processes request the
/// same moment under the same name, so one sweep runs, however many processes there are.
pub async fn enqueue_sweep(connection: &mut PgConnection, every: Duration) -> sqlx::Result<()> {
    let (job, seconds) = (Job::Sweep, every.as_secs_f64());
    // One that is due already, and finds no place, is not put off by the next.
    sqlx::query!(
        "insert into jobs (kind, subject, lane, urgency, due_at)
         values ($1, $2, $3, $4, date_bin(make_interval(secs => $5), now(), timestamptz '2000-01-01 00:00:00Z')
             + make_interval(secs => $5))
         on conflict (kind, subject) do update set written_at = now(),
             due_at = least(jobs.due_at, excluded.due_at)
         where jobs.taken_by is null",
        job.kind(),
        job.id(),
        job.lane().name(),
        job.urgency().rank(),
        seconds
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// From so many failures in a row on, a job counts as failing.
pub(super) const FAILING: i32 = 3;

/// What the processes have not done yet.
#[derive(Debug, Clone, Copy, Default)]
pub struct Backlog {
    /// How long the oldest due job has waited for a process, in seconds.
    pub oldest_wait: f64,
    /// Jobs that failed several times in a row and are run again later.
    pub failing: i64,
}

/// Reads what has not been done yet.
pub async fn read_backlog(connection: &mut PgConnection) -> sqlx::Result<Backlog> {
    sqlx::query_as!(
        Backlog,
        r#"select coalesce(extract(epoch from now() - min(due_at)
                   filter (where due_at <= now() and (taken_by is null or leased_until <= now()))), 0)::float8 as "oldest_wait!",
               count(*) filter (where failures >= $1) as "failing!"
           from jobs"#,
        FAILING
    )
    .fetch_one(connection)
    .await
}

/// Has emails that were put back to be tried again tried now, but for those that were put back within `pause`.
pub async fn retry_emails(connection: &mut PgConnection, pause: Duration) -> sqlx::Result<()> {
    sqlx::query!(
        "with waiting as (
             select kind, subject from jobs
             where kind = 'send_mail' and taken_by is null and is_put_back and due_at > now()
                 and written_at <= now() - make_interval(secs => $1)
             for update skip locked)
         update jobs set due_at = now() from waiting
         where jobs.kind = waiting.kind and jobs.subject = waiting.subject",
        pause.as_secs_f64()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// A job that this process runs now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenJob {
    /// The job.
    pub job: Job,
    /// Names this taking: an end with an older one changes nothing.
    pub taking: Uuid,
    /// How often it failed since it was last requested.
    pub failures: u32,
}

/// How a job ended here.
#[derive(Debug, Clone, Copy)]
pub struct EndedJob {
    /// The job.
    pub taken: TakenJob,
    /// How often it failed in a row, and how long it waits until it runs again; none if it is done.
    pub again: Option<(u32, Duration)>,
}

/// How many jobs may be taken from a lane.
pub type Places = [(Lane, usize); Lane::ALL.len()];

/// For how long a process takes jobs: how long it may be silent until they are given to others.
#[derive(Debug, Clone, Copy)]
pub struct Lease(pub Duration);

impl Lease {
    /// Takes jobs that are due, the most urgent of each lane first, but none of a kind that only a newer version
    /// knows.
    pub async fn take(
        &self,
        connection: &mut PgConnection,
        places: Places,
    ) -> sqlx::Result<Vec<TakenJob>> {
        let (lanes, rooms): (Vec<_>, Vec<_>) = places
            .iter()
            .map(|(lane, room)| (lane.name().to_owned(), i64::try_from(*room).unwrap_or(i64::MAX)))
            .unzip();
        let taking = Uuid::new_v4();
        let kinds: Vec<_> = Job::KINDS.iter().map(|kind| (*kind).to_owned()).collect();
        let rows = sqlx::query!(
            r#"with picked as (
                   select due.at
                   from unnest($1::text[], $2::bigint[]) as lane (name, room)
                   cross join lateral (
                       select ranked.at
                       from unnest($3::smallint[]) as rank (urgency)
                       cross join lateral (
                           select ctid as at, jobs.urgency, due_at from jobs
                           where jobs.lane = lane.name and jobs.urgency = rank.urgency and due_at <= now()
                               and (leased_until is null or leased_until <= now()) and kind = any($4)
                           order by due_at limit lane.room for update skip locked) as ranked
                       order by ranked.urgency, ranked.due_at limit lane.room) as due)
               update jobs set taken_by = $5, leased_until = now() + make_interval(secs => $6)
               -- Found again by its place in the table, since a join may read the whole table. What somebody changed
               -- as we looked has another place now, and is left for the next look.
               where ctid = any(array(select at from picked))
               returning kind, subject, failures"#,
            &lanes,
            &rooms,
            &Urgency::ALL.map(Urgency::rank),
            &kinds,
            taking,
            self.0.as_secs_f64()
        )
        .fetch_all(connection)
        .await?;
        let taken = rows.into_iter().filter_map(|row| {
            let job = Job::from_parts(&row.kind, row.subject)?;
            let failures = u32::try_from(row.failures).unwrap_or_default();
            Some(TakenJob { job, taking, failures })
        });
        Ok(taken.collect())
    }

    /// Renews the lease of these jobs, which this process still runs.
    pub async fn renew(
        &self,
        connection: &mut PgConnection,
        jobs: &[TakenJob],
    ) -> sqlx::Result<()> {
        set_lease(connection, jobs, Some(self.0)).await
    }

    /// Releases these jobs to other processes; those that are locked, when their lease has ended.
    pub async fn release(
        &self,
        connection: &mut PgConnection,
        jobs: &[TakenJob],
    ) -> sqlx::Result<()> {
        set_lease(connection, jobs, None).await
    }

    /// Moves jobs that were written by a clock that was ahead to now (a job may come too early), and gives such
    /// processes their normal lease. Returns the number of these jobs. It allows one second, for transactions
    /// that began after ours.
    pub async fn set_times_right(&self, connection: &mut PgConnection) -> sqlx::Result<u64> {
        let moved = sqlx::query!(
            "with early as (
                 select kind, subject from jobs
                 where written_at > now() + interval '1 second'
                     or leased_until > now() + make_interval(secs => $1) + interval '1 second'
                 for update skip locked)
             update jobs set written_at = least(written_at, now()),
                 due_at = case when written_at > now() then now() else due_at end,
                 again_at = case when written_at > now() and again_at is not null then now() else again_at end,
                 leased_until = case when taken_by is not null
                     then least(leased_until, now() + make_interval(secs => $1)) end
             from early where jobs.kind = early.kind and jobs.subject = early.subject",
            self.0.as_secs_f64()
        )
        .execute(connection)
        .await?;
        Ok(moved.rows_affected())
    }
}

/// Writes down how jobs ended. What was requested in the meantime waits again; for what is put back both times count.
/// What this process lost meanwhile stays as it is. It waits for no other transaction: a job that is being requested is left out.
/// It returns the others, and how soon each is due again, if it is.
pub async fn settle(
    connection: &mut PgConnection,
    ended: &[EndedJob],
) -> sqlx::Result<Vec<(TakenJob, Option<Duration>)>> {
    let (kinds, subjects, takings) = split_taken(ended.iter().map(|ended| ended.taken));
    let again = || ended.iter().map(|ended| ended.again);
    let waits: Vec<_> = again().map(|again| again.map(|(_, wait)| wait.as_secs_f64())).collect();
    let failures: Vec<_> = again()
        .map(|again| again.map_or(0, |(failures, _)| i32::try_from(failures).unwrap_or(i32::MAX)))
        .collect();
    let rows = sqlx::query!(
        r#"with ended as (
               select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::float8[], $5::integer[])
                   with ordinality as ended (kind, subject, taken_by, wait, failures, place)),
           mine as (
               select job.*, place, ended.failures, make_interval(secs => wait) as wait
               from ended cross join lateral (
                   select kind, subject, again_at, written_at from jobs
                   where jobs.kind = ended.kind and jobs.subject = ended.subject and jobs.taken_by = ended.taken_by
                   limit 1 for update skip locked) as job),
           done as (
               delete from jobs using mine
               where jobs.kind = mine.kind and jobs.subject = mine.subject and wait is null and mine.again_at is null
               returning place),
           waiting as (
               update jobs set written_at = now(), taken_by = null, leased_until = null,
                   due_at = case when wait is not null then least(mine.again_at, now() + wait)
                       -- The clock may have been set back.
                       when mine.written_at > now() + interval '1 second' then least(mine.again_at, now())
                       else mine.again_at end,
                   again_at = case when mine.again_at > now() + wait then mine.again_at end,
                   is_put_back = case when wait is null then is_put_back
                       else coalesce(mine.again_at > now() + wait, true) end,
                   failures = case when wait is null then jobs.failures
                       when mine.again_at <= now() + wait then 0 else mine.failures end
               from mine
               where jobs.kind = mine.kind and jobs.subject = mine.subject
                   and (wait is not null or mine.again_at is not null)
               returning place, due_at)
           select place as "place!", null::float8 as due_in from done
           union all select place, extract(epoch from due_at - now())::float8 from waiting
           union all select place, null from ended where (
               select true from jobs where jobs.kind = ended.kind and jobs.subject = ended.subject
                   and jobs.taken_by = ended.taken_by limit 1) is null"#,
        &kinds,
        &subjects,
        &takings,
        &waits as _,
        &failures
    )
    .fetch_all(connection)
    .await?;
    let settled = rows.into_iter().filter_map(|row| {
        let due_in =
            row.due_in.map(|due_in| Duration::try_from_secs_f64(due_in).unwrap_or_default());
        let place = usize::try_from(row.place).ok()?.checked_sub(1)?;
        Some((ended.get(place)?.taken, due_in))
    });
    Ok(settled.collect())
}

/// Sets how long these jobs are kept from others; `None`: no longer. It waits for no other transaction, which could
/// delay the lease of all of them: a job that is being requested is renewed the next time, and no one else takes it
/// as long as its row is locked.
async fn set_lease(
    connection: &mut PgConnection,
    jobs: &[TakenJob],
    length: Option<Duration>,
) -> sqlx::Result<()> {
    let (kinds, subjects, takings) = split_taken(jobs.iter().copied());
    sqlx::query!(
        "with mine as (
             select job.* from unnest($1::text[], $2::bigint[], $3::uuid[]) as mine (kind, subject, taken_by)
                 cross join lateral (
                     select kind, subject from jobs
                     where jobs.kind = mine.kind and jobs.subject = mine.subject and jobs.taken_by = mine.taken_by
                     limit 1 for update skip locked) as job)
         update jobs set leased_until = now() + make_interval(secs => $4),
             taken_by = case when $4::float8 is not null then taken_by end
         from mine where jobs.kind = mine.kind and jobs.subject = mine.subject",
        &kinds,
        &subjects,
        &takings,
        length.map(|length| length.as_secs_f64())
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What names these jobs and their takings, by column.
fn split_taken(jobs: impl Iterator<Item = TakenJob>) -> (Vec<String>, Vec<i64>, Vec<Uuid>) {
    jobs.map(|taken| (taken.job.kind().to_owned(), taken.job.id(), taken.taking)).collect()
}

/// A connection that is notified when a job is due. Commits during a reconnect are missed, so
/// the listener also looks now and then.
pub async fn listen(pool: &Pool) -> sqlx::Result<PgListener> {
    let mut listener = pool.listen().await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}
