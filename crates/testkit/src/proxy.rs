//! A proxy before Postgres, to count commits and to break things from outside.
//!
//! - [`Proxy`]: in front of a server; [`Proxy::url`] leads a client through it.
//! - [`mail`]: the same for a mail server.
//! - `gate`: accepts, refuses, cuts and pauses, whatever the protocol.
//! - `relay`, `session`: one connection; `statement`, `words`: what SQL does; `wire`: its messages.
//!
//! # What counts as a commit
//! What Postgres does at once on a message that arrived whole: nothing that happens to the client
//! can come between its parts, so that it is one point, however many statements it holds.
//!
//! - An explicit `COMMIT`, `END` or `PREPARE TRANSACTION`, simple or extended, while a block is open
//!   that has not failed. Also if the block only read: see [`Commit::writes`].
//! - An implicit one: a simple query, a function call, or the extended messages up to a `Sync` that
//!   leave no block open, with a statement outside of one that **may write**. A statement may write
//!   unless its text shows that it only reads (`statement`). So none is missed except what a
//!   view's, operator's or cast's function writes, and some are counted that wrote nothing.
//!
//! Whether it will succeed can't be known when it arrives. What is refused keeps its number, and
//! [`Outcome::Refused`](discord_sim::crash_points::Outcome::Refused) afterwards. A rollback is no point, nor is
//! a statement inside of a block.
//!
//! Clients that send requests ahead are served one request after the other, which they notice only
//! by the time. Of extended queries nothing is forwarded until `Sync` or `Flush`. Encryption is
//! refused, so a client must not insist on it.

mod gate;
pub mod mail;
mod relay;
mod session;
pub(crate) mod sql_lexer;
mod statement;
mod wire;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::Url;
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

pub use gate::Counters;

use discord_sim::crash_points::{Hold, Points, When, Which};
use gate::Gate;
use relay::Upstream;

/// The port of a Postgres URL without one.
const DEFAULT_PORT: u16 = 5432;

/// The content of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its last statements, up to three, shortened, and `COMMIT` if it was explicit.
    pub label: String,
    /// Every statement of its transaction that may have written, or all if none may
    /// have: each on one line, with `?` for values.
    pub statements: Vec<String>,
    /// Whether anything in it may have written.
    pub writes: bool,
}

impl Commit {
    /// Whether it only updates the job queue's bookkeeping: claims and completions of jobs, heartbeats. They
    /// are timed by the clock. Requesting a job is no bookkeeping, nor is putting one back.
    pub fn is_bookkeeping(&self) -> bool {
        self.statements.iter().all(|statement| {
            (statement.contains("update jobs set") || statement.starts_with("delete from jobs"))
                && !statement.contains("is_put_back")
        })
    }
}

/// Decides which commits are points.
type Filter = Arc<dyn Fn(&Commit) -> bool + Send + Sync>;

/// A proxy on a port of the loopback interface. It ends, with all its connections, when this is
/// dropped.
pub struct Proxy {
    address: SocketAddr,
    points: Points,
    gate: Gate,
    _server: AbortOnDropHandle<()>,
}

impl Proxy {
    /// A proxy for the server of a database URL; it counts every commit.
    ///
    /// # Errors
    /// A URL without a host, or no free port. The server need not run yet.
    pub async fn start(upstream_url: &str) -> Result<Self> {
        Self::counting(upstream_url, |_| true).await
    }

    /// Counts the commits for which `counts` is true; the others pass uncounted.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn counting(
        upstream_url: &str,
        counts: impl Fn(&Commit) -> bool + Send + Sync + 'static,
    ) -> Result<Self> {
        // The URL holds a password, so it is in no error.
        let url: Url = upstream_url.parse().context("no database URL")?;
        let host = url.host_str().context("a database URL without a host")?.to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no port for the proxy")?;
        let address = listener.local_addr()?;
        let (points, gate, filter) = (Points::default(), Gate::new(), Arc::new(counts) as Filter);
        let upstream = Upstream {
            host,
            port: url.port().unwrap_or(DEFAULT_PORT),
            points: points.clone(),
            gate: gate.clone(),
            filter,
        };
        let serve = move |client| relay::connection(upstream.clone(), client);
        let server = AbortOnDropHandle::new(tokio::spawn(gate.clone().serve(listener, serve)));
        Ok(Self { address, points, gate, _server: server })
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A database URL with the proxy's host and port in place of the server's.
    ///
    /// # Errors
    /// Something that is no URL of a host.
    pub fn url(&self, database_url: &str) -> Result<String> {
        let mut url: Url = database_url.parse().context("no database URL")?;
        url.set_ip_host(self.address.ip())
            .and_then(|()| url.set_port(Some(self.address.port())))
            .map_err(|()| anyhow::anyhow!("a database URL that can have no host"))?;
        Ok(url.into())
    }

    /// The commits.
    pub fn points(&self) -> &Points {
        &self.points
    }

    /// Keeps the commit of this number, from 1, from being forwarded. When the hold is
    /// dropped, the connection is, and the server rolls back.
    pub fn hold_before(&self, number: usize) -> Hold {
        self.points.hold(Which::Number(number), When::Before)
    }

    /// Lets the commit of this number, from 1, be carried out, and withholds the answer.
    pub fn hold_after(&self, number: usize) -> Hold {
        self.points.hold(Which::Number(number), When::After)
    }

    /// Cuts every connection.
    pub fn cut_all(&self) {
        self.gate.cut_all();
    }

    /// Lets no byte through on any connection that there is, for good, and leaves them open: a server that vanished
    /// without a word. New connections are served.
    pub fn strand_all(&self) {
        self.gate.strand_all();
    }

    /// Lets no byte through in either direction; connections stay, and are accepted.
    pub fn pause(&self) {
        self.gate.pause(true);
    }

    /// Blocks all bytes on connections that ever sent `LISTEN` for a channel with this name; they
    /// stay open, and others continue.
    pub fn pause_listeners(&self, channel: &str) {
        self.gate.pause_listeners(Some(channel));
    }

    /// Ends a pause, of whichever kind.
    pub fn resume(&self) {
        self.gate.pause(false);
        self.gate.pause_listeners(None);
    }

    /// Closes new connections at once, until [`admit`](Self::admit).
    pub fn refuse(&self) {
        self.gate.refuse(true);
    }

    /// Serves new connections again.
    pub fn admit(&self) {
        self.gate.refuse(false);
    }

    /// Delays every request by this time before it goes to the server; zero ends that.
    pub fn delay(&self, time: Duration) {
        self.gate.delay(time);
    }

    /// What has passed so far.
    pub fn counters(&self) -> Counters {
        self.gate.counters()
    }
}
