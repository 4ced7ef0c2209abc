//! `countersign recover`: to be run after the database was restored from an older dump.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use clap::Args;
use sqlx::{Connection as _, PgConnection};

use super::owner::{OwnerArguments, OwnerLogin};
use super::{ask, rules, token, unreachable};
use crate::config::{Config, IssuerSettings};
use crate::discord::rest::Rest;
use crate::keyring::Keyring;
use crate::store::{locks, pool, recovery, roles};
use crate::workflow::Workflow;
use crate::workflow::recover::{self, Recoveries};

/// How many numbers are skipped after the highest known one, for requests whose card is not found.
const GAP: i64 = 1_000;

/// How often, and at which interval, it checks whether the bot has ended.
const TRIES: u32 = 20;
const TRY_AGAIN: Duration = Duration::from_millis(100);

/// The highest number that anybody can have seen.
const HIGHEST: i64 = 1_000_000_000_000;

/// A number on a card that is further ahead of the database than this was typed by a person.
const FARTHEST: i64 = 1_000_000;

const QUESTION: &str = "All tokens that Countersign verifies are disabled, all open requests withdrawn, and all \
     secrets that wait wiped. This can't be undone.";

/// Arguments of `recover`.
#[derive(Debug, Args)]
pub struct RecoverArguments {
    #[command(flatten)]
    owner: OwnerArguments,
    /// The highest number of a request that anybody has seen, where Discord can't be asked
    ///
    /// Without it, the bot's own messages in the approval channels are read.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(0..=HIGHEST))]
    above: Option<i64>,
    /// Don't ask whether to go on
    #[arg(long)]
    yes: bool,
}

impl RecoverArguments {
    /// Where the owner's login comes from.
    pub fn owner(&self) -> &OwnerArguments {
        &self.owner
    }
}

/// Runs `recover`; may be run again.
pub async fn run(
    config: Config,
    arguments: &RecoverArguments,
    login: &OwnerLogin,
) -> anyhow::Result<ExitCode> {
    let network = config.network.clone();
    match recover(config, arguments, login).await {
        Err(error) => Err(super::name_blocking_sessions(error, login.url(), &network).await),
        done => done,
    }
}

async fn recover(
    config: Config,
    arguments: &RecoverArguments,
    login: &OwnerLogin,
) -> anyhow::Result<ExitCode> {
    let application = pool::role(&config.database.url).context("[database] url is not usable")?;
    // While it is open, nothing else can begin to work in the database.
    let mut connection = unreachable::connect(login.url(), &config.network)
        .await
        .context("can't connect as the owner")?;
    let application = roles::find_name(&mut connection, &application)
        .await
        .context("the database can't be asked for its roles")?;
    check_is_alone(&mut connection, &application).await?;
    let owner = pool::build_pool_without_work_lock(login.url(), &config.network)?;
    super::check_migrated(&owner).await?;
    rules::check_as_shipped(&config, &owner).await?;
    let end = recovery::get_restore_point(&mut connection).await?;
    let seen = match arguments.above {
        Some(above) => above,
        None => {
            find_highest_number(&config, &super::build_rest(&config)?, end.highest_number).await?
        }
    };
    let next = end.highest_number.max(seen).saturating_add(GAP);
    println!(
        "The database ends with #{}{}. The highest number that was seen elsewhere is #{seen}; the next \
         request is #{}.",
        end.highest_number,
        end.last_event
            .map(|at| format!(", {}", at.format("%Y-%m-%d %H:%M UTC")))
            .unwrap_or_default(),
        next.saturating_add(1)
    );
    if !arguments.yes && !ask::confirm(QUESTION)? {
        eprintln!("Nothing was changed.");
        return Ok(ExitCode::FAILURE);
    }
    // `serve` of an older version does not know the lock. With one role for both, these sessions are ours.
    if login.role()? != application {
        check_is_alone(&mut connection, &application).await?;
    }
    recovery::begin(&mut connection).await?;
    recovery::move_counters(&mut connection, next).await?;
    let keyring = Keyring::load(&config.keys.file).context("[keys] file is not usable")?;
    let (config, keyring) = (Arc::new(config), Arc::new(keyring));
    let workflow = Workflow::new(owner, config.clone(), keyring);
    let done = recover::stop_everything(&workflow, &token::operator(), end).await;
    let done =
        done.context("the recovery has not ended, and `serve` will not start before it has")?;
    connection.close().await?;
    let Some(done) = done else {
        println!(
            "Nothing was left to stop since the last recovery, of which the admins were told. To go on, \
             start `countersign serve`."
        );
        return Ok(ExitCode::SUCCESS);
    };
    print_result(&config, &done)
}

