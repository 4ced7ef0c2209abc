//! Which interactions have been handled.

use sqlx::PgConnection;

use crate::domain::ids::{InteractionId, UserId};

/// Records an interaction that changes nothing.
pub async fn note(connection: &mut PgConnection, id: InteractionId) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into handled_interactions (interaction_id) values ($1) on conflict do nothing",
        id.get()
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// What a press that came for the first time found.
#[derive(Debug, Clone, Copy)]
pub struct NotedPress {
    /// Whether the person was known to have left the guild.
    pub had_left: bool,
}

/// Records a press in the transaction of its changes, with the name and the language of the person, if they changed.
/// A repeat waits until the first has ended. `None` if it was handled before: it must change nothing.
pub(super) async fn note_press(
    connection: &mut PgConnection,
    id: InteractionId,
    (person, name, locale): (UserId, &str, &str),
) -> sqlx::Result<Option<NotedPress>> {
    let noted = sqlx::query!(
        r#"with first as (
               insert into handled_interactions (interaction_id) values ($1) on conflict do nothing
               returning interaction_id),
           seen as (
               insert into people (id, name, locale) select $2, $3, $4 from first
               on conflict (id) do update set name = excluded.name, locale = excluded.locale
               where (people.name, people.locale) is distinct from (excluded.name, excluded.locale))
           select exists (select from first) as "is_first!",
               exists (select from departures where person = $2 and returned_at is null) as "had_left!""#,
        id.get(),
        person.get(),
        name,
        locale
    )
    .fetch_one(connection)
    .await?;
    Ok(noted.is_first.then_some(NotedPress { had_left: noted.had_left }))
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
