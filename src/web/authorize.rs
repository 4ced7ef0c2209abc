//! `/v1/authorize`: forward authentication. For each request a proxy asks whether it may pass, and
//! sends its method and path in headers, or, as Envoy does, as its own method and path.
//!
//! | answer | when |
//! |---|---|
//! | 200 | it may; `X-Token-Sid`, `X-Token-Name` (UTF-8, percent-encoded), `X-Token-Version` identify the token; a preflight has none |
//! | 401 | no credentials, or none that work: unknown, expired, not collected yet |
//! | 403 | the token is disabled, or does not have this scope; or the request is unclear ([`super::request_headers`]) |
//! | 429 | too many 401 from one address; `Retry-After` says for how long |
//! | 503 | the database does not answer, or more wait for it than can be served |

use std::convert::Infallible;
use std::fmt::Display;
use std::future::{Ready, ready};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::http::header::{
    AUTHORIZATION, CACHE_CONTROL, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE,
};
use axum::http::{HeaderMap as Headers, StatusCode};
use axum::response::{IntoResponse as _, Response};
use futures_util::future::{BoxFuture, Either};

use crate::config::{HeaderFamily, Preflight};
use crate::counters;
use crate::domain::catalogue::Method;
use crate::verify::credentials::Credentials;
use crate::verify::token::CachedToken;
use crate::verify::{Presentation, RequestedCall, Verdict};

use super::request_headers::{self, Unclear};
use super::verification::Verification;

const TOKEN_SID: HeaderName = HeaderName::from_static("x-token-sid");
const TOKEN_NAME: HeaderName = HeaderName::from_static("x-token-name");
const TOKEN_VERSION: HeaderName = HeaderName::from_static("x-token-version");

/// The path of requests to authorize, with any method.
pub(super) const PATH: &str = "/v1/authorize";

/// Whether this is that path.
pub(super) fn is_at(path: &str, family: HeaderFamily) -> bool {
    match family {
        // Envoy may append anything, which is refused here then.
        HeaderFamily::Envoy => path.starts_with(PATH),
        _ => path == PATH,
    }
}

/// An answer that is known already, or one that needs the database.
pub(super) type Answering = Either<Ready<Answer>, BoxFuture<'static, Answer>>;
type Answer = Result<Response, Infallible>;

/// Answers a request that [`is_at`] our path and came over a connection of this peer.
///
/// It is no handler, since most answers need no waiting: a handler's future
/// would be created, in its full size, for each of them.
pub(super) fn authorize(
    verification: &Arc<Verification>,
    peer: IpAddr,
    request: Request,
) -> Answering {
    let credentials = presented(request.headers());
    let call = request_headers::read_request((&request).into(), verification.headers);
    if let Some(verdict) = verification.verifier.authorize_kept(&credentials, &call) {
        return Either::Left(ready(Ok(decided(&verdict))));
    }
    if credentials == Credentials::Missing
        && passes_as_preflight(verification.preflight, &call, request.headers())
    {
        return Either::Left(ready(Ok(passed())));
    }
    let (verification, parts) = (verification.clone(), request.into_parts().0);
    Either::Right(Box::pin(async move {
        let call = request_headers::read_request((&parts).into(), verification.headers);
        let client = verification.client(peer, &parts.headers);
        Ok(decided(&verification.verifier.authorize(&credentials, &call, client).await))
    }))
}

fn presented(headers: &Headers) -> Credentials {
    Credentials::read(headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes))
}

/// Whether a request without credentials passes all the same. An unclear one never does.
fn passes_as_preflight(
    preflight: Preflight,
    call: &Result<RequestedCall<'_>, Unclear<'_>>,
    headers: &Headers,
) -> bool {
    let is_options = call.as_ref().is_ok_and(|call| call.method == Method::Options);
    preflight == Preflight::Pass && is_options && request_headers::is_preflight(headers)
}

/// 200 without a token.
fn passed() -> Response {
    counters::count_verification("authorize", "preflight");
    (StatusCode::OK, [(CACHE_CONTROL, "no-store")]).into_response()
}

fn decided(verdict: &Verdict<Unclear<'_>>) -> Response {
    counters::count_verification("authorize", outcome(verdict));
    answer(verdict)
}

fn outcome<Refusal>(verdict: &Verdict<Refusal>) -> &'static str {
    match verdict {
        Verdict::Granted(_) => "granted",
        Verdict::Unauthenticated(Presentation::Missing) => "missing",
        Verdict::Unauthenticated(Presentation::Wrong) => "unauthenticated",
        Verdict::SwitchedOff => "switched_off",
        Verdict::OutOfScope => "out_of_scope",
        Verdict::Refused(_) => "unclear",
        Verdict::Limited(_) => "limited",
        Verdict::Unavailable => "unavailable",
    }
}

fn answer<Refusal: Display>(verdict: &Verdict<Refusal>) -> Response {
    match verdict {
        Verdict::Granted(token) => respond_granted(token),
        Verdict::Unauthenticated(presentation) => unauthenticated(*presentation),
        Verdict::SwitchedOff => said(StatusCode::FORBIDDEN, "This token is switched off.\n"),
        Verdict::OutOfScope => {
            said(StatusCode::FORBIDDEN, "This token does not open this method and path.\n")
        }
        Verdict::Refused(refusal) => {
            said(StatusCode::FORBIDDEN, format!("This request is refused: {refusal}.\n"))
        }
        Verdict::Limited(wait) => limited(*wait),
        Verdict::Unavailable => unavailable(),
    }
}

fn respond_granted(token: &CachedToken) -> Response {
    let mut response = StatusCode::OK.into_response();
    let headers = response.headers_mut();
    headers.reserve(4);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(TOKEN_VERSION, HeaderValue::from(token.api_version));
    for (name, text) in [(TOKEN_SID, token.account_sid()), (TOKEN_NAME, token.encoded_name())] {
        // Both are ASCII without control characters.
        if let Ok(value) = HeaderValue::from_str(text) {
            headers.insert(name, value);
        }
    }
    response
}

/// 401, with the ways to present a token.
pub(super) fn unauthenticated(presentation: Presentation) -> Response {
    let (bearer, text) = match presentation {
        Presentation::Missing => ("Bearer realm=\"countersign\"", "A token is needed.\n"),
        Presentation::Wrong => (
            "Bearer realm=\"countersign\", error=\"invalid_token\"",
            "This token is unknown, expired, or not collected yet.\n",
        ),
    };
    let mut response = said(StatusCode::UNAUTHORIZED, text);
    let headers = response.headers_mut();
    headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(bearer));
    let basic = HeaderValue::from_static("Basic realm=\"countersign\", charset=\"UTF-8\"");
    headers.append(WWW_AUTHENTICATE, basic);
    response
}

/// 429, with the time until one failure is accepted again, in whole seconds.
pub(super) fn limited(wait: Duration) -> Response {
    let text = "Too many tokens from this address opened nothing.\n";
    let mut response = said(StatusCode::TOO_MANY_REQUESTS, text);
    let seconds = wait.as_millis().div_ceil(1_000);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds as u64));
    response
}

/// 503: the current state is unknown.
pub(super) fn unavailable() -> Response {
    let text = "Tokens can't be looked up at the moment.\n";
    let mut response = said(StatusCode::SERVICE_UNAVAILABLE, text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn said(status: StatusCode, text: impl Into<String>) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text.into()).into_response()
}
