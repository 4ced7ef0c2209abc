//! Who may use it: only this machine, and in a browser only the page itself. A website could else rebind
//! its name to the loopback address, or post across.

use axum::http::{
    HeaderMap,
    header::{HOST, ORIGIN},
};

/// The allowed `Host` headers: the loopback interface's own names.
pub fn hosts(port: u16) -> Vec<String> {
    let names = ["127.0.0.1", "localhost"];
    let mut hosts: Vec<_> = names.iter().map(|name| format!("{name}:{port}")).collect();
    if port == 80 {
        hosts.extend(names.map(str::to_owned));
    }
    hosts
}

/// Why a request comes from somewhere else, if it does.
pub fn stranger(hosts: &[String], headers: &HeaderMap, in_api: bool) -> Option<&'static str> {
    let known = |host: &str| hosts.iter().any(|known| known.eq_ignore_ascii_case(host));
    let mut named = headers.get_all(HOST).iter();
    let host = named.next().and_then(|host| host.to_str().ok());
    if !host.is_some_and(known) || named.next().is_some() {
        return Some("This answers to 127.0.0.1 and localhost only.");
    }
    for origin in headers.get_all(ORIGIN) {
        let origin = origin.to_str().ok().and_then(|origin| origin.strip_prefix("http://"));
        if !origin.is_some_and(known) {
            return Some("This takes no requests from other pages.");
        }
    }
    // Browsers send where a request comes from, even if they send no origin. One may follow a
    // link to the page, though.
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if in_api && !matches!(site, None | Some("same-origin" | "none")) {
        return Some("This takes no requests from other pages.");
    }
    None
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn refused(headers: &[(&'static str, &'static str)], in_api: bool) -> bool {
        let pair = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        stranger(&hosts(8000), &headers.iter().map(pair).collect(), in_api).is_some()
    }

    #[test]
    fn only_this_machine_may_ask() {
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
