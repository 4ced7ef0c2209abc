//! The queue of jobs, kept in Postgres by `graphile_worker`; nothing outside of this module knows
//! that library.
//!
//! A job is a hint: it carries ids only, and whoever runs it locks the row, looks at the state and
//! does what the state says is due. So a hint may come twice or too early without harm, and a hint
//! that was lost is found again by [`Job::Sweep`].
//!
//! Queries here are checked at run time, not at compile time: the schema is the library's.

mod clock;
mod worker;

use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};

use crate::domain::ids::{
    AttemptId, DeliveryId, DepartureId, EventId, NoticeId, RequestId, TokenId, UserId,
};

pub use worker::Workers;

/// The library's schema in the database.
const SCHEMA: &str = "graphile_worker";

/// The newest migration of the library in the version that we build against.
const NEWEST_MIGRATION: i32 = 22;

/// The library's names for the two kinds of task that it knows, each with workers of its own: a mail
/// server that hangs keeps mails waiting, and nothing else. What a task is about is in its payload.
const TASK: &str = "countersign";
const MAIL_TASK: &str = "countersign_mail";

/// How often a job may begin. The library's own retries serve only jobs that it could not hand to
/// us (a payload of a newer version of this program): those wait e^attempts seconds, 6 hours at
/// most. Jobs that fail are put back by ourselves, see [`backoff`].
const MAX_ATTEMPTS: i32 = 25;

/// Something to be done in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Make the request's card show the request as it is now.
    RenderCard { request: RequestId },
    /// Ask Discord whether those who gave an approval are still admins, then approve.
    ConfirmApprovals { request: RequestId },
    /// Create the token, or carry out the change.
    Issue { request: RequestId },
    /// See whether an open change is still what was approved, its token having changed.
    ReviewChange { request: RequestId },
    /// End a token whose time is up.
    ExpireToken { token: TokenId },
    /// Have a token's upstream switch it off.
    SwitchOff { token: TokenId },
    /// Look once more for what an upstream may have made.
    LookForStray { attempt: AttemptId },
    /// Tell the owner that a secret waits.
    Deliver { delivery: DeliveryId },
    /// Send one direct message to one person.
    SendNotice { notice: NoticeId },
    /// Send one mail to one person.
    SendMail { notice: NoticeId },
    /// Remind the admins of a request that waits.
    RemindAdmins { request: RequestId },
    /// End a request that nobody decided.
    LapseRequest { request: RequestId },
    /// End a delivery that nobody pressed.
    LapseDelivery { delivery: DeliveryId },
    /// Delete the message that shows a secret.
    DeleteReveal { delivery: DeliveryId },
    /// Warn people of what ends soon, once a day.
    WarnOfEnds,
    /// Tell people of what expired.
    TellOfExpiries,
    /// Ask Discord whether somebody on whom something hangs is still there.
    CheckMember { person: UserId },
    /// Tell the admins who left.
    TellDeparture { departure: DepartureId },
    /// Tell a provider's admins what a restored database takes of them.
    TellRecovery { event: EventId },
    /// Find what is due and has no job. Enqueued by the queue itself, every 30 s.
    Sweep,
}

impl Job {
    /// Sends a notice, by mail or by direct message.
    pub fn send(notice: NoticeId, is_mail: bool) -> Self {
        if is_mail { Self::SendMail { notice } } else { Self::SendNotice { notice } }
    }

