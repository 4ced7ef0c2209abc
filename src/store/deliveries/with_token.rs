//! A delivery with its token, read or locked by one statement.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use sqlx::types::Json;

use super::DeliveryRow;
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::{ChannelId, DeliveryId};
use crate::domain::issuer::IssuerKind;
use crate::domain::request_kind::RequestKind;
use crate::domain::scope::ResolvedScope;
use crate::domain::token::{Token, TokenState};
use crate::store::interactions::query_with_press;
use crate::store::tokens::TokenRow;
use crate::store::tx::{Press, PressedBy};

/// Both rows.
struct BothRows {
    token_id: i64,
    provider: String,
    issuer: IssuerKind,
    token_request: i64,
    change_id: Option<i64>,
    account_sid: String,
    name: String,
    description: String,
    api_version: i32,
    token_owner: i64,
    contact: i64,
    developer_emails: Vec<String>,
    scopes: Json<Vec<ResolvedScope>>,
    lifetime_days: i32,
    token_state: TokenState,
    revision: i64,
    token_created_at: DateTime<Utc>,
    collected_at: Option<DateTime<Utc>>,
    token_expires_at: Option<DateTime<Utc>>,
    id: i64,
    secret_id: i64,
    secret_request: i64,
    owner: i64,
    state: DeliveryState,
    created_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
    dm_channel: Option<i64>,
    dm_message: Option<i64>,
    dm_refused_at: Option<DateTime<Utc>>,
    first_pressed_at: Option<DateTime<Utc>>,
    accepted_at: Option<DateTime<Utc>>,
    kind: Option<RequestKind>,
    overlap_seconds: Option<i32>,
    locale: Option<String>,
    direct_channel: Option<ChannelId>,
    is_expired: Option<bool>,
    had_left: Option<bool>,
}

impl BothRows {
    fn parse(self) -> sqlx::Result<(Token, Delivery)> {
        let token = TokenRow {
            id: self.token_id,
            provider: self.provider,
            issuer: self.issuer,
            request_id: self.token_request,
            change_id: self.change_id,
            account_sid: self.account_sid,
            name: self.name,
            description: self.description,
            api_version: self.api_version,
            owner: self.token_owner,
            contact: self.contact,
            developer_emails: self.developer_emails,
            scopes: self.scopes,
            lifetime_days: self.lifetime_days,
            state: self.token_state,
            revision: self.revision,
            created_at: self.token_created_at,
            collected_at: self.collected_at,
            expires_at: self.token_expires_at,
        };
        let delivery = DeliveryRow {
            id: self.id,
            token_id: self.token_id,
            secret_id: self.secret_id,
            request_id: self.secret_request,
            owner: self.owner,
            state: self.state,
            created_at: self.created_at,
            expires_at: self.expires_at,
            dm_channel: self.dm_channel,
            dm_message: self.dm_message,
            dm_refused_at: self.dm_refused_at,
            first_pressed_at: self.first_pressed_at,
            accepted_at: self.accepted_at,
        };
        Ok((token.try_into()?, delivery.try_into()?))
    }
}

/// A checked query whose rows are deliveries with their tokens. Its text is what stands before their columns, some of the
/// last columns, and what stands behind them; the token's row is named `token`. One with a press records that first.
macro_rules! query_both {
    ($before:literal, $more:literal, $after:literal, $($value:expr),*) => {
        query_both!(@ [sqlx::query_as], [], $before, $more, $after, [$($value),*])
    };
    ($press:expr, $by:expr; $before:literal, $more:literal, $after:literal, $($value:expr),*) => {
        query_both!(@ [query_with_press], [$press, $by,], $before, $more, $after, [$($value),*])
    };
    (@ [$($query:tt)*], [$($press:expr,)*], $before:literal, $more:literal, $after:literal, [$($value:expr),*]) => {
        $($query)*!(
            BothRows,
            $before + r#" token.id as token_id, token.provider, issuer as "issuer: IssuerKind",
                token.request_id as token_request, change_id, token.account_sid, token.name, description, api_version,
                token.owner as token_owner, contact, developer_emails,
                scopes as "scopes: Json<Vec<ResolvedScope>>", lifetime_days,
                token.state as "token_state: TokenState", token.revision, token.created_at as token_created_at,
                collected_at, token.expires_at as token_expires_at, deliveries.id, secret_id,
                (select request_id from secrets where secrets.id = secret_id) as "secret_request!",
                deliveries.owner, deliveries.state as "state: DeliveryState", deliveries.created_at,
                deliveries.expires_at, deliveries.dm_channel, dm_message, dm_refused_at, first_pressed_at, accepted_at, "#
                + $more + $after,
            $($press,)* $($value),*
        )
    };
}

