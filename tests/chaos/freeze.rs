//! One of two replicas is frozen at a point of the main job for longer than its lease, and continued after
//! the other one has done its work.

use std::cell::Cell;
use std::time::Duration;

use anyhow::{Context, Result};
use discord_sim::Options;
use discord_sim::crash_points::{Hold, Which};
use testkit::bot::{Bot, Ingress};
use testkit::kills::{Kills, Point, Watched};

use super::rules::Repeats;
use super::runs::{self, RunOutcome};
use super::scenarios::{self, Job};

/// Longer than the queue's lease and the next check for lost processes.
const FROZEN: Duration = Duration::from_secs(18);

/// How long one run may take.
const RUN_LIMIT: Duration = Duration::from_secs(150);

/// Only every so-many-th point, with and without `COUNTERSIGN_CHAOS=all`.
const ONE_OF: (usize, usize) = (3, 25);

/// Counts the points, then runs once for each chosen one.
pub fn everywhere(what: &str) {
    let kills = Kills::new(make, scenarios::minted).within(RUN_LIMIT);
    let points = runs::points(Job::Main, async || kills.points().await);
    runs::count(what, &points);
    let chosen = runs::choice(points, if runs::is_whole() { ONE_OF.0 } else { ONE_OF.1 });
    runs::everywhere(what, chosen, async |point: &Point| freeze_at(point).await);
}

fn key() -> ed25519_dalek::SigningKey {
    ed25519_dalek::SigningKey::from_bytes(&[7; 32])
}

/// A setup whose bot takes interactions as signed POSTs.
async fn make() -> Result<Watched> {
    let public_key = hex::encode(key().verifying_key().to_bytes());
    let options = Options { route_limits: false, ..Options::standard() };
    let watched = Watched::start("freeze", options, |config| {
        config.ingress = Ingress::Http { public_key };
    })
    .await?;
    check_leader(&watched, &watched.setup.bot)?;
    Ok(watched)
}

/// From here on Discord sends interactions to this replica, as a load balancer does.
fn check_leader(watched: &Watched, bot: &Bot) -> Result<()> {
    let url = format!("{}/discord/interactions", bot.url()?);
    watched.setup.discord.deliver_over_http(&url, key())?;
    Ok(())
}

async fn freeze_at(point: &Point) -> RunOutcome {
    let (reached, mut log) = (Cell::new(false), String::new());
    let run = async {
        let watched = make().await?;
        watched.count_anew();
        let which = Which::Repetition { label: point.label.clone(), repetition: point.repetition };
        let hold = watched.points(point.kind).hold(which, point.when);
        let second = watched.setup.bot.replica("2");
        let played = play(&watched, &second, hold, &reached).await;
        log = watched.setup.bot.log();
        played?;
        // So that what it still notes is there before the rules are checked.
        if reached.get() {
            second.stop().await?;
        }
        runs::finish_run(watched, Job::Main).await
    };
    let ended: Result<Repeats> = match tokio::time::timeout(RUN_LIMIT, run).await {
        Ok(ended) => ended,
        Err(_) => Err(anyhow::anyhow!("not done within {RUN_LIMIT:?}")),
    };
    runs::end_of(reached.get(), ended.with_context(|| format!("the first replica's log:\n{log}")))
}

/// The main job, while the first replica is frozen at the hold.
async fn play(watched: &Watched, second: &Bot, hold: Hold, reached: &Cell<bool>) -> Result<()> {
    let mut played = std::pin::pin!(async {
        scenarios::minted(watched).await?;
        watched.setup.settle_within(RUN_LIMIT).await
    });
    let mut frozen = std::pin::pin!(freeze(watched, second, hold, reached));
    tokio::select! {
        done = &mut played => {
            done?;
            if reached.get() {
                frozen.await?;
            }
        }
        froze = &mut frozen => {
            froze?;
            played.await?;
        }
    }
    watched.setup.settle_within(RUN_LIMIT).await
}

/// Waits for the point, freezes the first replica there, starts the second, and continues the first.
async fn freeze(
    watched: &Watched,
    second: &Bot,
    mut hold: Hold,
    reached: &Cell<bool>,
) -> Result<()> {
    let held = hold.reached().await?;
    reached.set(true);
    let first = &watched.setup.bot;
    first.signal("STOP").await?;
    second.serve().await.context("the second replica did not start")?;
    check_leader(watched, second)?;
    // Its request is carried out; the answer waits until it continues.
    held.proceed();
    tokio::time::sleep(FROZEN).await;
    first.signal("CONT").await?;
    // In order: it finishes its work before it ends.
    first.restart().await
}