    /// What kind of job this is, for logs and metrics.
    pub fn kind(&self) -> &'static str {
        self.parts().0
    }

    /// The id of what the job is about, 0 where it is about nothing in particular.
    pub fn id(&self) -> i64 {
        self.parts().1
    }

    fn parts(&self) -> (&'static str, i64) {
        match self {
            Self::RenderCard { request } => ("render_card", request.get()),
            Self::ConfirmApprovals { request } => ("confirm_approvals", request.get()),
            Self::Issue { request } => ("issue", request.get()),
            Self::ReviewChange { request } => ("review_change", request.get()),
            Self::ExpireToken { token } => ("expire_token", token.get()),
            Self::SwitchOff { token } => ("switch_off", token.get()),
            Self::LookForStray { attempt } => ("look_for_stray", attempt.get()),
            Self::Deliver { delivery } => ("deliver", delivery.get()),
            Self::SendNotice { notice } => ("send_notice", notice.get()),
            Self::SendMail { notice } => ("send_mail", notice.get()),
            Self::RemindAdmins { request } => ("remind_admins", request.get()),
            Self::LapseRequest { request } => ("lapse_request", request.get()),
            Self::LapseDelivery { delivery } => ("lapse_delivery", delivery.get()),
            Self::DeleteReveal { delivery } => ("delete_reveal", delivery.get()),
            Self::WarnOfEnds => ("warn_of_ends", 0),
            Self::TellOfExpiries => ("tell_of_expiries", 0),
            Self::CheckMember { person } => ("check_member", person.get()),
            Self::TellDeparture { departure } => ("tell_departure", departure.get()),
            Self::TellRecovery { event } => ("tell_recovery", event.get()),
            Self::Sweep => ("sweep", 0),
        }
    }

    /// Under which hints for the same thing become one.
    fn key(&self) -> String {
        format!("{}:{}", self.kind(), self.id())
    }

    /// Which workers run it.
    fn task(&self) -> &'static str {
        match self {
            Self::SendMail { .. } => MAIL_TASK,
            _ => TASK,
        }
    }

    /// Who goes first when many wait; lower is earlier.
    fn priority(&self) -> i32 {
        match self {
            Self::DeleteReveal { .. } => -20,
            Self::ConfirmApprovals { .. }
            | Self::Issue { .. }
            | Self::ReviewChange { .. }
            | Self::ExpireToken { .. }
            | Self::SwitchOff { .. }
            | Self::LookForStray { .. }
            | Self::Deliver { .. } => -10,
            Self::RenderCard { .. } => 0,
            Self::SendNotice { .. }
            | Self::SendMail { .. }
            | Self::CheckMember { .. }
            | Self::TellDeparture { .. }
            | Self::TellRecovery { .. } => 10,
            Self::Sweep | Self::WarnOfEnds | Self::TellOfExpiries => 15,
            Self::RemindAdmins { .. } | Self::LapseRequest { .. } | Self::LapseDelivery { .. } => {
                20
            }
        }
    }
}

/// How a job ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Nothing is left to do.
    Finished,
    /// It was not time yet, or somebody asked us to wait: again after so long (taken up at the
    /// next full poll, so up to a second later). Not a failure.
    Again(Duration),
}

/// What does the jobs.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Does one job. An error means "try again later" (after 2 s, 4 s, … 5 min, without end), and
    /// is logged: its text may hold ids, never secrets. One job never runs twice at the same time,
    /// unless a process was frozen for longer than its lease.
    async fn handle(&self, job: Job) -> anyhow::Result<Done>;
}

/// What the library keeps for us.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Payload {
    #[serde(flatten)]
    job: Job,
    /// How often it failed since it was last asked for; there once it was put back for later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    failures: Option<u32>,
}

/// Asks for a job at a time (`None`: now), in the caller's own transaction: rolled back with it,
/// visible when it commits.
///
/// Asked again before it began, the job runs once, at the time that was asked for last. Asked
/// while it runs, it runs once more afterwards. The transaction holds a lock on the job's name
/// until it ends: whoever enqueues several jobs takes the lock of what they are about (the
/// request's row) first, so that two of them never wait for each other.
pub async fn enqueue(
    connection: &mut PgConnection,
    job: Job,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    let when = at.map_or(When::Now, When::At);
    add(connection, &Payload { job, failures: None }, when).await
}

/// Asks for a job that is due and may have been lost. One that runs stays as it is, and so does one
/// that was put back because it failed or was told to wait: that is not lost, and must not be hurried.
pub async fn enqueue_due(connection: &mut PgConnection, job: Job) -> sqlx::Result<()> {
    let is_there: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM graphile_worker._private_jobs WHERE key = $1 \
         AND (locked_at IS NOT NULL OR (is_available \
         AND (run_at <= now() OR payload::jsonb ? 'failures'))))",
    )
    .bind(job.key())
    .fetch_one(&mut *connection)
    .await?;
    if is_there { Ok(()) } else { enqueue(connection, job, None).await }
}

/// When a job begins, by the database's clock.
enum When {
    Now,
    At(DateTime<Utc>),
    After(Duration),
}

async fn add(connection: &mut PgConnection, payload: &Payload, when: When) -> sqlx::Result<()> {
    let (at, after) = match when {
        When::Now => (None, None),
        When::At(time) => (Some(time), None),
        When::After(wait) => (None, Some(wait.as_secs_f64())),
    };
    sqlx::query(
        "SELECT FROM graphile_worker.add_job(identifier => $1, payload => $2::jsonb::json, \
         run_at => coalesce($3, now() + make_interval(secs => $4)), \
         max_attempts => $5, job_key => $6, priority => $7, job_key_mode => 'replace')",
    )
    .bind(payload.job.task())
    .bind(sqlx::types::Json(payload))
    .bind(at)
    .bind(after)
    .bind(MAX_ATTEMPTS)
    .bind(payload.job.key())
    .bind(payload.job.priority())
    .execute(connection)
    .await?;
    Ok(())
}

