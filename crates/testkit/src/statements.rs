//! What the bot asks of Postgres, counted by Postgres itself (`pg_stat_statements`): how many statements, how long
//! they took, and how many transactions wrote something.

use std::time::Duration;

use anyhow::Result;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::postgres::{APPLICATION, Durability, Postgres, Shutdown};
use crate::proxy::sql_lexer::without_values;

/// Of the bot's role alone, since a harness asks, too; what a trigger runs is part of its statement.
const OURS: &str = "from pg_stat_statements where userid = $1::regrole and toplevel";

/// What begins or ends a transaction.
const BRACKETS: &str = "query ~* '^(begin|commit|rollback|start transaction)'";

const TIME: &str = "total_exec_time + total_plan_time";

/// Each transaction that writes takes the next number.
const WRITTEN: &str = "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint";

/// How many letters of a statement name it, from its two ends.
const ENDS: (usize, usize) = (80, 60);

/// What was asked of a server.
#[derive(Clone, Copy, Debug, Default)]
pub struct Work {
    /// Statements, those of the next field as well.
    pub statements: f64,
    /// Statements that begin or end a transaction.
    pub brackets: f64,
    /// Time in statements, planning included. A commit itself is not: Postgres counts it as no part of one.
    pub time: Duration,
    /// Of it, time for planning.
    pub planning: Duration,
    /// Transactions that wrote something.
    pub writes: f64,
}

impl Work {
    /// For each of so many.
    pub fn each(self, count: usize) -> Self {
        let share = 1.0 / count as f64;
        Self {
            statements: self.statements * share,
            brackets: self.brackets * share,
            time: self.time.mul_f64(share),
            planning: self.planning.mul_f64(share),
            writes: self.writes * share,
        }
    }
}

/// One statement, however often it ran.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its text on one line, with `?` for values: Postgres shows some of them in one run and none in the next.
    pub text: String,
    /// How often it ran.
    pub calls: f64,
    /// How long it took in all.
    pub time: Duration,
}

impl Statement {
    /// Its text, cut in the middle: many begin alike.
    pub fn shorten(&self) -> String {
        let letters: Vec<char> = self.text.chars().collect();
        if letters.len() <= ENDS.0 + ENDS.1 {
            return self.text.clone();
        }
        let [begin, end] = [&letters[..ENDS.0], &letters[letters.len() - ENDS.1..]];
        begin.iter().chain(['…'].iter()).chain(end).collect()
    }
}

/// Starts a server that counts statements.
pub async fn start_server(durability: Durability) -> Result<Postgres> {
    let postgres = Postgres::start(durability).await?;
    let load = "alter system set shared_preload_libraries = 'pg_stat_statements'";
    run(&postgres, &[load]).await?;
    postgres.restart(Shutdown::Fast).await?;
    let count = [
        "create extension pg_stat_statements",
        "alter system set pg_stat_statements.track_planning = on",
        "select pg_reload_conf()",
    ];
    run(&postgres, &count).await?;
    Ok(postgres)
}

async fn run(postgres: &Postgres, statements: &[&'static str]) -> Result<()> {
    let mut connection = PgConnection::connect(&postgres.admin_url()).await?;
    for statement in statements {
        sqlx::raw_sql(*statement).execute(&mut connection).await?;
    }
    Ok(connection.close().await?)
}

/// Counts on such a server, from another database than the bot's.
pub struct Count {
    connection: PgConnection,
    /// How many transactions had written when it began.
    written: i64,
}

impl Count {
    /// Begins now.
    pub async fn on(postgres: &Postgres) -> Result<Self> {
        let connection = PgConnection::connect(&postgres.admin_url()).await?;
        let mut count = Self { connection, written: 0 };
        count.restart().await?;
        Ok(count)
    }

    /// Forgets what was counted.
    pub async fn restart(&mut self) -> Result<()> {
        sqlx::raw_sql("select pg_stat_statements_reset()").execute(&mut self.connection).await?;
        self.written = sqlx::query_scalar(WRITTEN).fetch_one(&mut self.connection).await?;
        Ok(())
    }

    /// What was counted.
    pub async fn work(&mut self) -> Result<Work> {
        let written: i64 = sqlx::query_scalar(WRITTEN).fetch_one(&mut self.connection).await?;
        let query = format!(
            "select coalesce(sum(calls), 0)::float8,
                coalesce(sum(calls) filter (where {BRACKETS}), 0)::float8,
                coalesce(sum({TIME}), 0)::float8, coalesce(sum(total_plan_time), 0)::float8 {OURS}"
        );
        let query = sqlx::query(AssertSqlSafe(query)).bind(APPLICATION);
        let row = query.fetch_one(&mut self.connection).await?;
        let writes = (written - self.written) as f64;
        let [time, planning] = [2, 3].map(|at| millis(row.get(at)));
        Ok(Work { statements: row.get(0), brackets: row.get(1), time, planning, writes })
    }

    /// Every statement, the one that took longest in all first.
    pub async fn statements(&mut self) -> Result<Vec<Statement>> {
        let query = format!("select query, calls::float8, {TIME} {OURS} order by 3 desc, 1");
        let query = sqlx::query(AssertSqlSafe(query)).bind(APPLICATION);
        let rows = query.fetch_all(&mut self.connection).await?;
        let statement = |row: &PgRow| {
            let text: String = row.get(0);
            Statement { text: without_values(&text), calls: row.get(1), time: millis(row.get(2)) }
        };
        Ok(rows.iter().map(statement).collect())
    }
}

fn millis(time: f64) -> Duration {
    Duration::from_secs_f64(time / 1e3)
}
