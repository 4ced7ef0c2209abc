//! What is encrypted in the database, by the keys that encrypted it.

use sqlx::PgConnection;

use crate::keyring::Sealed;

/// What one key encrypted and somebody still needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedByKey {
    /// The id of the key.
    pub key: String,
    /// Secrets that wait to be collected.
    pub secrets: i64,
    /// Interaction tokens that delete a message with a secret.
    pub messages: i64,
    /// Ids of tokens at providers with `id_is_secret`, unless the token has ended.
    pub ids: i64,
}

/// Counts what is encrypted for each key, without opening it. What can't be read has no key.
pub async fn count_by_key(connection: &mut PgConnection) -> sqlx::Result<Vec<SealedByKey>> {
    // The version, the length of the key's id, and the id: see `keyring`.
    let rows = sqlx::query!(
        r#"select substring(sealed for 2 + get_byte(sealed, 1)) as "header!",
               count(*) filter (where kind = 's') as "secrets!",
               count(*) filter (where kind = 'm') as "messages!",
               count(*) filter (where kind = 'i') as "ids!"
           from (
               select 's' as kind, sealed_secret as sealed from deliveries where state in ('waiting', 'pressed')
               union all
               select 'm', sealed_interaction_token from reveals where hidden_at is null
               union all
               select 'i', sealed_upstream_id from attempts where state = 'made' and not exists (
                   select from tokens where tokens.request_id = attempts.request_id
                       and tokens.state in ('deleted', 'expired'))
           ) as all_of_them
           where length(sealed) > 1
           group by 1 order by 1"#
    )
    .fetch_all(connection)
    .await?;
    let named = rows.into_iter().filter_map(|row| {
        let key = Sealed::from_bytes(row.header).key_id()?.to_owned();
        Some(SealedByKey { key, secrets: row.secrets, messages: row.messages, ids: row.ids })
    });
    Ok(named.collect())
}
