//! The real bot behind the proxy.

use std::time::{Duration, Instant};

use discord_sim::Options;
use sqlx::{Connection, PgConnection};
use testkit::postgres::Postgres;
use testkit::proxy::Proxy;
use testkit::setup::Setup;

use crate::{LIMIT, run};

/// Requests a job, as the bot does.
const ADD: &str = "insert into countersign.jobs (kind, subject, lane, urgency, due_at)
    values ('sweep', 0, 'main', 4, now()) on conflict (kind, subject) do update set due_at = now()";

#[tokio::test]
async fn tells_the_queues_bookkeeping_from_jobs() {
    let (seen, commits) = std::sync::mpsc::channel();
    let postgres = Postgres::shared().await.unwrap();
    let server = postgres.admin_url();
    let proxy = Proxy::counting(&server, move |commit| {
        // There is no listener once this test is over.
        let _ = seen.send(commit.clone());
        commit.writes && !commit.is_bookkeeping()
    });
    let proxy = proxy.await.unwrap();
    let setup = Setup::through(&proxy, "books", Options::standard(), |_| {}).await.unwrap();
    setup.settle().await.unwrap();
    let mut all = Vec::new();
    for wanted in ["update jobs set taken_by", "insert into jobs"] {
        let start = Instant::now();
        while !all.iter().any(|commit: &testkit::proxy::Commit| {
            commit.statements.iter().any(|text| text.contains(wanted))
        }) {
            assert!(start.elapsed() < LIMIT, "no {wanted}: {all:#?}");
            all.extend(commits.try_iter());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    for commit in &all {
        let adds = commit.statements.iter().any(|text| text.contains("insert into jobs"));
        assert!(!adds || !commit.is_bookkeeping(), "{commit:?}");
    }
    let url = proxy.url(&setup.database.url).unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    run(&mut connection, ADD).await;
    let labels: Vec<String> =
        proxy.points().arrivals().into_iter().map(|arrival| arrival.label).collect();
    let own = labels.iter().filter(|label| label.starts_with("insert into countersign.jobs"));
    assert_eq!(own.count(), 1, "{labels:#?}");
    let books = ["update jobs set taken_by", "delete from jobs"];
    assert!(
        !labels.iter().any(|label| books.iter().any(|book| label.contains(book))),
        "{labels:#?}"
    );
}

#[tokio::test]
async fn the_bot_outlives_cuts_and_refusals() {
    let postgres = Postgres::shared().await.unwrap();
    let proxy = Proxy::start(&postgres.admin_url()).await.unwrap();
    let setup = Setup::through(&proxy, "cuts", Options::standard(), |_| {}).await.unwrap();
    proxy.cut_all();
    proxy.refuse();
    let start = Instant::now();
    while proxy.counters().refused == 0 {
        assert!(start.elapsed() < LIMIT, "it never tries");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    proxy.admit();
    setup.bot.wait_ready().await.unwrap();
    setup.finish().await.unwrap();
}