/// What the message to a delivery's owner says besides, and where it goes.
#[derive(Debug)]
pub struct DeliveryContext {
    /// Why there is a new secret.
    pub kind: RequestKind,
    /// How long the secret before this one works after this one is revealed.
    pub overlap_seconds: i32,
    /// Discord's code of the owner's language, if it is known.
    pub locale: Option<String>,
    /// The channel of direct messages with the owner, if it was opened before.
    pub direct_channel: Option<ChannelId>,
    /// Whether the delivery is past its time, by the database's clock.
    pub is_expired: bool,
}

/// A delivery, its token, and what the owner is told besides; without locking them.
pub async fn get_with_token(
    connection: &mut PgConnection,
    id: DeliveryId,
) -> sqlx::Result<Option<(Token, Delivery, DeliveryContext)>> {
    let row = query_both!(
        "select",
        // Each table by an id, so that no plan reads more of it than a row.
        r#"kind as "kind?: RequestKind",
           coalesce((content::jsonb -> 'target' ->> 'overlap_seconds')::integer, 0) as overlap_seconds,
           (select locale from people where people.id = deliveries.owner) as locale,
           (select people.dm_channel from people where people.id = deliveries.owner) as "direct_channel: ChannelId",
           deliveries.expires_at <= now() as is_expired, null::boolean as had_left"#,
        " from deliveries cross join tokens as token cross join requests
         where deliveries.id = $1 and token.id = (select token_id from deliveries where id = $1)
             and requests.id = (select request_id from secrets
                 where secrets.id = (select secret_id from deliveries where id = $1))",
        id.get()
    )
    .fetch_optional(connection)
    .await?;
    let Some(mut row) = row else { return Ok(None) };
    let locale = row.locale.take();
    let (Some(kind), Some(overlap_seconds), Some(is_expired), direct_channel) =
        (row.kind, row.overlap_seconds, row.is_expired, row.direct_channel)
    else {
        return Ok(None);
    };
    let context = DeliveryContext { kind, overlap_seconds, locale, direct_channel, is_expired };
    let (token, delivery) = row.parse()?;
    Ok(Some((token, delivery, context)))
}

/// A delivery and its token, locked until the transaction ends: the token first, as everywhere.
pub async fn lock_with_token(
    connection: &mut PgConnection,
    id: DeliveryId,
) -> sqlx::Result<Option<(Token, Delivery)>> {
    query_both!(
        "with token as materialized (
             select * from tokens where id = (select token_id from deliveries where id = $1) for no key update)
         select",
        r#"null as "kind?: RequestKind", null::integer as overlap_seconds, null as locale,
           null::bigint as "direct_channel: ChannelId", null::boolean as is_expired, null::boolean as had_left"#,
        // The delivery's row is locked last, once it is joined with the token's.
        " from deliveries join token on token.id = token_id
         where deliveries.id = $1 for no key update of deliveries",
        id.get()
    )
    .fetch_optional(connection)
    .await?
    .map(BothRows::parse)
    .transpose()
}

/// Records a press on a delivery, and locks the delivery with its token until the transaction ends. They come with whether
/// the person was known to have left the guild. `None` if there is no such delivery, or the press was handled before.
pub(in crate::store) async fn lock_for_press(
    connection: &mut PgConnection,
    press: Press,
    by: PressedBy<'_>,
    id: DeliveryId,
) -> sqlx::Result<Option<((Token, Delivery), bool)>> {
    let row = query_both!(
        press, by;
        ", token as materialized (
             select * from tokens where id = (select token_id from deliveries where id = $7)
                 and (select is_first from noted) for no key update)
         select",
        r#"null as "kind?: RequestKind", null::integer as overlap_seconds, null as locale,
           null::bigint as "direct_channel: ChannelId", null::boolean as is_expired,
           exists (select from departures where person = $2 and returned_at is null) as had_left"#,
        " from deliveries join token on token.id = token_id
         where deliveries.id = $7 for no key update of deliveries",
        id.get()
    )
    .fetch_optional(connection)
    .await?;
    row.map(|row| {
        let had_left = row.had_left.unwrap_or_default();
        Ok((row.parse()?, had_left))
    })
    .transpose()
}
