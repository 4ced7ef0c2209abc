//! Faults of Discord's REST API: each kind, on each route of the main job, at the step that uses it.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use discord_sim::{Fault, Options};
use futures_util::future::join_all;
use testkit::setup::Setup;

use super::people::{Play, Step};
use super::{checks, publish, wants_all};

/// How many runs there are at the same time; they mostly wait.
const AT_ONCE: usize = 8;

/// How long jobs may still be due after a run: failed jobs are retried after 2 s, 4 s, 8 s.
const SETTLES: Duration = Duration::from_secs(60);

/// Longer than the bot waits for any answer, so any longer time is the same.
const SILENCE: Duration = Duration::from_secs(12);

const CALLBACK: &str = "POST /interactions/{id}/{token}/callback";
const SHOWS: &str = "PATCH /webhooks/{id}/{token}/messages/@original";
const FOLLOWS: &str = "POST /webhooks/{id}/{token}";
const REMOVES: &str = "DELETE /webhooks/{id}/{token}/messages/@original";
const POSTS: &str = "POST /channels/{id}/messages";
const EDITS: &str = "PATCH /channels/{id}/messages/{id}";
const ASKS_MEMBER: &str = "GET /guilds/{id}/members/{id}";
const OPENS: &str = "POST /users/@me/channels";
const COUNTS: &str = "GET /guilds/{id}/roles/member-counts";
const ASKS_GUILD: &str = "GET /guilds/{id}";

/// Each route with the steps that use it.
const PLACES: [(&str, Step); 15] = [
    (CALLBACK, Step::Ask),
    (CALLBACK, Step::Submit),
    (CALLBACK, Step::Create),
    (CALLBACK, Step::FirstApproval),
    (CALLBACK, Step::LastApproval),
    (CALLBACK, Step::Reveal),
    (CALLBACK, Step::Store),
    (SHOWS, Step::Reveal),
    (FOLLOWS, Step::Create),
    (REMOVES, Step::Store),
    (POSTS, Step::Create),
    (POSTS, Step::LastApproval),
    (EDITS, Step::FirstApproval),
    (ASKS_MEMBER, Step::LastApproval),
    (OPENS, Step::LastApproval),
];

/// Those whose failure the person who presses does not see.
const UNSEEN: [(&str, Step); 2] = [(COUNTS, Step::Create), (ASKS_GUILD, Step::LastApproval)];

/// One row of the table.
#[derive(Clone)]
struct Row {
    route: &'static str,
    step: Step,
    kind: &'static str,
    fault: Fault,
    times: usize,
}

impl Row {
    /// A name for its token that no other row has.
    fn name(number: usize) -> String {
        format!("Reports{number:03}x")
    }

    /// Whether Discord clearly refused, so that the bot can only report it.
    fn is_refusal(&self) -> bool {
        self.kind.starts_with('4') && !self.kind.starts_with("429")
    }
}

/// Everything that can go wrong with a call, and its name here.
fn faults() -> Vec<(&'static str, Fault)> {
    let unauthorized = Fault::refusal(401, 0, "401: Unauthorized");
    vec![
        ("429 route", Fault::route_limit(0.4)),
        ("429 global", Fault::global_limit(0.4)),
        ("429 shared", Fault::shared_limit(0.4)),
        ("500", Fault::status(500)),
        ("502", Fault::status(502)),
        ("503", Fault::status(503)),
        ("504", Fault::status(504)),
        ("reset before", Fault::DropBefore),
        ("reset after", Fault::DropAfter),
        ("silence", Fault::Silence(SILENCE)),
        ("truncated", Fault::Truncate),
        ("401", unauthorized),
        ("403", Fault::refusal(403, 50013, "Missing Permissions")),
        ("404", Fault::status(404)),
        ("400 40060", Fault::refusal(400, 40060, "Interaction has already been acknowledged.")),
        ("404 10062", Fault::refusal(404, 10062, "Unknown interaction")),
        ("403 50007", Fault::refusal(403, 50007, "Cannot send messages to this user")),
        ("403 50278", Fault::refusal(403, 50278, "No mutual guilds")),
    ]
}

/// The whole table.
fn all_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (route, step) in PLACES.into_iter().chain(UNSEEN) {
        for (kind, fault) in faults() {
            rows.push(Row { route, step, kind, fault, times: 1 });
        }
    }
    // More often than one call tries.
    let places = [
        (SHOWS, Step::Reveal),
        (CALLBACK, Step::Reveal),
        (CALLBACK, Step::Create),
        (POSTS, Step::Create),
    ];
    for (route, step) in places {
        for (kind, fault) in [
            ("500, 3 times", Fault::status(500)),
            ("reset after, 3 times", Fault::DropAfter),
            ("429 route, 5 times", Fault::route_limit(0.4)),
        ] {
            if route == SHOWS && kind == "reset after, 3 times" {
                // People in this test would have stored it before the third; `front deliveries` waits for
                // it.
                continue;
            }
            let times = if kind.starts_with("429") { 5 } else { 3 };
            rows.push(Row { route, step, kind, fault, times });
        }
    }
    // Longer than the bot tries to show the secret, and than it first tries to report that.
    let (route, step, fault) = (SHOWS, Step::Reveal, Fault::status(500));
    rows.push(Row { route, step, kind: "500, 7 times", fault, times: 7 });
    let fault = Fault::Silence(Duration::from_secs(60));
    let (route, step) = (ASKS_MEMBER, Step::LastApproval);
    rows.push(Row { route, step, kind: "60 s silence", fault, times: 1 });
    rows
}

