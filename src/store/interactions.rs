//! Which interactions have been handled.

use sqlx::PgConnection;

use crate::domain::ids::InteractionId;

/// Whether an interaction came for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurrence {
    /// It is.
    First,
    /// It was handled before, or is being handled: it must change nothing.
    Again,
}

/// Records an interaction in the transaction of its changes. A repeat waits until the first has ended.
pub async fn note(connection: &mut PgConnection, id: InteractionId) -> sqlx::Result<Occurrence> {
    let noted = sqlx::query!(
        "insert into handled_interactions (interaction_id) values ($1) on conflict do nothing",
        id.get()
    )
    .execute(connection)
    .await?;
    Ok(if noted.rows_affected() == 1 { Occurrence::First } else { Occurrence::Again })
}

/// Deletes interactions that are older than a month; Discord's tokens are valid for 15 minutes.
pub async fn forget_old(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from handled_interactions where interaction_id in (
             select interaction_id from handled_interactions
             where handled_at < now() - interval '720 hours' order by handled_at limit 1000)"
    )
    .execute(connection)
    .await?;
    Ok(())
}
