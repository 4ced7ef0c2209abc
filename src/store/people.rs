//! People as they were last seen: names, languages and channels of direct messages.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::domain::ids::{ChannelId, UserId};

/// A person, as they were last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name that others read.
    pub name: String,
    /// Discord's code of their language; none if others only mentioned them.
    pub locale: Option<String>,
}

/// Those of these people who were seen before.
pub async fn get(
    connection: &mut PgConnection,
    ids: &[UserId],
) -> sqlx::Result<BTreeMap<UserId, Person>> {
    let ids: Vec<i64> = ids.iter().map(|id| id.get()).collect();
    let rows = sqlx::query!(
        r#"select id as "id: UserId", name, locale from people where id = any($1)"#,
        &ids
    )
    .fetch_all(connection)
    .await?;
    let person = |name, locale| Person { name, locale };
    Ok(rows.into_iter().map(|row| (row.id, person(row.name, row.locale))).collect())
}

/// The channel of direct messages with a person, if it was opened before.
pub async fn get_direct_channel(
    connection: &mut PgConnection,
    id: UserId,
) -> sqlx::Result<Option<ChannelId>> {
    let found = sqlx::query_scalar!(
        r#"select dm_channel as "channel: ChannelId" from people where id = $1"#,
        id.get()
    )
    .fetch_optional(connection)
    .await?;
    Ok(found.flatten())
}

/// Stores the channel of direct messages with a person, or that it is gone.
pub async fn set_direct_channel(
    connection: &mut PgConnection,
    id: UserId,
    channel: Option<ChannelId>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "update people set dm_channel = $2 where id = $1",
        id.get(),
        channel.map(ChannelId::get)
    )
    .execute(connection)
    .await?;
    Ok(())
}
