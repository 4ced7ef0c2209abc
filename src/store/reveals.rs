//! Reveals: the ephemeral messages that show a secret, and when each must be deleted.

use sqlx::PgConnection;

use crate::domain::ids::{DeliveryId, InteractionId, RequestId, TokenId, UserId};
use crate::keyring::Sealed;

/// One ephemeral message that shows a secret, or may do so.
#[derive(Debug)]
pub struct Reveal {
    /// Its id in the database.
    pub id: i64,
    /// The press that it answered; the interaction's token is encrypted under this identity.
    pub interaction: InteractionId,
    /// The encrypted token of the interaction, which can delete the message.
    pub sealed_interaction_token: Option<Sealed>,
}

/// The messages of a delivery that must be deleted now.
pub async fn list_due(
    connection: &mut PgConnection,
    delivery: DeliveryId,
) -> sqlx::Result<Vec<Reveal>> {
    let rows = sqlx::query!(
        r#"select id, interaction_id as "interaction: InteractionId", sealed_interaction_token
           from reveals where delivery_id = $1 and hidden_at is null and hide_at <= now()
           order by id"#,
        delivery.get()
    )
    .fetch_all(connection)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| Reveal {
            id: row.id,
            interaction: row.interaction,
            sealed_interaction_token: row.sealed_interaction_token.map(Sealed::from_bytes),
        })
        .collect())
}

/// Makes the messages of a delivery due for deletion now. Returns whether any message is left.
pub(super) async fn hide_now(
    connection: &mut PgConnection,
    delivery: DeliveryId,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update reveals set hide_at = least(hide_at, now())
         where delivery_id = $1 and hidden_at is null",
        delivery.get()
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() > 0)
}

/// Makes the message that answered one press due for deletion now. Returns whether it is left.
pub(super) async fn hide_one_now(
    connection: &mut PgConnection,
    delivery: DeliveryId,
    press: InteractionId,
) -> sqlx::Result<bool> {
    let changed = sqlx::query!(
        "update reveals set hide_at = least(hide_at, now())
         where delivery_id = $1 and interaction_id = $2 and hidden_at is null",
        delivery.get(),
        press.get()
    )
    .execute(connection)
    .await?;
    Ok(changed.rows_affected() == 1)
}

/// A message with a secret that is gone, and what it was about, which never changes.
#[derive(Debug)]
pub(super) struct HiddenReveal {
    /// The press that had the delivery's messages deleted, if there was one.
    pub press: Option<InteractionId>,
    pub delivery: DeliveryId,
    pub owner: UserId,
    pub token: TokenId,
    pub provider: String,
    /// The request for which the secret was made.
    pub request: RequestId,
}

/// Records that a message is deleted or can no longer be deleted, and erases the interaction's token. `None` if that was
/// noted before.
pub(super) async fn note_hidden(
    connection: &mut PgConnection,
    reveal: i64,
) -> sqlx::Result<Option<HiddenReveal>> {
    sqlx::query_as!(
        HiddenReveal,
        r#"with hidden as (
               update reveals set hidden_at = now(), sealed_interaction_token = null
               where id = $1 and hidden_at is null
               returning delivery_id),
           about as (
               select id, owner, token_id, secret_id from deliveries where id = (select delivery_id from hidden))
           select about.id as "delivery: DeliveryId", owner as "owner: UserId", token_id as "token: TokenId",
               (select provider from tokens where tokens.id = token_id) as "provider!",
               (select request_id from secrets where secrets.id = secret_id) as "request!: RequestId",
               (select events.interaction_id from events
                   where events.token_id = about.token_id and kind in ('delivery_stored', 'delivery_disowned')
                       and detail ->> 'delivery' = about.id::text and events.interaction_id is not null
                   order by events.id desc limit 1) as "press: InteractionId"
           from about"#,
        reveal
    )
    .fetch_optional(connection)
    .await
}

/// Deliveries with a message that should be deleted, at most a thousand.
pub async fn list_deliveries_to_hide(
    connection: &mut PgConnection,
) -> sqlx::Result<Vec<DeliveryId>> {
    sqlx::query_scalar!(
        r#"select distinct delivery_id as "id: DeliveryId" from reveals
           where hidden_at is null and hide_at < now() limit 1000"#
    )
    .fetch_all(connection)
    .await
}
