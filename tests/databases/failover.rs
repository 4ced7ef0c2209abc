//! The primary dies, and its standby takes its place at the same address.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use discord_sim::Options;
use testkit::forward::Forward;
use testkit::postgres::{Durability, Postgres, Shutdown};
use testkit::team::Team;

use super::moved;

/// How long it may take from the standby's promotion to the first answer.
const LIMIT: Duration = Duration::from_secs(10);

fn address(url: &str) -> SocketAddr {
    let port = url.parse::<url::Url>().unwrap().port().unwrap();
    SocketAddr::from(([127, 0, 0, 1], port))
}

/// What `/readyz` answers.
async fn readiness(team: &Team) -> (u16, serde_json::Value) {
    let url = format!("{}/readyz", team.setup.bot.url().unwrap());
    let answer = reqwest::get(url).await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn wait_for_readiness(team: &Team, status: u16) -> Duration {
    let start = Instant::now();
    loop {
        let (found, said) = readiness(team).await;
        if found == status {
            return start.elapsed();
        }
        assert!(start.elapsed() < LIMIT, "{said}; the bot's log:\n{}", team.setup.bot.log());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_bot_comes_back_by_itself_when_a_standby_is_promoted() {
    let primary = Postgres::start(Durability::Fast).await.unwrap();
    let front = Forward::to(address(&primary.admin_url())).await.unwrap();
    let team = Team::on(&primary, "failover", Options::standard(), |config| {
        config.database_url = moved(&config.database_url, |url| {
            url.set_ip_host(front.address().ip()).unwrap();
            url.set_port(Some(front.address().port())).unwrap();
        });
    })
    .await;
    let standby = primary.standby().await.unwrap();
    primary.wait_for_standby().await.unwrap();
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.settle().await.unwrap();

    primary.stop(Shutdown::Immediate).await.unwrap();
    let noticed_since = Instant::now();
    let noticed = wait_for_readiness(&team, 503).await;
    // The jobs may notice it first; of the database what was known a second ago is said.
    while readiness(&team).await.1["database"]["ready"] != false {
        assert!(
            noticed_since.elapsed() < Duration::from_secs(10),
            "the database's end goes unnoticed"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Before the promotion the address leads to the standby: it answers, and takes nothing.
    front.lead_to(address(&standby.admin_url()));
    let refused = team.ben.click(&card, "Approve").await.unwrap().private().unwrap();
    assert!(!refused.contains("is approved"), "{refused}");
    assert_eq!(readiness(&team).await.0, 503);

    let promoted = Instant::now();
    standby.promote().await.unwrap();
    let mut answers = 0;
    let answered = loop {
        let answer = team.ben.click(&card, "Approve").await.unwrap().private().unwrap();
        answers += 1;
        if !answer.contains("try again") && !answer.contains("Try again") {
            break promoted.elapsed();
        }
        assert!(promoted.elapsed() < LIMIT, "{answer}; the bot's log:\n{}", team.setup.bot.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let ready = wait_for_readiness(&team, 200).await;
    let told = format!(
        "/readyz said 503 after {noticed:?}; the first press was answered {answered:?} after the promotion \
         ({answers} presses); /readyz said 200 {ready:?} later"
    );
    // Test runners hide the output of tests that pass.
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("failover.txt");
    std::fs::write(file, told).unwrap();
    // What was approved before counts, and the rest of the way is there.
    let ready = team.rin.wait_for_dm("is ready").await.unwrap();
    team.rin.click(&ready, "Reveal").await.unwrap().private().unwrap();
    let mut admin = standby_connection(&standby, &team).await;
    let approvals: i64 =
        sqlx::query_scalar("select count(*) from countersign.approvals where struck_at is null")
            .fetch_one(&mut admin)
            .await
            .unwrap();
    assert_eq!(approvals, 2);
    assert!(team.setup.bot.stop().await.unwrap().success(), "{}", team.setup.bot.log());
}

async fn standby_connection(standby: &Postgres, team: &Team) -> sqlx::PgConnection {
    use sqlx::Connection as _;
    let url = moved(&standby.admin_url(), |url| url.set_path(&team.setup.database.name));
    sqlx::PgConnection::connect(&url).await.unwrap()
}
