//! Runs a scenario once for each point, several at a time, and reports the outcomes.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use testkit::kills::{Kind, Point, Watched};
use tokio::runtime::Runtime;

use super::afterwards;
use super::people::People;
use super::rules::{self, Repeats};
use super::scenarios::{Job, NAME};

/// How many runs there are at the same time; they mostly wait.
const AT_ONCE: usize = 8;

/// How often a run is repeated that does not reach its point: concurrent things happen in another order.
const TRIES: usize = 3;

/// How many runs without a fault find the points, and how many of them a point must be in.
const PLAYS: usize = 5;
const ENOUGH: usize = 3;

/// How much of a point's name is printed.
const LABEL: usize = 150;

/// What came of one point.
pub enum RunOutcome {
    /// All rules hold.
    Well(Repeats),
    /// The run never reached it again.
    NotReached,
    /// Something broke.
    Broken(anyhow::Error),
}

/// A point that a scenario is run for.
#[derive(Clone)]
pub struct Planned {
    point: Point,
    /// Every run without a fault reached it. Some jobs do the work of several when they happen to be
    /// late, so the number of one kind differs from run to run.
    is_certain: bool,
}

struct Row {
    planned: Planned,
    end: RunOutcome,
    took: Duration,
}

/// Whether every point is to be killed at.
pub fn is_whole() -> bool {
    std::env::var("COUNTERSIGN_CHAOS").is_ok_and(|value| value == "all")
}

/// Runs once for each of these points, and panics with all failures.
pub fn everywhere<Run>(what: &str, points: Vec<Planned>, run: Run)
where
    Run: AsyncFn(&Point) -> RunOutcome + Copy + Send,
{
    let (start, total, mut rows) = (Instant::now(), points.len(), Vec::new());
    let (queue, (done, finished)) = (Mutex::new(points.into_iter()), mpsc::channel());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let (queue, done) = (&queue, done.clone());
            scope.spawn(move || {
                // A thread of its own, since dropping a setup blocks its thread for a while.
                let runtime = runtime();
                let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(point) = next() {
                    done.send(runtime.block_on(attempt(run, point))).unwrap();
                }
            });
        }
        drop(done);
        for row in finished {
            rows.push(row);
            println!("{what} {}/{total} {}", rows.len(), rows[rows.len() - 1]);
        }
    });
    conclude(what, rows, start.elapsed());
}

async fn attempt(run: impl AsyncFn(&Point) -> RunOutcome, planned: Planned) -> Row {
    let (start, mut end) = (Instant::now(), RunOutcome::NotReached);
    for _ in 0..TRIES {
        end = run(&planned.point).await;
        if !matches!(end, RunOutcome::NotReached) {
            break;
        }
    }
    Row { planned, end, took: start.elapsed() }
}

/// The outcome of a run that may have reached its point.
pub fn end_of(was_reached: bool, end: Result<Repeats>) -> RunOutcome {
    match end {
        Ok(repeats) if was_reached => RunOutcome::Well(repeats),
        Ok(_) => RunOutcome::NotReached,
        Err(error) => RunOutcome::Broken(error),
    }
}

/// A runtime of one's own.
pub fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
}

/// The points that most runs without a fault reach. They run at the same time, as the later runs do, so that
/// they are late as often.
pub fn points<Count>(job: Job, count: Count) -> Vec<Planned>
where
    Count: AsyncFn() -> Result<(Vec<Point>, Watched)> + Sync,
{
    let played = async || {
        let (points, watched) = count().await?;
        finish_run(watched, job).await.context("without any fault")?;
        anyhow::Ok(points)
    };
    let runs: Vec<Vec<Point>> = std::thread::scope(|scope| {
        let threads = [(); PLAYS].map(|()| scope.spawn(|| runtime().block_on(played())));
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap()).collect()
    });
    let place = |point: &Point| (point.kind, point.label.clone(), point.repetition, point.when);
    let mut times: HashMap<_, usize> = HashMap::new();
    for point in runs.iter().flatten() {
        *times.entry(place(point)).or_default() += 1;
    }
    let mut seen = HashSet::new();
    let mut all: Vec<_> = runs.into_iter().flatten().filter(|p| seen.insert(place(p))).collect();
    all.sort_by_key(in_order);
    let planned = all.into_iter().map(|point| (times[&place(&point)], point));
    let often = planned.filter(|(times, _)| *times >= ENOUGH);
    often.map(|(times, point)| Planned { point, is_certain: times == PLAYS }).collect()
}

