//! The approvals of requests, and who read the contents that a card could not hold.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use super::requests::RequestRow;
use super::{parse_digest, undecodable};
use crate::domain::content::Digest;
use crate::domain::ids::{ApprovalId, InteractionId, RequestId, UserId};
use crate::domain::request::{Approval, Request, RequestState, StrikeReason};
use crate::domain::token::Token;

/// An approval in an array that a statement returns.
#[derive(Deserialize)]
pub(super) struct ApprovalRow {
    id: i64,
    person: i64,
    digest: String,
    interaction: i64,
    given_at: DateTime<Utc>,
    struck: Option<StrikeReason>,
}

impl TryFrom<ApprovalRow> for Approval {
    type Error = sqlx::Error;
    fn try_from(row: ApprovalRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: ApprovalId::new(row.id).map_err(undecodable)?,
            person: UserId::new(row.person).map_err(undecodable)?,
            digest: row.digest.parse().map_err(undecodable)?,
            interaction: InteractionId::new(row.interaction).map_err(undecodable)?,
            given_at: row.given_at,
            struck: row.struck,
        })
    }
}

/// A request with its approvals, as they are read.
struct RequestAndApprovals {
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
    approvals: Json<Vec<ApprovalRow>>,
    is_expired: bool,
    is_unread: bool,
}

impl RequestAndApprovals {
    fn parse(self) -> sqlx::Result<(Request, Vec<Approval>, ApprovalObstacles)> {
        let request = RequestRow {
            id: self.id,
            number: self.number,
            state: self.state,
            requester: self.requester,
            approvals_required: self.approvals_required,
            requester_approval_counts: self.requester_approval_counts,
            content: self.content,
            digest: self.digest,
            revision: self.revision,
            submitted_at: self.submitted_at,
            expires_at: self.expires_at,
            ended_by: self.ended_by,
            reason: self.reason,
        };
        let approvals = self.approvals.0.into_iter().map(Approval::try_from);
        let obstacles =
            ApprovalObstacles { is_expired: self.is_expired, is_unread: self.is_unread };
        Ok((request.try_into()?, approvals.collect::<sqlx::Result<_>>()?, obstacles))
    }
}

/// Stores an approval of the current content, and returns it. The caller has locked the request's row.
///
/// # Errors
/// A second approval by one person breaks `approvals_once`.
pub(super) async fn insert(
    connection: &mut PgConnection,
    request: RequestId,
    digest: Digest,
    person: UserId,
    interaction: InteractionId,
) -> sqlx::Result<Approval> {
    let row = sqlx::query!(
        r#"insert into approvals (request_id, person, digest, interaction_id) values ($1, $2, $3, $4)
           returning id as "id: ApprovalId", given_at"#,
        request.get(),
        person.get(),
        digest.as_bytes(),
        interaction.get()
    )
    .fetch_one(connection)
    .await?;
    let (id, given_at) = (row.id, row.given_at);
    Ok(Approval { id, person, digest, interaction, given_at, struck: None })
}

/// Strikes the approvals of people who are no longer admins.
pub(super) async fn strike(
    connection: &mut PgConnection,
    approvals: &[ApprovalId],
) -> sqlx::Result<()> {
    let ids: Vec<i64> = approvals.iter().map(|id| id.get()).collect();
    sqlx::query!(
        "update approvals set struck_at = now(), struck_because = $2
         where id = any($1) and struck_at is null",
        &ids,
        StrikeReason::NotAdmin as StrikeReason
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// All approvals that were ever given to a request, in their order.
pub async fn list_for_request(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Vec<Approval>> {
    let rows = sqlx::query!(
        r#"select id as "id: ApprovalId", person as "person: UserId", digest,
               interaction_id as "interaction: InteractionId", given_at,
               struck_because as "struck: StrikeReason"
           from approvals where request_id = $1 order by id"#,
        request.get()
    )
    .fetch_all(connection)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(Approval {
                id: row.id,
                person: row.person,
                digest: parse_digest(&row.digest)?,
                interaction: row.interaction,
                given_at: row.given_at,
                struck: row.struck,
            })
        })
        .collect()
}

/// Records that a person opened *Details* for this content. Returns whether it was the first time.
pub async fn note_reading(
    connection: &mut PgConnection,
    request: &Request,
    person: UserId,
) -> sqlx::Result<bool> {
    let noted = sqlx::query!(
        "insert into readings (request_id, digest, person) values ($1, $2, $3) on conflict do nothing",
        request.id.get(),
        request.digest.as_bytes(),
        person.get()
    )
    .execute(connection)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Whether a person has opened *Details* for this content.
pub async fn has_read(
    connection: &mut PgConnection,
    request: &Request,
    person: UserId,
) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from readings
               where request_id = $1 and digest = $2 and person = $3) as "read!""#,
        request.id.get(),
        request.digest.as_bytes(),
        person.get()
    )
    .fetch_one(connection)
    .await
}

/// What may keep a person from approving a request as it is.
#[derive(Debug, Clone, Copy)]
pub struct ApprovalObstacles {
    /// Its time is up.
    pub is_expired: bool,
    /// Its card had no room for all of its content, and the person has not opened *Details* for it.
    pub is_unread: bool,
}

/// A request with its approvals, and what keeps a person from approving it as it is; without locking it.
pub async fn get_request_for(
    connection: &mut PgConnection,
    id: RequestId,
    person: Option<UserId>,
) -> sqlx::Result<Option<(Request, Vec<Approval>, ApprovalObstacles)>> {
    sqlx::query_as!(
        RequestAndApprovals,
        r#"select id, number, state as "state: RequestState", requester, approvals_required,
               requester_approval_counts, content, digest, revision, submitted_at, expires_at, ended_by, reason,
               (select coalesce(jsonb_agg(jsonb_build_object('id', approvals.id, 'person', person,
                       'digest', encode(approvals.digest, 'hex'), 'interaction', interaction_id,
                       'given_at', given_at, 'struck', struck_because) order by approvals.id), '[]')
                   from approvals where approvals.request_id = requests.id)
                   as "approvals!: Json<Vec<ApprovalRow>>",
               expires_at <= now() as "is_expired!",
               exists (select from cut_contents
                       where request_id = requests.id and cut_contents.digest = requests.digest)
                   and not exists (select from readings
                       where request_id = requests.id and readings.digest = requests.digest
                           and person = $2) as "is_unread!"
           from requests where id = $1"#,
        id.get(),
        person.map(UserId::get)
    )
    .fetch_optional(connection)
    .await?
    .map(RequestAndApprovals::parse)
    .transpose()
}

/// A request with its approvals, without locking it.
pub async fn get_request(
    connection: &mut PgConnection,
    id: RequestId,
) -> sqlx::Result<Option<(Request, Vec<Approval>)>> {
    let found = get_request_for(connection, id, None).await?;
    Ok(found.map(|(request, approvals, _)| (request, approvals)))
}

/// The last request that created or changed a token with approvals. Emails name its requester
/// and its approvers. A change that only removes something takes no approvals, so it does not count.
pub async fn find_last_approved_request(
    connection: &mut PgConnection,
    token: &Token,
) -> sqlx::Result<RequestId> {
    let Some(latest) = token.change else { return Ok(token.request) };
    let approved = sqlx::query_scalar!(
        r#"select max(id) as "id: RequestId" from requests
           where token_id = $1 and id <= $2 and state = 'done'
               and kind in ('edit', 'upgrade', 'extend')"#,
        token.id.get(),
        latest.get()
    )
    .fetch_one(connection)
    .await?;
    Ok(approved.unwrap_or(token.request))
}
