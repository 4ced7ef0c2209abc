//! Checks whether the rules in the database are as they ship, and whether tokens agree with their
//! catalogue: in `check`, at the start of `serve`, and once an hour.

use std::fmt;
use std::time::Duration;

use anyhow::{Context as _, bail};
use sqlx::{Connection as _, PgConnection};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::domain::drift::{self, Drift};
use crate::store::live_scopes::{LiveScope, list_live_scopes};
use crate::store::locks::{self, BlockingSession};
use crate::store::pool::{self, Pool};
use crate::store::roles::{self, RoleSetting};
use crate::store::shipped::{self, Difference};

/// How often a running `serve` checks.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How often it retries if the check was not possible.
const AGAIN: Duration = Duration::from_secs(5 * 60);

/// How long it runs without a check.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// How long one check may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many differences are named; the rest is counted.
const NAMED: usize = 20;

/// The schema is being changed, so it can't be checked.
#[derive(Debug)]
pub struct SchemaIsChanging(Vec<BlockingSession>);

impl fmt::Display for SchemaIsChanging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a `countersign migrate` changes them at this moment")?;
        self.0.iter().try_for_each(|one| write!(f, "; if not, {one}"))
    }
}

impl std::error::Error for SchemaIsChanging {}

/// The differences from what ships, for the role in the configuration.
pub async fn find_differences(config: &Config, pool: &Pool) -> anyhow::Result<Vec<Difference>> {
    compare(config, &mut *pool.acquire().await?).await
}

async fn compare(
    config: &Config,
    connection: &mut PgConnection,
) -> anyhow::Result<Vec<Difference>> {
    const FAILED: &str = "the rules in the database can't be compared with those that ship";
    let login = pool::role(&config.database.url).context("[database] url is not usable")?;
    let mut transaction = connection.begin().await.context(FAILED)?;
    let role = roles::find_name(&mut transaction, &login).await.context(FAILED)?;
    let stranger = roles::find_stranger(&mut transaction, &role).await.context(FAILED)?;
    if let Some(stranger) = stranger {
        bail!(
            "[database] url logs in as {login}, and the session is {stranger}'s: let the pooler before the \
             database log in as whom it is told"
        );
    }
    if !locks::keep_schema(&mut transaction).await.context(FAILED)? {
        let mut others = locks::list_blocking_sessions(&mut transaction).await.context(FAILED)?;
        others.retain(|one| one.on.contains(locks::THE_SCHEMA));
        return Err(SchemaIsChanging(others).into());
    }
    let single_role = config.database.single_role;
    let found =
        shipped::find_differences(&mut transaction, &role, single_role).await.context(FAILED)?;
    transaction.rollback().await.context(FAILED)?;
    Ok(found)
}

/// Refuses to go on if anything is not as it ships; lists each difference with its cure.
pub async fn check_as_shipped(config: &Config, pool: &Pool) -> anyhow::Result<()> {
    refuse(&find_differences(config, pool).await?)
}

fn refuse(found: &[Difference]) -> anyhow::Result<()> {
    anyhow::ensure!(
        found.is_empty(),
        "the rules in the database are not those of this version, so that it would accept what \
         nobody approved\n{}",
        text(found)
    );
    Ok(())
}

/// Scopes of live tokens that do not agree with their catalogue, a sentence for each.
pub async fn find_drifts(config: &Config, pool: &Pool) -> anyhow::Result<Vec<(String, String)>> {
    let mut connection = pool.acquire().await?;
    let live = list_live_scopes(&mut connection).await.context("tokens can't be read")?;
    let drifted = live.iter().filter_map(|live| {
        let provider = config.providers.iter().find(|found| found.id.as_str() == live.provider);
        let catalogue = provider.map(|found| &found.catalogue);
        let version = u32::try_from(live.api_version).unwrap_or_default();
        let LiveScope { tokens, example, .. } = live;
        let Some(scope) = &live.scope else {
            let sentence = format!(
                "{tokens} live tokens, such as “{example}”, have a scope that can't be read; they open nothing"
            );
            return Some((live.provider.clone(), sentence));
        };
        let Drift { id, approved, today } = drift::of_scope(scope, catalogue, version)?;
        let today = today.map_or("no longer has it".to_owned(), |now| format!("says {now} now"));
        let sentence = format!(
            "{tokens} live tokens, such as “{example}”, have {id} of version {version} as {approved}; \
             the catalogue {today}"
        );
        Some((live.provider.clone(), sentence))
    });
    Ok(drifted.collect())
}

async fn log_drifts(config: &Config, pool: &Pool) {
    match find_drifts(config, pool).await {
        Ok(found) => {
            for (provider, what) in found {
                tracing::warn!(provider, "{what}: `countersign check` says what to do");
            }
        }
        Err(error) => tracing::warn!(error = format!("{error:#}"), "scopes were not compared"),
    }
}

