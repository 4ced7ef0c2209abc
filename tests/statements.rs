//! What one workflow asks of Postgres: its statements, and its transactions that write. Compared with the file
//! `statements.txt` beside this one, so that neither grows unnoticed. Times are not: they vary with the machine.
//!
//! The file is renewed, where fewer are needed or more are worth it, with `COUNTERSIGN_RENEW_STATEMENTS=1`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use testkit::postgres::Durability;
use testkit::statements::{self, Count, Work};
use testkit::team::Team;

/// How many workflows are counted, one after the other, after one that warms up.
const WORKFLOWS: usize = 3;

/// How much more of anything fails.
const GROWTH: f64 = 1.1;

/// How many statements are enough to know how many a second run while nothing is done.
const IDLE_STATEMENTS: f64 = 6.0;

const RENEWS: &str = "COUNTERSIGN_RENEW_STATEMENTS";

/// The names of the two sums in the file.
const STATEMENTS: &str = "all statements";
const WRITES: &str = "all transactions that write";

/// How often each statement runs in one workflow, by its text, if it always does; and the two sums.
type Counts = BTreeMap<String, f64>;

#[tokio::test]
async fn a_workflow_takes_no_more_statements_than_before() {
    let now = count().await;
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/statements.txt"));
    if std::env::var_os(RENEWS).is_some() {
        std::fs::write(&file, write(&now)).unwrap();
        return;
    }
    let before = read(&std::fs::read_to_string(&file).unwrap());
    let grown: Vec<&str> =
        [STATEMENTS, WRITES].into_iter().filter(|sum| now[*sum] > before[*sum] * GROWTH).collect();
    let differences = differences(&before, &now);
    assert!(
        grown.is_empty(),
        "{grown:?} of a workflow grew by more than a tenth. If that is worth it, {RENEWS}=1 renews {}.\n{differences}",
        file.display()
    );
    if now[STATEMENTS] < before[STATEMENTS] / GROWTH {
        println!("fewer statements than before: renew the file with {RENEWS}=1\n{differences}");
    }
}

/// Plays the workflows and counts; what runs by the clock alone is left out of the sums.
async fn count() -> Counts {
    let postgres = statements::start_server(Durability::Fast).await.unwrap();
    let team = Team::on(&postgres, "statements", discord_sim::Options::standard(), |_| {}).await;
    play(&team, "Warms up").await;
    team.wait_for_sweep().await;
    let mut count = Count::on(&postgres).await.unwrap();
    let idle = measure_idling(&mut count).await;

    count.restart().await.unwrap();
    let start = Instant::now();
    for number in 0..WORKFLOWS {
        play(&team, &format!("Reports {number}")).await;
    }
    let time = start.elapsed().as_secs_f64();
    let (work, statements) = (count.work().await.unwrap(), count.statements().await.unwrap());
    assert!(team.setup.bot.stop().await.unwrap().success());

    let share = 1.0 / WORKFLOWS as f64;
    let mut counts: Counts = BTreeMap::new();
    for statement in statements {
        *counts.entry(statement.shorten()).or_default() += statement.calls * share;
    }
    // What a new connection asks, and what the clock brings.
    counts.retain(|_, count| *count >= 1.0);
    counts.insert(STATEMENTS.to_owned(), (work.statements - idle.statements * time) * share);
    counts.insert(WRITES.to_owned(), (work.writes - idle.writes * time) * share);
    counts
}

/// Request, two approvals, secret revealed and stored, mail written.
async fn play(team: &Team, name: &str) {
    let ready = team.issue_token(name).await;
    team.collect_secret(&team.rin, &ready).await;
    team.setup.settle().await.unwrap();
}

/// What is done in a second while nobody does anything: looks for jobs, leases.
async fn measure_idling(count: &mut Count) -> Work {
    let start = Instant::now();
    loop {
        let work = count.work().await.unwrap();
        let time = start.elapsed().as_secs_f64();
        if work.statements >= IDLE_STATEMENTS {
            return Work {
                statements: work.statements / time,
                writes: work.writes / time,
                ..Work::default()
            };
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// A line for each: how often, and what. The sums come first, then the most frequent.
fn write(counts: &Counts) -> String {
    let mut lines: Vec<(&String, f64)> =
        counts.iter().map(|(text, count)| (text, *count)).collect();
    let is_sum = |text: &str| [STATEMENTS, WRITES].contains(&text);
    lines
        .sort_by(|a, b| is_sum(b.0).cmp(&is_sum(a.0)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(b.0)));
    let mut file = String::new();
    for (text, count) in lines {
        let _ = writeln!(file, "{count:.1}\t{text}");
    }
    file
}

fn read(file: &str) -> Counts {
    let lines = file.lines().filter_map(|line| line.split_once('\t'));
    lines.map(|(count, text)| (text.to_owned(), count.parse().unwrap())).collect()
}

/// Each statement that runs at least once more or less often than before.
fn differences(before: &Counts, now: &Counts) -> String {
    let texts: std::collections::BTreeSet<&String> = before.keys().chain(now.keys()).collect();
    let mut all = String::new();
    for text in texts {
        let [old, new] = [before, now].map(|counts| counts.get(text).copied().unwrap_or_default());
        if (new - old).abs() >= 1.0 {
            let _ = writeln!(all, "{old:.1} → {new:.1}: {text}");
        }
    }
    all
}