/// One fault of each sort on each route, of those that take little time.
fn some_rows() -> Vec<Row> {
    let quick = ["429 route", "502", "reset after", "truncated", "403"];
    let mut rows = all_rows();
    rows.retain(|row| {
        let refused = row.kind == "403 50007" && matches!(row.route, POSTS | OPENS);
        let silent = row.kind == "silence" && row.route == CALLBACK && row.step == Step::Reveal;
        let untold = row.kind == "500, 3 times" && row.route == SHOWS;
        (quick.contains(&row.kind) && row.step != Step::Submit) || refused || silent || untold
    });
    rows
}

/// What came of a row.
struct Told {
    row: Row,
    took: Duration,
    outcome: Result<String>,
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_token_and_one_reader_whatever_discord_answers() {
    let rows = if wants_all() { all_rows() } else { some_rows() };
    let count = rows.len();
    let rows = Mutex::new(rows.into_iter().enumerate().collect::<VecDeque<_>>());
    let told = join_all((0..AT_ONCE.min(count)).map(|_| take_turns(&rows))).await;
    let mut told: Vec<(usize, Told)> = told.into_iter().flatten().collect();
    told.sort_by_key(|(number, _)| *number);
    let table = table(&told);
    publish("outside-rest.txt", &table);
    let broken = told.iter().filter(|(_, told)| told.outcome.is_err()).count();
    assert_eq!(broken, 0, "of {count} rows:\n{table}");
}

/// Runs rows, one after the other on one setup, until none is left. A setup on which something failed is
/// not used again.
async fn take_turns(rows: &Mutex<VecDeque<(usize, Row)>>) -> Vec<(usize, Told)> {
    let next = || rows.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let (mut told, mut setup) = (Vec::new(), None);
    while let Some((number, row)) = next() {
        let start = Instant::now();
        let outcome = play_on(&mut setup, number, &row).await;
        println!("{}", line(&row, start.elapsed(), &outcome));
        told.push((number, Told { row, took: start.elapsed(), outcome }));
    }
    if let Some(setup) = setup {
        finish(setup).await;
    }
    told
}

/// Ends a setup. Dropping a database blocks, which must not delay other runs.
async fn finish(setup: Setup) {
    tokio::task::spawn_blocking(move || drop(setup)).await.unwrap();
}

async fn play_on(setup: &mut Option<Setup>, number: usize, row: &Row) -> Result<String> {
    let current = match setup.take() {
        Some(setup) => setup,
        None => {
            // Nothing here is about Discord's own limits.
            let options = Options { route_limits: false, ..Options::standard() };
            Setup::with("outside rest", options, |_| {}).await?
        }
    };
    let outcome = play(&current, number, row).await;
    match &outcome {
        Ok(_) => *setup = Some(current),
        Err(_) => {
            let log = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
            std::fs::write(log.join(format!("outside-rest-{number}.log")), current.bot.log())?;
            finish(current).await;
        }
    }
    outcome
}

async fn play(setup: &Setup, number: usize, row: &Row) -> Result<String> {
    forget(setup, row).await?;
    let name = Row::name(number);
    let breaks = || setup.discord.fail(row.route, row.times, row.fault.clone());
    let mut play = Play::new(setup, &name, (row.step, &breaks))?;
    if matches!(row.route, FOLLOWS | COUNTS) {
        play = play.short_of_admins();
    }
    let played = play.run().await;
    let settled = setup.settle_within(SETTLES).await;
    let notes = play.notes.join("; ");
    played.with_context(|| format!("[{notes}]"))?;
    settled.context("it does not settle")?;
    // A press that was answered may still be storing that it was.
    tokio::time::sleep(Duration::from_millis(100)).await;
    setup.settle_within(SETTLES).await?;
    ensure!(setup.discord.clear_faults() == 0, "it did not strike as often as it should");
    let refused = checks::holds(setup, &play, &name).await.with_context(|| format!("[{notes}]"))?;
    let may_refuse = row.kind.contains("50007") || row.kind.contains("50278");
    ensure!(refused == 0 || may_refuse, "{refused} notices were refused");
    ensure!(setup.discord.violations().is_empty(), "{:?}", setup.discord.take_violations());
    let unnoticed = play.notes.is_empty() && refused == 0;
    ensure!(unnoticed || row.is_refusal() || may_notice(row), "people notice: {notes}");
    ensure!(!notes.contains("is thinking"), "somebody is left without a word: {notes}");
    Ok(match (unnoticed, refused) {
        (true, _) => "nobody notices".to_owned(),
        (false, 0) => notes,
        (false, refused) => format!("{refused} direct message refused; {notes}"),
    })
}

/// Whether a temporary fault may be noticed: if it lasts longer than the bot tries.
fn may_notice(row: &Row) -> bool {
    row.times > 2
}

/// Makes the bot forget what would keep it from using the route.
async fn forget(setup: &Setup, row: &Row) -> Result<()> {
    match row.route {
        OPENS => {
            let mut connection = setup.connect().await?;
            let forget = "update countersign.people set dm_channel = null";
            sqlx::query(forget).execute(&mut connection).await?;
        }
        // Each process requests the guild's name once.
        ASKS_GUILD => setup.bot.restart().await?,
        _ => {}
    }
    Ok(())
}

/// The table's line of one row.
fn line(row: &Row, took: Duration, outcome: &Result<String>) -> String {
    let (route, step, kind) = (row.route, format!("{:?}", row.step), row.kind);
    let took = took.as_secs_f64();
    let outcome = match outcome {
        Ok(outcome) => outcome.clone(),
        Err(error) => format!("BROKEN: {error:#}"),
    };
    format!("{route:<50} {step:<10} {kind:<20} {took:>5.1} s  {outcome}")
}

fn table(told: &[(usize, Told)]) -> String {
    let lines = told.iter().map(|(_, told)| line(&told.row, told.took, &told.outcome));
    lines.collect::<Vec<_>>().join("\n")
}
