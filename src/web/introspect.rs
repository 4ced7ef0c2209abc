//! `POST /v1/introspect`: what a token is, for services that ask themselves (RFC 7662).
//!
//! Callers present a bearer whose SHA-256 the configuration names. An answer tells what is active:
//!
//! | field | what |
//! |---|---|
//! | `active` | true; of anything else nothing but `false` is told |
//! | `scope` | full ids of the scopes, with a space between them |
//! | `client_id`, `sub` | the token's Account SID: it acts for itself |
//! | `token_type` | `Bearer` |
//! | `aud` | the id of the provider, whose API it opens |
//! | `iat` | when the presented secret was made, in seconds since 1970 |
//! | `exp` | when it ends; for a secret on its way out, when that ends |
//! | `token_name`, `api_version` | as Discord shows them |

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use axum::{Json, Router};
use percent_encoding::percent_decode_str;
use secrecy::SecretString;
use serde::Serialize;
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::config::IntrospectionClient;
use crate::counters;
use crate::domain::secret;
use crate::verify::credentials::sha256_of_token;
use crate::verify::{Active, Presentation, Unavailable, Verdict};

use super::authorize::{limited, unavailable};
use super::verification::Verification;

/// Longest form that is read, in bytes.
const BODY_LIMIT: usize = 16 * 1024;

/// What the standard lets us say of a token, and what we add.
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
        Caller::Missing => return ("missing", stranger(Presentation::Missing)),
        Caller::Unknown => {
            let client = verification.client(peer.ip(), headers);
            return match verification.verifier.failure::<()>(client) {
                Verdict::Limited(wait) => ("limited", limited(wait)),
                _ => ("unauthenticated", stranger(Presentation::Wrong)),
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
    let Some(token) = token(&body) else {
        return ("malformed", malformed("the form takes the parameter token, once"));
    };
    let active = match sha256_of_token(&token) {
        Some(sha256) => verification.verifier.introspect(&sha256).await,
        None => Ok(None),
    };
    match active {
        Ok(Some(active)) => ("active", told(&active.into())),
        Ok(None) => ("inactive", told(&Introspection { active: false, facts: None })),
        Err(Unavailable) => ("unavailable", unavailable()),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    Known,
    Missing,
    Unknown,
}

/// Whether a known caller asks. All hashes are compared, each in constant time.
fn caller(clients: &[IntrospectionClient], headers: &HeaderMap) -> Caller {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return if headers.contains_key(AUTHORIZATION) { Caller::Unknown } else { Caller::Missing };
    };
    let bearer = value.to_str().ok().and_then(|text| text.split_once(' '));
    let Some((_, bearer)) = bearer.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
    else {
        return Caller::Unknown;
    };
    let sha256 = secret::sha256_of(bearer.trim_matches(' '));
    let same = |client: &IntrospectionClient| client.bearer_sha256.ct_eq(&sha256);
    let known = clients.iter().map(same).fold(Choice::from(0), |one, other| one | other);
    if bool::from(known) { Caller::Known } else { Caller::Unknown }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The form's `token`; `None` where there is none, or more than one. The hint says nothing that
/// helps: there is one kind of token.
fn token(body: &[u8]) -> Option<SecretString> {
    let mut tokens = url::form_urlencoded::parse(body)
        .filter(|(name, _)| name == "token")
        .map(|(_, value)| Zeroizing::new(value.into_owned()));
    let (token, None) = (tokens.next()?, tokens.next()) else { return None };
    Some(SecretString::from(token.as_str()))
}

fn told(introspection: &Introspection) -> Response {
    (no_store(), Json(introspection)).into_response()
}

fn malformed(why: &str) -> Response {
    let error = serde_json::json!({ "error": "invalid_request", "error_description": why });
    (StatusCode::BAD_REQUEST, no_store(), Json(error)).into_response()
}

fn stranger(presentation: Presentation) -> Response {
    let challenge = match presentation {
        Presentation::Missing => "Bearer realm=\"countersign introspection\"",
        Presentation::Wrong => {
            "Bearer realm=\"countersign introspection\", error=\"invalid_token\""
        }
    };
    let headers = [(WWW_AUTHENTICATE, HeaderValue::from_static(challenge))];
    (StatusCode::UNAUTHORIZED, no_store(), headers).into_response()
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
        assert_eq!(read("token=a%20b&token_type_hint=access_token").as_deref(), Some("a b"));
        assert_eq!(read("token=").as_deref(), Some(""));
        for none in ["", "Token=a", "token_type_hint=x", "token=a&token=b", "token=a&token=a"] {
            assert_eq!(read(none), None, "{none}");
        }
    }

    #[test]
    fn only_a_known_bearer_is_a_caller() {
        let clients = ["one", "two"].map(|name| IntrospectionClient {
            name: name.to_owned(),
            bearer_sha256: secret::sha256_of(name),
        });
        let caller = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(AUTHORIZATION, HeaderValue::from_static(value));
            }
            caller(&clients, &headers)
        };
        assert_eq!(caller(&["Bearer one"]), Caller::Known);
        assert_eq!(caller(&["bearer two"]), Caller::Known);
        assert_eq!(caller(&[]), Caller::Missing);
        for wrong in
            [&["Bearer three"][..], &["Basic one"], &["one"], &["Bearer one", "Bearer two"]]
        {
            assert_eq!(caller(wrong), Caller::Unknown, "{wrong:?}");
        }
    }
}
