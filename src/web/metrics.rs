//! `/metrics`, in Prometheus' text format: what `counters` counted, and the state of all parts.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;

use super::health::Health;

/// The route `/metrics`.
pub fn routes(handle: PrometheusHandle, health: Health) -> Router {
    let answer = async move || {
        health.measure().await;
        ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], handle.render())
    };
    Router::new().route("/metrics", get(answer))
}
