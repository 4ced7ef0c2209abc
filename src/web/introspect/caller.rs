//! The caller of introspection: a bearer whose SHA-256 is configured, or that and the client's name by
//! HTTP Basic.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

use crate::config::IntrospectionClient;

/// The name that it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// One of the clients that the configuration names.
    Known,
    /// No credentials.
    Missing,
    /// Unknown credentials, or more than one.
    Unknown,
}

/// Whether the caller is known.
pub(super) fn caller(clients: &[IntrospectionClient], headers: &HeaderMap) -> Caller {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return if headers.contains_key(AUTHORIZATION) { Caller::Unknown } else { Caller::Missing };
    };
    let presented = value.to_str().ok().and_then(|text| text.split_once(' '));
    let is_known = presented.is_some_and(|(scheme, rest)| {
        let rest = rest.trim_matches(' ');
        if scheme.eq_ignore_ascii_case("bearer") {
            is_any(clients, None, rest.as_bytes())
        } else {
            scheme.eq_ignore_ascii_case("basic") && is_pair_of_any(clients, rest)
        }
    });
    if is_known { Caller::Known } else { Caller::Unknown }
}

/// Whether it is a client's name and bearer, form-encoded as in OAuth 2.0 (RFC 6749, 2.3.1), or
/// unchanged, as many clients send them. Both are tried for every client.
fn is_pair_of_any(clients: &[IntrospectionClient], encoded: &str) -> bool {
    let Ok(pair) = STANDARD.decode(encoded).map(Zeroizing::new) else { return false };
    let Some(colon) = pair.iter().position(|byte| *byte == b':') else { return false };
    let (name, bearer) = (&pair[..colon], &pair[colon + 1..]);
    let (read_name, read_bearer) = (form_decoded(name), form_decoded(bearer));
    is_any(clients, Some(name), bearer) | is_any(clients, Some(&read_name), &read_bearer)
}

/// Decodes `application/x-www-form-urlencoded`, of one value.
fn form_decoded(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let spaced: Zeroizing<Vec<u8>> =
        Zeroizing::new(value.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect());
    Zeroizing::new(percent_decode(&spaced).collect())
}

/// Whether some client has this bearer, and this name if one is presented. All are compared, each in
/// constant time.
fn is_any(clients: &[IntrospectionClient], name: Option<&[u8]>, bearer: &[u8]) -> bool {
    let sha256: [u8; 32] = Sha256::digest(bearer).into();
    let same = |client: &IntrospectionClient| {
        let names = name.map_or(Choice::from(1), |name| name.ct_eq(client.name.as_bytes()));
        client.bearer_sha256.ct_eq(&sha256) & names
    };
    clients.iter().map(same).fold(Choice::from(0), |one, other| one | other).into()
}

#[cfg(test)]
mod tests;
