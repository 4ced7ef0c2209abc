//! The simulated Discord gateway, version 10, on real sockets.
//!
//! - [`Gateway`]: the handle that tests and the simulation hold.
//! - `control`: what can be done to it from outside, faults included.
//! - `connection`: one socket from its first byte to its last.
//! - `session`: what outlives a socket: sequence numbers and the events to replay.
//! - `protocol`: op codes, close codes and the payloads that a client sends.
//! - `intents`: which events a session gets.
//! - `compression`: `zlib-stream` and compressed payloads.
//!
//! It follows <https://discord.com/developers/docs/events/gateway>. A client that resumes is
//! expected on [`Gateway::resume_url`], which is another port than [`Gateway::url`]; coming to the
//! wrong one works, as it does at Discord, and is counted.

mod compression;
mod connection;
mod control;
mod intents;
mod protocol;
mod session;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::{CancellationToken, DropGuard};

use connection::Order;
use session::Session;

/// Discord allows this many IDENTIFYs in 24 hours; after one more it resets the token.
const IDENTIFIES_PER_DAY: usize = 1000;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The gateway's data about the application that may connect to it.
#[derive(Clone)]
pub struct GatewayOptions {
    /// The bot's token; clients may send it with or without the prefix `Bot `.
    pub token: String,
    /// The application's id, as in READY.
    pub application_id: String,
    /// The application's flags, which decide which privileged intents it may request.
    pub application_flags: u64,
    /// The bot's own user object, as in READY.
    pub user: Value,
    /// The guilds that the bot is a member of.
    pub guild_ids: Vec<String>,
    /// How often a client has to send a heartbeat. Discord's usual figure is 41.25 s.
    pub heartbeat_interval: Duration,
    /// How long a session without a socket can still be resumed.
    pub session_ttl: Duration,
    /// How long after an IDENTIFY the next one is refused (`max_concurrency` is 1 in 5 s).
    pub identify_interval: Duration,
    /// How many events are kept for each session.
    pub replay_capacity: usize,
}

impl GatewayOptions {
    /// Discord's own figures for the application with this token, id and bot user.
    pub fn new(token: impl Into<String>, application_id: impl Into<String>, user: Value) -> Self {
        Self {
            token: token.into(),
            application_id: application_id.into(),
            application_flags: 0,
            user,
            guild_ids: Vec::new(),
            heartbeat_interval: Duration::from_millis(41_250),
            session_ttl: Duration::from_secs(180),
            identify_interval: Duration::from_secs(5),
            replay_capacity: 10_000,
        }
    }
}

/// What the gateway has seen so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Sockets that finished the WebSocket handshake.
    pub connections: u64,
    /// IDENTIFYs that ended in a READY.
    pub identifies: u64,
    /// IDENTIFYs that came too soon after the one before.
    pub identifies_too_soon: u64,
    /// RESUMEs that ended in a RESUMED.
    pub resumes: u64,
    /// RESUMEs that were answered with op 9 or a close code.
    pub resumes_refused: u64,
    /// RESUMEs that came to [`Gateway::url`] instead of [`Gateway::resume_url`].
    pub resumes_at_wrong_address: u64,
    /// Heartbeats received.
    pub heartbeats: u64,
    /// Events replayed after a resume.
    pub replayed: u64,
}

/// The gateway's faults. The default has none.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// New sockets are dropped before the WebSocket handshake.
    pub refuse_connections: bool,
    /// New sockets never get a HELLO.
    pub withhold_hello: bool,
    /// Heartbeats are not acknowledged.
    pub withhold_heartbeat_acks: bool,
    /// IDENTIFYs are answered with this close code.
    pub refuse_identify: Option<u16>,
    /// A resume also replays this many events that the client has already.
    pub replay_again: usize,
    /// Dispatched events leave this much later, in their order.
    pub dispatch_delay: Duration,
}

/// The simulated gateway. Clones share it; it stops when the last one is dropped.
#[derive(Clone)]
pub struct Gateway {
    shared: Arc<Shared>,
    _stop_on_drop: Arc<DropGuard>,
}

