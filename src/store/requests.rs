//! Requests and the approvals of them.

mod time;

pub(super) use time::give_back;
pub use time::{DueRequest, is_expired, is_unchanged_for, list_due};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::{convert_number, one_changed, parse_digest, undecodable};
use crate::domain::catalogue::ProviderId;
use crate::domain::content::Content;
use crate::domain::form::name_key;
use crate::domain::ids::{DraftId, RequestId, RequestNumber, TokenId, UserId};
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;

/// A row as it is read.
pub(super) struct RequestRow {
    pub(super) id: i64,
    pub(super) number: i64,
    pub(super) state: RequestState,
    pub(super) requester: i64,
    pub(super) approvals_required: i16,
    pub(super) requester_approval_counts: bool,
    pub(super) content: String,
    pub(super) digest: Vec<u8>,
    pub(super) revision: i64,
    pub(super) submitted_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) ended_by: Option<i64>,
    pub(super) reason: Option<String>,
}

impl TryFrom<RequestRow> for Request {
    type Error = sqlx::Error;
    fn try_from(row: RequestRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: RequestId::new(row.id).map_err(undecodable)?,
            number: RequestNumber::new(row.number).map_err(undecodable)?,
            state: row.state,
            requester: UserId::new(row.requester).map_err(undecodable)?,
            approvals_required: convert_number(row.approvals_required)?,
            requester_approval_counts: row.requester_approval_counts,
            content: serde_json::from_str(&row.content).map_err(undecodable)?,
            digest: parse_digest(&row.digest)?,
            revision: row.revision,
            submitted_at: row.submitted_at,
            expires_at: row.expires_at,
            ended_by: row.ended_by.map(UserId::new).transpose().map_err(undecodable)?,
            reason: row.reason,
        })
    }
}

/// The values of a new request.
#[derive(Debug)]
pub struct NewRequest<'a> {
    /// The requester.
    pub requester: UserId,
    /// What is requested.
    pub content: &'a Content,
    /// The terms of the decision.
    pub terms: Terms,
    /// The draft that becomes the request, and is deleted.
    pub draft: Option<DraftId>,
    /// How many open requests the requester may have with this one; none if that does not matter.
    pub most_open: Option<u32>,
}

/// How a request is decided, by the policy at its submission.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How many approvals it takes.
    pub approvals_required: u8,
    /// Whether the requester's own counts.
    pub requester_approval_counts: bool,
    /// How long it waits for approvals.
    pub ttl: Duration,
}

/// Inserts a request, and locks it until the transaction ends; the caller has locked its token. `None` if the requester
/// has too many. A taken name breaks the constraint [`NAME_TAKEN`].
pub(super) async fn insert(
    connection: &mut PgConnection,
    new: &NewRequest<'_>,
) -> sqlx::Result<Option<Request>> {
    let (content, digest) = (new.content.canonical(), new.content.digest());
    sqlx::query_as!(
        RequestRow,
        r#"with used as (delete from drafts where id = $11)
           insert into requests (provider, kind, state, requester, approvals_required,
               requester_approval_counts, content, digest, name_key, token_id, expires_at)
           select $1, $2, case when is_task($2) then 'issuing' else 'pending' end, $3, $4, $5, $6,
               $7, $8, $9, now() + make_interval(secs => $10)
           where $12::bigint is null or count_open_in_turn($3) < $12
           returning id, number, state as "state: RequestState", requester,
               approvals_required, requester_approval_counts, content, digest, revision, submitted_at,
               expires_at, ended_by, reason"#,
        new.content.provider.as_str(),
        new.content.kind as RequestKind,
        new.requester.get(),
        i16::from(new.terms.approvals_required),
        new.terms.requester_approval_counts,
        content,
        digest.as_bytes(),
        name_key(&new.content.settings.name),
        new.content.target.as_ref().map(|target| target.token.get()),
        new.terms.ttl.as_secs_f64(),
        new.draft.map(DraftId::get),
        new.most_open.map(i64::from),
    )
    .fetch_optional(connection)
    .await?
    .map(Request::try_from)
    .transpose()
}

/// The constraint that a second token or open request with the same name breaks.
pub const NAME_TAKEN: &str = "reserved_names_once";

/// The constraint that a second open change of one token breaks.
pub const CHANGE_OPEN: &str = "one_open_change";

/// The open change of a token. While the caller locks the token's row, no one can begin another change.
pub async fn find_open_change(
    connection: &mut PgConnection,
    token: TokenId,
) -> sqlx::Result<Option<RequestId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where token_id = $1 and state in ('pending', 'approved', 'issuing', 'failed')
               and kind in ('edit', 'reset', 'upgrade', 'enable', 'extend', 'narrow')"#,
        token.get()
    )
    .fetch_optional(connection)
    .await
}