/// Refuses to serve while a recovery has not ended.
///
/// # Errors
/// A recovery began and did not end.
pub(super) async fn check_has_ended(connection: &mut PgConnection) -> anyhow::Result<()> {
    if let Some(begun) = recovery::find_unfinished(connection).await? {
        bail!(
            "a recovery began at {} and has not ended: run `countersign recover` again, which goes on where \
             it stopped",
            begun.format("%Y-%m-%d %H:%M UTC")
        );
    }
    Ok(())
}

/// A running bot would let in what is being stopped, so it must end first, and none can start from here on.
/// The server may take a moment to notice that a bot has ended.
async fn check_is_alone(connection: &mut PgConnection, application: &str) -> anyhow::Result<()> {
    let mut tries = 0;
    loop {
        let is_out = check_logged_out(connection, application).await;
        if is_out.is_ok() && locks::stop_work(connection).await? {
            return Ok(());
        }
        tries += 1;
        if tries == TRIES {
            is_out?;
            let others = locks::list_working_sessions(connection).await?;
            let names: String = others.iter().map(|one| format!("; {one}")).collect();
            bail!("something works in this database: stop every `countersign serve` first{names}");
        }
        tokio::time::sleep(TRY_AGAIN).await;
    }
}

async fn check_logged_out(connection: &mut PgConnection, application: &str) -> anyhow::Result<()> {
    let others = recovery::count_sessions_of(connection, application).await?;
    ensure!(
        others == 0,
        "{application} has {others} connections to this database: stop every `countersign serve` first"
    );
    Ok(())
}

/// The highest number on the cards in Discord, which the database may not know.
async fn find_highest_number(config: &Config, rest: &Rest, known: i64) -> anyhow::Result<i64> {
    let mut highest = known;
    for provider in &config.providers {
        let messages = rest.latest_messages(provider.approval_channel).await.with_context(|| {
            format!(
                "the cards in the approval channel of {} can't be read: see `countersign check`, or say \
                 by --above which number was the highest",
                provider.id
            )
        })?;
        let numbers = messages.iter().flat_map(|message| find_numbers(&message.to_string()));
        highest = numbers.filter(|number| *number <= known + FARTHEST).fold(highest, i64::max);
    }
    Ok(highest)
}

/// Every number like `#7` in a text.
fn find_numbers(text: &str) -> Vec<i64> {
    let digits = |part: &str| -> String { part.chars().take_while(char::is_ascii_digit).collect() };
    text.split('#').skip(1).filter_map(|part| digits(part).parse().ok()).collect()
}

fn print_result(config: &Config, done: &Recoveries) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for (id, recovered) in done {
        writeln!(
            out,
            "{id}: tokens disabled: {}; requests withdrawn: {}; waiting secrets wiped: {}",
            recovered.tokens, recovered.requests, recovered.deliveries
        )?;
        let provider = config.provider(id);
        if provider.is_some_and(|found| !matches!(found.issuer, IssuerSettings::Builtin)) {
            writeln!(
                out,
                "  → compare the tokens there with `/token list`: what was made, disabled or deleted \
                 after the dump is not known here"
            )?;
        }
    }
    writeln!(out, "Start `countersign serve`: it tells the admins in each approval channel.")?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_wherever_they_stand() {
        assert_eq!(find_numbers("**#12 has** <#34> # 5 #x #7"), [12, 34, 7]);
    }
}
