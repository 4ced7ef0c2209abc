//! Drafts: requests that people are still filling in.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::interactions::query_with_press;
use super::names::{NameFacts, NameLimit, NamedDraftRow, query_named_draft};
use super::tx::{Press, PressedBy};
use super::{convert_number, undecodable};
use crate::domain::catalogue::{ApiVersion, CategoryId, ProviderId, ScopeId};
use crate::domain::content::PreviousToken;
use crate::domain::draft::{Draft, NewDraft, PanelPosition};
use crate::domain::form::{FieldProblem, Form, name_key};
use crate::domain::ids::{DraftId, RequestId, TokenId, UserId};
use crate::domain::request_kind::RequestKind;

struct DraftRow {
    id: i64,
    provider: String,
    requester: i64,
    request_id: Option<i64>,
    kind: RequestKind,
    token_id: Option<i64>,
    name: String,
    description: String,
    api_version: i32,
    contact: i64,
    developer_emails: String,
    problems: Json<Vec<FieldProblem>>,
    scopes: Vec<String>,
    lifetime_days: i32,
    keeps_expiry: bool,
    overlap_seconds: i32,
    begun_from: Option<Json<PreviousToken>>,
    category: Option<String>,
    category_page: i32,
    scope_page: i32,
    opened_from: Option<String>,
    is_resumed: bool,
    expires_at: DateTime<Utc>,
    /// Of whoever pressed.
    had_left: bool,
}

impl TryFrom<DraftRow> for Draft {
    type Error = sqlx::Error;
    fn try_from(row: DraftRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: DraftId::new(row.id).map_err(undecodable)?,
            provider: row.provider.parse().map_err(undecodable)?,
            requester: UserId::new(row.requester).map_err(undecodable)?,
            request: row.request_id.map(RequestId::new).transpose().map_err(undecodable)?,
            kind: row.kind,
            token: row.token_id.map(TokenId::new).transpose().map_err(undecodable)?,
            form: Form {
                name: row.name,
                description: row.description,
                api_version: ApiVersion::new(convert_number(row.api_version)?)
                    .map_err(undecodable)?,
                contact: UserId::new(row.contact).map_err(undecodable)?,
                developer_emails: row.developer_emails,
            },
            problems: row.problems.0,
            scopes: scope_ids(row.scopes)?,
            lifetime_days: convert_number(row.lifetime_days)?,
            keeps_expiry: row.keeps_expiry,
            overlap_seconds: convert_number(row.overlap_seconds)?,
            begun_from: row.begun_from.map(|was| was.0),
            opened_from: row.opened_from,
            is_resumed: row.is_resumed,
            place: PanelPosition {
                category: row.category.map(|id| id.parse()).transpose().map_err(undecodable)?,
                category_page: convert_number(row.category_page)?,
                scope_page: convert_number(row.scope_page)?,
            },
            expires_at: row.expires_at,
        })
    }
}

/// Reads the scopes in a `text[]`.
fn scope_ids(texts: Vec<String>) -> sqlx::Result<Vec<ScopeId>> {
    texts.into_iter().map(|text| text.parse().map_err(undecodable)).collect()
}

/// Saves a draft; it replaces an earlier one for the same thing. It is locked until the transaction ends.
pub async fn put(
    connection: &mut PgConnection,
    draft: NewDraft,
    limit: NameLimit,
) -> sqlx::Result<(Draft, NameFacts)> {
    let scopes: Vec<String> = draft.scopes.iter().map(ToString::to_string).collect();
    let saved = query_named_draft!(
        "insert into drafts (provider, requester, request_id, name, description, api_version,
             contact, developer_emails, problems, scopes, lifetime_days, kind, token_id,
             keeps_expiry, overlap_seconds, begun_from, opened_from, expires_at)
         values ($8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
             now() + interval '1 hour')
         on conflict (requester, provider, coalesce(request_id, 0), coalesce(token_id, 0)) do update
         set kind = excluded.kind, keeps_expiry = excluded.keeps_expiry,
             overlap_seconds = excluded.overlap_seconds, name = excluded.name, description = excluded.description,
             api_version = excluded.api_version, contact = excluded.contact,
             developer_emails = excluded.developer_emails, problems = excluded.problems,
             scopes = excluded.scopes, lifetime_days = excluded.lifetime_days,
             begun_from = excluded.begun_from, opened_from = excluded.opened_from,
             is_resumed = false,
             category = null, category_page = 0, scope_page = 0, expires_at = excluded.expires_at
         returning id, expires_at",
        draft,
        limit,
        draft.provider.as_str(),
        draft.requester.get(),
        draft.request.map(RequestId::get),
        draft.form.name,
        draft.form.description,
        convert_number::<i32, _>(draft.form.api_version.get())?,
        draft.form.contact.get(),
        draft.form.developer_emails,
        Json(&draft.problems) as _,
        &scopes,
        i32::from(draft.lifetime_days),
        draft.kind as RequestKind,
        draft.token.map(TokenId::get),
        draft.keeps_expiry,
        convert_number::<i32, _>(draft.overlap_seconds)?,
        draft.begun_from.as_ref().map(Json) as _,
        draft.opened_from,
    )
    .fetch_one(connection)
    .await?;
    Ok((draft.saved_as(saved.id, saved.expires_at), saved.name_facts()))
}

