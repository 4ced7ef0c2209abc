//! The accept loop that both listeners share, with limits on time, size and number, so that no client
//! can use up the connections.
//!
//! At any moment a connection either waits for its client (for the rest of a request, or for the next
//! request) or must send the client a response (`state`). The rules follow from that:
//!
//! - A connection that waits for too long is closed: [`REQUEST_TIMEOUT`], [`IDLE_TIMEOUT`].
//! - A listener has a maximum of connections, in all and for each client address ([`Limits`]). When it is
//!   reached, the connections that have waited longest are closed to make room (`registry`). Refusing
//!   new ones instead would let an attacker keep everyone out for as long as a request may take. A
//!   connection that must send a response is never closed for this.
//! - Proxies and local processes carry the requests of many clients. They have no limit by address,
//!   and their connections are the last to be closed.
//!
//! hyper has one time-out for headers and idle connections together, and sets a timer for each request.
//! Here one check of all connections each second does both, and the state that it reads also shows which
//! connections can be closed to make room.

mod body;
mod registry;
mod state;
mod stream;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use futures_util::FutureExt as _;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tower::Service;

use body::RequestBody;
use registry::Registry;
use state::ConnectionState;
use stream::Stream;

/// How long a whole request may take to arrive, from its first byte (for the first request: from the
/// connection) to the last byte of its body. Discord gives up after 3 s.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection may wait for its next request, or for its client to read a response. Proxies
/// close idle connections earlier, so they never send a request into one that is being closed: nginx
/// after 60 s (`keepalive_timeout` of an upstream), Traefik after 90 s, Caddy after 2 min. A client that
/// sends part of its next request together with a whole one has this long, too.
pub const IDLE_TIMEOUT: Duration = Duration::from_secs(180);

/// The largest request line and headers, and the most that is buffered of anything else, in bytes. nginx
/// accepts 32 kB from its clients (`large_client_header_buffers`) and passes it on.
const MAX_HEADERS: usize = 64 << 10;

/// How often connections are checked for time-outs.
const TIMEOUT_CHECK: Duration = Duration::from_secs(1);

/// How long requests that are still arriving have when the listener stops.
const STOP_GRACE: Duration = Duration::from_secs(3);

/// The pause after a failed `accept` if the system lacks descriptors or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How many connections may wait to be accepted; the system may allow fewer (`net.core.somaxconn`). When
/// this queue is full, clients try again after a second.
const ACCEPT_QUEUE: u32 = 4_096;

/// How many connections a listener takes.
#[derive(Debug, Clone)]
pub struct Limits {
    /// In all.
    pub connections: usize,
    /// From each address; of IPv6, from each /64.
    pub per_address: usize,
    /// Networks that have no limit by address and are the last to be closed.
    pub exempt: Vec<IpNet>,
}

/// Listens on an address.
///
/// # Errors
/// The address is taken, or is not this machine's.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // Connections of the previous process may still be closing.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(ACCEPT_QUEUE)
}

/// Serves each connection with the service that `service_for` creates for its peer, until `stop` is cancelled and the
/// requests that had begun are answered. `name` is the listener's name in the log and the metrics.
pub async fn serve<S>(
    listener: TcpListener,
    name: &'static str,
    limits: Limits,
    service_for: impl Fn(SocketAddr) -> S,
    stop: CancellationToken,
) where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let (registry, graceful) = (Registry::new(name, limits), GracefulShutdown::new());
    let mut timeout_checks = interval(TIMEOUT_CHECK);
    timeout_checks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            _ = timeout_checks.tick() => registry.close_timed_out(),
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    if let Some(slot) = registry.admit(peer.ip()).await {
                        let service = service_for(peer);
                        registry.spawn(slot, |state| connection(stream, service, state, &graceful));
                    }
                }
                Err(error) => recover_from(&error, &registry).await,
            }
        }
    }
    drop(listener);
    let mut shutdown = std::pin::pin!(graceful.shutdown());
    let mut patience = STOP_GRACE;
    while timeout(patience, &mut shutdown).await.is_err() {
        registry.close_waiting();
        patience = TIMEOUT_CHECK;
    }
}

/// No error ends the listener: a client may be gone before it is accepted, and something else in the
/// process or on the machine may have used up the descriptors.
async fn recover_from(error: &io::Error, registry: &Registry) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    registry.free_descriptors(error);
    sleep(ACCEPT_PAUSE).await;
}

/// Serves one connection to its end.
fn connection<S>(
    stream: TcpStream,
    service: S,
    state: Arc<ConnectionState>,
    graceful: &GracefulShutdown,
) -> impl Future<Output = ()> + Send + use<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    // Without it a response may be delayed. It fails if the client is gone already.
    let _ = stream.set_nodelay(true);
    let stream = TokioIo::new(Stream::new(stream, state.clone()));
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let request = request.map(|body| watch_body(body, &state));
        let state = state.clone();
        service.clone().call(request).inspect(move |_| state.response_ready())
    });
    let mut http = http1::Builder::new();
    http.max_buf_size(MAX_HEADERS).max_header_size(MAX_HEADERS);
    let connection = graceful.watch(http.serve_connection(stream, service));
    // An `async` block would hold each of these futures twice.
    connection.map(|ended| {
        if let Err(error) = ended {
            tracing::trace!(%error, "a connection ended");
        }
    })
}

/// The headers are there. Without a body the request is complete.
fn watch_body(body: Incoming, state: &Arc<ConnectionState>) -> Body {
    if body.is_end_stream() {
        state.request_complete();
        return Body::empty();
    }
    state.body_expected();
    Body::new(RequestBody::new(body, state.clone()))
}
