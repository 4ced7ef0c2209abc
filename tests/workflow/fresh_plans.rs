//! A statement is planned once for each connection, which may be while a team begins and its tables are empty: the plan
//! must do for the thousandth request, too. So what runs with each press and job reads rows by an index in the plan for an
//! empty table. A session's settings (`store/pool/session.rs`) have a share in that.

use std::collections::BTreeSet;
use std::path::Path;

use countersign::network::Network;
use countersign::store::pool;
use secrecy::SecretString;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Row as _};

use crate::support::Fixture;

/// Tables that grow with the requests.
const GROW: [&str; 12] = [
    "approvals",
    "cards",
    "deliveries",
    "departures",
    "events",
    "handled_interactions",
    "jobs",
    "notices",
    "people",
    "requests",
    "secrets",
    "tokens",
];

/// What may read a whole table, by words that only it has.
const RARE: &[&str] = &[
    // The sweep, each half a minute.
    "select interaction_id from handled_interactions",
    "leased_until > now() + make_interval(secs => $1)",
    "set wanted = wanted + 1, refused_at = now()",
    // Metrics and health.
    "as \"oldest_wait!\"",
    "min(refused_code) as code",
    "max(in_flight_until)",
    // Commands of an operator.
    "where account_sid = $1",
    "'token_disabled' and detail ->> 'because' = 'restored'",
];

#[tokio::test]
async fn no_statement_is_planned_to_read_a_table_because_that_is_empty() {
    let fixture = Fixture::new("fresh plans").await;
    // Operators' statements are the owner's.
    let owner_url = SecretString::from(fixture.database.owner_url.as_str());
    let mut connection = pool::connect(&owner_url, &Network::default()).await.unwrap();
    let mut wrong = Vec::new();
    // A setting has no plan.
    let statements = read_statements().into_iter().filter(|text| !text.starts_with("set "));
    for (number, text) in statements.enumerate() {
        let plan = explain(&mut connection, number, &text).await;
        let scans: Vec<&String> = plan.iter().filter(|line| reads_a_table(line)).collect();
        if scans.is_empty() {
            continue;
        }
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !RARE.iter().any(|words| folded.contains(words)) {
            wrong.push(format!("{text}\n  {scans:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} statements read whole tables:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

/// Every checked statement.
fn read_statements() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".sqlx");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let read = |path| -> Value { serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap() };
    let statements: BTreeSet<String> =
        files.map(|path| read(path)["query"].as_str().unwrap().to_owned()).collect();
    assert!(statements.len() > 200, "{}", statements.len());
    statements
}

/// The lines of the plan that serves for all values.
async fn explain(connection: &mut sqlx::PgConnection, number: usize, text: &str) -> Vec<String> {
    let most = (1..100).rev().find(|value| text.contains(&format!("${value}"))).unwrap_or(0);
    let values = vec!["null"; most].join(", ");
    let values = if most == 0 { String::new() } else { format!("({values})") };
    let prepare = format!("prepare fresh_{number} as {text}");
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *connection).await.unwrap();
    let query = format!("explain (costs off) execute fresh_{number}{values}");
    let rows = sqlx::raw_sql(AssertSqlSafe(query)).fetch_all(&mut *connection).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0).trim().to_owned()).collect()
}

fn reads_a_table(line: &str) -> bool {
    let Some((_, table)) = line.split_once("Seq Scan on ") else { return false };
    GROW.contains(&table.split_whitespace().next().unwrap_or_default())
}
