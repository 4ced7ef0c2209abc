//! Clocks are wrong, are set, and continue while the bot is stopped. Deadlines go by the database's clock,
//! so that replicas agree. Where it matters (a secret that is shown), the bot's own monotonic clock is used
//! too.

use std::time::{Duration, Instant};

use discord_sim::{Fault, Options, Person};
use testkit::clock::Clock;
use testkit::postgres::{Durability, Postgres};
use testkit::setup::Setup;
use testkit::team::{Team, code_blocks};

use super::people::{Play, Step};
use super::{checks, wants_all};

const HOUR: i64 = 60 * 60;

const DAY: i64 = 24 * HOUR;

const WEEK: i64 = 7 * DAY;

const POSTS: &str = "POST /channels/{id}/messages";

/// How long jobs may still be due after a scenario.
const SETTLES: Duration = Duration::from_secs(60);

const REMINDED: &str = "select count(*) from countersign.events where kind = 'request_reminded'";

fn options() -> Options {
    Options { route_limits: false, ..Options::standard() }
}

/// A Postgres of its own with its own clock.
async fn postgres(clock: &Clock) -> Postgres {
    let postgres = Postgres::start(Durability::Fast).await.unwrap();
    postgres.follow_clock(clock).await.unwrap();
    postgres
}

/// Each step with a clock that jumps forward and one that jumps back.
fn rows() -> Vec<(Step, i64)> {
    let mut steps = vec![Step::Create, Step::LastApproval, Step::Reveal, Step::Store];
    if wants_all() {
        steps.extend([Step::Ask, Step::Submit, Step::FirstApproval]);
    }
    steps.iter().flat_map(|step| [(*step, HOUR), (*step, -HOUR)]).collect()
}

/// Runs the main job again and again, moving the clock at some step; `look` is called while it is off by
/// so many seconds.
async fn run_steps(setup: &Setup, clock: &Clock, rows: Vec<(Step, i64)>, look: impl AsyncFn(i64)) {
    for (number, (step, offset)) in rows.into_iter().enumerate() {
        clock.step(0).unwrap();
        let name = format!("Clock{number}x");
        let breaks = || clock.step(offset);
        let mut play = Play::new(setup, &name, (step, &breaks)).unwrap();
        play.run().await.unwrap_or_else(|error| panic!("{step:?} {offset}: {error:?}"));
        setup.settle_within(SETTLES).await.unwrap();
        look(offset).await;
        // What was not sent before the clock was set back is due in an hour.
        clock.step(0).unwrap();
        setup.settle_within(SETTLES).await.unwrap();
        // A press that was answered may still be storing that it was.
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(play.notes.is_empty(), "{step:?} {offset}: {:?}", play.notes);
        let held = checks::holds(setup, &play, &name).await;
        assert_eq!(held.unwrap_or_else(|error| panic!("{step:?} {offset}: {error:?}")), 0);
    }
}

