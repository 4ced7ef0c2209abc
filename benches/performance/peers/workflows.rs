//! Whole workflows, played by the same people on both bots in turns.

use std::time::{Duration, Instant};

use anyhow::Context as _;

use super::twin::Twin;
use super::{Peers, compare_memory, compare_rates, compare_times};
use crate::figures::{Times, ratio, show};
use crate::lane::{Lane, Step, Timings};
use crate::process::{family_seconds, processor_seconds};
use crate::report::Row;
use crate::stage::{Stage, play_at_once};

const PEER: &str = "discord.js";

/// How many workflows run at once under load.
const LANES: usize = 64;

/// How often each has its turn after a first one that isn't counted; how many workflows a turn has of one person at a
/// time, and under load; and how many commands before each of the former.
const TURNS: usize = 4;
const ALONE: usize = 30;
const AT_ONCE: usize = 320;
const COMMANDS: usize = 4;

/// One of the two bots.
trait Bot {
    fn id(&self) -> anyhow::Result<u32>;
    fn lanes(&mut self) -> &mut Vec<Lane>;
    /// Waits until nothing is left to do, and checks that so many more workflows came to their end.
    async fn settle(&mut self, count: usize) -> anyhow::Result<()>;
}

/// The bot that all of this is about.
struct Ours {
    stage: Stage,
    lanes: Vec<Lane>,
}

impl Bot for Ours {
    fn id(&self) -> anyhow::Result<u32> {
        self.stage.setup.bot.process_id()
    }

    fn lanes(&mut self) -> &mut Vec<Lane> {
        &mut self.lanes
    }

    async fn settle(&mut self, count: usize) -> anyhow::Result<()> {
        self.stage.settle(count).await
    }
}

impl Bot for Twin {
    fn id(&self) -> anyhow::Result<u32> {
        Ok(self.id())
    }

    fn lanes(&mut self) -> &mut Vec<Lane> {
        &mut self.lanes
    }

    async fn settle(&mut self, count: usize) -> anyhow::Result<()> {
        self.settle(count).await
    }
}

/// What was seen of a bot.
#[derive(Default)]
struct Seen {
    help: Times,
    alone: Timings,
    at_once: Timings,
    /// Of all turns under load, with the processor time of the bot and of Postgres in seconds.
    time: Duration,
    processor: [f64; 2],
}

impl Seen {
    async fn take_turn(&mut self, bot: &mut impl Bot, postgres: u32) -> anyhow::Result<()> {
        let lane = bot.lanes().first_mut().context("no lane")?;
        for _ in 0..ALONE {
            for _ in 0..COMMANDS {
                self.help.add(lane.time_command("/token help").await?);
            }
            self.alone.extend(lane.play().await?);
        }
        bot.settle(ALONE).await?;

        let id = bot.id()?;
        let processor = || anyhow::Ok([processor_seconds(id)?, family_seconds(postgres)?]);
        let (before, start) = (processor()?, Instant::now());
        self.at_once.extend(play_at_once(bot.lanes(), AT_ONCE).await?);
        self.time += start.elapsed();
        bot.settle(AT_ONCE).await?;
        for (all, (after, before)) in self.processor.iter_mut().zip(processor()?.iter().zip(before))
        {
            *all += after - before;
        }
        Ok(())
    }

    fn rate(&self) -> f64 {
        self.at_once.of(Step::Whole).len() as f64 / self.time.as_secs_f64()
    }

    /// Processor time of the bot and of Postgres for each workflow under load.
    fn costs(&self) -> [Duration; 2] {
        let count = self.at_once.of(Step::Whole).len() as f64;
        self.processor.map(|seconds| Duration::from_secs_f64(seconds / count))
    }
}

pub fn describe_turns() -> String {
    format!(
        "They took {TURNS} turns of {ALONE} workflows one after the other and {AT_ONCE} at most {LANES} at once; p50 and \
         p99."
    )
}

pub async fn rows(peers: &Peers) -> anyhow::Result<Vec<Row>> {
    let (stage, lanes) = Stage::start("bench peers", LANES).await?;
    let postgres = stage.postgres.process_id()?;
    let mut twin = Twin::start(peers, &stage.postgres, LANES).await?;
    let mut ours = Ours { stage, lanes };
    let mut seen = [Seen::default(), Seen::default()];
    for turn in 0..=TURNS {
        if turn == 1 {
            seen = [Seen::default(), Seen::default()];
        }
        seen[0].take_turn(&mut ours, postgres).await.context("our turn")?;
        seen[1].take_turn(&mut twin, postgres).await.context("its turn")?;
    }
    let mut rows = rows_of_times(&seen);
    let memory = [ours.stage.first_memory[0], ours.stage.memory()?];
    let all = (TURNS + 1) * (ALONE + AT_ONCE);
    rows.extend([
        compare_memory("memory after start", PEER, memory[0], twin.first_memory),
        compare_memory(&format!("memory after {all} workflows"), PEER, memory[1], twin.memory()?),
    ]);
    anyhow::ensure!(ours.stage.setup.bot.stop().await?.success(), "the bot did not stop in order");
    Ok(rows)
}

fn rows_of_times([ours, theirs]: &[Seen; 2]) -> Vec<Row> {
    let times = |what: &str, ours: &Times, theirs: &Times| compare_times(what, PEER, ours, theirs);
    let alone = |what, step| times(what, &ours.alone.of(step), &theirs.alone.of(step));
    let at_once = |what: &str, step| {
        let what = format!("{what}, {LANES} workflows at once");
        times(&what, &ours.at_once.of(step), &theirs.at_once.of(step))
    };
    vec![
        times("`/token help` → the help", &ours.help, &theirs.help),
        alone("`/token request` → the form", Step::Modal),
        alone("the form → its answer", Step::Submit),
        alone("*Whole category* → the panel", Step::Panel),
        alone("*Create* → its answer", Step::Create),
        alone("*Approve* → its answer", Step::Approve),
        alone("the last *Approve* → the direct message", Step::Notice),
        alone("*Reveal* → the secret", Step::Secret),
        alone("the whole workflow, nobody thinking", Step::Whole),
        at_once("*Approve* → its answer", Step::Approve),
        at_once("the whole workflow", Step::Whole),
        compare_rates(
            &format!("whole workflows a second, {LANES} at once"),
            PEER,
            ours.rate(),
            theirs.rate(),
        ),
        compare_costs(ours.costs(), theirs.costs()),
    ]
}

fn compare_costs(ours: [Duration; 2], theirs: [Duration; 2]) -> Row {
    let ratio = ratio(ours[0], theirs[0]);
    let figure = format!("{}, Postgres {}; {ratio:.2} ×", show(ours[0]), show(ours[1]));
    let beside = format!("{PEER}: {}, Postgres {}", show(theirs[0]), show(theirs[1]));
    Row::note("processor time for a workflow", figure, &beside)
}
