//! The way in through signed HTTP: Discord POSTs each interaction to `/discord/interactions`.
//!
//! What bears Discord's signature is answered at once with 202 and an empty body, and then through
//! the callback route, as if it had come through the gateway. A request without a signature is refused
//! before its body is read. How long a body may take is up to the listener ([`crate::web::connections`]).

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use serenity::interactions_endpoint::{InvalidKey, Verifier};
use tokio_util::task::TaskTracker;

use super::gateway::Handler;

/// The longest body that is read; a modal with five full inputs has under 100 kB.
const MAX_BODY: usize = 256 << 10;

/// How old a signature may be, in seconds. Discord sends at once; what is older is a replay.
const MAX_AGE: i64 = 5 * 60;

/// How far Discord's clock may be ahead of ours, in seconds.
const MAX_CLOCK_SKEW: i64 = 60;

/// What the endpoint needs.
struct Endpoint {
    verifier: Verifier,
    handler: Handler,
    tasks: TaskTracker,
}

/// The route `POST /discord/interactions`, for interactions that the application's `public_key`
/// verifies. Each goes to `handler` in a task of its own, held by `tasks`.
pub fn router(
    public_key: [u8; 32],
    handler: Handler,
    tasks: TaskTracker,
) -> Result<Router, InvalidKey> {
    let endpoint = Endpoint { verifier: Verifier::try_new(public_key)?, handler, tasks };
    Ok(Router::new()
        .route("/discord/interactions", post(receive))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(endpoint)))
}

async fn receive(State(endpoint): State<Arc<Endpoint>>, request: Request) -> Response {
    let Some(signature) = SignatureHeaders::parse(request.headers()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    if !signature.is_genuine(&endpoint.verifier, &body, unix_now()) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(interaction) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if interaction["type"] == 1 {
        return Json(json!({"type": 1})).into_response();
    }
    endpoint.tasks.spawn((endpoint.handler)(interaction));
    StatusCode::ACCEPTED.into_response()
}

/// The signature that a request's headers claim.
struct SignatureHeaders {
    /// 128 hexadecimal digits.
    signature: String,
    /// As it was signed.
    timestamp: String,
    /// In seconds since 1970.
    signed_at: i64,
}

impl SignatureHeaders {
    /// `None` where no body could have it.
    fn parse(headers: &HeaderMap) -> Option<Self> {
        let signature = single_header(headers, "x-signature-ed25519")?.to_owned();
        let timestamp = single_header(headers, "x-signature-timestamp")?.to_owned();
        let is_one =
            signature.len() == 128 && signature.bytes().all(|byte| byte.is_ascii_hexdigit());
        let signed_at = timestamp.parse().ok().filter(|_| is_one)?;
        Some(Self { signature, timestamp, signed_at })
    }

    /// Whether Discord signed the body, just now.
    fn is_genuine(&self, verifier: &Verifier, body: &[u8], now: i64) -> bool {
        let age = now.saturating_sub(self.signed_at);
        let is_signed = verifier.verify(&self.signature, &self.timestamp, body).is_ok();
        let is_new = (-MAX_CLOCK_SKEW..=MAX_AGE).contains(&age);
        if is_signed && !is_new {
            // Without this line, a wrong clock is hard to find as the cause.
            tracing::warn!(
                age,
                "refused what Discord signed: it is a replay, or this clock is wrong"
            );
        }
        is_signed && is_new
    }
}

/// The header's value, if it is there once.
fn single_header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Seconds since 1970.
fn unix_now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