async fn finish(setup: Setup) {
    assert!(setup.bot.stop().await.unwrap().success());
    // Databases are dropped by waiting.
    tokio::task::spawn_blocking(move || drop(setup)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_s_clock_is_wrong_and_stepped() {
    let clock = Clock::new().unwrap();
    // It starts with a wrong one, too.
    clock.step(-HOUR).unwrap();
    let configure = |config: &mut testkit::bot::BotConfig| {
        config.environment.extend(clock.environment());
    };
    let setup = Setup::with("bot's clock", options(), configure).await.unwrap();
    went_by(&setup, -HOUR);
    run_steps(&setup, &clock, rows(), async |offset: i64| went_by(&setup, offset)).await;
    finish(setup).await;
}

/// The newest line of the log has the time that the clock shows.
fn went_by(setup: &Setup, offset: i64) {
    let log = setup.bot.log();
    let line: serde_json::Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    let at: i64 = chrono::DateTime::parse_from_rfc3339(line["timestamp"].as_str().unwrap())
        .unwrap()
        .timestamp();
    let ahead = at - chrono::Utc::now().timestamp();
    assert!((ahead - offset).abs() < 120, "{ahead} s instead of {offset} s");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_s_clock_is_stepped() {
    let clock = Clock::new().unwrap();
    let postgres = postgres(&clock).await;
    let setup = Setup::on(&postgres, "database's clock", options(), |_| {}).await.unwrap();
    let look = async |offset: i64| {
        let now = "select extract(epoch from now())::bigint";
        let ahead = setup.count(now).await.unwrap() - chrono::Utc::now().timestamp();
        assert!((ahead - offset).abs() < 120, "{ahead} s instead of {offset} s");
    };
    let mut rows = rows();
    // Drafts lapse after an hour, which is right by this clock.
    rows.retain(|row| !matches!(row, (Step::Submit | Step::Create, HOUR)));
    run_steps(&setup, &clock, rows, look).await;
    finish(setup).await;
}

#[tokio::test]
async fn no_secret_is_shown_longer_because_a_clock_was_set() {
    let clock = Clock::new().unwrap();
    let postgres = postgres(&clock).await;
    let settings = "[policy]\nreveal_visible_for = \"4s\"";
    let team = Team::on(&postgres, "stands", options(), |config| {
        config.overrides = toml::from_str(settings).unwrap();
    })
    .await;
    for offset in [-HOUR, HOUR] {
        clock.step(0).unwrap();
        let name = format!("Reports{}", offset.unsigned_abs() + u64::from(offset > 0));
        let ready = team.issue_token(&name).await;
        let shown = team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
        let since = Instant::now();
        assert_eq!(code_blocks(&shown).len(), 2, "{shown}");
        clock.step(offset).unwrap();
        team.rin.patient(Duration::from_secs(20)).wait_until_gone(&shown).await.unwrap();
        assert!(since.elapsed() < Duration::from_secs(10), "{offset}: {:?}", since.elapsed());
        team.wait_for_collected_card().await;
    }
    team.finish().await;
}

/// A guild with everything that can lapse: three requests, and a secret.
async fn waiting(postgres: &Postgres, clock: &Clock) -> Team {
    let team = Team::on(postgres, "away", options(), |config| {
        config.environment.extend(clock.environment());
    })
    .await;
    team.issue_token("Reports").await;
    for number in 1..=3 {
        team.ask(&team.rin, &format!("Waiting{number}")).await;
        team.card(&format!("Waiting{number}")).await;
    }
    team.setup.settle().await.unwrap();
    team
}

/// A secret waits, and its owner could not be told.
async fn is_ready_unheard(team: &Team, name: &str) {
    team.ask(&team.rin, name).await;
    let card = team.card(name).await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.discord.fail(POSTS, usize::MAX, Fault::status(503)).unwrap();
    team.approve(&team.ben, &card).await;
    team.card("Issued").await;
}

/// The bot is stopped for so long by the machine's clock.
async fn is_off(team: &Team, clock: &Clock, until: i64) {
    assert!(team.setup.bot.stop().await.unwrap().success());
    clock.step(until).unwrap();
    team.setup.bot.serve().await.unwrap();
    team.wait_for_sweep().await;
}

/// How many direct messages of a person contain this.
fn heard(person: &Person, what: &str) -> usize {
    person.dms().iter().filter(|message| message.contains(what)).count()
}

#[tokio::test]
async fn after_a_week_of_downtime_everything_expired_is_reported_once() {
    let clock = Clock::new().unwrap();
    let postgres = postgres(&clock).await;
    let team = waiting(&postgres, &clock).await;
    is_ready_unheard(&team, "Unheard").await;
    let before = team.aki.channel("approvals").unwrap().len();
    assert!(team.setup.bot.stop().await.unwrap().success());
    team.setup.discord.clear_faults();
    clock.step(WEEK).unwrap();
    team.setup.bot.serve().await.unwrap();
    team.wait_for_sweep().await;
    // Again, to find repeated messages.
    team.setup.bot.restart().await.unwrap();
    team.wait_for_sweep().await;
    assert_eq!((heard(&team.rin, "expired"), heard(&team.rin, "was not collected")), (3, 2));
    let ready = team.rin.dms().iter().filter(|message| message.offers("Reveal")).count();
    assert_eq!(ready, 0, "nobody is told that something waits which has lapsed");
    assert_eq!(team.count(REMINDED).await, 0, "nobody is reminded of what has lapsed");
    let cards = team.aki.channel("approvals").unwrap();
    assert_eq!(cards.len(), before, "no new message where the cards are");
    let ended =
        cards.iter().filter(|card| card.contains("did not get enough approvals in time")).count();
    assert_eq!(ended, 3);
    let live = "select count(*) from countersign.tokens where state <> 'deleted'";
    assert_eq!(team.count(live).await, 0);
    team.finish().await;
}

#[tokio::test]
async fn after_a_day_of_downtime_there_is_one_reminder_and_no_early_expiry() {
    let clock = Clock::new().unwrap();
    let postgres = postgres(&clock).await;
    let team = waiting(&postgres, &clock).await;
    is_off(&team, &clock, DAY - HOUR).await;
    assert_eq!(team.count(REMINDED).await, 0, "an hour is left");
    assert_eq!(heard(&team.rin, "was not collected"), 0, "an hour is left");
    is_off(&team, &clock, DAY + HOUR).await;
    // Back an hour, and a day more.
    is_off(&team, &clock, DAY).await;
    is_off(&team, &clock, 2 * DAY).await;
    for _ in 1..=3 {
        team.aki.wait_for_message("approvals", "still needs").await.unwrap();
    }
    assert_eq!(team.count(REMINDED).await, 3);
    let cards = team.aki.channel("approvals").unwrap();
    let reminders = cards.iter().filter(|card| card.contains("still needs")).count();
    assert_eq!(reminders, 3);
    assert_eq!(heard(&team.rin, "expired"), 0, "requests have a day left");
    assert_eq!(heard(&team.rin, "was not collected"), 1);
    team.finish().await;
}

#[tokio::test]
async fn a_reminder_comes_in_its_time_whatever_became_of_its_job() {
    let clock = Clock::new().unwrap();
    let postgres = postgres(&clock).await;
    let team = waiting(&postgres, &clock).await;
    assert!(team.setup.bot.stop().await.unwrap().success());
    let mut connection = team.setup.connect().await.unwrap();
    for what in [
        "delete from countersign.jobs where kind = 'remind_admins'
             and subject = (select id from countersign.requests where number = 2)",
        "update countersign.jobs set due_at = now() where kind = 'remind_admins'
             and subject = (select id from countersign.requests where number = 3)",
    ] {
        assert_eq!(sqlx::query(what).execute(&mut connection).await.unwrap().rows_affected(), 1);
    }
    team.setup.bot.serve().await.unwrap();
    team.wait_for_sweep().await;
    assert_eq!(team.count(REMINDED).await, 0, "one was hurried, none is due");
    is_off(&team, &clock, DAY + HOUR).await;
    assert_eq!(team.count(REMINDED).await, 3, "one was lost, all are due");
    let cards = team.aki.channel("approvals").unwrap();
    assert_eq!(cards.iter().filter(|card| card.contains("still needs")).count(), 3);
    assert_eq!(heard(&team.rin, "was not collected"), 1);
    team.finish().await;
}

#[tokio::test]
async fn a_card_that_comes_late_is_reminded_of_when_it_is_there() {
    let team = Team::configured("late card", "[policy]\nremind_after = \"1s\"").await;
    // All tries of the first attempt; the next one comes when the reminder is due.
    team.setup.discord.fail(POSTS, 3, Fault::status(503)).unwrap();
    team.ask(&team.rin, "Reports").await;
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(team.aki.channel("approvals").unwrap().is_empty());
    let aki = team.aki.patient(Duration::from_secs(30));
    aki.wait_for_message("approvals", "0 of 2 approvals").await.unwrap();
    aki.wait_for_message("approvals", "still needs").await.unwrap();
    team.setup.settle().await.unwrap();
    assert_eq!(team.count(REMINDED).await, 1);
    team.finish().await;
}
