//! `/livez`: the process answers. `/readyz`: it can do its work, and if not, which part can't; and whether emails or
//! cards wait for something to be mended, which keeps nothing else from working.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use secrecy::SecretString;
use serde::Serialize;
use tokio::sync::{Mutex, watch};
use tokio::time::timeout;

use crate::counters;
use crate::discord::gateway;
use crate::discord::part_status::{PartStatus, ProcessPart};
use crate::discord::rest::ErrorCode;
use crate::network::Network;
use crate::store;
use crate::store::cards::{self, RefusedCards};
use crate::store::jobs::{self, Backlog};
use crate::store::pool::Pool;

/// How long the database may take to answer.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long it may take to count the jobs; less than all together.
const BACKLOG_TIMEOUT: Duration = Duration::from_millis(500);

/// How long connecting to it may take.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(1);

/// How long its last answer is used for all requests.
const DATABASE_KEPT: Duration = Duration::from_secs(1);

/// What readiness depends on.
#[derive(Clone)]
pub struct Health {
    /// Whether the database works.
    pub database: DatabaseHealth,
    /// How interactions arrive.
    pub ingress: IngressHealth,
    /// Whether jobs are run.
    pub workers: watch::Receiver<bool>,
    /// Why emails wait, and what to mend.
    pub mail: MailHealth,
}

/// Says to somebody why emails wait, and what to mend; nothing where none waits.
pub type MailHealth = Arc<dyn Fn(ToldTo) -> Option<String> + Send + Sync>;

/// Who is told of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ToldTo {
    /// Who runs the process.
    Operators,
    /// Admins of some providers, who hear no words about the emails of others.
    Admins,
}

/// Whether the database works. It is queried at most once a second, one query at a time, however many
/// requests there are, over a connection of its own.
#[derive(Clone)]
pub struct DatabaseHealth {
    pool: Pool,
    /// Locked while the database is queried.
    kept: Arc<Mutex<Option<(Instant, DatabaseParts)>>>,
}

/// What the database says.
#[derive(Clone)]
struct DatabaseParts {
    /// Whether it works.
    database: Part,
    /// Whether Discord shows the cards.
    cards: Part,
    /// What has not been done yet, if that could be read.
    backlog: Option<Backlog>,
}

impl DatabaseParts {
    /// Nothing is known of cards and jobs.
    fn waiting(reason: &'static str) -> Self {
        Self { database: Part::waiting(reason), cards: Part::ready(), backlog: None }
    }
}

impl DatabaseHealth {
    /// For the database at this URL. Nothing is connected yet.
    ///
    /// # Errors
    /// The URL is not valid for Postgres.
    pub fn new(url: &SecretString, network: &Network) -> anyhow::Result<Self> {
        let pool = store::pool::build_readiness_pool(url, network, CONNECTION_TIMEOUT);
        let pool = pool.context("[database] url is no URL of Postgres'")?;
        Ok(Self { pool, kept: Arc::default() })
    }

    async fn parts(&self) -> DatabaseParts {
        let mut kept = self.kept.clone().lock_owned().await;
        if let Some((at, parts)) = &*kept
            && at.elapsed() < DATABASE_KEPT
        {
            return parts.clone();
        }
        let pool = self.pool.clone();
        // In a separate task: a client that disconnects must not cancel the query, which the next
        // one would have to repeat.
        let asked = tokio::spawn(async move {
            let parts = ask(&pool).await;
            *kept = Some((Instant::now(), parts.clone()));
            parts
        });
        asked.await.unwrap_or_else(|_| DatabaseParts::waiting("the database was not asked"))
    }
}

/// The database's error stays in the log: a client of `/readyz` must not see names and addresses.
async fn ask(pool: &Pool) -> DatabaseParts {
    let asked = async {
        let mut connection = pool.acquire().await?;
        let refused = cards::count_refused(&mut connection).await?;
        // It is for the metrics alone: where it can't be read, everything else may work.
        let backlog = timeout(BACKLOG_TIMEOUT, jobs::read_backlog(&mut connection)).await;
        let backlog = backlog.ok().and_then(Result::ok);
        if backlog.is_some() {
            connection.keep();
        } else {
            drop(connection);
        }
        Ok::<_, sqlx::Error>((store::disk_space::has_space_left(pool).await?, refused, backlog))
    };
    match timeout(DATABASE_TIMEOUT, asked).await {
        Ok(Ok((has_space, refused, backlog))) => {
            let database = if has_space {
                Part::ready()
            } else {
                tracing::warn!("the database has no room left on its disk");
                Part::waiting("the database has no room left on its disk")
            };
            let cards = refused.map_or_else(Part::ready, cards_part);
            DatabaseParts { database, cards, backlog }
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "the database does not answer");
            DatabaseParts::waiting("the database does not answer")
        }
        Err(_) => DatabaseParts::waiting("the database does not answer in time"),
    }
}

/// Discord's words stay in the log: they may quote what was typed.
fn cards_part(refused: RefusedCards) -> Part {
    let (count, code) = (refused.count, ErrorCode::from(refused.code));
    let cards = match count {
        1 => "the card of 1 request".to_owned(),
        count => format!("the cards of {count} requests"),
    };
    Part::waiting(format!("Discord refuses {cards} ({code}): {}", code.cure()))
}

/// How interactions arrive.
#[derive(Clone)]
pub enum IngressHealth {
    /// Over the gateway, which has this state.
    Gateway(watch::Receiver<gateway::Status>),
    /// As signed POSTs; the key to verify them was read at the start.
    Signatures,
}

