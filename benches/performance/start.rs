//! From the start of the process until it is ready; the binary's size; and a restart while people act.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use discord_sim::{Happening, Person};
use tokio::sync::mpsc;

use crate::figures::{Times, show};
use crate::floor::Responder;
use crate::lane::Lane;
use crate::report::{Row, Section};
use crate::stage::Stage;

/// How often each is started.
const STARTS: usize = 5;

/// Goals of the design.
const READY: Duration = Duration::from_secs(1);
const ANSWERED: Duration = Duration::from_secs(3);

/// How often somebody acts during a restart, for how long, and what they do in turns: one answer needs nothing,
/// one needs the database.
const EVERY: Duration = Duration::from_millis(10);
const ACTS: usize = 600;
const COMMANDS: [&str; 2] = ["/token help", "/token pending"];

/// After how many acts the restart begins.
const RESTART_AT: usize = 100;

pub async fn section(stage: &mut Stage, lanes: &[Lane]) -> anyhow::Result<Section> {
    let mut rows = vec![start(stage).await?];
    rows.extend(restart(stage, lanes).await?);
    rows.push(size()?);
    let how = format!(
        "Ready is when the process has its gateway session and its `/readyz` answers 200; the floor is ready with its \
         session alone.\nDuring the restart a command is typed every {}, by one person after the other.",
        show(EVERY)
    );
    Ok(Section { title: "Start", how, rows, below: String::new() })
}

async fn start(stage: &Stage) -> anyhow::Result<Row> {
    let (mut ours, mut floor) = (Times::default(), Times::default());
    for _ in 0..STARTS {
        anyhow::ensure!(stage.setup.bot.stop().await?.success(), "the bot did not stop in order");
        let begun = Instant::now();
        stage.setup.bot.serve().await?;
        ours.add(begun.elapsed());
        floor.add(Responder::start().await?.start_time);
    }
    let ours = ours.p50();
    Ok(Row::new(
        "start → ready",
        show(ours),
        format!("the floor: {}", show(floor.p50())),
        format!("< {}", show(READY)),
        ours < READY,
    ))
}

/// What became of the commands that were typed during a restart.
struct Restart {
    typed: usize,
    answered: Times,
    /// How long no process was ready.
    away: Duration,
}

async fn restart(stage: &Stage, lanes: &[Lane]) -> anyhow::Result<[Row; 2]> {
    let people: Vec<Person> = lanes.iter().map(|lane| lane.owner.clone()).collect();
    let feed = stage.setup.discord.follow();
    let typing = tokio::spawn(type_commands(people));
    tokio::time::sleep(EVERY * RESTART_AT as u32).await;
    let begun = Instant::now();
    stage.setup.bot.restart().await?;
    let away = begun.elapsed();
    let typed = typing.await??;
    let answered = collect_answers(feed, &typed).await;
    let seen = Restart { typed: typed.len(), answered, away };
    let lost = seen.typed - seen.answered.len();
    Ok([
        Row::new(
            "restart under load: commands without an answer within 3 s",
            format!("{lost} of {}", seen.typed),
            format!("{} from the signal to the new process being ready", show(seen.away)),
            "0".to_owned(),
            lost == 0,
        ),
        Row::new(
            "the same, the slowest answer",
            show(seen.answered.longest()),
            format!("p50: {}", show(seen.answered.p50())),
            format!("< {}", show(ANSWERED)),
            seen.answered.longest() < ANSWERED,
        ),
    ])
}

async fn type_commands(people: Vec<Person>) -> anyhow::Result<Vec<u64>> {
    let mut typed = Vec::new();
    let mut clock = tokio::time::interval(EVERY);
    for (person, line) in people.iter().cycle().zip(COMMANDS.iter().cycle()).take(ACTS) {
        clock.tick().await;
        typed.push(person.type_unwatched(line)?);
    }
    Ok(typed)
}

/// How long the answers took that came in time.
async fn collect_answers(mut feed: mpsc::UnboundedReceiver<Happening>, typed: &[u64]) -> Times {
    let mut waiting: HashSet<u64> = typed.iter().copied().collect();
    let mut times = Times::default();
    let end = Instant::now() + ANSWERED;
    while !waiting.is_empty() {
        let next = tokio::time::timeout_at(end.into(), feed.recv()).await;
        let Ok(Some(happening)) = next else { break };
        if let Happening::Answered { interaction, sent, came, .. } = happening
            && waiting.remove(&interaction)
        {
            times.add(came - sent);
        }
    }
    times
}

fn size() -> anyhow::Result<Row> {
    let size = std::fs::metadata(env!("CARGO_BIN_EXE_countersign"))?.len() as f64 / 1e6;
    Ok(Row::note(
        "size of the program",
        format!("{size:.1} MB"),
        "as `cargo build --release` makes it",
    ))
}
