//! The approvals of requests, and who read the contents that a card could not hold.

mod with_request;

pub(super) use with_request::lock_for_press;
pub use with_request::{RequestWithApprovals, get_request, lock_request};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use sqlx::PgConnection;

use super::{parse_digest, undecodable};
use crate::domain::content::Digest;
use crate::domain::ids::{ApprovalId, InteractionId, RequestId, UserId};
use crate::domain::request::{Approval, Request, StrikeReason};
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
