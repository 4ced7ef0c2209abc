//! `countersign migrate`: brings the database to this version's state.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection};

use super::owner::OwnerLogin;
use crate::config::Config;
use crate::queue;
use crate::store::{grants, pool};

/// Runs the migrations, the jobs' migrations and the grants, in this order, and says what it did.
/// Several at once wait for each other.
pub async fn run(config: &Config, login: &OwnerLogin) -> anyhow::Result<ExitCode> {
    let (owner_url, owner) = (login.url(), login.role()?);
    let application = pool::role(&config.database.url).context("[database] url is not usable")?;
    let mut connection = pool::connect(owner_url).await.with_context(|| {
        format!("can't connect to the database as {owner}, by {}", login.source())
    })?;

    let applied = migrate_ours(&mut connection).await?;
    queue::migrate(&pool::lazy(owner_url)?).await?;
    if owner != application {
        grants::grant(&mut connection, &application)
            .await
            .with_context(|| format!("{owner} can't grant {application} what it needs"))?;
        queue::grant(&mut connection, &application)
            .await
            .with_context(|| format!("{owner} can't let {application} run jobs"))?;
    }
    connection.close().await.context("the database hung up at the end")?;

    let mut out = std::io::stdout().lock();
    match applied {
        0 => writeln!(out, "The tables were up to date already.")?,
        1 => writeln!(out, "Applied 1 migration.")?,
        many => writeln!(out, "Applied {many} migrations.")?,
    }
    if owner == application {
        writeln!(
            out,
            "One role, {owner}, owns the tables and runs the bot: `countersign check` says what \
             that gives up."
        )?;
    } else {
        writeln!(out, "Granted {application} what the bot needs, and no more.")?;
    }
    Ok(ExitCode::SUCCESS)
}

/// How many migrations were missing.
async fn migrate_ours(connection: &mut PgConnection) -> anyhow::Result<usize> {
    sqlx::query("CREATE SCHEMA IF NOT EXISTS countersign")
        .execute(&mut *connection)
        .await
        .context("the schema countersign can't be created")?;
    let before = count(connection).await?;
    pool::MIGRATIONS.run(&mut *connection).await.context("a migration failed")?;
    Ok(count(connection).await?.saturating_sub(before))
}

async fn count(connection: &mut PgConnection) -> anyhow::Result<usize> {
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
    Ok(usize::try_from(rows)?)
}
