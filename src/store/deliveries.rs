//! Deliveries: encrypted secrets that wait for their owners.

mod with_token;

pub(super) use with_token::lock_for_press;
pub use with_token::{DeliveryContext, get_with_token, lock_with_token};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use std::time::Duration;

use super::secrets::SecretOrigin;
use super::{convert_number, one_changed, undecodable};
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::ids::{
    ChannelId, DeliveryId, InteractionId, MessageId, RequestId, SecretId, TokenId, UserId,
};
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::keyring::Sealed;

/// A row as it is read.
pub(super) struct DeliveryRow {
    pub(super) id: i64,
    pub(super) token_id: i64,
    pub(super) secret_id: i64,
    pub(super) request_id: i64,
    pub(super) owner: i64,
    pub(super) state: DeliveryState,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) dm_channel: Option<i64>,
    pub(super) dm_message: Option<i64>,
    pub(super) dm_refused_at: Option<DateTime<Utc>>,
    pub(super) first_pressed_at: Option<DateTime<Utc>>,
    pub(super) accepted_at: Option<DateTime<Utc>>,
}

/// A checked query whose rows are deliveries; its text is what stands before their columns, and what stands behind them.
macro_rules! query_deliveries {
    ($before:literal, $after:literal, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            DeliveryRow,
            $before + r#" deliveries.id, token_id, secret_id,
                (select request_id from secrets where secrets.id = secret_id) as "request_id!",
                deliveries.owner, deliveries.state as "state: DeliveryState", deliveries.created_at,
                deliveries.expires_at, dm_channel, dm_message, dm_refused_at, first_pressed_at, accepted_at "#
                + $after,
            $($value),*
        )
    };
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = sqlx::Error;
    fn try_from(row: DeliveryRow) -> sqlx::Result<Self> {
        let message = match (row.dm_channel, row.dm_message) {
            (Some(channel), Some(message)) => Some((
                ChannelId::new(channel).map_err(undecodable)?,
                MessageId::new(message).map_err(undecodable)?,
            )),
            _ => None,
        };
        Ok(Self {
            id: DeliveryId::new(row.id).map_err(undecodable)?,
            token: TokenId::new(row.token_id).map_err(undecodable)?,
            secret: SecretId::new(row.secret_id).map_err(undecodable)?,
            request: RequestId::new(row.request_id).map_err(undecodable)?,
            owner: UserId::new(row.owner).map_err(undecodable)?,
            state: row.state,
            created_at: row.created_at,
            expires_at: row.expires_at,
            message,
            dm_refused_at: row.dm_refused_at,
            first_pressed_at: row.first_pressed_at,
            accepted_at: row.accepted_at,
        })
    }
}

/// A new secret, which waits for its owner.
#[derive(Debug)]
pub(super) struct NewSecret<'a> {
    /// The token that it will open.
    pub token: TokenId,
    /// The request for which it was made; its requester is the owner.
    pub request: &'a Request,
    /// The public id of the secret.
    pub account_sid: &'a str,
    /// SHA-256 of the secret.
    pub sha256: [u8; 32],
    /// The secret.
    pub sealed: &'a Sealed,
    /// How long it waits.
    pub ttl: Duration,
}

/// Stores the hash of a new secret, for which the database counts the approvals again, and its delivery. Returns the delivery
/// and until when it waits.
///
/// # Errors
/// A secret that was issued before breaks [`SECRET_KNOWN`](super::secrets::SECRET_KNOWN).
pub(super) async fn insert(
    connection: &mut PgConnection,
    new: &NewSecret<'_>,
) -> sqlx::Result<(DeliveryId, DateTime<Utc>)> {
    let row = sqlx::query!(
        r#"with secret as (
               insert into secrets (token_id, request_id, account_sid, sha256) values ($1, $2, $3, $4) returning id)
           insert into deliveries (token_id, secret_id, owner, sealed_secret, expires_at)
           select $1, secret.id, $5, $6, now() + make_interval(secs => $7) from secret
           returning id as "id: DeliveryId", expires_at"#,
        new.token.get(),
        new.request.id.get(),
        new.account_sid,
        &new.sha256,
        new.request.requester.get(),
        new.sealed.as_bytes(),
        new.ttl.as_secs_f64()
    )
    .fetch_one(connection)
    .await?;
    Ok((row.id, row.expires_at))
}

