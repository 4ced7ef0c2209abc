//! Statements about databases, and their names.

use std::time::{Duration, Instant};

use anyhow::Context;
use sqlx::{AssertSqlSafe, PgConnection};

use super::START_LIMIT;

/// Whether the server has a database of this name.
pub(super) async fn has_database(connection: &mut PgConnection, name: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
        .bind(name)
        .fetch_one(connection)
        .await
}

/// Runs a statement that Postgres refuses while others are busy with the same database (55006).
pub(super) async fn execute_patiently(
    connection: &mut PgConnection,
    statement: &str,
) -> anyhow::Result<()> {
    let start = Instant::now();
    loop {
        let done = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut *connection);
        match done.await {
            Ok(_) => return Ok(()),
            Err(sqlx::Error::Database(error))
                if error.code().as_deref() == Some("55006") && start.elapsed() < START_LIMIT =>
            {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => return Err(error).with_context(|| format!("refused: {statement}")),
        }
    }
}

/// A name that needs no quoting; Postgres would cut it at 63 bytes.
pub(super) fn sanitized(label: &str) -> String {
    label
        .chars()
        .map(
            |letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' },
        )
        .take(40)
        .collect()
}