/// How long a job waits after so many failures in a row: 2 s, doubled each time, at most 5 min.
fn backoff(failures: u32) -> Duration {
    Duration::from_secs(2u64.saturating_pow(failures.clamp(1, 9)).min(300))
}

/// Creates or updates the library's tables, with the rights of their owner.
pub async fn migrate(owner: &PgPool) -> anyhow::Result<()> {
    graphile_worker::WorkerUtils::new(owner.clone(), SCHEMA)
        .migrate()
        .await
        .context("the jobs' tables could not be migrated")
}

/// Whether [`migrate`] has been run by this version of the program or a newer one.
pub async fn is_migrated(pool: &PgPool) -> sqlx::Result<bool> {
    let exists: bool =
        sqlx::query_scalar("SELECT to_regclass('graphile_worker.migrations') IS NOT NULL")
            .fetch_one(pool)
            .await?;
    if !exists {
        return Ok(false);
    }
    let newest: Option<i32> = sqlx::query_scalar("SELECT max(id) FROM graphile_worker.migrations")
        .fetch_one(pool)
        .await?;
    Ok(newest >= Some(NEWEST_MIGRATION))
}

/// Lets `app_role` add and run jobs, and nothing more. Run by the owner, after [`migrate`]; may be
/// run again. The library switches row level security on without any policy, which hides every row
/// from everybody but the owner, hence the policies.
pub async fn grant(owner: &mut PgConnection, app_role: &str) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(grants(app_role))).execute(owner).await?;
    Ok(())
}

/// The statements of [`grant`], with the role's name quoted. Nobody but triggers executes a trigger's
/// function, and PUBLIC executes nothing.
fn grants(app_role: &str) -> String {
    let role = format!("\"{}\"", app_role.replace('"', "\"\""));
    let mut statements = format!(
        "BEGIN;\n\
         GRANT USAGE ON SCHEMA {SCHEMA} TO {role};\n\
         GRANT SELECT ON {SCHEMA}.migrations TO {role};\n\
         REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {SCHEMA} FROM PUBLIC, {role};\n\
         DO $$ DECLARE called text; BEGIN\n\
             FOR called IN SELECT oid::regprocedure FROM pg_proc\n\
                 WHERE pronamespace = '{SCHEMA}'::regnamespace AND prorettype <> 'trigger'::regtype\n\
             LOOP EXECUTE 'GRANT EXECUTE ON FUNCTION ' || called || ' TO {literal}'; END LOOP;\n\
         END $$;\n",
        literal = role.replace('\'', "''"),
    );
    for table in ["jobs", "tasks", "job_queues", "workers", "job_retirements"] {
        let table = format!("{SCHEMA}._private_{table}");
        statements.push_str(&format!(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role};\n\
             DROP POLICY IF EXISTS countersign_app ON {table};\n\
             CREATE POLICY countersign_app ON {table} TO {role} USING (true) WITH CHECK (true);\n"
        ));
    }
    statements.push_str("COMMIT;");
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_carries_ids_only() {
        let payload =
            Payload { job: Job::Issue { request: RequestId::new(7).unwrap() }, failures: None };
        let text = serde_json::to_string(&payload).unwrap();
        assert_eq!(text, r#"{"kind":"issue","request":"7"}"#);
        let read: Payload = serde_json::from_str(&text).unwrap();
        assert_eq!((read.job, read.failures), (payload.job, None));
        let swept: Payload = serde_json::from_str(r#"{"kind":"sweep","failures":3}"#).unwrap();
        assert_eq!((swept.job, swept.failures), (Job::Sweep, Some(3)));
    }

    #[test]
    fn waiting_is_bounded() {
        let waits: Vec<u64> = [1, 2, 3, 8, 9, 1_000_000].map(|n| backoff(n).as_secs()).into();
        assert_eq!(waits, [2, 4, 8, 256, 300, 300]);
    }

    #[test]
    fn a_role_cannot_break_out_of_its_quotes() {
        assert!(grants("a\"; DROP").contains("TO \"a\"\"; DROP\""));
        assert!(grants("o'hara").contains("TO \"o''hara\"'; END LOOP"));
    }
}
