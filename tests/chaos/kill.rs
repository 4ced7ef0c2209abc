//! SIGKILL at a point of the main job; the next process continues.

use std::time::Duration;

use anyhow::Result;
use testkit::kills::{Killed, Kills, Point, Watched};

use super::runs::{self, RunOutcome};
use super::scenarios::{self, Job};

/// How long one run may take: a killed process' jobs go to the next one, and an owner whose press was not
/// answered must wait before they may press again.
const RUN_LIMIT: Duration = Duration::from_secs(150);

/// Without `COUNTERSIGN_CHAOS=all`, only every so-many-th point.
const ONE_OF: usize = 40;

/// Counts the points, then runs once for each.
pub fn everywhere<Play>(what: &str, job: Job, play: Play)
where
    Play: AsyncFn(&Watched) -> Result<()> + Copy + Send + Sync,
{
    let points = runs::points(job, async || kills(job, play).points().await);
    runs::count(what, &points);
    let chosen = runs::choice(points, if runs::is_whole() { 1 } else { ONE_OF });
    runs::everywhere(what, chosen, async |point: &Point| kill_at(job, play, point).await);
}

fn kills<Play>(job: Job, play: Play) -> Kills<impl AsyncFn() -> Result<Watched>, Play>
where
    Play: AsyncFn(&Watched) -> Result<()>,
{
    Kills::new(async move || scenarios::make(job).await, play).within(RUN_LIMIT)
}

async fn kill_at(
    job: Job,
    play: impl AsyncFn(&Watched) -> Result<()>,
    point: &Point,
) -> RunOutcome {
    match kills(job, play).kill_at(point).await {
        Ok(Killed { watched, reached }) => {
            runs::end_of(reached.is_some(), runs::finish_run(watched, job).await)
        }
        Err(error) => RunOutcome::Broken(error),
    }
}
