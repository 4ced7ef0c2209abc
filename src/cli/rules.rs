//! Whether the rules in the database are as they ship, and whether tokens still agree with their catalogue:
//! asked by `check`, and by `serve` at its start and once an hour.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::domain::drift::{self, Drift};
use crate::store::live_scopes::{LiveScope, live_scopes};
use crate::store::pool;
use crate::store::shipped::{self, Difference};

/// How often a running `serve` looks again.
const INTERVAL: Duration = Duration::from_secs(60 * 60);

/// How many differences are named; more are counted.
const NAMED: usize = 20;

/// What is not as it ships, for the role that the configuration logs in as.
pub async fn differences(config: &Config, pool: &PgPool) -> anyhow::Result<Vec<Difference>> {
    let role = pool::role(&config.database.url).context("[database] url is not usable")?;
    let single_role = config.database.single_role;
    let mut connection = pool.acquire().await?;
    let found = shipped::differences(&mut connection, &role, single_role).await;
    found.context("the rules in the database can't be compared with those that ship")
}

/// Refuses to go on where anything is not as it ships, with each difference and its cure.
pub async fn must_be_as_shipped(config: &Config, pool: &PgPool) -> anyhow::Result<()> {
    let found = differences(config, pool).await?;
    anyhow::ensure!(
        found.is_empty(),
        "the rules in the database are not those of this version, so that it would accept what \
         nobody approved\n{}",
        text(&found)
    );
    Ok(())
}

/// Scopes of live tokens that no longer agree with their catalogue, a sentence for each.
pub async fn drifts(config: &Config, pool: &PgPool) -> anyhow::Result<Vec<(String, String)>> {
    let mut connection = pool.acquire().await?;
    let live = live_scopes(&mut connection).await.context("tokens can't be read")?;
    let drifted = live.iter().filter_map(|live| {
        let provider = config.providers.iter().find(|found| found.id.as_str() == live.provider);
        let catalogue = provider.map(|found| &found.catalogue);
        let version = u32::try_from(live.api_version).unwrap_or_default();
        let Drift { id, approved, today } = drift::of_scope(&live.scope, catalogue, version)?;
        let today = today.map_or("no longer has it".to_owned(), |now| format!("says {now} now"));
        let LiveScope { tokens, example, .. } = live;
        let sentence = format!(
            "{tokens} live tokens, such as “{example}”, have {id} of version {version} as {approved}; \
             the catalogue {today}"
        );
        Some((live.provider.clone(), sentence))
    });
    Ok(drifted.collect())
}

async fn log_drifts(config: &Config, pool: &PgPool) {
    match drifts(config, pool).await {
        Ok(found) => {
            for (provider, what) in found {
                tracing::warn!(provider, "{what}: `countersign check` says what to do");
            }
        }
        Err(error) => tracing::warn!(error = format!("{error:#}"), "scopes were not compared"),
    }
}

/// Looks once an hour until `stop`. A database that doesn't answer is asked again an hour later: it accepts
/// nothing meanwhile.
pub async fn watch(config: &Config, pool: &PgPool, stop: &CancellationToken) -> anyhow::Result<()> {
    loop {
        log_drifts(config, pool).await;
        tokio::select! {
            () = stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(INTERVAL) => {}
        }
        match differences(config, pool).await {
            Ok(found) if found.is_empty() => {}
            Ok(_) => return must_be_as_shipped(config, pool).await,
            Err(error) => {
                tracing::warn!(error = format!("{error:#}"), "the rules were not compared")
            }
        }
    }
}

/// A line for each difference, and its cure.
pub fn text(found: &[Difference]) -> String {
    let mut lines: Vec<String> =
        found.iter().take(NAMED).map(|one| format!("{one}\n  → {}", one.cure())).collect();
    if let Some(more) = found.len().checked_sub(NAMED).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}
