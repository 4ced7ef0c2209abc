//! Measures what docs/performance.md reports, each beside what it is compared with, on one machine in
//! one run. Poor figures are reported; only a benchmark that is itself broken fails.
//!
//!     cargo bench --bench performance -- [--write] [--long] [PART…]
//!
//! `--write` writes docs/performance.md and its drawing, if no parts are named; `--long` measures what takes longer
//! than most want to wait. A part is a function that returns a [`report::Section`]; `PARTS` names them all.
//!
//! - `answers`, `load`, `open_loop`, `start`, `growth`: whole workflows. They are played on a `stage` (the bot,
//!   Postgres, the simulated Discord) by the people of a `lane`; `commits` are what Postgres can do at best.
//! - `verify`: answers of `/v1/authorize`, and the memory that tokens take, on a `gate` (the bot with tokens that were
//!   issued long ago). `turns`: servers that take turns; `requests`: a client that costs little.
//! - `instructions`: where the bot spends them, as callgrind counts them.
//! - `peers`: other programs that do the same, from benches/peers.
//! - `floor`: programs of the same libraries that do nothing else, to compare with.
//! - `process`: what a process uses; `figures`: times; `report`, `plot`: the page.

mod answers;
mod commits;
mod figures;
mod floor;
mod gate;
mod growth;
mod instructions;
mod lane;
mod load;
mod open_loop;
mod peers;
mod plot;
mod process;
mod report;
mod requests;
mod stage;
mod start;
mod turns;
mod verify;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;

use report::Section;
use stage::Stage;

const PARTS: [&str; 8] =
    ["answers", "load", "open-loop", "start", "growth", "verify", "instructions", "peers"];

/// Those that are played on one stage, one after the other.
const ON_STAGE: [&str; 4] = ["answers", "load", "open-loop", "start"];

/// How many workflows run at once under load, and how many clients pgbench has then.
const LANES: usize = 64;
const CLIENTS: usize = 16;

/// How many workflows the load is made of, twice; with `--long`, too.
const WORKFLOWS: (usize, usize) = (1_000, 10_000);

/// How long pgbench runs.
const COMMITTING: Duration = Duration::from_secs(5);

/// What was asked for.
struct Wanted {
    parts: Vec<String>,
    is_long: bool,
    writes: bool,
}

impl Wanted {
    fn read(arguments: &[String]) -> anyhow::Result<Self> {
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        let parts: Vec<String> =
            arguments.iter().filter(|argument| !argument.starts_with("--")).cloned().collect();
        let unknown = parts.iter().find(|part| !PARTS.contains(&part.as_str()));
        anyhow::ensure!(unknown.is_none(), "no part is called {unknown:?}: there are {PARTS:?}");
        Ok(Self { writes: has("--write") && parts.is_empty(), is_long: has("--long"), parts })
    }

    fn has(&self, part: &str) -> bool {
        self.parts.is_empty() || self.parts.iter().any(|wanted| wanted == part)
    }
}

async fn measure(wanted: &Wanted) -> anyhow::Result<()> {
    let (mut sections, mut drawing) = (Vec::new(), None);
    if ON_STAGE.iter().any(|part| wanted.has(part)) {
        drawing = measure_on_stage(wanted, &mut sections).await?;
    }
    if wanted.has("growth") {
        sections.push(growth::section(wanted.is_long).await.context("growth")?);
    }
    if wanted.has("verify") {
        sections.push(verify::section().await.context("verification")?);
    }
    if wanted.has("instructions") {
        sections.push(instructions::section().await.context("instructions")?);
    }
    if wanted.has("peers") {
        sections.push(peers::section().await.context("peers")?);
    }
    let page = report::page(&sections)?;
    println!("{page}");
    if wanted.writes {
        let docs = testkit::bot::repository().join("docs");
        std::fs::write(docs.join("performance.md"), page)?;
        std::fs::write(docs.join(open_loop::DRAWING), drawing.context("no drawing")?)?;
    }
    Ok(())
}

/// The sections that are played on one stage, and the drawing of the open loop.
async fn measure_on_stage(
    wanted: &Wanted,
    sections: &mut Vec<Section>,
) -> anyhow::Result<Option<String>> {
    let (mut stage, mut lanes) = Stage::start("bench", LANES).await?;
    let mut drawing = None;
    if wanted.has("answers") {
        let commits = commits::measure(&stage.postgres, 1, COMMITTING).await?;
        let lane = lanes.first_mut().context("no lane")?;
        sections.push(answers::section(&mut stage, lane, commits).await.context("answers")?);
    }
    if wanted.has("load") || wanted.has("open-loop") {
        let commits = commits::measure(&stage.postgres, CLIENTS, COMMITTING).await?;
        let count = if wanted.is_long { WORKFLOWS.1 } else { WORKFLOWS.0 };
        let load = load::section(&mut stage, &mut lanes, count, commits).await;
        let (section, most) = load.context("load")?;
        sections.push(section);
        if wanted.has("open-loop") {
            let open = open_loop::section(&mut stage, &mut lanes, most).await;
            let (section, drawn) = open.context("open loop")?;
            sections.push(section);
            drawing = Some(drawn);
        }
    }
    if wanted.has("start") {
        sections.push(start::section(&mut stage, &lanes).await.context("start")?);
    }
    anyhow::ensure!(stage.setup.bot.stop().await?.success(), "the bot did not stop in order");
    Ok(drawing)
}

fn main() -> ExitCode {
    // Cargo says by a flag that this is a benchmark.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = runtime.block_on(async {
        match words.as_slice() {
            ["floor", address] => floor::serve_ok(address.parse()?).await,
            ["responder", discord] => floor::respond(discord).await,
            _ => measure(&Wanted::read(&arguments)?).await,
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the benchmark is broken: {error:?}");
            ExitCode::FAILURE
        }
    }
}
