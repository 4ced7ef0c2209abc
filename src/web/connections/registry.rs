//! The open connections of a listener: how many there are, and which are closed when there are too many.

use std::collections::HashMap;
use std::io;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::Limits;
use super::state::{ConnectionState, Waiting};
use crate::counters;
use crate::verify::limits::network;

/// One in this many waiting connections is closed at a time, so that not all of them have to be checked
/// for each new one.
const EVICTED_PART: usize = 32;

/// How long a new connection waits for room, and how often it looks. Others are closed within
/// microseconds; on a busy machine their tasks have to get their turn first.
const ADMISSION_TIMEOUT: Duration = Duration::from_millis(200);
const ADMISSION_CHECK: Duration = Duration::from_millis(1);

/// How often the log repeats a warning.
const WARNING_INTERVAL: Duration = Duration::from_secs(60);

/// The open connections of a listener.
pub(super) struct Registry {
    listener: &'static str,
    limits: Limits,
    start: Instant,
    /// Has a permit for each connection whose descriptor is open.
    permits: Arc<Semaphore>,
    /// Whether the last new connection found no room.
    refusing: AtomicBool,
    open: Mutex<Open>,
}

/// Without those that are being closed.
#[derive(Default)]
struct Open {
    last_id: u64,
    connections: HashMap<u64, Connection>,
    per_network: HashMap<IpAddr, usize>,
    warned_at: Option<Instant>,
}

struct Connection {
    state: Arc<ConnectionState>,
    /// Set once it is spawned.
    task: Option<AbortHandle>,
    /// Its client's address or /64; `None` where that is exempt.
    network: Option<IpAddr>,
}

/// The situation that a new connection finds.
enum Admission {
    Admitted(Slot),
    /// Others are being closed.
    MakingRoom,
    /// All others must send responses.
    Full,
    /// All others of its address do.
    AddressFull,
}

/// Room for one connection.
pub(super) struct Slot {
    network: Option<IpAddr>,
    permit: OwnedSemaphorePermit,
}

/// Removes a connection when it ends.
struct Registration {
    registry: Arc<Registry>,
    id: u64,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.registry.open().remove(self.id);
    }
}

impl Registry {
    pub(super) fn new(listener: &'static str, limits: Limits) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(limits.connections));
        let (refusing, open) = (AtomicBool::new(false), Mutex::default());
        Arc::new(Self { listener, limits, start: Instant::now(), permits, refusing, open })
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes room for a connection from this peer. `None` where none of the others waits for its
    /// client.
    pub(super) async fn admit(&self, peer: IpAddr) -> Option<Slot> {
        let peer = peer.to_canonical();
        let is_exempt = self.limits.exempt.iter().any(|net| net.contains(&peer));
        let network = (!is_exempt).then(|| network(peer));
        let admitted = timeout(ADMISSION_TIMEOUT, self.wait_for_slot(network)).await;
        if !matches!(admitted, Ok(None)) {
            self.refusing.store(admitted.is_err(), Relaxed);
        }
        let slot = admitted.ok().flatten();
        if slot.is_none() {
            counters::count_closed_connections(self.listener, "refused", 1);
        }
        slot
    }

    async fn wait_for_slot(&self, network: Option<IpAddr>) -> Option<Slot> {
        loop {
            match self.try_admit(network) {
                Admission::Admitted(slot) => return Some(slot),
                // One address must not hold up the others.
                Admission::AddressFull => return None,
                // A connection that was just accepted waits for its client in a moment. After one
                // refusal the next ones come at once, so that the queue does not grow.
                Admission::Full if self.refusing.load(Relaxed) => return None,
                Admission::Full | Admission::MakingRoom => sleep(ADMISSION_CHECK).await,
            }
        }
    }

    fn try_admit(&self, network: Option<IpAddr>) -> Admission {
        let mut open = self.open();
        if let Some(network) = network
            && open.per_network.get(&network) >= Some(&self.limits.per_address)
        {
            self.warn_of_limit(&mut open, "from one address");
            if !self.evict(&mut open, |connection| connection.network == Some(network)) {
                return Admission::AddressFull;
            }
        }
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Admission::Admitted(Slot { network, permit });
        }
        // Fewer where some are being closed already.
        if open.connections.len() >= self.limits.connections {
            self.warn_of_limit(&mut open, "in all");
            let evicted = self.evict(&mut open, |connection| connection.network.is_some())
                || self.evict(&mut open, |_| true);
            if !evicted {
                return Admission::Full;
            }
        }
        Admission::MakingRoom
    }

