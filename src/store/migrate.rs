//! Brings the schema to the state of this version: tables by migrations, everything else as it ships.

use sqlx::PgConnection;

use super::pool::MIGRATIONS;
use super::shipped::name_index::{self, Missing};
use super::shipped::{self, Difference};

/// The result of [`run`].
#[derive(Debug)]
pub struct Migrated {
    /// How many migrations were missing.
    pub applied: usize,
    /// Differences from what ships that were repaired.
    pub restored: Vec<Difference>,
    /// Differences that only a superuser or the database's owner can repair.
    pub left: Vec<Difference>,
    /// Why parts of names are found without an index, if they are.
    pub no_name_index: Option<Missing>,
}

/// Postgres' error code for a missing right.
const NOT_PERMITTED: &str = "42501";

const NO_SCHEMA: &str = "there is no schema countersign, and this role may create none in this database. Let the \
     database's owner run CREATE SCHEMA countersign AUTHORIZATION (this role); then run `countersign migrate` again";

/// Runs as the owner. It may be repeated, and parallel runs wait for each other. `role` is the
/// application's role; with `single_role` it is also the owner, and gets no grants.
///
/// # Errors
/// A migration that was changed after it had been applied.
pub async fn run(
    owner: &mut PgConnection,
    role: &str,
    single_role: bool,
) -> Result<Migrated, sqlx::migrate::MigrateError> {
    create_schema(owner).await?;
    let before = count_migrations(owner).await?;
    if before == 0 {
        // What the schema held before our first migration does not matter.
        shipped::install_table_functions(owner).await?;
    }
    MIGRATIONS.run(&mut *owner).await?;
    let applied = count_migrations(owner).await?.saturating_sub(before);
    let differences = shipped::find_differences(owner, role, single_role).await?;
    let no_name_index = name_index::make(owner, &differences).await?;
    if differences.is_empty() {
        return Ok(Migrated { applied, restored: Vec::new(), left: Vec::new(), no_name_index });
    }
    if !single_role {
        shipped::refuse_temporary_objects(owner, role).await?;
    }
    shipped::install(owner, (!single_role).then_some(role)).await?;
    let left = shipped::find_differences(owner, role, single_role).await?;
    // Before the first migration everything is missing, which is not worth reporting.
    let restored = differences.into_iter().filter(|difference| !left.contains(difference));
    let restored = if before == 0 { Vec::new() } else { restored.collect() };
    Ok(Migrated { applied, restored, left, no_name_index })
}

/// Creates our schema, unless it exists: whoever may not create schemas may own one that somebody else created.
async fn create_schema(owner: &mut PgConnection) -> sqlx::Result<()> {
    let exists: bool = sqlx::query_scalar("SELECT to_regnamespace('countersign') IS NOT NULL")
        .fetch_one(&mut *owner)
        .await?;
    if exists {
        return Ok(());
    }
    let created = sqlx::query("CREATE SCHEMA countersign").execute(owner).await;
    created.map(|_| ()).map_err(|error| match &error {
        sqlx::Error::Database(refused) if refused.code().as_deref() == Some(NOT_PERMITTED) => {
            sqlx::Error::Configuration(NO_SCHEMA.into())
        }
        _ => error,
    })
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
