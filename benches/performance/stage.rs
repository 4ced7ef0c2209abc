//! The bot as it is shipped, on a Postgres with its defaults, beside a simulated Discord and the floor; and what
//! all of them used.

use std::time::{Duration, Instant};

use testkit::postgres::{Durability, Postgres};
use testkit::setup::Setup;
use testkit::statements::{self, Count, Work};

use crate::floor::Responder;
use crate::lane::{self, Lane, Timings};
use crate::process::{family_seconds, megabytes, processor_seconds};

/// Each person asks for one token after the other; all of them stay.
const SETTINGS: &str = "[policy]\nmax_open_requests = 100";

/// How long everything may take that is not waited for otherwise: mails.
const SETTLES: Duration = Duration::from_secs(120);

/// How long interactions may be looked up before the simulated Discord forgets them.
pub const OLD: Duration = Duration::from_secs(10);

pub struct Stage {
    pub setup: Setup,
    pub postgres: Postgres,
    pub floor: Responder,
    pub count: Count,
    /// Workflows that were played so far.
    pub played: usize,
    /// The memory of the bot once it was ready, and of the floor, in megabytes.
    pub first_memory: [f64; 2],
}

/// What a run of workflows took.
pub struct Run {
    pub count: usize,
    pub time: Duration,
    pub timings: Timings,
    pub work: Work,
    /// Processor time for each workflow.
    pub bot: Duration,
    pub postgres_processor: Duration,
    /// The simulated Discord and its people, which are on the same machine.
    pub harness: Duration,
}

impl Run {
    pub fn rate(&self) -> f64 {
        self.count as f64 / self.time.as_secs_f64()
    }
}

/// Processor time so far, in seconds.
struct Processor([f64; 3]);

impl Stage {
    /// With people for so many lanes.
    pub async fn start(label: &str, lanes: usize) -> anyhow::Result<(Self, Vec<Lane>)> {
        let postgres = statements::start_server(Durability::Safe).await?;
        let settings = toml::from_str(SETTINGS)?;
        let setup = Setup::on(&postgres, label, lane::guild(lanes), |config| {
            config.overrides = settings;
            // What a program logs that is not told otherwise.
            config.environment.push(("RUST_LOG".to_owned(), "info,sqlx=warn".to_owned()));
        })
        .await?;
        let lanes = lane::lanes(&setup.discord, lanes)?;
        let count = Count::on(&postgres).await?;
        let floor = Responder::start().await?;
        setup.settle_within(SETTLES).await?;
        let first_memory = [megabytes(setup.bot.process_id()?)?, megabytes(floor.id())?];
        Ok((Self { setup, postgres, floor, count, played: 0, first_memory }, lanes))
    }

    fn processor(&self) -> anyhow::Result<Processor> {
        Ok(Processor([
            processor_seconds(self.setup.bot.process_id()?)?,
            family_seconds(self.postgres.process_id()?)?,
            processor_seconds(std::process::id())?,
        ]))
    }

    /// Measures what workflows take, until every mail is written. `play` returns their times, in its own time.
    pub async fn run(
        &mut self,
        play: impl AsyncFnOnce() -> anyhow::Result<Timings>,
    ) -> anyhow::Result<Run> {
        self.count.restart().await?;
        let (before, start) = (self.processor()?, Instant::now());
        let timings = play().await?;
        let time = start.elapsed();
        let count = timings.of(lane::Step::Whole).len();
        anyhow::ensure!(count > 0, "nothing was played");
        self.settle(count).await?;
        let (work, after) = (self.count.work().await?.each(count), self.processor()?);
        let each = |at: usize| Duration::from_secs_f64((after.0[at] - before.0[at]) / count as f64);
        let (bot, postgres_processor, harness) = (each(0), each(1), each(2));
        Ok(Run { count, time, timings, work, bot, postgres_processor, harness })
    }

    /// Waits until nothing is due, and checks that each workflow left its mail.
    pub async fn settle(&mut self, count: usize) -> anyhow::Result<()> {
        self.played += count;
        self.setup.settle_within(SETTLES).await?;
        let files = std::fs::read_dir(self.setup.mail_folder())?.flatten();
        let mails = files.filter(|file| file.path().extension() == Some("eml".as_ref())).count();
        anyhow::ensure!(mails == self.played, "{mails} mails of {} workflows", self.played);
        let violations = self.setup.discord.violations();
        anyhow::ensure!(violations.is_empty(), "Discord would have refused: {violations:?}");
        self.setup.discord.forget(OLD);
        Ok(())
    }

    /// The bot's memory now, in megabytes.
    pub fn memory(&self) -> anyhow::Result<f64> {
        megabytes(self.setup.bot.process_id()?)
    }
}

/// Every lane plays one workflow after the other, until so many are begun in all.
pub async fn play_at_once(lanes: &mut Vec<Lane>, count: usize) -> anyhow::Result<Timings> {
    let begun = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    in_parallel(lanes, |mut lane| {
        let begun = begun.clone();
        async move {
            let mut timings = Timings::default();
            while begun.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < count {
                timings.extend(lane.play().await?);
            }
            Ok((lane, timings))
        }
    })
    .await
}

/// Every lane does this in a task of its own; then all are back.
pub async fn in_parallel<F>(
    lanes: &mut Vec<Lane>,
    mut task: impl FnMut(Lane) -> F,
) -> anyhow::Result<Timings>
where
    F: Future<Output = anyhow::Result<(Lane, Timings)>> + Send + 'static,
{
    let mut tasks: tokio::task::JoinSet<_> = lanes.drain(..).map(&mut task).collect();
    let mut timings = Timings::default();
    while let Some(done) = tasks.join_next().await {
        let (lane, times) = done??;
        lanes.push(lane);
        timings.extend(times);
    }
    Ok(timings)
}
