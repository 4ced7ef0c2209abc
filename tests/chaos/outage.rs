//! Postgres stops while sixteen main jobs run at once.

use std::time::Duration;

use anyhow::Result;
use discord_sim::Options;
use futures_util::future::try_join_all;
use testkit::postgres::{Durability, Postgres, Shutdown};
use testkit::proxy::Proxy;
use testkit::setup::Setup;

use super::people::People;
use super::rules;

/// How many main jobs run.
const JOBS: usize = 16;

/// How often it stops, and how long people have in between.
const TIMES: usize = 6;
const BETWEEN: Duration = Duration::from_millis(1_500);

/// How long it may take until everything is done.
const LIMIT: Duration = Duration::from_secs(60);

/// Sixteen requests at once.
pub const SETTINGS: &str = "[policy]\nmax_open_requests = 100";

fn options() -> Options {
    Options { route_limits: false, ..Options::standard() }
}

/// All main jobs, while `outages` happen.
pub async fn play(setup: Setup, outages: impl AsyncFnOnce(&Setup) -> Result<()>) -> Result<()> {
    let names: Vec<String> = (10..10 + JOBS).map(|number| format!("Reports {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let people = People::of(&setup)?;
    let jobs = async {
        // One draft at a time; from there on, all at once.
        let asked = async {
            for name in &names {
                people.ask("orchard", name).await?;
            }
            Ok(())
        };
        tokio::try_join!(
            asked,
            try_join_all(names.iter().map(|name| people.bring_to_its_end(name)))
        )
    };
    tokio::try_join!(jobs, outages(&setup))?;
    setup.settle_within(LIMIT).await?;
    rules::hold(&setup, &names).await?;
    people.read_everything()?;
    setup.finish().await
}

/// Every connection is cut, again and again.
pub async fn connections_cut() -> Result<()> {
    let proxy = Proxy::start(&Postgres::shared().await?.admin_url()).await?;
    let setup = Setup::through(&proxy, "cut", options(), |config| {
        config.overrides = toml::from_str(SETTINGS).unwrap();
    })
    .await?;
    play(setup, async |_: &Setup| {
        for _ in 0..TIMES {
            tokio::time::sleep(BETWEEN).await;
            proxy.cut_all();
        }
        Ok(())
    })
    .await
}

/// The server is restarted, cleanly and by force.
pub async fn restarted() -> Result<()> {
    let postgres = Postgres::start(Durability::Fast).await?;
    let setup = Setup::on(&postgres, "restart", options(), |config| {
        config.overrides = toml::from_str(SETTINGS).unwrap();
    })
    .await?;
    play(setup, async |_: &Setup| {
        for turn in 0..TIMES / 2 {
            tokio::time::sleep(BETWEEN * 2).await;
            let how = if turn % 2 == 0 { Shutdown::Fast } else { Shutdown::Immediate };
            postgres.restart(how).await?;
        }
        Ok(())
    })
    .await
}