/// Open requests of providers other than these: those that wait for approvals or for an admin, and have not failed
/// for that reason. A task goes on waiting, because its token does.
pub async fn list_without_provider(
    connection: &mut PgConnection,
    providers: &[ProviderId],
) -> sqlx::Result<Vec<RequestId>> {
    let providers: Vec<String> = providers.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where provider <> all($1) and kind not in ('narrow', 'disable', 'delete')
               and (state = 'pending'
                   or (state = 'issuing' and content::jsonb ->> 'issuer' = 'manual')
                   or (state = 'failed' and reason is distinct from 'provider_gone'))"#,
        &providers
    )
    .fetch_all(connection)
    .await
}

/// The open task for an admin to disable or delete a token.
pub async fn find_open_task(
    connection: &mut PgConnection,
    token: TokenId,
) -> sqlx::Result<Option<RequestId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests
           where token_id = $1 and state = 'issuing' and kind in ('disable', 'delete')"#,
        token.get()
    )
    .fetch_optional(connection)
    .await
}

/// The request with the number that people see.
pub async fn find_by_number(
    connection: &mut PgConnection,
    number: RequestNumber,
) -> sqlx::Result<Option<RequestId>> {
    sqlx::query_scalar!(
        r#"select id as "id: RequestId" from requests where number = $1"#,
        number.get()
    )
    .fetch_optional(connection)
    .await
}

/// What the requests with these numbers are for.
pub async fn list_kinds(
    connection: &mut PgConnection,
    numbers: &BTreeSet<RequestNumber>,
) -> sqlx::Result<BTreeMap<RequestNumber, RequestKind>> {
    let numbers: Vec<i64> = numbers.iter().map(|number| number.get()).collect();
    let rows = sqlx::query!(
        r#"select number as "number: RequestNumber", kind as "kind: RequestKind"
           from requests where number = any($1)"#,
        &numbers
    )
    .fetch_all(connection)
    .await?;
    Ok(rows.into_iter().map(|row| (row.number, row.kind)).collect())
}

/// Serialises the submissions of one person, so that limits are counted correctly; `count_open_in_turn` takes the same
/// lock.
pub async fn lock_submissions(connection: &mut PgConnection, person: UserId) -> sqlx::Result<()> {
    sqlx::query!("select pg_advisory_xact_lock($1)", person.get()).execute(connection).await?;
    Ok(())
}

/// A request, without locking it.
pub async fn get(connection: &mut PgConnection, id: RequestId) -> sqlx::Result<Option<Request>> {
    sqlx::query_as!(
        RequestRow,
        r#"select id, number, state as "state: RequestState", requester,
               approvals_required, requester_approval_counts, content, digest, revision, submitted_at,
               expires_at, ended_by, reason
           from requests where id = $1"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?
    .map(Request::try_from)
    .transpose()
}

/// A request, locked until the transaction ends. The token that it would change is locked first, as
/// everywhere. Rows that refer to either can be written meanwhile: their keys never change.
pub async fn lock(connection: &mut PgConnection, id: RequestId) -> sqlx::Result<Option<Request>> {
    sqlx::query_as!(
        RequestRow,
        // Postgres evaluates a condition without columns before it reads any row.
        r#"with token as materialized (
               select id from tokens where id = (select token_id from requests where id = $1)
               for no key update)
           select id, number, state as "state: RequestState", requester,
               approvals_required, requester_approval_counts, content, digest, revision, submitted_at,
               expires_at, ended_by, reason
           from requests where id = $1 and (select count(*) from token) >= 0 for no key update"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?
    .map(Request::try_from)
    .transpose()
}

/// Moves a request on from the state in which it was read. The caller has locked the row.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the request is in another state.
pub(super) async fn change_state(
    connection: &mut PgConnection,
    request: &Request,
    to: RequestState,
    by: Option<UserId>,
    reason: Option<&str>,
) -> sqlx::Result<()> {
    let changed = sqlx::query!(
        "update requests set state = $3, ended_by = $4, reason = $5 where id = $1 and state = $2",
        request.id.get(),
        request.state as RequestState,
        to as RequestState,
        by.map(UserId::get),
        reason
    )
    .execute(connection)
    .await?;
    one_changed(&changed)
}

/// Replaces the content of a request. It is pending from then on, its time starts again, and its approvals
/// are void.
///
/// # Errors
/// A taken name breaks the constraint [`NAME_TAKEN`].
pub(super) async fn change_content(
    connection: &mut PgConnection,
    request: &Request,
    content: &Content,
    terms: Terms,
) -> sqlx::Result<()> {
    let digest = content.digest();
    let changed = sqlx::query!(
        "update requests set state = 'pending', content = $3, digest = $4, name_key = $5,
             approvals_required = greatest(approvals_required, $6),
             requester_approval_counts = requester_approval_counts and $7,
             expires_at = case state when 'pending' then expires_at
                 else greatest(expires_at, now() + make_interval(secs => $8)) end
         where id = $1 and state = $2",
        request.id.get(),
        request.state as RequestState,
        content.canonical(),
        digest.as_bytes(),
        name_key(&content.settings.name),
        i16::from(terms.approvals_required),
        terms.requester_approval_counts,
        terms.ttl.as_secs_f64()
    )
    .execute(connection)
    .await?;
    one_changed(&changed)
}
