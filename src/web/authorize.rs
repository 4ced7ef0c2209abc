//! `/v1/authorize`: forward authentication. A proxy asks of each request whether it may pass, and
//! tells its method and path in headers.
//!
//! | answer | when |
//! |---|---|
//! | 200 | it may; `X-Token-Sid`, `X-Token-Name` (UTF-8, percent-encoded), `X-Token-Version` say by whom |
//! | 401 | nothing presented, or nothing that opens anything: unknown, expired, not collected yet |
//! | 403 | the token is switched off, does not open this, or what is wanted can be read in two ways |
//! | 429 | a 401 too many from one address; `Retry-After` says for how long |
//! | 503 | the database does not answer |

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

use crate::config::HeaderFamily;
use crate::counters;
use crate::verify::credentials::Credentials;
use crate::verify::path::{RequestPath, UnclearPath};
use crate::verify::token::CachedToken;
use crate::verify::{Presentation, Verdict, Wanted};

use super::verification::Verification;

const FORWARDED: [HeaderName; 2] =
    [HeaderName::from_static("x-forwarded-method"), HeaderName::from_static("x-forwarded-uri")];
const ORIGINAL: [HeaderName; 2] =
    [HeaderName::from_static("x-original-method"), HeaderName::from_static("x-original-uri")];

/// Headers by which some services take a request for another one than the proxy saw.
const OVERRIDES: [HeaderName; 5] = [
    HeaderName::from_static("x-http-method-override"),
    HeaderName::from_static("x-http-method"),
    HeaderName::from_static("x-method-override"),
    HeaderName::from_static("x-original-url"),
    HeaderName::from_static("x-rewrite-url"),
];

const TOKEN_SID: HeaderName = HeaderName::from_static("x-token-sid");
const TOKEN_NAME: HeaderName = HeaderName::from_static("x-token-name");
const TOKEN_VERSION: HeaderName = HeaderName::from_static("x-token-version");

/// Why it can't be told for certain what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclear {
    /// The proxy said nothing.
    #[error("the proxy did not tell the method and the path")]
    Missing,
    /// A client sent them as well, and the proxy let them through.
    #[error("the method or the path is told twice")]
    Twice,
    /// The headers of the family that is not configured.
    #[error("headers of two proxies tell the method and the path")]
    OtherFamily,
    /// One of those by which a service takes a request for another one.
    #[error("a header asks the service to take the request for another one")]
    Override,
    /// None that a scope can be for.
    #[error("the method is none that a token can be for")]
    Method,
    /// A path that can be read in two ways.
    #[error("the path can be read in two ways: {0}")]
    Path(#[from] UnclearPath),
}

/// Where requests to authorize go, with any method.
pub(super) const PATH: &str = "/v1/authorize";

/// An answer that is there already, or one for which the database is asked.
pub(super) type Answering = Either<Ready<Answer>, BoxFuture<'static, Answer>>;
type Answer = Result<Response, Infallible>;

/// Answers a request to [`PATH`] that came over a connection of this peer.
///
/// It is no handler, since most answers take nothing that has to be waited for: a handler's future
/// would be made, with room for all that could be, for each of them.
pub(super) fn authorize(
    verification: &Arc<Verification>,
    peer: IpAddr,
    request: Request,
) -> Answering {
    let credentials = presented(request.headers());
    let wanted = wanted(request.headers(), verification.headers);
    if let Some(verdict) = verification.verifier.authorize_kept(&credentials, &wanted) {
        return Either::Left(ready(Ok(decided(&verdict))));
    }
    let (verification, parts) = (verification.clone(), request.into_parts().0);
    Either::Right(Box::pin(async move {
        let wanted = self::wanted(&parts.headers, verification.headers);
        let client = verification.client(peer, &parts.headers);
        Ok(decided(&verification.verifier.authorize(&credentials, &wanted, client).await))
    }))
}

fn presented(headers: &Headers) -> Credentials {
    Credentials::read(headers.get_all(AUTHORIZATION).iter().map(HeaderValue::as_bytes))
}

