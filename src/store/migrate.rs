//! Brings our schema to this version's state: tables by migrations, everything else as it ships.

use sqlx::PgConnection;

use super::pool::MIGRATIONS;
use super::shipped::{self, Difference};

/// What [`run`] did.
#[derive(Debug)]
pub struct Migrated {
    /// How many migrations were missing.
    pub applied: usize,
    /// What was not as it ships, and was put right.
    pub restored: Vec<Difference>,
    /// What is not as it ships and takes somebody else's rights, a superuser's or the database's owner's.
    pub left: Vec<Difference>,
}

/// Runs as the owner; may be run again, and several at once wait for each other. `role` is the
/// application's; with `single_role` it is the owner, too, and is granted nothing.
///
/// # Errors
/// As the server says; a migration that was changed after it had been applied.
pub async fn run(
    owner: &mut PgConnection,
    role: &str,
    single_role: bool,
) -> Result<Migrated, sqlx::migrate::MigrateError> {
    sqlx::query("CREATE SCHEMA IF NOT EXISTS countersign").execute(&mut *owner).await?;
    let before = count_migrations(owner).await?;
    if before == 0 {
        // Whatever it held so far is no business of ours.
        shipped::install_table_functions(owner).await?;
    }
    MIGRATIONS.run(&mut *owner).await?;
    let applied = count_migrations(owner).await?.saturating_sub(before);
    let differences = shipped::find_differences(owner, role, single_role).await?;
    if differences.is_empty() {
        return Ok(Migrated { applied, restored: Vec::new(), left: Vec::new() });
    }
    if !single_role {
        shipped::refuse_temporary_objects(owner, role).await?;
    }
    shipped::install(owner, (!single_role).then_some(role)).await?;
    let left = shipped::find_differences(owner, role, single_role).await?;
    // Before the first migration nothing was in its place, which is no news.
    let restored = differences.into_iter().filter(|difference| !left.contains(difference));
    let restored = if before == 0 { Vec::new() } else { restored.collect() };
    Ok(Migrated { applied, restored, left })
}

async fn count_migrations(connection: &mut PgConnection) -> sqlx::Result<usize> {
    let exists: bool =
        sqlx::query_scalar("SELECT to_regclass('countersign._sqlx_migrations') IS NOT NULL")
            .fetch_one(&mut *connection)
            .await?;
    if !exists {
        return Ok(0);
    }
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM countersign._sqlx_migrations")
        .fetch_one(connection)
        .await?;
    Ok(usize::try_from(rows).unwrap_or_default())
}
