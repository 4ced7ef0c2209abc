//! One connection: takes messages from either side, and passes them on to the other.

use std::io::{Error, Result};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Notify;

use super::Filter;
use super::gate::Gate;
use super::session::{Session, Step};
use super::wire::{self, Opening};
use discord_sim::crash_points::{Cut, Points};

/// How much of an answer is buffered until it is sent.
const CHUNK: usize = 64 * 1024;

/// The parts of a connection.
#[derive(Clone)]
pub(super) struct Upstream {
    pub host: String,
    pub port: u16,
    pub points: Points,
    pub gate: Gate,
    pub filter: Filter,
}

/// Serves a client until either side closes.
pub(super) async fn connection(upstream: Upstream, client: TcpStream) {
    let outcome = serve(upstream, client).await;
    if let Err(error) = outcome {
        tracing::debug!(%error, "a connection through the proxy ended");
    }
}

async fn serve(upstream: Upstream, mut client: TcpStream) -> Result<()> {
    client.set_nodelay(true)?;
    let Some((opening, cancels)) = open(&upstream, &mut client).await? else { return Ok(()) };
    let mut server = TcpStream::connect((upstream.host.as_str(), upstream.port)).await?;
    server.set_nodelay(true)?;
    server.write_all(&opening).await?;
    if cancels {
        // The server sends nothing and closes when it is done.
        server.read_to_end(&mut Vec::new()).await?;
        return Ok(());
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let relay = Relay {
        upstream,
        session: Arc::new(Mutex::new(Session::new())),
        freed: Notify::new(),
        listens: Mutex::default(),
    };
    tokio::select! {
        outcome = relay.forth(from_client, to_server) => outcome,
        outcome = relay.back(from_server, to_client) => outcome,
    }
}

/// Reads the client's first message, and whether it is a cancel request.
async fn open(upstream: &Upstream, client: &mut TcpStream) -> Result<Option<(Vec<u8>, bool)>> {
    loop {
        let opening = wire::read_opening(client).await?;
        upstream.gate.open().await;
        match opening {
            Some(Opening::WantsEncryption) => client.write_all(b"N").await?,
            Some(Opening::Cancels(bytes)) => return Ok(Some((bytes, true))),
            Some(Opening::Starts(bytes)) => return Ok(Some((bytes, false))),
            None => return Ok(None),
        }
    }
}

struct Relay {
    upstream: Upstream,
    session: Arc<Mutex<Session>>,
    /// Notified when a request was answered.
    freed: Notify,
    /// The channels that the client listens for.
    listens: Mutex<String>,
}

impl Relay {
    /// From the client to the server.
    async fn forth(&self, client: OwnedReadHalf, mut server: OwnedWriteHalf) -> Result<()> {
        let mut client = BufReader::new(client);
        let mut gathered = Vec::new();
        while let Some(message) = wire::read(&mut client).await? {
            gathered.extend_from_slice(&message.bytes);
            let said = String::from_utf8_lossy(&message.bytes);
            if said.contains("LISTEN \"") {
                self.listens.lock().unwrap_or_else(PoisonError::into_inner).push_str(&said);
            }
            let step = self.session().asked(&message);
            match step {
                Step::Gathers => continue,
                Step::Asks => self.ask(false).await?,
                Step::Flushes if self.session().flush_commits() => self.ask(true).await?,
                Step::Flushes | Step::Passes => self.open().await,
            }
            server.write_all(&gathered).await?;
            gathered.clear();
        }
        Ok(())
    }

    /// Waits until a request may be sent; if it is a held point, that may be never.
    async fn ask(&self, flushed: bool) -> Result<()> {
        while !self.session().is_free() {
            self.freed.notified().await;
        }
        let commit = self.session().begin(flushed);
        if let Some(commit) = commit.filter(|commit| (self.upstream.filter)(commit)) {
            let mut passage = self.upstream.points.arrive(&commit.label);
            passage.before().await.map_err(cut)?;
            self.session().passes(passage);
        }
        self.upstream.gate.open_for_request().await;
        self.open().await;
        Ok(())
    }

    /// From the server to the client.
    async fn back(&self, server: OwnedReadHalf, mut client: OwnedWriteHalf) -> Result<()> {
        let mut server = BufReader::with_capacity(CHUNK, server);
        let mut gathered = Vec::new();
        while let Some(message) = wire::read(&mut server).await? {
            gathered.extend_from_slice(&message.bytes);
            let (ended, withholds) = {
                let mut session = self.session();
                (session.answered(&message), session.withholds())
            };
            if let Some((passage, outcome)) = ended {
                passage.after(outcome).await.map_err(cut)?;
            }
            self.freed.notify_one();
            let is_more_here = !server.buffer().is_empty() && gathered.len() < CHUNK;
            if is_more_here || withholds {
                continue;
            }
            self.open().await;
            client.write_all(&gathered).await?;
            gathered.clear();
        }
        // The server's data before it closed.
        client.write_all(&gathered).await
    }

    /// To be awaited before any bytes are sent.
    async fn open(&self) {
        let listens = |channel: &str| {
            self.listens.lock().unwrap_or_else(PoisonError::into_inner).contains(channel)
        };
        self.upstream.gate.open_for(listens).await;
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cut(cut: Cut) -> Error {
    Error::other(cut)
}