/// The state of all parts, as `/readyz` answers it.
#[derive(Debug, Serialize)]
struct Readiness {
    ready: bool,
    database: Part,
    /// Whether it waits for the gateway that another process has. It does everything else, so it is ready.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    standby: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    gateway: Option<Part>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signatures: Option<Part>,
    workers: Part,
    /// These never make the whole unready: a load balancer must not take a process away because of them.
    mail: Part,
    cards: Part,
}

#[derive(Debug, Clone, Serialize)]
struct Part {
    ready: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Part {
    fn ready() -> Self {
        Self { ready: true, reason: None }
    }

    fn waiting(reason: impl Into<String>) -> Self {
        Self { ready: false, reason: Some(reason.into()) }
    }
}

/// The routes `/livez` and `/readyz`.
pub fn routes(health: Health) -> Router {
    Router::new()
        .route("/livez", get(async || Json(serde_json::json!({ "live": true }))))
        .route("/readyz", get(readyz))
        .with_state(health)
}

async fn readyz(State(health): State<Health>) -> (StatusCode, Json<Readiness>) {
    let readiness = health.readiness(health.database.parts().await, ToldTo::Operators);
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(readiness))
}

impl Health {
    /// Records the state of all parts, for `/metrics`.
    pub async fn measure(&self) {
        let database = self.database.parts().await;
        if let Some(backlog) = database.backlog {
            counters::measure_backlog(backlog.oldest_wait, backlog.failing);
        }
        let readiness = self.readiness(database, ToldTo::Operators);
        let parts = [
            ("database", Some(readiness.database)),
            ("gateway", readiness.gateway),
            ("signatures", readiness.signatures),
            ("workers", Some(readiness.workers)),
            ("mail", Some(readiness.mail)),
            ("cards", Some(readiness.cards)),
        ];
        for (name, part) in parts {
            if let Some(part) = part {
                counters::part_is_ready(name, part.ready);
            }
        }
    }

    /// How the parts are that this process's work depends on, for people in Discord.
    pub async fn list_parts(&self) -> Vec<PartStatus> {
        let readiness = self.readiness(self.database.parts().await, ToldTo::Admins);
        let parts = [
            (ProcessPart::Database, Some(readiness.database)),
            (ProcessPart::Gateway, readiness.gateway),
            (ProcessPart::Signatures, readiness.signatures),
            (ProcessPart::Workers, Some(readiness.workers)),
            (ProcessPart::Mail, Some(readiness.mail)),
        ];
        let status = |(part, found): (_, Option<Part>)| {
            let Part { ready, reason } = found?;
            let trouble = (!ready).then(|| reason.unwrap_or_default());
            Some(PartStatus { part, trouble })
        };
        parts.into_iter().filter_map(status).collect()
    }

    fn readiness(&self, database: DatabaseParts, to: ToldTo) -> Readiness {
        let DatabaseParts { database, cards, .. } = database;
        let workers =
            if *self.workers.borrow() { Part::ready() } else { Part::waiting("no jobs are taken") };
        let (standby, gateway, signatures) = match &self.ingress {
            IngressHealth::Gateway(status) => {
                let status = status.borrow();
                (status.standby, Some(gateway_part(&status)), None)
            }
            IngressHealth::Signatures => (false, None, Some(Part::ready())),
        };
        let ingress = gateway.as_ref().or(signatures.as_ref()).is_some_and(|part| part.ready);
        let mail = (self.mail)(to).map_or_else(Part::ready, Part::waiting);
        let ready = database.ready && workers.ready && (ingress || standby);
        Readiness { ready, standby, database, gateway, signatures, workers, mail, cards }
    }
}

fn gateway_part(status: &gateway::Status) -> Part {
    match status {
        gateway::Status { ready: true, .. } => Part::ready(),
        gateway::Status { standby: true, .. } => {
            Part::waiting("another process has the gateway; this one takes over when it ends")
        }
        gateway::Status { trouble: Some(trouble), .. } => Part::waiting(trouble.clone()),
        gateway::Status { trouble: None, .. } => Part::waiting("not connected yet"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn readiness_names_the_part_that_is_not() {
        let url = "postgres://nobody@127.0.0.1:1/none".into();
        let database = DatabaseHealth::new(&url, &Network::default()).unwrap();
        let (status, ingress) = watch::channel(gateway::Status::default());
        let (_running, workers) = watch::channel(true);
        let trouble = Arc::new(std::sync::Mutex::new(None));
        let said = trouble.clone();
        let mail: MailHealth = Arc::new(move |_| said.lock().unwrap().clone());
        let health = Health { database, ingress: IngressHealth::Gateway(ingress), workers, mail };
        let shown = async || {
            serde_json::to_value(health.readiness(health.database.parts().await, ToldTo::Operators))
                .unwrap()
        };

        insta::assert_snapshot!(shown().await, @r#"{"cards":{"ready":true},"database":{"ready":false,"reason":"the database does not answer"},"gateway":{"ready":false,"reason":"not connected yet"},"mail":{"ready":true},"ready":false,"workers":{"ready":true}}"#);
        status.send_replace(gateway::Status { ready: true, ..gateway::Status::default() });
        let readiness = shown().await;
        assert_eq!(readiness["gateway"], serde_json::json!({ "ready": true }));
        assert_eq!(readiness["ready"], false);
        status.send_replace(gateway::Status { standby: true, ..gateway::Status::default() });
        let readiness = shown().await;
        assert_eq!(
            (&readiness["standby"], &readiness["gateway"]["ready"]),
            (&true.into(), &false.into())
        );
        *trouble.lock().unwrap() = Some("554 no; mend it".to_owned());
        let waiting = serde_json::json!({ "ready": false, "reason": "554 no; mend it" });
        assert_eq!(shown().await["mail"], waiting);
    }
}
