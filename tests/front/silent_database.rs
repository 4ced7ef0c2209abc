//! The database's server vanishes without a word, as a machine that loses its power: connections stay open, and nothing
//! comes on them. Another server, or the same one, answers at its address at once.

use std::time::{Duration, Instant};

use discord_sim::{Options, Person};
use futures_util::future::join_all;
use testkit::bot::BotConfig;
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;
use tokio::time::{sleep, timeout};

use super::Team;

/// How soon people are answered as before, and `/readyz` says so.
const SOON: Duration = Duration::from_secs(15);

/// How soon one is answered whose presses were under way.
const AT_LAST: Duration = Duration::from_secs(30);

/// How slow the database is, so that statements are under way when it vanishes.
const SLOW: Duration = Duration::from_millis(300);

/// The first message asks whether the connection is there; after this the second one is under way.
const UNDER_WAY: Duration = Duration::from_millis(450);

/// Presses of `/token list` whose statement is under way; jobs may wait beside them.
const WAITING: &str = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'
    and datname = current_database() and query like '%select found.id, found.created_at%'";

async fn list(person: &Person) -> String {
    let answer = person.patient(AT_LAST).type_command("/token list").await.unwrap();
    answer.private().unwrap().json().to_string()
}

async fn readiness(team: &Team) -> u16 {
    let url = format!("{}/readyz", team.setup.bot.url().unwrap());
    reqwest::get(url).await.unwrap().status().as_u16()
}

/// A bot behind a proxy, whose connections were used.
async fn start(label: &str) -> (Proxy, Team) {
    let proxy = Proxy::start(&Postgres::shared().await.unwrap().admin_url()).await.unwrap();
    let lead = |config: &mut BotConfig| {
        config.database_url = proxy.url(&config.database_url).unwrap();
    };
    let team = Team::with(label, Options::standard(), lead).await;
    for answer in join_all([&team.rin, &team.aki, &team.ben].map(list)).await {
        assert!(answer.contains("No such token"), "{answer}");
    }
    team.setup.settle().await.unwrap();
    (proxy, team)
}

#[tokio::test]
async fn readyz_knows_soon_after_a_server_vanished_that_another_is_there() {
    let (proxy, team) = start("silent readyz").await;
    proxy.delay(SLOW);
    // What was known a second ago is said without a question: wait until the database is asked.
    while timeout(UNDER_WAY, readiness(&team)).await.is_ok() {}
    proxy.strand_all();
    proxy.delay(Duration::ZERO);
    let vanished = Instant::now();
    while readiness(&team).await != 200 {
        assert!(vanished.elapsed() < SOON, "{}", team.setup.bot.log());
        sleep(Duration::from_millis(50)).await;
    }
    println!("/readyz said 200 {:?} after the server vanished", vanished.elapsed());
    proxy.cut_all();
    team.finish().await;
}

#[tokio::test]
async fn people_are_answered_soon_after_a_server_vanished() {
    let (proxy, team) = start("silent presses").await;
    let mut keeper = team.setup.connect().await.unwrap();
    let keep = "begin; lock table countersign.tokens in access exclusive mode";
    sqlx::raw_sql(keep).execute(&mut keeper).await.unwrap();
    let vanish = async {
        team.setup.wait_for_count(WAITING, 4).await.unwrap();
        proxy.strand_all();
        sqlx::Connection::close(keeper).await.unwrap();
        Instant::now()
    };
    // As many as one person may have under way.
    let (answers, vanished) = tokio::join!(join_all([&team.aki; 4].map(list)), vanish);
    for answer in answers {
        assert!(answer.contains("This took too long"), "{answer}");
    }
    // Others notice little; that person waits until what hangs is given up.
    for (person, limit) in [(&team.rin, SOON), (&team.aki, AT_LAST)] {
        while !list(person).await.contains("No such token") {
            assert!(vanished.elapsed() < limit, "{}", team.setup.bot.log());
        }
        println!("answered {:?} after the server vanished", vanished.elapsed());
    }
    proxy.cut_all();
    team.finish().await;
}
