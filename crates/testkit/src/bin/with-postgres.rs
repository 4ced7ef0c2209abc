//! Runs a command beside a temporary Postgres:
//! `with-postgres [--migrations FOLDER [--schema NAME]] COMMAND …`.
//!
//! The command finds the server's URL in `COUNTERSIGN_TEST_POSTGRES`, and with `--migrations` a
//! database on which they ran in `DATABASE_URL`: `FOLDER/before.sql`, the migrations, `FOLDER/guards/*.sql`.
//! Ends with the command's own exit code.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::postgres::{Durability, Postgres, SHARED_VARIABLE};

/// Runs a command beside a temporary Postgres.
#[derive(Parser)]
struct Arguments {
    /// Makes a database, runs these migrations on it, and names it in DATABASE_URL.
    #[arg(long, value_name = "FOLDER")]
    migrations: Option<PathBuf>,
    /// Where the migrations make their tables; it comes first on the search path.
    #[arg(long, value_name = "NAME", default_value = "public", requires = "migrations")]
    schema: String,
    /// The command with its arguments.
    #[arg(trailing_var_arg = true, required = true, allow_hyphen_values = true)]
    command: Vec<String>,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let postgres = Postgres::start(Durability::Fast).await?;
    let (program, rest) = arguments.command.split_first().context("no command")?;
    let mut command = tokio::process::Command::new(program);
    command.args(rest).env(SHARED_VARIABLE, postgres.admin_url());
    let mut database = None;
    if let Some(folder) = &arguments.migrations {
        let migrated = postgres.database("migrated").await?;
        let url = format!("{}?options=-csearch_path%3D{}", migrated.owner_url, arguments.schema);
        migrate(&url, &arguments.schema, folder).await?;
        command.env("DATABASE_URL", url);
        database = Some(migrated);
    }
    let mut child = command.spawn().with_context(|| format!("{program} could not be started"))?;
    let status = loop {
        tokio::select! {
            status = child.wait() => break status?,
            // It goes to the command as well, which decides; this process stays to clean up.
            interrupted = tokio::signal::ctrl_c() => interrupted?,
        }
    };
    drop(database);
    drop(postgres);
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

async fn migrate(url: &str, schema: &str, folder: &Path) -> anyhow::Result<()> {
    let plain = schema.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_');
    anyhow::ensure!(plain, "the schema's name takes small letters and underscores");
    let migrator = sqlx::migrate::Migrator::new(folder).await?;
    let mut connection = PgConnection::connect(url).await?;
    let create = format!("CREATE SCHEMA IF NOT EXISTS {schema}");
    sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await?;
    run_file(&mut connection, &folder.join("before.sql")).await?;
    migrator.run(&mut connection).await.context("the migrations failed")?;
    let guards = std::fs::read_dir(folder.join("guards")).context("no folder of guards")?;
    let mut guards: Vec<PathBuf> =
        guards.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    guards.retain(|path| path.extension().is_some_and(|ending| ending == "sql"));
    guards.sort();
    for path in guards {
        run_file(&mut connection, &path).await?;
    }
    connection.close().await?;
    Ok(())
}

async fn run_file(connection: &mut PgConnection, path: &Path) -> anyhow::Result<()> {
    let name = path.display();
    let statements = std::fs::read_to_string(path).with_context(|| format!("can't read {name}"))?;
    sqlx::raw_sql(AssertSqlSafe(statements))
        .execute(connection)
        .await
        .with_context(|| format!("{name} failed"))?;
    Ok(())
}