/// Stored settings of the role's sessions, a sentence for each, with the statement that removes it.
pub async fn describe_settings(
    config: &Config,
    pool: &Pool,
) -> anyhow::Result<Vec<(String, String)>> {
    let login = pool::role(&config.database.url).context("[database] url is not usable")?;
    let mut connection = pool.acquire().await?;
    let role =
        roles::find_name(&mut connection, &login).await.context("its role can't be found")?;
    let told =
        roles::list_settings(&mut connection, &role).await.context("settings can't be read")?;
    let sentence = |RoleSetting { name, value, is_the_roles }: RoleSetting| {
        let effect = if pool::is_set_by_us(&name) { "; Countersign asks for its own" } else { "" };
        let of = if is_the_roles { format!("ROLE {role}") } else { "DATABASE …".to_owned() };
        (
            format!("{role} was told to begin each session with {name} = {value}{effect}"),
            format!(
                "unless you set it on purpose, somebody left it behind: ALTER {of} RESET {name} (for one \
                 database, ALTER ROLE … IN DATABASE … RESET)"
            ),
        )
    };
    Ok(told.into_iter().map(sentence).collect())
}

/// Writes the same to the log.
pub async fn log_settings(config: &Config, pool: &Pool) -> anyhow::Result<()> {
    for (what, cure) in describe_settings(config, pool).await? {
        tracing::warn!(cure, "{what}");
    }
    Ok(())
}

/// Checks once an hour until `stop`. Ends with an error if anything is not as it ships, or if the check was
/// not possible for an hour.
pub async fn watch(config: &Config, pool: &Pool, stop: &CancellationToken) -> anyhow::Result<()> {
    let mut failing_since = None;
    let mut pause = INTERVAL;
    log_drifts(config, pool).await;
    loop {
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(pause) => {}
        }
        let seen = look(config).await;
        if matches!(seen, RulesState::Held) {
            log_drifts(config, pool).await;
        }
        pause = after(seen, &mut failing_since, Instant::now())?;
    }
}

/// The result of a check.
enum RulesState {
    /// All is as it ships.
    Held,
    /// Something is not as it ships.
    Broken(anyhow::Error),
    /// The database answered, but the check was not possible.
    Unknown(anyhow::Error),
    /// The database did not answer, so nothing can be accepted either.
    OutOfReach(anyhow::Error),
}

/// Uses a connection of its own, because others may be waiting for those of the pool.
async fn look(config: &Config) -> RulesState {
    let connecting =
        tokio::time::timeout(PATIENCE, pool::connect(&config.database.url, &config.network)).await;
    let mut connection = match connecting {
        Ok(Ok(connection)) => connection,
        Ok(Err(error @ sqlx::Error::Io(_))) => return RulesState::OutOfReach(error.into()),
        Ok(Err(error)) => return RulesState::Unknown(error.into()),
        Err(_) => {
            return RulesState::Unknown(anyhow::anyhow!("the database takes too long to connect"));
        }
    };
    let compares = async {
        let found = compare(config, &mut connection).await?;
        anyhow::Ok((found, roles::get_role(&mut connection).await?))
    };
    let compared = tokio::time::timeout(PATIENCE, compares).await;
    let compared = compared.context("the database takes too long").and_then(|done| done);
    let (found, role) = match compared {
        Ok(compared) => compared,
        Err(error) => return RulesState::Unknown(error),
    };
    // It is dropped in any case.
    let _ = connection.close().await;
    let broken = refuse(&found).and_then(|()| super::check_guards_hold(config, &role));
    broken.map_or_else(RulesState::Broken, |()| RulesState::Held)
}

/// How long to wait before the next check.
///
/// # Errors
/// Something is not as it ships, or the check was not possible for an hour.
fn after(
    seen: RulesState,
    failing_since: &mut Option<Instant>,
    now: Instant,
) -> anyhow::Result<Duration> {
    let (error, counts) = match seen {
        RulesState::Held => {
            *failing_since = None;
            return Ok(INTERVAL);
        }
        RulesState::Broken(error) => return Err(error),
        RulesState::Unknown(error) => (error, true),
        RulesState::OutOfReach(error) => (error, false),
    };
    tracing::warn!(error = format!("{error:#}"), "the rules were not compared");
    if counts {
        let since = *failing_since.get_or_insert(now);
        if now.duration_since(since) + AGAIN > LIMIT {
            return Err(
                error.context("for an hour it could not be told whether the database's rules hold")
            );
        }
    } else {
        *failing_since = None;
    }
    Ok(AGAIN)
}

/// A line for each difference, with its cure.
pub fn text(found: &[Difference]) -> String {
    let mut lines: Vec<String> =
        found.iter().take(NAMED).map(|one| format!("{one}\n  → {}", one.cure())).collect();
    if let Some(more) = found.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error() -> anyhow::Error {
        anyhow::anyhow!("cache lookup failed")
    }

    /// How many checks it takes until it ends; a hundred means for ever.
    fn looks(see: impl Fn(usize) -> RulesState) -> usize {
        let (mut now, mut failing_since) = (Instant::now(), None);
        (1..100)
            .find(|look| match after(see(*look), &mut failing_since, now) {
                Ok(pause) => {
                    now += pause;
                    false
                }
                Err(_) => true,
            })
            .unwrap_or(100)
    }

    #[test]
    fn what_can_not_be_told_for_an_hour_is_not_believed() {
        // At once, and then each 5 min for an hour.
        assert_eq!(looks(|_| RulesState::Unknown(error())), 13);
        assert_eq!(looks(|_| RulesState::Broken(error())), 1);
        assert_eq!(
            looks(|look| if look % 12 == 0 {
                RulesState::Held
            } else {
                RulesState::Unknown(error())
            }),
            100
        );
        // It waits for a database that is down for days.
        assert_eq!(looks(|_| RulesState::OutOfReach(error())), 100);
    }
}
