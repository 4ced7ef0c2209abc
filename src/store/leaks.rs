//! Leaked secrets that someone presented, and how long they may disable the token.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::ids::{ReportId, SecretId, TokenId, UserId};
use crate::domain::leak::SecretState;

/// A secret that is known here.
#[derive(Debug, Clone, Copy)]
pub struct FoundSecret {
    /// The secret.
    pub secret: SecretId,
    /// Its token.
    pub token: TokenId,
    /// Its state.
    pub state: SecretState,
    /// Until when it works, if a newer secret replaces it.
    pub valid_until: Option<DateTime<Utc>>,
}

/// The secrets with these hashes, in the order of the hashes.
pub async fn look_up(
    connection: &mut PgConnection,
    hashes: &[[u8; 32]],
) -> sqlx::Result<Vec<FoundSecret>> {
    let hashes: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.to_vec()).collect();
    sqlx::query_as!(
        FoundSecret,
        r#"select id as "secret: SecretId", token_id as "token: TokenId",
               state as "state: SecretState", valid_until
           from secrets where sha256 = any($1) order by array_position($1, sha256)"#,
        &hashes
    )
    .fetch_all(connection)
    .await
}

/// Records that someone presented a secret.
pub async fn note(
    connection: &mut PgConnection,
    person: UserId,
    secret: SecretId,
) -> sqlx::Result<ReportId> {
    sqlx::query_scalar!(
        r#"insert into leak_reports (person, secret_id) values ($1, $2) returning id as "id: ReportId""#,
        person.get(),
        secret.get()
    )
    .fetch_one(connection)
    .await
}

/// What a person presented in this report, if the report is still valid.
pub async fn reported(
    connection: &mut PgConnection,
    id: ReportId,
    person: UserId,
) -> sqlx::Result<Option<FoundSecret>> {
    sqlx::query_as!(
        FoundSecret,
        r#"select secrets.id as "secret: SecretId", token_id as "token: TokenId",
               state as "state: SecretState", valid_until
           from leak_reports join secrets on secrets.id = secret_id
           where leak_reports.id = $1 and person = $2 and expires_at > now()"#,
        id.get(),
        person.get()
    )
    .fetch_optional(connection)
    .await
}

/// Deletes reports that are no longer valid, a thousand at a time.
pub async fn forget_lapsed(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from leak_reports where id in (
             select id from leak_reports where expires_at < now() order by expires_at limit 1000)"
    )
    .execute(connection)
    .await?;
    Ok(())
}
