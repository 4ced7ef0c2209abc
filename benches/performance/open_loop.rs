//! A load that comes as people come: workflows begin at fixed times, whether those before have ended or not, and
//! each is timed from the moment at which it was to begin. Whoever counts from the moment at which it really began
//! leaves out the waiting, and the slower the bot is, the more: coordinated omission.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, mpsc};

use crate::figures::{Times, ratio, show};
use crate::lane::{Lane, Step, Timings};
use crate::plot;
use crate::report::{Row, Section};
use crate::stage::{Stage, in_parallel};

/// The rates, as shares of what was done at most with one workflow following the other.
const SHARES: [f64; 6] = [0.25, 0.5, 0.75, 1.0, 1.25, 1.5];

/// For how long workflows begin at each rate.
const TIME: Duration = Duration::from_secs(10);

/// Where the drawing is, beside docs/performance.md.
pub const DRAWING: &str = "performance-open-loop.svg";

/// What was seen at one rate.
struct Offered {
    rate: f64,
    /// From the moment at which it was to begin.
    intended: Times,
    /// From the moment at which it began.
    begun: Times,
    approve: Times,
}

/// The section, and the drawing.
pub async fn section(
    stage: &mut Stage,
    lanes: &mut Vec<Lane>,
    most: f64,
) -> anyhow::Result<(Section, String)> {
    let mut all = Vec::new();
    for share in SHARES {
        all.push(offer(stage, lanes, share * most).await?);
    }
    let how = format!(
        "Workflows begin at a fixed rate for {} s, with {} lanes of people to play them, and are timed from the moment \
         at which\neach was to begin: who comes while all lanes are taken waits, and that counts.",
        TIME.as_secs(),
        lanes.len()
    );
    let below = format!(
        "{}\n\n![How long a workflow takes, over the rate at which they begin]({DRAWING})",
        describe_omission(&all)
    );
    let section = Section { title: "Open loop", how, rows: all.iter().map(row).collect(), below };
    Ok((section, draw(&all)))
}

async fn offer(stage: &mut Stage, lanes: &mut Vec<Lane>, rate: f64) -> anyhow::Result<Offered> {
    let count = ((rate * TIME.as_secs_f64()) as usize).max(1);
    let (arrive, arrivals) = mpsc::unbounded_channel();
    let arrivals = Arc::new(Mutex::new(arrivals));
    let intended = Arc::new(Mutex::new(Times::default()));
    let arriving = tokio::spawn(async move {
        let start = Instant::now();
        for number in 0..count {
            let moment = start + Duration::from_secs_f64(number as f64 / rate);
            tokio::time::sleep_until(moment.into()).await;
            // The lanes are there until all has arrived.
            let _ = arrive.send(moment);
        }
    });
    let noted = intended.clone();
    let run = stage.run(async || {
        in_parallel(lanes, |mut lane| {
            let (arrivals, noted) = (arrivals.clone(), noted.clone());
            async move {
                let mut timings = Timings::default();
                loop {
                    let next = arrivals.lock().await.recv().await;
                    let Some(moment) = next else { return Ok((lane, timings)) };
                    timings.extend(lane.play().await?);
                    noted.lock().await.add(moment.elapsed());
                }
            }
        })
        .await
    });
    let run = run.await?;
    arriving.await?;
    let intended = intended.lock().await.clone();
    let of = |step| run.timings.of(step);
    Ok(Offered { rate, intended, begun: of(Step::Whole), approve: of(Step::Approve) })
}

fn row(offered: &Offered) -> Row {
    let Offered { rate, intended, begun, approve } = offered;
    Row::note(
        &format!("a workflow, {rate:.1} beginning a second"),
        format!("{}, {}", show(intended.p50()), show(intended.p99())),
        &format!(
            "from where it really began: {}, {}; *Approve*: {}, {}",
            show(begun.p50()),
            show(begun.p99()),
            show(approve.p50()),
            show(approve.p99())
        ),
    )
}

/// What a closed loop would not have shown.
fn describe_omission(all: &[Offered]) -> String {
    let hidden = |offered: &Offered| ratio(offered.intended.p99(), offered.begun.p99());
    let worst = all.iter().max_by(|a, b| hidden(a).total_cmp(&hidden(b)));
    let Some(worst) = worst else { return String::new() };
    format!(
        "Coordinated omission would have hidden most at {:.1} a second: a p99 of {} in place of {}, {:.2} times as much.",
        worst.rate,
        show(worst.begun.p99()),
        show(worst.intended.p99()),
        hidden(worst)
    )
}

fn draw(all: &[Offered]) -> String {
    let line = |name, of: fn(&Offered) -> Duration| plot::Line {
        name,
        points: all.iter().map(|offered| (offered.rate, of(offered).as_secs_f64())).collect(),
    };
    plot::draw(
        "Seconds for a workflow, over workflows that begin a second",
        &[
            line("p99, from when it was to begin", |offered| offered.intended.p99()),
            line("p99, from when it began", |offered| offered.begun.p99()),
            line("p50, from when it was to begin", |offered| offered.intended.p50()),
        ],
    )
}
