//! The proxies before Postgres and the mail server, used by plain clients.

mod bot;
mod commits;
mod faults;
mod mail;
mod raw;

use std::time::Duration;

use discord_sim::crash_points::{Arrival, Held, Hold, Outcome};
use sqlx::{Connection, PgConnection};
use testkit::postgres::{Database, Postgres};
use testkit::proxy::Proxy;

/// Nothing here takes longer.
const LIMIT: Duration = Duration::from_secs(20);

/// A database with a table `t` of numbers, and a proxy before it.
struct Fixture {
    database: Database,
    proxy: Proxy,
}

impl Fixture {
    async fn start() -> Self {
        let postgres = Postgres::shared().await.unwrap();
        let database = postgres.database("proxy").await.unwrap();
        let proxy = Proxy::start(&database.owner_url).await.unwrap();
        let fixture = Self { database, proxy };
        run(
            &mut fixture.past().await,
            "CREATE TABLE t (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)",
        )
        .await;
        fixture
    }

    /// A connection through the proxy.
    async fn through(&self) -> PgConnection {
        let url = self.proxy.url(&self.database.owner_url).unwrap();
        PgConnection::connect(&url).await.unwrap()
    }

    /// A connection past the proxy.
    async fn past(&self) -> PgConnection {
        PgConnection::connect(&self.database.owner_url).await.unwrap()
    }

    async fn rows(&self) -> i64 {
        let mut connection = self.past().await;
        sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(&mut connection).await.unwrap()
    }

    fn labels(&self) -> Vec<String> {
        self.proxy.points().arrivals().into_iter().map(|arrival| arrival.label).collect()
    }

    fn done(&self) -> usize {
        let arrivals = self.proxy.points().arrivals();
        arrivals.iter().filter(|arrival| arrival.outcome == Outcome::Done).count()
    }
}

/// Runs a text as one simple query.
async fn run(connection: &mut PgConnection, sql: &'static str) {
    sqlx::raw_sql(sql).execute(connection).await.unwrap();
}

/// Runs a statement as an extended query with one parameter.
async fn bind(connection: &mut PgConnection, sql: &'static str, number: i32) -> sqlx::Result<()> {
    sqlx::query(sql).bind(number).execute(connection).await.map(|_| ())
}

async fn reached(hold: &mut Hold) -> Held {
    tokio::time::timeout(LIMIT, hold.reached()).await.expect("the point in time").unwrap()
}

fn arrival(number: usize, label: &str, repetition: usize, outcome: Outcome) -> Arrival {
    Arrival { number, label: label.to_owned(), repetition, outcome }
}
