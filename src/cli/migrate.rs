//! `countersign migrate`: brings the database to this version's state.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail, ensure};
use sqlx::{Connection as _, PgConnection};

use super::owner::OwnerLogin;
use super::unreachable;
use crate::config::Config;
use crate::store::migrate::{self, Migrated};
use crate::store::{locks, pool, roles};

const UNKNOWN_ROLE: &str = "the database can't be asked for its roles";

/// Runs the migrations, puts functions, triggers and grants in place as they ship,
/// and prints the result. Parallel runs wait for each other. If it waits for a lock for 5 s, it fails and
/// releases its own.
pub async fn run(config: &Config, login: &OwnerLogin) -> anyhow::Result<ExitCode> {
    match migrate(config, login).await {
        Err(error) => Err(super::name_blocking_sessions(error, login.url(), &config.network).await),
        done => done,
    }
}

async fn migrate(config: &Config, login: &OwnerLogin) -> anyhow::Result<ExitCode> {
    let (owner_url, owner) = (login.url(), login.role()?);
    let application = pool::role(&config.database.url).context("[database] url is not usable")?;
    let mut connection =
        unreachable::connect(owner_url, &config.network).await.with_context(|| {
            format!("can't connect to the database as {owner}, by {}", login.source())
        })?;
    let owner = roles::find_name(&mut connection, &owner).await.context(UNKNOWN_ROLE)?;
    let application =
        roles::find_name(&mut connection, &application).await.context(UNKNOWN_ROLE)?;
    let single_role = owner == application;

    let place = check_is_owner(config, &mut connection, &owner).await?;

    locks::take_schema(&mut connection).await.context("another `countersign migrate` runs")?;
    let migrated = migrate::run(&mut connection, &application, single_role)
        .await
        .with_context(|| format!("{owner} can't bring the database to this version's state"))?;
    connection.close().await.context("the database hung up at the end")?;
    println!("As {owner}, in the database {place}:");
    print_result(&migrated, &owner, &application)
}

/// Objects that are created here belong to the role of the login, and the rules run as that role. Returns
/// the database's name.
async fn check_is_owner(
    config: &Config,
    connection: &mut PgConnection,
    owner: &str,
) -> anyhow::Result<String> {
    let login =
        roles::find_schema_login(connection).await.context("the database can't be asked")?;
    let used = pool::database(&config.database.url).context("[database] url is not usable")?;
    ensure!(
        login.database == used,
        "{owner} logs in to the database {}, and the bot uses {used} ([database] url): name the same one",
        login.database
    );
    ensure!(
        !login.is_superuser,
        "{owner} is a superuser: the tables and the rules would be a superuser's. Log in as the role that \
         owns the database: README.md, \"Install it\""
    );
    if let Some(other) = login.other_owner {
        bail!(
            "the tables belong to {other}, not to {owner}: log in as {other}; or, where they were made or \
             restored by mistake as that role, give them to {owner}: docs/operating.md, \"Backups\""
        );
    }
    Ok(login.database)
}

fn print_result(migrated: &Migrated, owner: &str, application: &str) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    match migrated.applied {
        0 => writeln!(out, "The tables were up to date already.")?,
        1 => writeln!(out, "Applied 1 migration.")?,
        many => writeln!(out, "Applied {many} migrations.")?,
    }
    for difference in &migrated.restored {
        writeln!(out, "Put right: {difference}")?;
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
    if let Some(missing) = &migrated.no_name_index {
        let cure = missing.obstacle.cure();
        writeln!(out, "Parts of names are searched without an index: {missing}.\n    → {cure}")?;
    }
    if migrated.left.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "\nThis is not as it ships, and {owner} can't change it. `serve` will not start:"
    )?;
    for difference in &migrated.left {
        writeln!(out, "  {difference}\n    → {}", difference.cure())?;
    }
    Ok(ExitCode::FAILURE)
}
