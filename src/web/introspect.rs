//! `POST /v1/introspect`: what a token is, for services that verify tokens themselves (RFC 7662).
//!
//! Callers present a bearer whose SHA-256 the configuration names, alone or with their name by HTTP Basic.
//! The answer describes an active token:
//!
//! | field | what |
//! |---|---|
//! | `active` | true; otherwise the answer is only `false` |
//! | `scope` | full ids of the scopes, with a space between them |
//! | `client_id`, `sub` | the token's Account SID |
//! | `token_type` | `Bearer` |
//! | `aud` | the id of the provider that the token is for |
//! | `iat` | when the presented secret was created, in seconds since 1970 |
//! | `exp` | when it expires; for an outgoing secret, when that stops working |
//! | `token_name`, `api_version` | as Discord shows them |

mod caller;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::counters;
use crate::verify::credentials::sha256_of_token;
use crate::verify::{Active, Presentation, Unavailable, Verdict};

use caller::{Caller, caller};

use super::authorize::{limited, unavailable};
use super::verification::Verification;

/// Longest form that is read, in bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// The standard's fields about a token, and ours.
#[derive(Debug, Serialize)]
struct Introspection {
    active: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(flatten)]
    facts: Option<Facts>,
}

#[derive(Debug, Serialize)]
struct Facts {
    scope: String,
    client_id: String,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    iat: i64,
    sub: String,
    aud: String,
    token_name: String,
    api_version: i32,
}

impl From<Active> for Introspection {
    fn from(active: Active) -> Self {
        let token = &active.token;
        let sid = token.account_sid().to_owned();
        let name = percent_decode_str(token.encoded_name()).decode_utf8_lossy().into_owned();
        let seconds = |moment: i64| moment.div_euclid(1_000_000);
        let facts = Facts {
            scope: active.scope,
            client_id: sid.clone(),
            token_type: "Bearer",
            exp: active.ends_at.map(seconds),
            iat: seconds(active.created_at),
            sub: sid,
            aud: active.provider,
            token_name: name,
            api_version: token.api_version,
        };
        Self { active: true, facts: Some(facts) }
    }
}

/// The route `/v1/introspect`.
pub(super) fn routes(verification: Arc<Verification>) -> Router {
    Router::new()
        .route("/v1/introspect", post(introspect))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(verification)
}

async fn introspect(
    State(verification): State<Arc<Verification>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request,
) -> Response {
    let (outcome, response) = respond(&verification, peer, request).await;
    counters::count_verification("introspect", outcome);
    response
}

/// The caller is known before the body is read.
async fn respond(
    verification: &Verification,
    peer: SocketAddr,
    request: Request,
) -> (&'static str, Response) {
    let headers = request.headers();
    match caller(&verification.clients, headers) {
        Caller::Known => {}
        Caller::Missing => return ("missing", respond_unauthorized(Presentation::Missing)),
        Caller::Unknown => {
            let client = verification.client(peer.ip(), headers);
            return match verification.verifier.failure::<()>(client) {
                Verdict::Limited(wait) => ("limited", limited(wait)),
                _ => ("unauthenticated", respond_unauthorized(Presentation::Wrong)),
            };
        }
    }
    if !is_form(headers) {
        let text = "the body takes the type application/x-www-form-urlencoded";
        return ("malformed", malformed(text));
    }
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(refusal) => return ("malformed", refusal.into_response()),
    };
    let token = match token(&body) {
        Ok(token) => token,
        Err(why) => return ("malformed", malformed(why)),
    };
    let active = match sha256_of_token(&token) {
        Some(sha256) => verification.verifier.introspect(&sha256).await,
        None => Ok(None),
    };
    match active {
        Ok(Some(active)) => ("active", respond_with(&active.into())),
        Ok(None) => ("inactive", respond_with(&Introspection { active: false, facts: None })),
        Err(Unavailable) => ("unavailable", unavailable()),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The form's `token`, or why it can't be read. The hint is not needed: there is one
/// kind of token.
fn token(body: &[u8]) -> Result<SecretString, &'static str> {
    let mut token = None;
    for (name, value) in url::form_urlencoded::parse(body) {
        let value = Zeroizing::new(value.into_owned());
        match &*name {
            // RFC 6749, 2.3: a client authenticates in one way, which is the header here.
            "client_secret" | "client_assertion" => {
                return Err("the caller's credentials stand in the header alone");
            }
            "token" if token.replace(value).is_some() => {
                return Err("the form takes the parameter token, once");
            }
            _ => {}
        }
    }
    let token = token.ok_or("the form takes the parameter token, once")?;
    Ok(SecretString::from(token.as_str()))
}

fn respond_with(introspection: &Introspection) -> Response {
    (no_store(), Json(introspection)).into_response()
}

fn malformed(why: &str) -> Response {
    let error = serde_json::json!({ "error": "invalid_request", "error_description": why });
    (StatusCode::BAD_REQUEST, no_store(), Json(error)).into_response()
}

/// 401, with the ways to authenticate.
fn respond_unauthorized(presentation: Presentation) -> Response {
    let bearer = match presentation {
        Presentation::Missing => "Bearer realm=\"countersign introspection\"",
        Presentation::Wrong => {
            "Bearer realm=\"countersign introspection\", error=\"invalid_token\""
        }
    };
    let mut response = (StatusCode::UNAUTHORIZED, no_store()).into_response();
    let headers = response.headers_mut();
    headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(bearer));
    let basic = "Basic realm=\"countersign introspection\", charset=\"UTF-8\"";
    headers.append(WWW_AUTHENTICATE, HeaderValue::from_static(basic));
    response
}

fn no_store() -> [(axum::http::HeaderName, HeaderValue); 1] {
    [(CACHE_CONTROL, HeaderValue::from_static("no-store"))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_token_is_read_out_of_a_form() {
        use secrecy::ExposeSecret as _;
        let read =
            |body: &str| token(body.as_bytes()).map(|token| token.expose_secret().to_owned());
        assert_eq!(read("token=a%20b&token_type_hint=access_token").as_deref(), Ok("a b"));
        assert_eq!(read("client_id=reports&token=a&Client_Secret=x").as_deref(), Ok("a"));
        assert_eq!(read("token=").as_deref(), Ok(""));
        for none in ["", "Token=a", "token_type_hint=x", "token=a&token=b", "token=a&token=a"] {
            assert!(read(none).is_err_and(|why| why.contains("once")), "{none}");
        }
        for second in ["client_secret=x", "client%5Fsecret", "client_assertion=y"] {
            for body in [format!("token=a&{second}"), format!("{second}&token=a")] {
                assert!(read(&body).is_err_and(|why| why.contains("in the header")), "{body}");
            }
        }
    }
}
