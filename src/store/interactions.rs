//! Which interactions have been handled.

use sqlx::PgConnection;

use super::tx::{Press, PressedBy};
use crate::domain::ids::InteractionId;

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

/// Whether an interaction was recorded.
pub async fn is_noted(connection: &mut PgConnection, id: InteractionId) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select from handled_interactions where interaction_id = $1) as "noted!""#,
        id.get()
    )
    .fetch_one(connection)
    .await
}

/// A query that records a press in the transaction of its changes, with the name and the language of the person, if they
/// changed, and the name of another, if nobody has seen them; and then runs `$rest`, whose own parameters begin with
/// `$7`. A repeat of the press waits until the first has ended, and `is_first` is false for it: it must change nothing. What
/// `$rest` locks must depend on `(select is_first from noted)`, so that the person's row is locked before it.
macro_rules! query_with_press {
    ($row:ty, $rest:expr, $press:expr, $by:expr $(, $value:expr)* $(,)?) => {
        sqlx::query_as!(
            $row,
            r#"with first as (
                   insert into handled_interactions (interaction_id) values ($1) on conflict do nothing
                   returning interaction_id),
               seen as (
                   insert into people (id, name, locale) select $2, $3, $4 from first
                   on conflict (id) do update set name = excluded.name, locale = excluded.locale
                   where (people.name, people.locale) is distinct from (excluded.name, excluded.locale)
                   returning id),
               named as (
                   insert into people (id, name) select $5, $6 from first
                   where $5 <> $2 and (select count(*) from seen) >= 0 on conflict do nothing
                   returning id),
               noted as materialized (
                   select exists (select from first) and (select count(*) from seen) >= 0
                       and (select count(*) from named) >= 0 as is_first) "#
                + $rest,
            $press.interaction.get(),
            $press.person.get(),
            $by.name,
            $by.locale,
            $by.names.map(|(person, _)| person.get()),
            $by.names.map(|(_, name)| name)
            $(, $value)*
        )
    };
}
pub(super) use query_with_press;

/// What a press found.
#[derive(Debug, Clone, Copy)]
pub struct NotedPress {
    /// Whether it was not handled before.
    pub is_first: bool,
    /// Whether the person was known to have left the guild.
    pub had_left: bool,
}

/// Records a press, and nothing else yet.
pub(super) async fn note_press(
    connection: &mut PgConnection,
    press: Press,
    by: PressedBy<'_>,
) -> sqlx::Result<NotedPress> {
    query_with_press!(
        NotedPress,
        r#"select is_first as "is_first!",
               exists (select from departures where person = $2 and returned_at is null) as "had_left!" from noted"#,
        press,
        by
    )
    .fetch_one(connection)
    .await
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
