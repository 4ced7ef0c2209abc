//! The listener for `/v1/…`: what [`super::authorize`] and [`super::introspect`] share.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::serve::ListenerExt as _;
use ipnet::IpNet;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

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

/// The routes `/v1/authorize` and `/v1/introspect`.
pub fn routes(verification: Verification) -> Router {
    let verification = Arc::new(verification);
    authorize::routes(verification.clone()).merge(introspect::routes(verification))
}

/// Answers until `stop` is cancelled and what had begun is answered. What can hang in here has
/// limits of its own, so that no timer runs for each request.
///
/// # Errors
/// A listener that stopped by itself.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let listener = listener.tap_io(|connection| {
        // Without it an answer may wait; with a connection that is gone already it fails.
        let _ = connection.set_nodelay(true);
    });
    axum::serve(listener, routes.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
        .context("the listener of [verify] stopped")
}
