//! The HTTP server: [`health`] and [`metrics`], together with the route for interactions
//! of `discord::endpoint`; and on its own listener [`verification`], which
//! is [`authorize`] (whose requests [`request_headers`] reads) and [`introspect`]. [`connections`] accepts
//! for both, and limits time, size and number.

pub mod authorize;
pub mod connections;
pub mod health;
pub mod introspect;
pub mod metrics;
pub mod request_headers;
pub mod verification;

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::TimeoutLayer;

use connections::Limits;

/// How long a request may take; Discord itself gives up after 3 s.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// Answers requests until `stop` is cancelled and those that had begun are answered.
pub async fn serve(listener: TcpListener, limits: Limits, routes: Router, stop: CancellationToken) {
    let routes = routes
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, REQUEST_TIMEOUT))
        .layer(CatchPanicLayer::new());
    connections::serve(listener, "http", limits, |_| routes.clone(), stop).await;
}