/// The delivery that still holds a secret of a token, if there is one, locked until the transaction ends.
/// The caller has locked the token.
pub async fn lock_due_of_token(
    connection: &mut PgConnection,
    token: TokenId,
) -> sqlx::Result<Option<Delivery>> {
    query_deliveries!(
        "select",
        "from deliveries where token_id = $1 and state in ('waiting', 'pressed') for no key update",
        token.get()
    )
    .fetch_optional(connection)
    .await?
    .map(Delivery::try_from)
    .transpose()
}

/// The delivery of the secret that was made for a request.
pub async fn get_of_request(
    connection: &mut PgConnection,
    request: RequestId,
) -> sqlx::Result<Option<Delivery>> {
    query_deliveries!(
        "select",
        "from deliveries where secret_id = (select id from secrets where secrets.request_id = $1)",
        request.get()
    )
    .fetch_optional(connection)
    .await?
    .map(Delivery::try_from)
    .transpose()
}

/// Up to `most` deliveries that wait for a person after `skip` others, the oldest first.
pub async fn list_waiting(
    connection: &mut PgConnection,
    owner: UserId,
    (skip, most): (u32, u32),
) -> sqlx::Result<Vec<Delivery>> {
    query_deliveries!(
        "select",
        "from deliveries where owner = $1 and state in ('waiting', 'pressed') and expires_at > now()
           order by id offset $2 limit $3",
        owner.get(),
        i64::from(skip),
        i64::from(most)
    )
    .fetch_all(connection)
    .await?
    .into_iter()
    .map(Delivery::try_from)
    .collect()
}

/// How many deliveries wait for a person.
pub async fn count_waiting(connection: &mut PgConnection, owner: UserId) -> sqlx::Result<usize> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from deliveries
           where owner = $1 and state in ('waiting', 'pressed') and expires_at > now()"#,
        owner.get()
    )
    .fetch_one(connection)
    .await?;
    convert_number(count)
}

/// A press on *Reveal* that has the right to show the secret.
#[derive(Debug)]
pub struct PressedDelivery {
    /// The secret.
    pub sealed: Sealed,
    /// When the message that shows it must be deleted.
    pub hide_at: DateTime<Utc>,
    /// What the secret was made for.
    pub origin: SecretOrigin,
}

/// The message that is to show a secret.
#[derive(Debug)]
pub struct NewReveal<'a> {
    /// The press that it answers.
    pub interaction: InteractionId,
    /// The encrypted token of the interaction, which can delete the message.
    pub interaction_token: &'a Sealed,
    /// For how long it shows it.
    pub visible_for: Duration,
}