/// By kind and number; before and after stay in their order.
fn in_order(point: &Point) -> (Option<usize>, usize) {
    (Kind::ALL.iter().position(|kind| *kind == point.kind), point.number)
}

/// Prints how many points there are.
pub fn count(what: &str, points: &[Planned]) {
    let count = |kind| points.iter().filter(|planned| planned.point.kind == kind).count();
    let [commits, calls, mails, mints] = Kind::ALL.map(count);
    println!(
        "{what}: {} points ({commits} at commits, {calls} at calls of Discord, {mails} at the mail \
         server, {mints} at the API that mints), half of them before and half after; {} are in each \
         of {PLAYS} plays",
        points.len(),
        points.iter().filter(|planned| planned.is_certain).count(),
    );
}

/// Every so-many-th point, spread over all; with `COUNTERSIGN_CHAOS_AT`, those whose names contain it, to
/// repeat one.
pub fn choice(points: Vec<Planned>, one_of: usize) -> Vec<Planned> {
    if let Ok(wanted) = std::env::var("COUNTERSIGN_CHAOS_AT") {
        return points.into_iter().filter(|p| p.point.to_string().contains(&wanted)).collect();
    }
    // Before and after alternate in the list, and so they do in the choice.
    let shift = (one_of + 1) % 2;
    let places = (0..points.len()).step_by(one_of).map(|at| at + (at / one_of) % 2 * shift);
    places.filter_map(|at| points.get(at).cloned()).collect()
}

/// The rules hold, and nothing is left.
pub async fn finish_run(watched: Watched, job: Job) -> Result<Repeats> {
    let held = match job {
        Job::Main => rules::hold(&watched.setup, &[NAME]).await,
        job => afterwards::holds(&watched, job).await.map(|()| Repeats::default()),
    };
    let repeats = held.with_context(|| format!("the bot's log:\n{}", watched.setup.bot.log()))?;
    People::of(&watched.setup)?.read_everything()?;
    watched.setup.finish().await?;
    Ok(repeats)
}

fn conclude(what: &str, mut rows: Vec<Row>, took: Duration) {
    rows.sort_by_key(|row| in_order(&row.planned.point));
    let count = |is: fn(&RunOutcome) -> bool| rows.iter().filter(|row| is(&row.end)).count();
    let mut summary = String::new();
    for row in &rows {
        let _ = writeln!(summary, "{row}");
    }
    let _ = writeln!(
        summary,
        "{what}: {} of {} points well, {} never came again, {} broken, in {took:.0?}",
        count(|end| matches!(end, RunOutcome::Well(_))),
        rows.len(),
        count(|end| matches!(end, RunOutcome::NotReached)),
        count(|end| matches!(end, RunOutcome::Broken(_))),
    );
    println!("\n{summary}");
    let broken = rows.iter().filter_map(|row| match &row.end {
        RunOutcome::Broken(why) => Some(format!("{}\n{why:#}", row.planned.point)),
        _ => None,
    });
    let broken: Vec<String> = broken.collect();
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
    let certain: Vec<_> = rows.iter().filter(|row| row.planned.is_certain).collect();
    let missed = certain.iter().filter(|row| matches!(row.end, RunOutcome::NotReached)).count();
    assert!(
        missed <= 1 + certain.len() / 20,
        "{missed} of {} points that were in every play never came again",
        certain.len()
    );
}

impl std::fmt::Display for Row {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { planned, end, took } = self;
        let point: String = planned.point.to_string().chars().take(LABEL).collect();
        match end {
            RunOutcome::Well(repeats) => {
                write!(out, "well   {took:>5.1?}  {point}")?;
                let Repeats { mails, cards, reveals, dms } = repeats;
                let repeated =
                    [("mail", mails), ("card", cards), ("reveal", reveals), ("message", dms)];
                for (what, times) in repeated.into_iter().filter(|(_, times)| **times > 0) {
                    write!(out, "; {times} {what} again")?;
                }
                Ok(())
            }
            RunOutcome::NotReached => write!(out, "missed {took:>5.1?}  {point}"),
            RunOutcome::Broken(why) => {
                write!(out, "BROKEN {took:>5.1?}  {point}: {}", why.root_cause())
            }
        }
    }
}