impl Gateway {
    /// Starts the gateway on two free loopback ports.
    pub async fn start(options: GatewayOptions) -> anyhow::Result<Self> {
        let listener = listen().await?;
        let resume_listener = listen().await?;
        let shared = Arc::new(Shared {
            url: format!("ws://{}", listener.local_addr()?),
            resume_url: format!("ws://{}", resume_listener.local_addr()?),
            state: Mutex::new(State::default()),
            ready: watch::Sender::new(0),
            options,
        });
        let stop = CancellationToken::new();
        for (listener, address) in [(listener, Address::First), (resume_listener, Address::Resume)]
        {
            let accepting = accept(listener, shared.clone(), address, stop.clone());
            tokio::spawn(stop.clone().run_until_cancelled_owned(accepting));
        }
        Ok(Self { shared, _stop_on_drop: Arc::new(stop.drop_guard()) })
    }

    /// Where a client connects first: `ws://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// The address for resuming, as in READY.
    pub fn resume_url(&self) -> &str {
        &self.shared.resume_url
    }

    /// Clients are told these addresses from now on, the first and the one for resuming: of what stands before
    /// this.
    pub fn is_reached_at(&self, url: &str, resume_url: &str) {
        self.shared.state().told = Some([url.to_owned(), resume_url.to_owned()]);
    }

    /// The answer of `GET /gateway/bot`.
    pub fn bot_info(&self) -> Value {
        let mut state = self.shared.state();
        state.forget_old_identifies();
        let reset_after = state
            .identifies
            .front()
            .map_or(Duration::ZERO, |first| DAY.saturating_sub(first.elapsed()));
        json!({
            "url": state.told.as_ref().map_or(self.url(), |[url, _]| url),
            "shards": 1,
            "session_start_limit": {
                "total": IDENTIFIES_PER_DAY,
                "remaining": IDENTIFIES_PER_DAY.saturating_sub(state.identifies.len()),
                "reset_after": u64::try_from(reset_after.as_millis()).unwrap_or(u64::MAX),
                "max_concurrency": 1,
            },
        })
    }
}

async fn listen() -> anyhow::Result<TcpListener> {
    TcpListener::bind(("127.0.0.1", 0)).await.context("no loopback port for the gateway")
}

/// Which of the two ports a socket came to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Address {
    First,
    Resume,
}

async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    address: Address,
    stop: CancellationToken,
) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file descriptors, mostly: others may be given back in the meantime.
                tracing::warn!(%error, "the gateway could not accept a socket");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        if shared.state().faults.refuse_connections {
            continue;
        }
        let serving = connection::serve(stream, shared.clone(), address);
        tokio::spawn(stop.clone().run_until_cancelled_owned(serving));
    }
}

/// What the handle and every socket share.
struct Shared {
    options: GatewayOptions,
    url: String,
    resume_url: String,
    state: Mutex<State>,
    /// How many sessions have a socket now.
    ready: watch::Sender<usize>,
}

impl Shared {
    /// The lock is never held across an await, and a panic under it leaves nothing half done that
    /// would matter to a simulation.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn announce_ready(&self, state: &State) {
        let connected = state.sessions.iter().filter(|session| session.is_connected()).count();
        self.ready.send_replace(connected);
    }
}

/// What changes while the gateway runs.
#[derive(Default)]
struct State {
    /// The addresses that clients are told in place of this one's own.
    told: Option<[String; 2]>,
    /// Set once the daily IDENTIFYs were used up: the token is no longer good.
    token_reset: bool,
    sessions: Vec<Session>,
    connections: HashMap<u64, mpsc::UnboundedSender<Order>>,
    last_id: u64,
    counters: Counters,
    client_closes: Vec<Option<u16>>,
    /// When the IDENTIFYs of the last 24 hours came.
    identifies: VecDeque<Instant>,
    faults: Faults,
}

impl State {
    fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    fn forget_old_identifies(&mut self) {
        while self.identifies.front().is_some_and(|first| first.elapsed() >= DAY) {
            self.identifies.pop_front();
        }
    }

    fn forget_lapsed_sessions(&mut self, ttl: Duration) {
        self.sessions.retain(|session| !session.has_lapsed(ttl));
    }

    fn session_of(&mut self, connection: u64) -> Option<&mut Session> {
        self.sessions.iter_mut().find(|session| session.connection == Some(connection))
    }
}
