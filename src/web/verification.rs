//! The listener for `/v1/…`: what [`super::authorize`] and [`super::introspect`] share.

use std::convert::Infallible;
use std::future::ready;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};

use anyhow::Context as _;
use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::future::RouteFuture;
use axum::serve::{IncomingStream, ListenerExt as _};
use futures_util::future::Either;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::Service;
use tower::util::service_fn;

use crate::config::{HeaderFamily, IntrospectionClient, VerifySettings};
use crate::verify::{Verifier, client};

use super::{authorize, introspect};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// What requests are answered with.
pub struct Verification {
    /// Decides.
    pub verifier: Arc<Verifier>,
    /// Which headers tell what is wanted.
    pub headers: HeaderFamily,
    /// Who may introspect.
    pub clients: Vec<IntrospectionClient>,
    trusted_proxies: Vec<IpNet>,
}

impl Verification {
    /// As `[verify]` says.
    #[must_use]
    pub fn new(settings: &VerifySettings, verifier: Arc<Verifier>) -> Self {
        Self {
            verifier,
            headers: settings.headers,
            clients: settings.introspection_clients.clone(),
            trusted_proxies: settings.trusted_proxies.clone(),
        }
    }

    /// Whose request it is.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let forwarded = headers.get_all(FORWARDED_FOR).iter().map(HeaderValue::as_bytes);
        client::address(peer, forwarded, &self.trusted_proxies)
    }
}

/// Answers until `stop` is cancelled and what had begun is answered. What can hang in here has
/// limits of its own, so that no timer runs for each request.
///
/// # Errors
/// A listener that stopped by itself.
pub async fn serve(
    listener: TcpListener,
    verification: Verification,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let listener = listener.tap_io(|connection| {
        // Without it an answer may wait; with a connection that is gone already it fails.
        let _ = connection.set_nodelay(true);
    });
    let verification = Arc::new(verification);
    let others = introspect::routes(verification.clone());
    let accept = service_fn(move |connection: IncomingStream<'_, _>| {
        let peer = *connection.remote_addr();
        let (verification, others) = (verification.clone(), others.clone());
        ready(Ok::<_, Infallible>(Connection { peer, verification, others }))
    });
    axum::serve(listener, accept)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
        .context("the listener of [verify] stopped")
}

/// Answers what comes over one connection. Nearly everything asks one thing, which goes past the
/// router.
#[derive(Clone)]
struct Connection {
    peer: SocketAddr,
    verification: Arc<Verification>,
    others: Router,
}

impl Service<Request> for Connection {
    type Response = Response;
    type Error = Infallible;
    type Future = Either<authorize::Answering, RouteFuture<Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        if request.uri().path() == authorize::PATH {
            let answer = authorize::authorize(&self.verification, self.peer.ip(), request);
            return Either::Left(answer);
        }
        request.extensions_mut().insert(ConnectInfo(self.peer));
        Either::Right(self.others.call(request))
    }
}
