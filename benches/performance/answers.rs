//! How long answers take while one person at a time acts, beside a program of the same libraries that answers a
//! constant, and beside the commits of one row that an answer may have to wait for.

use std::time::Duration;

use discord_sim::{Happening, Person};
use testkit::statements::Work;
use tokio::sync::mpsc;

use crate::commits::Commits;
use crate::figures::{Times, ratio, show};
use crate::lane::{Lane, Step, Timings};
use crate::report::{Row, Section};
use crate::stage::Stage;

/// How many workflows there are, and of each of the others for each workflow.
const WORKFLOWS: usize = 150;
const TIMES: usize = 4;

/// The first ones are not counted: connections are opened, and plans made.
const WARM_UP: usize = 15;

/// How much longer than half of all answers the slowest of a hundred may take.
const SPREAD: f64 = 3.0;

/// The goal for the message after the last approval.
const NOTICE: Duration = Duration::from_millis(25);

/// What was measured.
struct Answers {
    /// What the bot asked of Postgres for a workflow.
    work: Work,
    floor: Times,
    help: Times,
    timings: Timings,
}

pub async fn section(
    stage: &mut Stage,
    lane: &mut Lane,
    commits: Commits,
) -> anyhow::Result<Section> {
    let answers = measure(stage, lane).await?;
    let how = format!(
        "One person at a time, from the moment at which the gateway sends an interaction to the one at which the \
         callback has\ncome whole, both seen in the simulated Discord: p50 and p99 of {WORKFLOWS} workflows. The \
         floor is a program of\ntwilight and reqwest that answers a constant, asked in turns with the bot; a commit \
         is what pgbench measures with one\nclient on the same server ({} on average).",
        show(commits.latency)
    );
    Ok(Section { title: "Answers", how, rows: rows(&answers, commits), below: String::new() })
}

async fn measure(stage: &mut Stage, lane: &mut Lane) -> anyhow::Result<Answers> {
    let person = stage.floor.discord.person("rin")?;
    let mut feed = stage.floor.discord.follow();
    let (mut floor, mut help, mut timings) =
        (Times::default(), Times::default(), Timings::default());
    for round in 0..WARM_UP + WORKFLOWS {
        if round == WARM_UP {
            stage.count.restart().await?;
        }
        let (mut ours, mut theirs) = (Times::default(), Times::default());
        for _ in 0..TIMES {
            theirs.add(time_floor(&person, &mut feed).await?);
            ours.add(lane.time_command("/token help").await?);
        }
        let played = lane.play().await?;
        if round >= WARM_UP {
            floor.extend(theirs);
            help.extend(ours);
            timings.extend(played);
        }
    }
    stage.settle(WARM_UP + WORKFLOWS).await?;
    let work = stage.count.work().await?.each(WORKFLOWS);
    Ok(Answers { work, floor, help, timings })
}

async fn time_floor(
    person: &Person,
    feed: &mut mpsc::UnboundedReceiver<Happening>,
) -> anyhow::Result<Duration> {
    let wanted = person.type_unwatched("/floor")?;
    let answer = async {
        loop {
            match feed.recv().await {
                Some(Happening::Answered { interaction, sent, came, .. })
                    if interaction == wanted =>
                {
                    return Ok(came - sent);
                }
                Some(_) => {}
                None => anyhow::bail!("the floor's Discord ended"),
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(3), answer).await?
}

fn rows(answers: &Answers, commits: Commits) -> Vec<Row> {
    let floor = answers.floor.p50();
    let with_commit = floor + commits.latency;
    let of = |step| answers.timings.of(step);
    let beside_floor = || format!("the floor: {}, {}", show(floor), show(answers.floor.p99()));
    let beside_commit = || format!("the floor and a commit: {}", show(with_commit));
    let row = |what: &str, times: &Times, (beside, most): (String, Duration), goal: &str| {
        let (p50, p99) = (times.p50(), times.p99());
        let met = p50 <= most && ratio(p99, p50) <= SPREAD;
        let figure = format!("{}, {}", show(p50), show(p99));
        let goal = format!("p50 {goal} {}; p99 ≤ {SPREAD:.0} × p50", show(most));
        Row::new(what, figure, beside, goal, met)
    };
    let times = |factor: f64| (beside_commit(), with_commit.mul_f64(factor));
    let twice = (format!("two floors and two commits: {}", show(with_commit * 2)), with_commit * 4);
    let tenth = (beside_floor(), floor.mul_f64(1.1));
    let modal = (beside_floor(), floor + Duration::from_micros(500));
    vec![
        row("`/token help` → the help", &answers.help, tenth, "≤ floor + 10 % ="),
        row("`/token request` → the form", &of(Step::Modal), modal, "≤ floor + 0.5 ms ="),
        row("the form → its answer", &of(Step::Submit), times(1.5), "≤ 1.5 × ="),
        row("*Whole category* → the panel", &of(Step::Panel), times(1.5), "≤ 1.5 × ="),
        row("*Create* → its answer", &of(Step::Create), times(2.0), "≤ 2 × ="),
        row("*Approve* → its answer", &of(Step::Approve), times(1.5), "≤ 1.5 × ="),
        row("*Reveal* → its first answer", &of(Step::Reveal), times(1.5), "≤ 1.5 × ="),
        row("*Reveal* → the secret", &of(Step::Secret), twice, "≤ 2 × ="),
        row(
            "the last *Approve* → the direct message",
            &of(Step::Notice),
            ("–".into(), NOTICE),
            "≤",
        ),
        whole(&of(Step::Whole), &answers.work),
    ]
}

fn whole(times: &Times, work: &Work) -> Row {
    let figure = format!("{}, {}", show(times.p50()), show(times.p99()));
    let beside = format!(
        "{:.0} statements, {} of the database's time; {:.1} transactions that write",
        work.statements,
        show(work.time),
        work.writes
    );
    Row::note("the whole workflow, nobody thinking", figure, &beside)
}
