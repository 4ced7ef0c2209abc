//! Who may talk to the page. It shows secrets and acts without a login, so only the browser of this
//! machine may reach it, and only from the page itself: not a website that rebinds its name to the
//! loopback address, nor one that posts across.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, ORIGIN, REFERRER_POLICY,
            X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::Ground;

/// Only what the page itself brings; texts never become HTML or script.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
     connect-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// What the `Host` header may say: the loopback interface's own names.
pub(super) fn hosts(port: u16) -> Vec<String> {
    let names = ["127.0.0.1", "localhost"];
    let mut hosts: Vec<_> = names.iter().map(|name| format!("{name}:{port}")).collect();
    if port == 80 {
        hosts.extend(names.map(str::to_owned));
    }
    hosts
}

/// Refuses strangers, and puts the headers on what is answered.
pub(super) async fn guard(
    State(ground): State<Arc<Ground>>,
    request: Request,
    next: Next,
) -> Response {
    let in_api = request.uri().path().starts_with("/api/");
    let mut response = match stranger(&ground.hosts, request.headers(), in_api) {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    // A mail's own policy is another.
    headers.entry(CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "SAMEORIGIN"),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Why a request comes from somewhere else, if it does.
fn stranger(hosts: &[String], headers: &HeaderMap, in_api: bool) -> Option<&'static str> {
    let known = |host: &str| hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
    let mut named = headers.get_all(HOST).iter();
    let host = named.next().and_then(|host| host.to_str().ok());
    if !host.is_some_and(known) || named.next().is_some() {
        return Some("This page answers to 127.0.0.1 and localhost only.");
    }
    for origin in headers.get_all(ORIGIN) {
        let origin = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        if !origin.is_some_and(known) {
            return Some("This page takes no requests from other pages.");
        }
    }
    // Browsers say where a request comes from, also where they send no origin. One may follow a
    // link to the page, though.
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if in_api && !matches!(site, None | Some("same-origin" | "none")) {
        return Some("This page takes no requests from other pages.");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(headers: &[(&'static str, &'static str)], in_api: bool) -> bool {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        stranger(&hosts(8000), &headers.iter().map(pair).collect(), in_api).is_some()
    }

    #[test]
    fn only_the_page_itself_may_ask() {
        let host = ("host", "127.0.0.1:8000");
        for fine in [
            vec![host],
            vec![("host", "LOCALHOST:8000")],
            vec![host, ("origin", "http://127.0.0.1:8000"), ("sec-fetch-site", "same-origin")],
        ] {
            assert!(!refused(&fine, true), "{fine:?}");
        }
        for strange in [
            vec![],
            vec![("host", "127.0.0.1")],
            vec![("host", "127.0.0.1:8001")],
            vec![("host", "evil.example:8000")],
            vec![("host", "127.0.0.1:8000.evil.example")],
            vec![host, ("origin", "null")],
            vec![host, ("origin", "https://127.0.0.1:8000")],
            vec![host, ("origin", "http://127.0.0.1:8001")],
            vec![host, ("origin", "http://evil.example")],
            vec![host, ("sec-fetch-site", "cross-site")],
            vec![host, ("sec-fetch-site", "same-site")],
        ] {
            assert!(refused(&strange, true), "{strange:?}");
        }
        assert!(!refused(&[host, ("sec-fetch-site", "cross-site")], false), "a link to the page");
    }
}
