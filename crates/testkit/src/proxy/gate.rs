//! Controls the connections of a proxy: accepts, refuses, cuts, pauses and delays, for any protocol.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// What has passed through a proxy so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections that were accepted.
    pub accepted: usize,
    /// Connections that were refused.
    pub refused: usize,
    /// Connections that are open now.
    pub open: usize,
}

/// The state of the gate. Clones share it.
#[derive(Clone)]
pub(super) struct Gate(Arc<Inner>);

struct Inner {
    settings: watch::Sender<Settings>,
    /// Ends the current connections; later ones get another.
    cut: Mutex<CancellationToken>,
    /// Silences the current connections; later ones get another.
    strand: Mutex<CancellationToken>,
    accepted: AtomicUsize,
    refused: AtomicUsize,
    open: AtomicUsize,
}

#[derive(Clone, Default)]
struct Settings {
    paused: bool,
    /// Connections that listen for this are paused.
    paused_channel: Option<String>,
    refusing: bool,
    delay: Duration,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self(Arc::new(Inner {
            settings: watch::Sender::new(Settings::default()),
            cut: Mutex::default(),
            strand: Mutex::default(),
            accepted: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
        }))
    }

    /// Serves each connection until it ends or is cut.
    pub(super) async fn serve<F>(self, listener: TcpListener, serve: impl Fn(TcpStream) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let mut connections = JoinSet::new();
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            while connections.try_join_next().is_some() {}
            if self.0.settings.borrow().refusing {
                self.0.refused.fetch_add(1, Relaxed);
                continue;
            }
            self.0.accepted.fetch_add(1, Relaxed);
            let open = Open::new(self.clone());
            let (cut, connection) = (signal(&self.0.cut), serve(stream));
            let strand = signal(&self.0.strand);
            connections.spawn(async move {
                let _open = open;
                let mut connection = std::pin::pin!(connection);
                tokio::select! {
                    () = &mut connection => return,
                    () = cut.cancelled() => return,
                    () = strand.cancelled() => {}
                }
                // Its sockets stay open.
                cut.cancelled().await;
            });
        }
    }

    /// To be awaited before any bytes are sent.
    pub(super) async fn open(&self) {
        let mut settings = self.0.settings.subscribe();
        // It fails only without a sender, and we hold that.
        let _ = settings.wait_for(|settings| !settings.paused).await;
    }

    /// To be awaited before any bytes are sent on a connection that listens for a channel, according to the
    /// function.
    pub(super) async fn open_for(&self, listens: impl Fn(&str) -> bool) {
        let mut settings = self.0.settings.subscribe();
        let is_open = |settings: &Settings| {
            !settings.paused && !settings.paused_channel.as_deref().is_some_and(&listens)
        };
        let _ = settings.wait_for(is_open).await;
    }

    pub(super) fn pause_listeners(&self, channel: Option<&str>) {
        let channel = channel.map(str::to_owned);
        self.0.settings.send_modify(|settings| settings.paused_channel = channel);
    }

    /// To be awaited before a request is sent.
    pub(super) async fn open_for_request(&self) {
        let delay = self.0.settings.borrow().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        self.open().await;
    }

    pub(super) fn cut_all(&self) {
        replace(&self.0.cut).cancel();
    }

    pub(super) fn strand_all(&self) {
        replace(&self.0.strand).cancel();
    }

    pub(super) fn pause(&self, paused: bool) {
        self.0.settings.send_modify(|settings| settings.paused = paused);
    }

    pub(super) fn refuse(&self, refusing: bool) {
        self.0.settings.send_modify(|settings| settings.refusing = refusing);
    }

    pub(super) fn delay(&self, delay: Duration) {
        self.0.settings.send_modify(|settings| settings.delay = delay);
    }

    pub(super) fn counters(&self) -> Counters {
        Counters {
            accepted: self.0.accepted.load(Relaxed),
            refused: self.0.refused.load(Relaxed),
            open: self.0.open.load(Relaxed),
        }
    }
}

/// What tells the current connections.
fn signal(of: &Mutex<CancellationToken>) -> CancellationToken {
    of.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The same; later connections get another.
fn replace(of: &Mutex<CancellationToken>) -> CancellationToken {
    let mut current = of.lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *current, CancellationToken::new())
}

/// Counts as an open connection until it is dropped.
struct Open(Gate);

impl Open {
    fn new(gate: Gate) -> Self {
        gate.0.open.fetch_add(1, Relaxed);
        Self(gate)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.open.fetch_sub(1, Relaxed);
    }
}
