//! The listener for `/v1/…`: what [`super::authorize`] and [`super::introspect`] share.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use axum::routing::future::RouteFuture;
use futures_util::future::Either;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower::Service;

use crate::config::{HeaderFamily, IntrospectionClient, Preflight, VerifySettings};
use crate::verify::{Verifier, client};

use super::connections::{self, Limits};
use super::{authorize, introspect};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The data for answers.
pub struct Verification {
    /// Verifies credentials.
    pub verifier: Arc<Verifier>,
    /// The headers with the request.
    pub headers: HeaderFamily,
    /// How a browser's preflight is answered.
    pub preflight: Preflight,
    /// Who may introspect.
    pub clients: Vec<IntrospectionClient>,
    trusted_proxies: Vec<IpNet>,
}

impl Verification {
    /// The settings of `[verify]`.
    #[must_use]
    pub fn new(settings: &VerifySettings, verifier: Arc<Verifier>) -> Self {
        Self {
            verifier,
            headers: settings.headers,
            preflight: settings.preflight,
            clients: settings.introspection_clients.clone(),
            trusted_proxies: settings.trusted_proxies.clone(),
        }
    }

    /// The client's address.
    pub(super) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let forwarded = headers.get_all(FORWARDED_FOR).iter().map(HeaderValue::as_bytes);
        client::address(peer, forwarded, &self.trusted_proxies)
    }
}

/// Answers until `stop` is cancelled and the requests that had begun are answered. Everything here that can
/// hang has its own limit, so no timer runs for each request.
pub async fn serve(
    listener: TcpListener,
    limits: Limits,
    verification: Verification,
    stop: CancellationToken,
) {
    let verification = Arc::new(verification);
    let others = introspect::routes(verification.clone());
    let connection = move |peer| {
        let (verification, others) = (verification.clone(), others.clone());
        Connection { peer, verification, others }
    };
    connections::serve(listener, "verify", limits, connection, stop).await;
}

/// Answers the requests of one connection. Nearly all are for one path, which skips the
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
        if authorize::is_at(request.uri().path(), self.verification.headers) {
            let answer = authorize::authorize(&self.verification, self.peer.ip(), request);
            return Either::Left(answer);
        }
        request.extensions_mut().insert(ConnectInfo(self.peer));
        Either::Right(self.others.call(request))
    }
}