    fn warn_of_limit(&self, open: &mut Open, which: &str) {
        if open.may_warn() {
            tracing::warn!(
                listener = self.listener,
                open = open.connections.len(),
                "the limit of connections {which} is reached: those that wait longest are closed"
            );
        }
    }

    /// Closes those of `candidates` that have waited longest, if any of them waits.
    fn evict(&self, open: &mut Open, candidates: impl Fn(&Connection) -> bool) -> bool {
        let mut waiting =
            open.select(|connection| connection.state.waiting().filter(|_| candidates(connection)));
        let part = waiting.len() / EVICTED_PART;
        if part < waiting.len() {
            waiting.select_nth_unstable(part);
        }
        waiting.truncate(part + 1);
        let closed = open.close(&waiting);
        counters::count_closed_connections(self.listener, "evicted", closed);
        closed > 0
    }

    /// Spawns a connection. `begin` creates its future.
    pub(super) fn spawn<F>(
        self: &Arc<Self>,
        slot: Slot,
        begin: impl FnOnce(Arc<ConnectionState>) -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        let state = Arc::new(ConnectionState::new(self.start));
        let connection = begin(state.clone());
        let Slot { network, permit } = slot;
        let id = self.open().insert(Connection { state, task: None, network });
        let registration = Registration { registry: self.clone(), id, _permit: permit };
        // It is dropped after the connection, whose descriptor is then closed.
        let task = tokio::spawn(connection.map(move |()| drop(registration)));
        // It may have ended already.
        if let Some(connection) = self.open().connections.get_mut(&id) {
            connection.task = Some(task.abort_handle());
        }
    }

    /// Closes all connections that have waited for too long.
    pub(super) fn close_timed_out(&self) {
        let mut open = self.open();
        let timed_out = open.select(|connection| connection.state.timed_out());
        let closed = open.close(&timed_out);
        counters::count_closed_connections(self.listener, "timeout", closed);
    }

    /// Closes all connections that wait for their clients, since the listener stops.
    pub(super) fn close_waiting(&self) {
        let mut open = self.open();
        let waiting = open.select(|connection| connection.state.waiting());
        open.close(&waiting);
    }

    /// Closes some connections, since nothing can be accepted.
    pub(super) fn free_descriptors(&self, error: &io::Error) {
        let mut open = self.open();
        if open.may_warn() {
            tracing::warn!(listener = self.listener, %error, "connections can't be accepted");
        }
        self.evict(&mut open, |_| true);
    }
}

impl Open {
    fn may_warn(&mut self) -> bool {
        let may = self.warned_at.is_none_or(|at| at.elapsed() > WARNING_INTERVAL);
        if may {
            self.warned_at = Some(Instant::now());
        }
        may
    }

    fn select(&self, which: impl Fn(&Connection) -> Option<Waiting>) -> Vec<(Waiting, u64)> {
        let selected = |(id, connection): (&u64, &Connection)| Some((which(connection)?, *id));
        self.connections.iter().filter_map(selected).collect()
    }

    fn insert(&mut self, connection: Connection) -> u64 {
        if let Some(network) = connection.network {
            *self.per_network.entry(network).or_default() += 1;
        }
        self.last_id += 1;
        self.connections.insert(self.last_id, connection);
        self.last_id
    }

    /// Closes those without activity since they were seen; returns how many.
    fn close(&mut self, seen: &[(Waiting, u64)]) -> usize {
        let mut closed = 0;
        for (waiting, id) in seen {
            let Some(connection) = self.connections.get(id) else { continue };
            if connection.state.close(*waiting) {
                connection.task.as_ref().inspect(|task| task.abort());
                self.remove(*id);
                closed += 1;
            }
        }
        closed
    }

    fn remove(&mut self, id: u64) {
        let Some(connection) = self.connections.remove(&id) else { return };
        let Some(network) = connection.network else { return };
        if let Some(count) = self.per_network.get_mut(&network) {
            *count -= 1;
            if *count == 0 {
                self.per_network.remove(&network);
            }
        }
    }
}
