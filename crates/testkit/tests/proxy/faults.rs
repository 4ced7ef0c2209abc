//! Pauses, cuts, refusals and delays.

use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection};
use tokio::time::timeout;

use crate::{Fixture, LIMIT, bind};

const INSERT: &str = "INSERT INTO t VALUES ($1)";

#[tokio::test]
async fn pauses_and_resumes() {
    let fixture = Fixture::start().await;
    let mut connection = fixture.through().await;
    fixture.proxy.pause();
    {
        let mut insert = std::pin::pin!(bind(&mut connection, INSERT, 1));
        assert!(timeout(Duration::from_millis(200), &mut insert).await.is_err());
        assert_eq!(fixture.rows().await, 0);
        let url = fixture.proxy.url(&fixture.database.owner_url).unwrap();
        let another = PgConnection::connect(&url);
        assert!(timeout(Duration::from_millis(200), another).await.is_err());
        fixture.proxy.resume();
        timeout(LIMIT, insert).await.unwrap().unwrap();
    }
    assert_eq!(fixture.rows().await, 1);
}

#[tokio::test]
async fn cuts_refuses_and_admits() {
    let fixture = Fixture::start().await;
    let mut connection = fixture.through().await;
    let mut other = fixture.through().await;
    let mut transaction = connection.begin().await.unwrap();
    bind(&mut transaction, INSERT, 1).await.unwrap();
    assert_eq!(fixture.proxy.counters().open, 2);
    fixture.proxy.cut_all();
    bind(&mut transaction, INSERT, 2).await.unwrap_err();
    timeout(LIMIT, other.ping()).await.unwrap().unwrap_err();
    drop(transaction);
    assert_eq!(fixture.rows().await, 0);
    // Those of later are not cut.
    let mut connection = fixture.through().await;
    bind(&mut connection, INSERT, 3).await.unwrap();
    fixture.proxy.refuse();
    let url = fixture.proxy.url(&fixture.database.owner_url).unwrap();
    timeout(LIMIT, PgConnection::connect(&url)).await.unwrap().unwrap_err();
    bind(&mut connection, INSERT, 4).await.unwrap();
    fixture.proxy.admit();
    fixture.through().await;
    let counters = fixture.proxy.counters();
    assert_eq!((counters.accepted, counters.refused), (4, 1));
}

#[tokio::test]
async fn delays_each_request() {
    let fixture = Fixture::start().await;
    let mut connection = fixture.through().await;
    fixture.proxy.delay(Duration::from_millis(100));
    let start = Instant::now();
    connection.ping().await.unwrap();
    assert!(start.elapsed() >= Duration::from_millis(100));
    fixture.proxy.delay(Duration::ZERO);
    bind(&mut connection, INSERT, 1).await.unwrap();
    assert_eq!(fixture.rows().await, 1);
}

#[tokio::test]
async fn a_server_that_is_away_closes_connections() {
    let proxy = testkit::proxy::Proxy::start("postgres://u:p@127.0.0.1:1/d");
    let proxy = proxy.await.unwrap();
    let url = proxy.url("postgres://u:p@somewhere:1/d?application_name=x").unwrap();
    assert!(url.starts_with("postgres://u:p@127.0.0.1:") && url.ends_with("/d?application_name=x"));
    timeout(LIMIT, PgConnection::connect(&url)).await.unwrap().unwrap_err();
}

/// Large answers, copied data, and unexpected notifications.
#[tokio::test]
async fn passes_everything_else_as_it_is() {
    let fixture = Fixture::start().await;
    let mut connection = fixture.through().await;
    let large: String =
        sqlx::query_scalar("SELECT repeat('x', 3000000)").fetch_one(&mut connection).await.unwrap();
    assert_eq!(large.len(), 3_000_000);
    let before = fixture.proxy.points().count();
    let mut copy = connection.copy_in_raw("COPY t FROM STDIN").await.unwrap();
    copy.send(b"1\n2\n".as_slice()).await.unwrap();
    copy.send(b"3\n".as_slice()).await.unwrap();
    assert_eq!(copy.finish().await.unwrap(), 3);
    assert_eq!(fixture.proxy.points().count(), before + 1);
    let mut hold = fixture.proxy.hold_after(before + 2);
    let copying = async {
        let mut copy = connection.copy_in_raw("COPY t FROM STDIN").await?;
        copy.send(b"4\n".as_slice()).await?;
        copy.finish().await
    };
    let look = async {
        let _held = crate::reached(&mut hold).await;
        assert_eq!(fixture.rows().await, 4);
    };
    tokio::join!(copying, look).0.unwrap_err();
    let url = fixture.proxy.url(&fixture.database.owner_url).unwrap();
    let mut listener = sqlx::postgres::PgListener::connect(&url).await.unwrap();
    listener.listen("news").await.unwrap();
    let before = fixture.proxy.points().count();
    let mut connection = fixture.through().await;
    bind(&mut connection, "SELECT pg_notify('news', $1::int::text)", 7).await.unwrap();
    let news = timeout(LIMIT, listener.recv()).await.unwrap().unwrap();
    assert_eq!(news.payload(), "7");
    assert_eq!(fixture.proxy.points().count(), before + 1, "{:?}", fixture.labels());
}
