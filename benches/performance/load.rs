//! Whole workflows, as many at once as there are lanes: how many a second, what each costs, where the database's
//! time goes, and how much memory is left in use.

use std::time::Duration;

use testkit::statements::Statement;

use crate::commits::Commits;
use crate::figures::{millis, show};
use crate::lane::{Lane, Step};
use crate::report::{Row, Section};
use crate::stage::{Run, Stage, play_at_once};

/// Goals of the design.
const SHARE: f64 = 0.5;
const APPROVE: Duration = Duration::from_millis(300);
const PROCESSOR: Duration = Duration::from_millis(5);
const STATEMENTS: f64 = 90.0;
const DATABASE: Duration = Duration::from_millis(15);
const MEMORY_FIRST: f64 = 30.0;
const MEMORY_LATER: f64 = 60.0;

/// What memory may grow by from the first half to the second, in megabytes: it is returned late, and caches fill. A
/// short run shows less.
const GROWTH: f64 = 3.0;
const GROWTH_OF_SHORT_RUN: f64 = 6.0;
const SHORT_RUN: usize = 5_000;

/// How many statements are shown.
const SHOWN: usize = 12;

/// The section, and how many workflows a second there were.
pub async fn section(
    stage: &mut Stage,
    lanes: &mut Vec<Lane>,
    count: usize,
    commits: Commits,
) -> anyhow::Result<(Section, f64)> {
    let at_once = lanes.len();
    let run = stage.run(async || play_at_once(lanes, count).await).await?;
    let statements = stage.count.statements().await?;
    let after_one = stage.memory()?;
    stage.run(async || play_at_once(lanes, count).await).await?;
    let after_two = stage.memory()?;
    let mut rows = rows(&run, at_once, commits);
    rows.extend(memory_rows(stage.first_memory, (after_one, after_two), count));
    let how = format!(
        "Whole workflows, {at_once} at once and each with people of its own: request → form → panel → two approvals \
         → issued →\nrevealed → stored, until the mail is written. {count} of them; nobody thinks. The simulated \
         Discord with its people, and\nPostgres, are on the same machine, and their processor time limits as well: \
         it stands beside."
    );
    let below = table(&statements, run.count);
    Ok((Section { title: "Load", how, rows, below }, run.rate()))
}

fn rows(run: &Run, at_once: usize, commits: Commits) -> Vec<Row> {
    let work = run.work;
    let best = commits.a_second / work.writes;
    let share = run.rate() / best;
    let approve = run.timings.of(Step::Approve);
    let others = format!(
        "Postgres: {}; the simulated Discord: {}",
        show(run.postgres_processor),
        show(run.harness)
    );
    vec![
        Row::new(
            &format!("whole workflows a second, {at_once} at once"),
            format!("{:.1}, {share:.2} of pgbench's", run.rate()),
            format!(
                "pgbench with 16 clients: {:.0} commits of one row a second, as many as {best:.0} workflows have",
                commits.a_second
            ),
            format!("≥ {SHARE}"),
            share >= SHARE,
        ),
        Row::new(
            "the same, *Approve* → its answer",
            format!("{}, {}", show(approve.p50()), show(approve.p99())),
            "Discord gives up at 3 s".to_owned(),
            format!("p99 < {}", show(APPROVE)),
            approve.p99() < APPROVE,
        ),
        Row::new(
            "processor time of the bot for a workflow",
            show(run.bot),
            others,
            format!("≤ {}", show(PROCESSOR)),
            run.bot <= PROCESSOR,
        ),
        Row::new(
            "statements for a workflow",
            format!("{:.0}", work.statements),
            format!("{:.0} of them begin or end a transaction", work.brackets),
            format!("≤ {STATEMENTS:.0}"),
            work.statements <= STATEMENTS,
        ),
        Row::note("transactions that write, for a workflow", format!("{:.1}", work.writes), "–"),
        Row::new(
            "database time for a workflow",
            show(work.time),
            format!("{} of it for planning; commits are not in it", show(work.planning)),
            format!("≤ {}", show(DATABASE)),
            work.time <= DATABASE,
        ),
    ]
}

fn memory_rows([first, floor]: [f64; 2], (one, two): (f64, f64), count: usize) -> [Row; 3] {
    let megabytes = |size: f64| format!("{size:.1} MB");
    let goal = |most: f64| format!("≤ {most:.0} MB");
    let most = if count < SHORT_RUN { GROWTH_OF_SHORT_RUN } else { GROWTH };
    [
        Row::new(
            "memory after start",
            megabytes(first),
            format!("the floor: {}", megabytes(floor)),
            goal(MEMORY_FIRST),
            first <= MEMORY_FIRST,
        ),
        Row::new(
            &format!("memory after {count} workflows"),
            megabytes(one),
            format!("{} after start", megabytes(first)),
            goal(MEMORY_LATER),
            one <= MEMORY_LATER,
        ),
        Row::new(
            &format!("memory after {} workflows", 2 * count),
            megabytes(two),
            format!("{} after {count}", megabytes(one)),
            format!("no growth: ≤ {most:.0} MB more"),
            two - one <= most,
        ),
    ]
}

/// Where the database's time goes.
fn table(statements: &[Statement], count: usize) -> String {
    let mut table = "The statements that took longest in all, for one workflow:\n\n\
        | times | each | together | statement |\n|---|---|---|---|\n"
        .to_owned();
    for statement in statements.iter().take(SHOWN) {
        let together = statement.time.div_f64(count as f64);
        let times = statement.calls / count as f64;
        let each = show(statement.time.div_f64(statement.calls));
        // What would end the cell.
        let text = statement.shorten().replace(['|', '`'], "¦");
        let line = format!("| {times:.1} | {each} | {:.2} ms | `{text}` |\n", millis(together));
        table.push_str(&line);
    }
    table
}
