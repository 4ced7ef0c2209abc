//! A request with its approvals, read or locked by one statement.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::ApprovalRow;
use crate::domain::ids::RequestId;
use crate::domain::request::{Approval, Request, RequestState};
use crate::store::interactions::query_with_press;
use crate::store::requests::RequestRow;
use crate::store::tx::{Press, PressedBy};

/// A request with its approvals.
#[derive(Debug)]
pub struct RequestWithApprovals {
    /// The request.
    pub request: Request,
    /// All approvals that were ever given to it, in their order.
    pub approvals: Vec<Approval>,
    /// Whether its time is up, by the database's clock.
    pub is_expired: bool,
    /// Whether its card had no room for all of its content, and the person who pressed has not opened *Details* for it.
    pub is_unread: bool,
}

/// What `read_approvals` returns.
#[derive(Deserialize)]
struct ReadApprovals {
    approvals: Vec<ApprovalRow>,
    is_unread: bool,
}

/// A row as it is read.
struct Row {
    id: i64,
    number: i64,
    state: RequestState,
    requester: i64,
    approvals_required: i16,
    requester_approval_counts: bool,
    content: String,
    digest: Vec<u8>,
    revision: i64,
    submitted_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    ended_by: Option<i64>,
    reason: Option<String>,
    read: Json<ReadApprovals>,
    is_expired: bool,
    had_left: bool,
}

impl TryFrom<Row> for RequestWithApprovals {
    type Error = sqlx::Error;
    fn try_from(row: Row) -> sqlx::Result<Self> {
        let request = RequestRow {
            id: row.id,
            number: row.number,
            state: row.state,
            requester: row.requester,
            approvals_required: row.approvals_required,
            requester_approval_counts: row.requester_approval_counts,
            content: row.content,
            digest: row.digest,
            revision: row.revision,
            submitted_at: row.submitted_at,
            expires_at: row.expires_at,
            ended_by: row.ended_by,
            reason: row.reason,
        };
        let approvals = row.read.0.approvals.into_iter().map(Approval::try_from);
        Ok(Self {
            request: request.try_into()?,
            approvals: approvals.collect::<sqlx::Result<_>>()?,
            is_expired: row.is_expired,
            is_unread: row.read.0.is_unread,
        })
    }
}

/// A checked query whose rows are requests with their approvals; its text is what stands before their columns, and what
/// stands behind them.
macro_rules! query_requests {
    ($before:literal, $after:literal, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            Row,
            $before + r#" id, number, state as "state: RequestState", requester, approvals_required,
                requester_approval_counts, content, digest, revision, submitted_at, expires_at, ended_by, reason,
                read_approvals(id, digest, null) as "read!: Json<ReadApprovals>",
                expires_at <= now() as "is_expired!", false as "had_left!" "# + $after,
            $($value),*
        )
    };
}

/// A request with its approvals, without locking it.
pub async fn get_request(
    connection: &mut PgConnection,
    id: RequestId,
) -> sqlx::Result<Option<RequestWithApprovals>> {
    query_requests!("select", "from requests where id = $1", id.get())
        .fetch_optional(connection)
        .await?
        .map(RequestWithApprovals::try_from)
        .transpose()
}

/// A request with its approvals, locked until the transaction ends. The token that it would change is locked first, as
/// everywhere.
pub async fn lock_request(
    connection: &mut PgConnection,
    id: RequestId,
) -> sqlx::Result<Option<RequestWithApprovals>> {
    query_requests!(
        // Postgres evaluates a condition without columns before it reads any row.
        "with token as materialized (
             select id from tokens where id = (select token_id from requests where id = $1) for no key update),
         locked as materialized (
             select * from requests where id = $1 and (select count(*) from token) >= 0 for no key update)
         select",
        "from locked",
        id.get()
    )
    .fetch_optional(connection)
    .await?
    .map(RequestWithApprovals::try_from)
    .transpose()
}

/// Records a press on a request, and locks the request until the transaction ends. It comes with whether the person was
/// known to have left the guild. `None` if there is no such request, or the press was handled before.
pub(in crate::store) async fn lock_for_press(
    connection: &mut PgConnection,
    press: Press,
    by: PressedBy<'_>,
    id: RequestId,
) -> sqlx::Result<Option<(RequestWithApprovals, bool)>> {
    let row = query_with_press!(
        Row,
        r#", token as materialized (
               select id from tokens where id = (select token_id from requests where id = $7)
                   and (select is_first from noted) for no key update),
           locked as materialized (
               select * from requests where id = $7 and (select is_first from noted)
                   and (select count(*) from token) >= 0 for no key update)
           select id, number, state as "state: RequestState", requester, approvals_required,
               requester_approval_counts, content, digest, revision, submitted_at, expires_at, ended_by, reason,
               read_approvals(id, digest, $2) as "read!: Json<ReadApprovals>",
               expires_at <= now() as "is_expired!",
               exists (select from departures where person = $2 and returned_at is null) as "had_left!"
           from locked"#,
        press,
        by,
        id.get()
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let had_left = row.had_left;
        Ok((row.try_into()?, had_left))
    })
    .transpose()
}
