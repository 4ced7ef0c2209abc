//! Several processes with `ingress = "gateway"`: one has Discord's gateway, the others wait until it ends.

use std::time::{Duration, Instant};

use discord_sim::Options;
use testkit::bot::Bot;
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;

use super::{Team, gateway};

/// How long people may wait for the next process.
const LIMIT: Duration = Duration::from_secs(5);

/// The sessions of the database that have the gateway's lock.
const HOLDERS: &str = "select count(*) from pg_locks where locktype = 'advisory' and granted
    and classid = x'6373676e'::int::oid and objid = 3
    and database = (select oid from pg_database where datname = current_database())";

/// Ends the session of the only one; returns its number.
const CUT: &str = "with holder as materialized (
        select pid from pg_locks where locktype = 'advisory' and granted
            and classid = x'6373676e'::int::oid and objid = 3
            and database = (select oid from pg_database where datname = current_database()))
    select sum(case when pg_terminate_backend(pid) then pid end) from holder";

async fn help_comes(team: &Team) {
    let help = team.rin.type_command("/token help").await.unwrap().private().unwrap();
    assert!(help.contains("/token request"), "{help}");
}

/// How often the gateway was entered.
fn entries(team: &Team) -> u64 {
    let counters = team.setup.discord.gateway().unwrap().counters();
    counters.identifies + counters.resumes + counters.resumes_refused
}

/// The second process, once it stands by.
async fn start_second(team: &Team) -> Bot {
    let second = team.setup.bot.replica("2");
    second.launch().await.unwrap();
    second.wait_standby().await.unwrap();
    second
}

#[tokio::test]
async fn a_second_process_waits_and_takes_over_when_the_first_stops() {
    let team = Team::start("standby stop").await;
    let second = start_second(&team).await;
    help_comes(&team).await;
    assert_eq!((entries(&team), team.count(HOLDERS).await), (1, 1));
    let start = Instant::now();
    assert!(team.setup.bot.stop().await.unwrap().success());
    second.wait_ready().await.unwrap();
    assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
    // It goes on with the first one's session, in which Discord keeps what came in between.
    let counters = team.setup.discord.gateway().unwrap().counters();
    assert_eq!((counters.identifies, counters.resumes, counters.resumes_refused), (1, 1, 0));
    help_comes(&team).await;
    // And back.
    team.setup.bot.launch().await.unwrap();
    team.setup.bot.wait_standby().await.unwrap();
    assert!(second.stop().await.unwrap().success());
    team.setup.bot.wait_ready().await.unwrap();
    help_comes(&team).await;
    team.finish().await;
}

#[tokio::test]
async fn a_second_process_takes_over_when_the_first_is_killed() {
    let team = Team::start("standby kill").await;
    let second = start_second(&team).await;
    let start = Instant::now();
    team.setup.bot.kill().await.unwrap();
    second.wait_ready().await.unwrap();
    help_comes(&team).await;
    let took = start.elapsed();
    assert!(took < LIMIT, "{took:?}");
    // Test runners hide the output of tests that pass.
    let told = format!("from kill -9 to the first answer of the next process: {took:?}");
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/standby.txt"), told).unwrap();
    assert!(second.stop().await.unwrap().success());
    team.setup.bot.serve().await.unwrap();
    team.finish().await;
}

/// The database cuts sessions when it restarts; that is no reason to leave the gateway, and never lets two have it.
#[tokio::test]
async fn a_lock_that_is_cut_is_taken_again_by_one_of_them() {
    let team = Team::start("standby cut").await;
    let cut_and_wait_for_holder = async || {
        let others = format!("{HOLDERS} and pid <> {}", team.count(CUT).await);
        let start = Instant::now();
        while team.count(&others).await != 1 {
            assert!(start.elapsed() < LIMIT * 2, "nobody has the gateway");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    cut_and_wait_for_holder().await;
    team.setup.bot.wait_ready().await.unwrap();
    assert_eq!(entries(&team), 1, "it left the gateway");
    let second = start_second(&team).await;
    cut_and_wait_for_holder().await;
    // Whichever it is, the other one stands by, and people notice nothing.
    let (first, start) = (&team.setup.bot, Instant::now());
    loop {
        let states = [first, &second].map(|bot| async { bot.is_standby().await.unwrap() });
        let [one, other] = states;
        if one.await != other.await {
            break;
        }
        assert!(start.elapsed() < LIMIT * 2, "both, or none");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    help_comes(&team).await;
    assert!(second.stop().await.unwrap().success());
    first.wait_ready().await.unwrap();
    team.finish().await;
}

/// It can't know that another one took over while it did not reach the database.
#[tokio::test]
async fn a_process_that_was_succeeded_saves_nothing_over_the_session_of_the_next() {
    let proxy = Proxy::start(&Postgres::shared().await.unwrap().admin_url()).await.unwrap();
    let lead = |config: &mut testkit::bot::BotConfig| {
        config.database_url = proxy.url(&config.database_url).unwrap();
    };
    let team = Team::with("succeeded", Options::standard(), lead).await;
    let mut other = team.setup.connect().await.unwrap();
    proxy.refuse();
    proxy.cut_all();
    gateway::take(&mut other).await;
    proxy.admit();
    team.setup.bot.wait_standby().await.unwrap();
    // It has left Discord, after the last word that it had to save.
    team.setup.discord.gateway().unwrap().wait_gone(LIMIT).await.unwrap();
    assert_eq!(team.count(gateway::SAVED).await, 1, "{}", team.setup.bot.log());
    sqlx::Connection::close(other).await.unwrap();
    team.setup.bot.wait_ready().await.unwrap();
    help_comes(&team).await;
    team.finish().await;
}

/// Its system answers for a frozen process, as a pooler does for one whose machine is gone: the session stays.
#[tokio::test]
async fn a_second_process_takes_over_from_one_that_is_frozen() {
    let team = Team::start("standby frozen").await;
    let second = start_second(&team).await;
    let (first, start) = (&team.setup.bot, Instant::now());
    first.signal("STOP").await.unwrap();
    while second.is_standby().await.unwrap() {
        assert!(start.elapsed() < 6 * LIMIT, "{}", second.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    second.wait_ready().await.unwrap();
    help_comes(&team).await;
    first.signal("CONT").await.unwrap();
    first.wait_standby().await.unwrap();
    help_comes(&team).await;
    assert_eq!(team.count(HOLDERS).await, 1);
    assert!(second.stop().await.unwrap().success());
    first.wait_ready().await.unwrap();
    team.finish().await;
}