/// Takes the right to show the secret for `lease`; until then no one else gets it. Stores the message before it shows
/// the secret. `None` if another press holds the right, or nothing is left to show. The caller has locked the row.
pub(super) async fn press(
    connection: &mut PgConnection,
    id: DeliveryId,
    lease: Duration,
    reveal: &NewReveal<'_>,
) -> sqlx::Result<Option<PressedDelivery>> {
    let row = sqlx::query!(
        r#"with pressed as (
               update deliveries
               set state = 'pressed', first_pressed_at = coalesce(first_pressed_at, now()),
                   reveal_ends_at = now() + make_interval(secs => $2)
               where id = $1 and state in ('waiting', 'pressed') and expires_at > now()
                   and (reveal_ends_at is null or reveal_ends_at < now())
               returning id, secret_id, sealed_secret),
           noted as (
               insert into reveals (delivery_id, interaction_id, sealed_interaction_token, hide_at)
               select id, $3, $4, now() + make_interval(secs => $5) from pressed
               returning hide_at)
           select sealed_secret as "sealed!", hide_at as "hide_at!", requests.id as "request!: RequestId",
               kind as "kind!: RequestKind", account_sid as "account_sid!",
               coalesce((content::jsonb -> 'target' ->> 'overlap_seconds')::integer, 0) as "overlap_seconds!",
               coalesce(secrets.state = 'dead'
                   or (secrets.state = 'outgoing' and valid_until <= now()), false) as "is_dead!"
           from pressed cross join noted cross join secrets cross join requests
           where secrets.id = (select secret_id from pressed) and requests.id =
               (select request_id from secrets where secrets.id = (select secret_id from pressed))"#,
        id.get(),
        lease.as_secs_f64(),
        reveal.interaction.get(),
        reveal.interaction_token.as_bytes(),
        reveal.visible_for.as_secs_f64()
    )
    .fetch_optional(connection)
    .await?;
    Ok(row.map(|row| PressedDelivery {
        sealed: Sealed::from_bytes(row.sealed),
        hide_at: row.hide_at,
        origin: SecretOrigin {
            request: row.request,
            kind: row.kind,
            account_sid: row.account_sid,
            overlap_seconds: row.overlap_seconds,
            is_dead: row.is_dead,
        },
    }))
}

/// Releases the right at once: Discord refused the message, so the owner may press again.
pub(super) async fn release(connection: &mut PgConnection, id: DeliveryId) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set reveal_ends_at = null where id = $1 and state = 'pressed'",
        id.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Ends a delivery that still holds its secret, or was accepted; the encrypted copy is erased.
///
/// # Errors
/// [`sqlx::Error::RowNotFound`] if the delivery is in another state.
pub(super) async fn end(
    connection: &mut PgConnection,
    delivery: &Delivery,
    to: DeliveryState,
) -> sqlx::Result<()> {
    let accepted = to == DeliveryState::Accepted;
    let changed = sqlx::query!(
        "update deliveries set state = $3, sealed_secret = null, reveal_ends_at = null,
             accepted_at = case when $4 then now() else accepted_at end
         where id = $1 and state = $2",
        delivery.id.get(),
        delivery.state as DeliveryState,
        to as DeliveryState,
        accepted
    )
    .execute(connection)
    .await?;
    one_changed(&changed)
}

/// Stores where the owner's DM is.
pub(super) async fn note_announced(
    connection: &mut PgConnection,
    id: DeliveryId,
    channel: ChannelId,
    message: MessageId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set dm_channel = $2, dm_message = $3, dm_refused_at = null where id = $1",
        id.get(),
        channel.get(),
        message.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// The owner's DM was deleted.
pub(super) async fn forget_message(
    connection: &mut PgConnection,
    id: DeliveryId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set dm_channel = null, dm_message = null
         where id = $1 and state not in ('waiting', 'pressed')",
        id.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Discord refused the DM.
pub(super) async fn note_dm_refused(
    connection: &mut PgConnection,
    id: DeliveryId,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update deliveries set dm_refused_at = now() where id = $1 and dm_message is null",
        id.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Deliveries that are past their time, at most a thousand.
pub async fn list_due(connection: &mut PgConnection) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar!(
        r#"select id as "id: DeliveryId" from deliveries
           where state in ('waiting', 'pressed') and expires_at < now()
           order by expires_at limit 1000"#
    )
    .fetch_all(connection)
    .await
}

/// Whether a delivery is past its time, by the database's clock.
pub async fn is_expired(connection: &mut PgConnection, id: DeliveryId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select expires_at <= now() as "past!" from deliveries where id = $1"#,
        id.get()
    )
    .fetch_one(connection)
    .await
}

/// Deliveries whose owner was not told yet, at most a thousand.
pub async fn list_unannounced(connection: &mut PgConnection) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar!(
        r#"select id as "id: DeliveryId" from deliveries
           where state = 'waiting' and dm_message is null and dm_refused_at is null
             and created_at < now() - interval '30 seconds'
           order by id limit 1000"#
    )
    .fetch_all(connection)
    .await
}
