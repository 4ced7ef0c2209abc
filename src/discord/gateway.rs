//! The way in through Discord's gateway: one socket that interactions come through.
//!
//! twilight speaks the protocol: heartbeats, compression, identify and resume. What it leaves to its
//! caller happens here: asking for the address, pacing reconnects, noticing a server that says
//! nothing, opening the connection (`relay`), handing the session to the next process, and telling the world how things stand.

mod connection;
mod reconnect_backoff;
mod relay;
mod run;
mod session;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::rest::{Rest, RestError};
use crate::network::Network;
pub use reconnect_backoff::Timing;
pub use session::{SavedSession, SessionStore};

/// What happens to an interaction: it gets Discord's raw JSON and answers by itself.
pub type Handler = Arc<dyn Fn(Value) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// What the gateway needs.
#[derive(Clone)]
pub struct Gateway {
    /// The bot's token, without `Bot `.
    pub token: SecretString,
    /// Asked for the gateway's address.
    pub rest: Arc<Rest>,
    /// How the gateway's connection is made.
    pub network: Network,
    /// Gets each interaction, in a task of its own.
    pub handler: Handler,
    /// Holds those tasks, so that a stop can wait for them.
    pub tasks: TaskTracker,
    /// Where the state is told.
    pub status: watch::Sender<Status>,
    /// How fast it reconnects.
    pub timing: Timing,
}

/// How the gateway stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Whether interactions come in.
    pub ready: bool,
    /// What went wrong last, in a sentence; none since the last time that it was ready.
    pub trouble: Option<String>,
    /// Whether another process has the gateway, and this one waits until it ends.
    pub standby: bool,
}

/// Why the gateway is closed for good: trying again can't help before somebody has acted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// Discord closed with a code that says not to come back.
    #[error("Discord closed the gateway with code {code}: {}", advice(*code))]
    Closed {
        /// Discord's close code.
        code: u16,
    },
    /// Discord refuses to tell the gateway's address.
    #[error("Discord doesn't tell the gateway's address: {0}")]
    Refused(RestError),
}

fn advice(code: u16) -> &'static str {
    match code {
        4004 => "the token is wrong; take the one of the application's page \"Bot\"",
        4010 => "it knows no shard of that number",
        4011 => "the bot is in too many guilds for one process; Countersign is made for one",
        4012 => "this version of the gateway is gone; update Countersign",
        4013 | 4014 => "it refuses the intents, although Countersign asks for none",
        _ => "it says not to come back",
    }
}

/// Discord's close codes after which a client must not come back (Discord's documentation, "Gateway Close
/// Event Codes").
fn is_final(code: u16) -> bool {
    matches!(code, 4004 | 4010..=4014)
}

/// Connects to the gateway at this address, says nothing, and hangs up.
///
/// # Errors
/// Why it can't be reached, for people.
pub async fn reach(network: &Network, address: &str) -> Result<(), String> {
    relay::Relay::open(network, address).await.map(drop)
}

impl Gateway {
    /// Runs until `stop`, then closes so that the next process can resume, or until Discord says
    /// never to come back. `sessions` keeps the session for that process. Tasks that still run are in
    /// [`Gateway::tasks`].
    pub async fn run(
        self,
        sessions: &dyn SessionStore,
        stop: CancellationToken,
    ) -> Result<(), GatewayError> {
        run::run(self, sessions, stop).await
    }
}
