//! What Postgres can do at best: commits of one row, by pgbench.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use sqlx::{Connection as _, PgConnection};
use testkit::postgres::Postgres;

const TABLE: &str =
    "create table if not exists commits (id bigint generated always as identity primary key)";
const COMMIT: &str = "insert into commits default values;\n";

/// What pgbench measured.
#[derive(Clone, Copy, Debug)]
pub struct Commits {
    pub a_second: f64,
    /// Of one, on average.
    pub latency: Duration,
}

/// Commits rows for a while, by so many clients.
pub async fn measure(
    postgres: &Postgres,
    clients: usize,
    time: Duration,
) -> anyhow::Result<Commits> {
    let mut connection = PgConnection::connect(&postgres.admin_url()).await?;
    sqlx::raw_sql(TABLE).execute(&mut connection).await?;
    connection.close().await?;
    let folder = tempfile::tempdir()?;
    let script = folder.path().join("commit.sql");
    std::fs::write(&script, COMMIT)?;
    let mut command = Command::new("pgbench");
    command.args(["--no-vacuum", "--protocol", "prepared", "--file"]).arg(&script);
    command.args(["--client", &clients.to_string(), "--jobs", &clients.min(2).to_string()]);
    command.args(["--time", &time.as_secs().to_string(), &postgres.admin_url()]);
    let output = tokio::task::spawn_blocking(move || command.output()).await?;
    let output = output.context("pgbench, which comes with Postgres' server")?;
    ensure!(output.status.success(), "pgbench: {}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout)?;
    let figure = |key: &str| -> anyhow::Result<f64> {
        let rest = said.lines().find_map(|line| line.strip_prefix(key));
        let number = rest.and_then(|rest| rest.split_whitespace().next());
        Ok(number.with_context(|| format!("pgbench gives no {key}: {said}"))?.parse()?)
    };
    let latency = Duration::from_secs_f64(figure("latency average = ")? / 1e3);
    Ok(Commits { a_second: figure("tps = ")?, latency })
}
