//! The connections of a process: which one is used next, and what becomes of one that was given up.

use std::time::Duration;

use countersign::network::Network;
use countersign::store::migrate;
use countersign::store::pool::{self, Pool};
use futures_util::FutureExt as _;
use secrecy::SecretString;
use sqlx::{PgConnection, Row as _};
use testkit::postgres::{APPLICATION, Database, Postgres};
use testkit::proxy::Proxy;

/// How long a caller waits for a connection.
const WAIT: Duration = Duration::from_secs(5);

const SESSION: &str = "select pg_backend_pid()";

struct Fixture {
    pool: Pool,
    database: Database,
}

impl Fixture {
    async fn new(label: &str, connections: u32) -> Self {
        let database = Postgres::shared().await.unwrap().database(label).await.unwrap();
        let network = Network::default();
        let owner = SecretString::from(database.owner_url.as_str());
        let mut owner = pool::connect(&owner, &network).await.unwrap();
        migrate::run(&mut owner, APPLICATION, false).await.unwrap();
        let url = SecretString::from(database.url.as_str());
        let pool = pool::build_pool_of_size(&url, &network, connections, WAIT).unwrap();
        Self { pool, database }
    }

    async fn session(&self) -> i32 {
        self.pool.run(async |connection| ask(connection, SESSION).await).await.unwrap()
    }

    /// Sessions of this database's application that the server has.
    async fn sessions(&self) -> i64 {
        let url = SecretString::from(self.database.owner_url.as_str());
        let mut other = pool::connect(&url, &Network::default()).await.unwrap();
        let count = "select count(*) from pg_stat_activity
                     where datname = current_database() and usename <> current_user";
        sqlx::query_scalar(count).fetch_one(&mut other).await.unwrap()
    }
}

async fn ask(connection: &mut PgConnection, question: &'static str) -> sqlx::Result<i32> {
    sqlx::query_scalar(question).fetch_one(connection).await
}

#[tokio::test]
async fn the_connection_that_was_used_last_is_used_next() {
    let fixture = Fixture::new("connections used next", 3).await;
    let (mut first, mut second) =
        (fixture.pool.acquire().await.unwrap(), fixture.pool.acquire().await.unwrap());
    let (one, two) =
        (ask(&mut first, SESSION).await.unwrap(), ask(&mut second, SESSION).await.unwrap());
    assert_ne!(one, two);
    second.keep();
    first.keep();
    for _ in 0..5 {
        assert_eq!(fixture.session().await, one);
    }
    assert_eq!(fixture.sessions().await, 2, "none was opened besides");
}

#[tokio::test]
async fn nobody_waits_for_a_statement_that_was_given_up() {
    let fixture = Fixture::new("connections given up", 2).await;
    let mut slow = fixture.pool.acquire().await.unwrap();
    let sleeping = sqlx::query("select pg_sleep(30)").execute(&mut *slow);
    tokio::time::timeout(Duration::from_millis(200), sleeping).await.unwrap_err();
    drop(slow);
    for _ in 0..5 {
        let asked = tokio::time::timeout(Duration::from_secs(1), fixture.session());
        asked.await.expect("the answer waits for the statement");
    }
    // Its place is free again, long before the statement would have ended.
    let both =
        async { (fixture.pool.acquire().await.unwrap(), fixture.pool.acquire().await.unwrap()) };
    tokio::time::timeout(WAIT * 2, both).await.expect("a place is lost");
}

#[tokio::test]
async fn a_transaction_that_was_given_up_as_it_began_is_over() {
    let mut fixture = Fixture::new("connections begun", 2).await;
    let proxy = Proxy::start(&fixture.database.url).await.unwrap();
    let url = SecretString::from(proxy.url(&fixture.database.url).unwrap());
    fixture.pool = pool::build_pool_of_size(&url, &Network::default(), 2, WAIT).unwrap();
    for round in 0..10 {
        // There is a connection at hand, so that the statement is sent at once.
        fixture.session().await;
        proxy.delay(Duration::from_millis(20));
        assert!(fixture.pool.begin().now_or_never().is_none(), "it was answered");
        proxy.delay(Duration::ZERO);
        // In a transaction that is open already, the time stands. Sent as one message, the statement begins its own.
        let is_first = sqlx::raw_sql("select now() = statement_timestamp()");
        let mut connection = fixture.pool.acquire().await.unwrap();
        let first: bool = is_first.fetch_one(&mut *connection).await.unwrap().get(0);
        assert!(first, "round {round}");
        connection.keep();
    }
}

#[tokio::test]
async fn a_dropped_transaction_is_rolled_back_and_frees_its_locks() {
    let fixture = Fixture::new("connections dropped", 2).await;
    let insert = "insert into people (id, name) values (7, 'Rin')";
    for _ in 0..20 {
        let mut dropped = fixture.pool.begin().await.unwrap();
        sqlx::query(insert).execute(&mut *dropped).await.unwrap();
        drop(dropped);
        let mut next = fixture.pool.begin().await.unwrap();
        let inserted = sqlx::query(insert).execute(&mut *next);
        tokio::time::timeout(WAIT, inserted).await.expect("the row is locked").unwrap();
        next.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn a_closed_pool_leaves_no_session() {
    let fixture = Fixture::new("connections closed", 3).await;
    let (first, second) =
        (fixture.pool.acquire().await.unwrap(), fixture.pool.acquire().await.unwrap());
    first.keep();
    second.keep();
    fixture.pool.close().await;
    let refused = fixture.pool.acquire().await.unwrap_err();
    assert!(matches!(refused, sqlx::Error::PoolClosed), "{refused}");
    while fixture.sessions().await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
