//! Runs, one for each point, several at a time, and what came of them.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use testkit::kills::{Kind, Point, Watched};
use tokio::runtime::Runtime;

use super::afterwards;
use super::people::People;
use super::plays::{Job, NAME};
use super::rules::{self, Repeats};

/// How many plays are played at the same time; most of their time they wait.
const AT_ONCE: usize = 10;

/// How often a run is played that does not come to its point: what happens at the same time happens
/// in another order.
const TRIES: usize = 3;

/// How much of a point's name is printed.
const LABEL: usize = 150;

/// What came of one point.
pub enum RunOutcome {
    /// All rules hold.
    Well(Repeats),
    /// The play never came there again.
    NotReached,
    /// Something broke.
    Broken(anyhow::Error),
}

struct Row {
    point: Point,
    end: RunOutcome,
    took: Duration,
}

/// Whether every point is to be killed at.
pub fn is_whole() -> bool {
    std::env::var("COUNTERSIGN_CHAOS").is_ok_and(|value| value == "all")
}

/// Runs once for each of these points, and panics with all that broke.
pub fn everywhere<Run>(what: &str, points: Vec<Point>, run: Run)
where
    Run: AsyncFn(&Point) -> RunOutcome + Copy + Send,
{
    let (start, total, mut rows) = (Instant::now(), points.len(), Vec::new());
    let (queue, (done, finished)) = (Mutex::new(points.into_iter()), mpsc::channel());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let (queue, done) = (&queue, done.clone());
            scope.spawn(move || {
                // One of its own, since a stage that goes blocks its thread for a while.
                let runtime = runtime();
                let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(point) = next() {
                    done.send(runtime.block_on(tries(run, point))).unwrap();
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

async fn tries(run: impl AsyncFn(&Point) -> RunOutcome, point: Point) -> Row {
    let (start, mut end) = (Instant::now(), RunOutcome::NotReached);
    for _ in 0..TRIES {
        end = run(&point).await;
        if !matches!(end, RunOutcome::NotReached) {
            break;
        }
    }
    Row { point, end, took: start.elapsed() }
}

/// What came of a run that may have come to its point.
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

/// The points that two plays without a fault both come to. Some jobs do the work of several when they
/// happen to be late, so that how many there are of one kind differs from play to play: one that came
/// by chance can't be waited for.
pub fn points(job: Job, count: impl AsyncFn() -> Result<(Vec<Point>, Watched)>) -> Vec<Point> {
    let played = async || {
        let (points, watched) = count().await?;
        ends_well(watched, job).await.context("without any fault")?;
        anyhow::Ok(points)
    };
    let both = async { anyhow::Ok((played().await?, played().await?)) };
    let (mut points, again) = runtime().block_on(both).unwrap();
    let place = |point: &Point| (point.kind, point.label.clone(), point.repetition, point.when);
    let again: HashSet<_> = again.iter().map(place).collect();
    let all = points.len();
    points.retain(|point| again.contains(&place(point)));
    println!("{} of {all} points came again in a second play", points.len());
    points
}

/// Says how many points there are.
pub fn count(what: &str, points: &[Point]) {
    let count = |kind| points.iter().filter(|point| point.kind == kind).count();
    let [commits, calls, mails, mints] = Kind::ALL.map(count);
    println!(
        "{what}: {} points ({commits} at commits, {calls} at calls of Discord, {mails} at the mail \
         server, {mints} at the API that mints), half of them before and half after",
        points.len()
    );
}

/// One of so many, spread over all; where `COUNTERSIGN_CHAOS_AT` is set, those of which that is a
/// part, to look at one again.
pub fn choice(points: Vec<Point>, one_of: usize) -> Vec<Point> {
    if let Ok(wanted) = std::env::var("COUNTERSIGN_CHAOS_AT") {
        return points.into_iter().filter(|p| p.to_string().contains(&wanted)).collect();
    }
    // Before and after take turns in the list, and so do they in the choice.
    let shift = (one_of + 1) % 2;
    let places = (0..points.len()).step_by(one_of).map(|at| at + (at / one_of) % 2 * shift);
    places.filter_map(|at| points.get(at).cloned()).collect()
}

/// The rules hold, and nothing is left.
pub async fn ends_well(watched: Watched, job: Job) -> Result<Repeats> {
    let held = match job {
        Job::Main => rules::hold(&watched.stage, &[NAME]).await,
        job => afterwards::holds(&watched, job).await.map(|()| Repeats::default()),
    };
    let repeats = held.with_context(|| format!("the bot's log:\n{}", watched.stage.bot.log()))?;
    People::of(&watched.stage)?.read_everything()?;
    watched.stage.ends().await?;
    Ok(repeats)
}

fn conclude(what: &str, mut rows: Vec<Row>, took: Duration) {
    rows.sort_by_key(|row| {
        (Kind::ALL.iter().position(|kind| *kind == row.point.kind), row.point.number)
    });
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
        RunOutcome::Broken(why) => Some(format!("{}\n{why:#}", row.point)),
        _ => None,
    });
    let broken: Vec<String> = broken.collect();
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
    let missed = count(|end| matches!(end, RunOutcome::NotReached));
    assert!(missed <= 1 + rows.len() / 20, "{missed} of {} points never came again", rows.len());
}

impl std::fmt::Display for Row {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { point, end, took } = self;
        let point: String = point.to_string().chars().take(LABEL).collect();
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