fn decided(verdict: &Verdict<Unclear>) -> Response {
    counters::count_verification("authorize", outcome(verdict));
    answer(verdict)
}

/// What the proxy says is wanted.
fn wanted(headers: &Headers, family: HeaderFamily) -> Result<Wanted<'_>, Unclear> {
    let (ours, others) = match family {
        HeaderFamily::Forwarded => (FORWARDED, ORIGINAL),
        HeaderFamily::Original => (ORIGINAL, FORWARDED),
    };
    if others.iter().any(|name| headers.contains_key(name)) {
        return Err(Unclear::OtherFamily);
    }
    if OVERRIDES.iter().any(|name| headers.contains_key(name)) {
        return Err(Unclear::Override);
    }
    let [method, target] = ours;
    let method = once(headers, &method)?.parse().map_err(|_| Unclear::Method)?;
    Ok(Wanted { method, path: RequestPath::parse(once(headers, &target)?)? })
}

fn once<'a>(headers: &'a Headers, name: &HeaderName) -> Result<&'a str, Unclear> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().ok_or(Unclear::Missing)?;
    if values.next().is_some() {
        return Err(Unclear::Twice);
    }
    value.to_str().map_err(|_| Unclear::Path(UnclearPath::Character))
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
        Verdict::Granted(token) => granted(token),
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

fn granted(token: &CachedToken) -> Response {
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

/// 429, with the time after which one failure is let pass again, in whole seconds.
pub(super) fn limited(wait: Duration) -> Response {
    let text = "Too many tokens from this address opened nothing.\n";
    let mut response = said(StatusCode::TOO_MANY_REQUESTS, text);
    let seconds = wait.as_millis().div_ceil(1_000);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds as u64));
    response
}

/// 503: nobody knows what is right now.
pub(super) fn unavailable() -> Response {
    let text = "Tokens can't be looked up at the moment.\n";
    let mut response = said(StatusCode::SERVICE_UNAVAILABLE, text);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn said(status: StatusCode, text: impl Into<String>) -> Response {
    (status, [(CACHE_CONTROL, "no-store")], text.into()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> Headers {
        // `collect` would let a later one replace an earlier one.
        let mut headers = Headers::new();
        for (name, value) in all {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn one_family_alone_is_taken_and_each_header_once() {
        use HeaderFamily::{Forwarded, Original};
        let forwarded = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/a?b")];
        let original = [("x-original-method", "POST"), ("x-original-uri", "/c")];
        let taken = |all: &[_], family| {
            wanted(&headers(all), family)
                .map(|wanted| format!("{} {}", wanted.method, wanted.path.written()))
        };
        assert_eq!(taken(&forwarded, Forwarded).unwrap(), "GET /a");
        assert_eq!(taken(&original, Original).unwrap(), "POST /c");
        assert_eq!(taken(&original, Forwarded), Err(Unclear::OtherFamily));
        assert_eq!(taken(&[], Forwarded), Err(Unclear::Missing));
        assert_eq!(taken(&forwarded[..1], Forwarded), Err(Unclear::Missing));
        for one in original {
            let both: Vec<_> = forwarded.into_iter().chain([one]).collect();
            assert_eq!(taken(&both, Forwarded), Err(Unclear::OtherFamily));
            let twice: Vec<_> = original.into_iter().chain([one]).collect();
            assert_eq!(taken(&twice, Original), Err(Unclear::Twice));
        }
        for name in OVERRIDES {
            let mut all = headers(&forwarded);
            all.append(name, HeaderValue::from_static("GET"));
            assert_eq!(wanted(&all, Forwarded), Err(Unclear::Override));
        }
    }

    #[test]
    fn methods_are_taken_as_they_are_written() {
        for method in ["get", "Get", "", " GET", "TRACE", "GETX", "*"] {
            let all = headers(&[("x-forwarded-method", method), ("x-forwarded-uri", "/a")]);
            assert_eq!(wanted(&all, HeaderFamily::Forwarded), Err(Unclear::Method), "{method:?}");
        }
    }
}
