//! Whether there is room on the disk where the tables lie.

use sqlx::PgPool;

/// What Postgres says where its disk is full (`disk_full`).
const DISK_FULL: &str = "53100";

/// Whether the database could grow by a quarter of a megabyte: by less, no workflow ends that has
/// begun. Reading goes on for long on a full disk, so nothing else tells.
///
/// The statement needs more memory than it is allowed, so that Postgres writes its rows into a
/// temporary file, which lies beside the tables unless `temp_tablespaces` says otherwise, and is gone
/// when this returns.
///
/// # Errors
/// As the database says of anything else.
pub async fn has_space_left(pool: &PgPool) -> sqlx::Result<bool> {
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
