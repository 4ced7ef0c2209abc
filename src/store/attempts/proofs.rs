//! What the `find` of a configuration has shown, and should show now.

use sqlx::PgConnection;

use super::{Upstream, find_made};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{AttemptId, RequestId};

/// Whether the `find` of this configuration showed what its `create` had just made, when it was last asked, and
/// has shown a text that is so long.
pub async fn is_proven(
    connection: &mut PgConnection,
    configuration: &str,
    length: usize,
) -> sqlx::Result<bool> {
    let proven = sqlx::query_scalar!(
        r#"select shows and longest >= $2 as "is_proven!" from find_proofs where configuration = $1"#,
        configuration,
        i32::try_from(length).unwrap_or(i32::MAX)
    );
    Ok(proven.fetch_optional(connection).await?.unwrap_or(false))
}

/// What a configuration's `find` showed of what its `create` had just made: whether it did, in a text of which
/// length. One that it didn't show may have been too long.
pub async fn note_proof(
    connection: &mut PgConnection,
    (provider, configuration): (&ProviderId, &str),
    (shows, length): (bool, usize),
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into find_proofs as proofs (configuration, provider, shows, longest)
         values ($1, $2, $3, case when $3 then $4 else 0 end)
         on conflict (configuration) do update set shows = excluded.shows,
             longest = case when $3 then greatest(proofs.longest, $4)
                 else least(proofs.longest, greatest($4 - 1, 0)) end",
        configuration,
        provider.as_str(),
        shows,
        i32::try_from(length).unwrap_or(i32::MAX)
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// How many tokens are looked for where one of them must be shown.
const WITNESSES: i64 = 3;

/// The newest tokens that were made by the configuration of this call and live, besides its own: their requests, and
/// what they are known by.
pub async fn find_witnesses(
    connection: &mut PgConnection,
    attempt: AttemptId,
) -> sqlx::Result<Vec<(RequestId, Upstream)>> {
    let newest = sqlx::query_scalar!(
        r#"select others.request_id as "request: RequestId"
           from attempts as own
               join attempts as others on others.configuration = own.configuration and others.id <> own.id
               join tokens on tokens.request_id = others.request_id
           where own.id = $1 and others.state = 'made' and tokens.state in ('issued', 'active')
               and (tokens.expires_at is null or tokens.expires_at > now())
           order by others.id desc limit $2"#,
        attempt.get(),
        WITNESSES
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut found = Vec::new();
    for request in newest {
        found.extend(find_made(connection, request).await?.map(|known| (request, known)));
    }
    Ok(found)
}
