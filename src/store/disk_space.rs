//! Whether there is space on the disk that holds the tables.

use super::pool::Pool;

/// Postgres' code for a full disk (`disk_full`).
const DISK_FULL: &str = "53100";

/// Whether the database can grow by a quarter of a megabyte, which is enough for each workflow that has
/// begun to end. Reads still work on a full disk, so they don't show it.
///
/// The statement needs more memory than it may use, so Postgres writes its rows into a temporary file. The
/// file is on the same disk as the tables unless `temp_tablespaces` says otherwise, and is gone when this
/// returns.
///
/// # Errors
/// Any database error but a full disk.
pub async fn has_space_left(pool: &Pool) -> sqlx::Result<bool> {
    let mut transaction = pool.begin().await?;
    sqlx::query!("set local work_mem = '64kB'").execute(&mut *transaction).await?;
    let written =
        sqlx::query_scalar!(r#"select count(*) as "rows!" from generate_series(1, 16000)"#)
            .fetch_one(&mut *transaction)
            .await;
    transaction.rollback().await?;
    match written {
        Ok(_) => Ok(true),
        Err(error) if is_full(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_full(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).as_deref() == Some(DISK_FULL)
}