/// Saves the changes, and keeps the draft for another hour.
pub async fn save(
    connection: &mut PgConnection,
    draft: &Draft,
    limit: NameLimit,
) -> sqlx::Result<NameFacts> {
    let scopes: Vec<String> = draft.scopes.iter().map(ToString::to_string).collect();
    let saved = query_named_draft!(
        "update drafts set name = $9, description = $10, api_version = $11, contact = $12,
             developer_emails = $13, problems = $14, scopes = $15, lifetime_days = $16, category = $17,
             category_page = $18, scope_page = $19, keeps_expiry = $20, overlap_seconds = $21,
             begun_from = $22, opened_from = $23, is_resumed = $24,
             expires_at = now() + interval '1 hour'
         where id = $8
         returning id, expires_at",
        draft,
        limit,
        draft.id.get(),
        draft.form.name,
        draft.form.description,
        convert_number::<i32, _>(draft.form.api_version.get())?,
        draft.form.contact.get(),
        draft.form.developer_emails,
        Json(&draft.problems) as _,
        &scopes,
        i32::from(draft.lifetime_days),
        draft.place.category.as_ref().map(CategoryId::as_str),
        i32::from(draft.place.category_page),
        i32::from(draft.place.scope_page),
        draft.keeps_expiry,
        convert_number::<i32, _>(draft.overlap_seconds)?,
        draft.begun_from.as_ref().map(Json) as _,
        draft.opened_from,
        draft.is_resumed,
    );
    Ok(saved.fetch_one(connection).await?.name_facts())
}

/// A draft that has not lapsed, without locking it.
pub async fn get(connection: &mut PgConnection, id: DraftId) -> sqlx::Result<Option<Draft>> {
    sqlx::query_as!(
        DraftRow,
        r#"select id, provider, requester, request_id, kind as "kind: RequestKind", token_id, name,
               description, api_version, contact, developer_emails,
               problems as "problems: Json<Vec<FieldProblem>>", scopes, lifetime_days, keeps_expiry,
               overlap_seconds, begun_from as "begun_from: Json<PreviousToken>", category, category_page,
               scope_page, opened_from, is_resumed, expires_at, false as "had_left!"
           from drafts where id = $1 and expires_at > now()"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?
    .map(Draft::try_from)
    .transpose()
}

/// Records a press on a draft that has not lapsed, and locks the draft until the transaction ends. It comes with
/// whether the person was known to have left the guild. `None` if it is gone, or the press was handled before.
pub(super) async fn lock_for_press(
    connection: &mut PgConnection,
    press: Press,
    by: PressedBy<'_>,
    id: DraftId,
) -> sqlx::Result<Option<(Draft, bool)>> {
    let row = query_with_press!(
        DraftRow,
        r#"select id, provider, requester, request_id, kind as "kind: RequestKind", token_id, name,
               description, api_version, contact, developer_emails,
               problems as "problems: Json<Vec<FieldProblem>>", scopes, lifetime_days, keeps_expiry,
               overlap_seconds, begun_from as "begun_from: Json<PreviousToken>", category, category_page,
               scope_page, opened_from, is_resumed, expires_at,
               exists (select from departures where person = $2 and returned_at is null) as "had_left!"
           from drafts where id = $7 and expires_at > now()
               -- Postgres evaluates a condition without columns before it reads any row.
               and (select is_first from noted)
           for update"#,
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

/// The draft of a person for a provider. `about` is the request that it edits, or the token that it changes or
/// duplicates.
pub async fn find(
    connection: &mut PgConnection,
    (provider, requester, about): (&ProviderId, UserId, (Option<RequestId>, Option<TokenId>)),
) -> sqlx::Result<Option<Draft>> {
    sqlx::query_as!(
        DraftRow,
        r#"select id, provider, requester, request_id, kind as "kind: RequestKind", token_id, name,
               description, api_version, contact, developer_emails,
               problems as "problems: Json<Vec<FieldProblem>>", scopes, lifetime_days, keeps_expiry,
               overlap_seconds, begun_from as "begun_from: Json<PreviousToken>", category, category_page,
               scope_page, opened_from, is_resumed, expires_at, false as "had_left!"
           from drafts
           where requester = $1 and provider = $2 and coalesce(request_id, 0) = coalesce($3::bigint, 0)
             and coalesce(token_id, 0) = coalesce($4::bigint, 0) and expires_at > now()
           for update"#,
        requester.get(),
        provider.as_str(),
        about.0.map(RequestId::get),
        about.1.map(TokenId::get)
    )
    .fetch_optional(connection)
    .await?
    .map(Draft::try_from)
    .transpose()
}

/// Deletes a draft.
pub async fn remove(connection: &mut PgConnection, id: DraftId) -> sqlx::Result<()> {
    sqlx::query!("delete from drafts where id = $1", id.get()).execute(connection).await?;
    Ok(())
}

/// Deletes drafts that have lapsed, a thousand at a time.
pub async fn forget_lapsed(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from drafts where id in (
             select id from drafts where expires_at < now() order by expires_at
             limit 1000 for update skip locked)"
    )
    .execute(connection)
    .await?;
    Ok(())
}
