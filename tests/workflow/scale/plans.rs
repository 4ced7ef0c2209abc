//! The plan of each query that really ran: `auto_explain` sends it to the client that ran the query, so no
//! query runs twice.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use crate::support::Fixture;

/// Every connection that is opened from now on reports its plans.
pub const EXPLAIN: &[&str] = &[
    "session_preload_libraries = 'auto_explain'",
    "auto_explain.log_min_duration = 0",
    "auto_explain.log_analyze = on",
    "auto_explain.log_buffers = on",
    "auto_explain.log_timing = off",
    "auto_explain.log_format = json",
    "auto_explain.log_level = notice",
];

/// One query as it was carried out.
#[derive(Debug)]
pub struct Plan {
    /// Its first words.
    pub query: String,
    /// For each part that reads a table: its kind, the table, and how many rows it read.
    pub reads: Vec<(String, String, u64)>,
    /// Pages that were touched.
    pub pages: u64,
}

impl Plan {
    fn of(notice: &str) -> Option<Self> {
        let json = &notice[notice.find('{')?..];
        let told: Value = serde_json::from_str(json).ok()?;
        let text = told["Query Text"].as_str().unwrap_or_default();
        let words: Vec<&str> = text.split_whitespace().take(7).collect();
        let mut reads = Vec::new();
        collect(&told["Plan"], &mut reads);
        let pages = ["Shared Hit Blocks", "Shared Read Blocks"];
        let pages = pages.iter().filter_map(|kind| told["Plan"][kind].as_u64()).sum();
        Some(Self { query: words.join(" "), reads, pages })
    }

    /// How many rows it looked at.
    pub fn rows(&self) -> u64 {
        self.reads.iter().map(|(.., rows)| rows).sum()
    }
}

fn collect(node: &Value, reads: &mut Vec<(String, String, u64)>) {
    let number = |key: &str| node[key].as_f64().unwrap_or(0.0);
    if let Some(table) = node["Relation Name"].as_str() {
        let dropped = number("Rows Removed by Filter") + number("Rows Removed by Index Recheck");
        let rows = (number("Actual Rows") + dropped) * number("Actual Loops");
        let kind = node["Node Type"].as_str().unwrap_or_default().to_owned();
        // Averages over the loops; the rounding loses less than one for each.
        reads.push((kind, table.to_owned(), rows.ceil() as u64));
    }
    for child in node["Plans"].as_array().into_iter().flatten() {
        collect(child, reads);
    }
}

/// The plans of all queries of this call.
pub async fn of(fixture: &Fixture, look: impl AsyncFnOnce(&Fixture)) -> Vec<Plan> {
    let told = ServerNotices::default();
    let subscriber = tracing_subscriber::registry().with(told.clone());
    let guard = tracing::subscriber::set_default(subscriber);
    look(fixture).await;
    // There is one connection: all its earlier notices are read before this.
    sqlx::query("select 1")
        .execute(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap();
    drop(guard);
    let told = told.0.lock().unwrap();
    told.iter()
        .filter_map(|notice| Plan::of(notice))
        .filter(|plan| !plan.reads.is_empty())
        .collect()
}

/// The server's notices.
#[derive(Clone, Default)]
struct ServerNotices(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber> Layer<S> for ServerNotices {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::postgres::notice" {
            event.record(&mut Message(&self.0));
        }
    }
}

struct Message<'a>(&'a Mutex<Vec<String>>);

impl Visit for Message<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.0.lock().unwrap().push(value.to_owned());
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}
