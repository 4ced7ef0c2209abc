use HeaderFamily::{Envoy, Forwarded, IngressNginx, Original};
use axum::body::Body;
use axum::http::HeaderName;
use proptest::prelude::*;

use super::*;

/// Headers that make some proxy or framework read another method or path.
const MISLEADING: [&str; 47] = [
    "x-http-method-override", // Rack, Express, Symfony, Laravel, ASP.NET Core, Play, Plack, WAI
    "x-http-method",          // OData, WCF
    "x-method-override",      // IBM, Express
    "x-http-verb-override",
    "x-restli-method", // Rest.li
    "x-original-url",  // IIS, Symfony before 4.1.3, Zend, Laminas; ingress-nginx
    "x-original-path",
    "x-original-pathbase", // ASP.NET
    "x-originalurl",
    "x-rewrite-url", // ISAPI_Rewrite
    "x-rewrite-uri",
    "x-override-url",
    "x-http-destinationurl",
    "x-forwarded-prefix", // Spring, Symfony, ASP.NET Core, Traefik, Kong
    "x-forwarded-path",   // Kong
    "x-forwarded-url",
    "x-forwarded-context",
    "x-forwarded-script-name",
    "x-replaced-path",         // Traefik
    "x-envoy-original-path",   // Envoy
    "x-envoy-original-method", // Envoy
    "x-waws-unencoded-url",    // Azure App Service
    "x-ms-original-url",       // Azure Static Web Apps
    "x-script-name",           // Radicale, Flask
    "script-name",
    "path-info",
    "request-uri",
    "x-request-uri",
    "x-real-path",
    "x-matched-path",  // Next.js, Vercel
    "x-invoke-path",   // Next.js
    "wl-path-prepend", // WebLogic
    "x-accel-mapping", // Rack, Plack
    "-method",
    // Joined words, and names without a word for method or path.
    "x-methodoverride",
    "xhttpmethodoverride",
    "xoriginalurl",
    "x-urlrewrite",
    "xscriptname",
    "acme-methodoverride",
    "x-original-uris",
    "x-original-request",
    "x-request-target",
    "x-middleware-rewrite",    // Next.js
    "x-middleware-subrequest", // Next.js (CVE-2025-29927)
    "x-now-route-matches",     // Vercel, Next.js
    "destination",             // WebDAV (RFC 4918, 10.3)
];

const FORWARDED: [(&str, &str); 2] = [("x-forwarded-method", "GET"), ("x-forwarded-uri", "/a?b")];
const ORIGINAL: [(&str, &str); 2] = [("x-original-method", "POST"), ("x-original-uri", "/c")];
const INGRESS: [(&str, &str); 2] =
    [("x-original-method", "PUT"), ("x-original-url", "https://orchard.example:8443/d?e=/f")];

type Headers = &'static [(&'static str, &'static str)];

/// A valid question of each family, and its meaning.
fn right() -> [(HeaderFamily, Headers, &'static str); 4] {
    [
        (Forwarded, &FORWARDED, "GET /a"),
        (Original, &ORIGINAL, "POST /c"),
        (IngressNginx, &INGRESS, "PUT /d"),
        (Envoy, &[], "PATCH /g"),
    ]
}

fn headers(all: &[(&str, &str)]) -> HeaderMap {
    // `collect` would let a later one replace an earlier one.
    let mut headers = HeaderMap::new();
    for (name, value) in all {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

/// The result for a question with this first line and these headers.
fn asked(line: (&str, &str), all: &[(&str, &str)], family: HeaderFamily) -> Result<String, String> {
    let mut request = Request::builder().method(line.0).uri(line.1).body(Body::empty()).unwrap();
    *request.headers_mut() = headers(all);
    let wanted = read_request((&request).into(), family).map_err(|error| error.to_string())?;
    Ok(format!("{} {}", wanted.method, wanted.path.written()))
}

/// The result for these headers, and for Envoy's own line.
fn taken(all: &[(&str, &str)], family: HeaderFamily) -> Result<String, String> {
    asked(("PATCH", "/v1/authorize/g?h"), all, family)
}

fn refused(all: &[(&str, &str)], family: HeaderFamily, by: &str) {
    let said = taken(all, family).unwrap_err();
    assert!(said.contains(by), "{all:?}: {said}");
}

#[test]
fn one_family_alone_is_taken_and_each_header_once() {
    assert_eq!(taken(&FORWARDED, Forwarded).unwrap(), "GET /a");
    assert_eq!(taken(&ORIGINAL, Original).unwrap(), "POST /c");
    refused(&ORIGINAL, Forwarded, "another proxy's word");
    refused(&[], Forwarded, "did not tell");
    refused(&FORWARDED[..1], Forwarded, "did not tell");
    assert_eq!(taken(&INGRESS, IngressNginx).unwrap(), "PUT /d");
    assert_eq!(taken(&[], Envoy).unwrap(), "PATCH /g");
    for (family, ours, _) in right() {
        let others =
            FAMILY_HEADERS.into_iter().filter(|name| ours.iter().all(|own| own.0 != *name));
        for other in others {
            refused(&[ours, &[(other, "/a")]].concat(), family, other);
        }
    }
    for (family, ours) in [(Forwarded, FORWARDED), (Original, ORIGINAL), (IngressNginx, INGRESS)] {
        for own in ours {
            refused(&[ours[0], ours[1], own], family, "told twice");
            for spelling in [own.0.replace('-', "_"), own.0.replacen('-', "_", 1)] {
                refused(&[ours[0], ours[1], (&spelling, own.1)], family, "told twice");
                refused(&[(&spelling, own.1), ours[0], ours[1]], family, "told twice");
            }
        }
    }
    // In another spelling alone they are refused.
    refused(&[("x_forwarded_method", "GET"), ("x_forwarded_uri", "/a")], Forwarded, "did not tell");
}

#[test]
fn a_url_is_read_to_its_path_and_no_host_is_believed() {
    let path = |url: &str| taken(&[INGRESS[0], ("x-original-url", url)], IngressNginx);
    for (url, expected) in [
        ("http://orchard.example/", "PUT /"),
        ("https://orchard.example/a/b", "PUT /a/b"),
        ("https://[2001:db8::1]:8443/a?b=http://c/d", "PUT /a"),
        ("http://my_host-1/a", "PUT /a"),
    ] {
        assert_eq!(path(url).as_deref(), Ok(expected), "{url}");
    }
    // nginx allows all of these in a Host, except blanks and slashes.
    for url in [
        "",
        "/a",
        "//orchard.example/a",
        "orchard.example/a",
        "ftp://orchard.example/a",
        "HTTP://orchard.example/a",
        "http:/orchard.example/a",
        "http:///a",
        "http://orchard.example",
        "http://orchard.example?/a",
        "http://orchard.example#/a",
        "http://x@orchard.example/a",
        "http://orchard.example\\/a",
        "http://orchard.example%2F/a",
        "http://orchard.example;/a",
        "http://orchard example/a",
        "http://a,b/a",
    ] {
        let said = path(url).unwrap_err();
        assert!(said.contains("the URL is none of"), "{url}: {said}");
    }
    for url in
        ["http://a//b", "http://a/b/../c", "http://a/b;c", "http://a/b\\c", "http://a/%2e%2e/c"]
    {
        let said = path(url).unwrap_err();
        assert!(said.contains("read in two ways"), "{url}: {said}");
    }
}

#[test]
fn envoys_questions_are_their_own_method_and_what_is_behind_our_path() {
    for (method, uri, expected) in [
        ("GET", "/v1/authorize/", "GET /"),
        ("DELETE", "/v1/authorize/a/b?c=/../d", "DELETE /a/b"),
        ("GET", "/v1/authorize/v1/authorize/a", "GET /v1/authorize/a"),
        ("OPTIONS", "http://x/v1/authorize/a", "OPTIONS /a"),
    ] {
        assert_eq!(asked((method, uri), &[], Envoy).as_deref(), Ok(expected), "{uri}");
    }
    for (method, uri) in [
        ("GET", "/v1/authorize"),
        ("GET", "/v1/authorize?/a"),
        ("GET", "/v1/authorized/a"),
        ("GET", "/v1/authorizehttp://x/a"),
        ("GET", "/v1/authorize//a"),
        ("GET", "/v1/authorize/../introspect"),
        ("GET", "/v1/authorize/%2e%2e/introspect"),
        ("GET", "/v1/authorize/a;b"),
        ("GET", "/v1/authorize/a\\b"),
        ("GET", "/V1/authorize/a"),
        ("GET", "/v1/%61uthorize/a"),
        ("GET", "/v2/authorize/a"),
        ("GET", "*"),
        ("CONNECT", "orchard.example:80"),
        ("get", "/v1/authorize/a"),
        ("FROB", "/v1/authorize/a"),
    ] {
        assert!(asked((method, uri), &[], Envoy).is_err(), "{method} {uri}");
    }
    // Envoy's own line is ignored if headers are used.
    refused(&[], Forwarded, "did not tell");
    refused(&[("x_original_uri", "/a")], Envoy, "another proxy's word");
    refused(&[("1", "/a"), ("x-1-uri", "/a")], Envoy, "x-1-uri");
    assert!(taken(&[("1", "/a")], Envoy).is_ok());
}

#[test]
fn a_preflight_has_one_method_and_no_credentials() {
    let is = |all: &[(&str, &str)]| is_preflight(&headers(all));
    let method = ("access-control-request-method", "PUT");
    assert!(is(&[method]) && is(&[method, ("origin", "https://a.example")]));
    assert!(is(&[("access-control-request-method", "FROB")]));
    assert!(!is(&[]) && !is(&[("origin", "https://a.example")]));
    assert!(!is(&[method, method]));
    assert!(!is(&[("access_control_request_method", "PUT")]));
    for value in ["", "PUT,GET", "a b"] {
        assert!(!is(&[("access-control-request-method", value)]), "{value}");
    }
    for name in ANSWERED {
        assert!(!is(&[method, (name, "CS1")]), "{name}");
    }
}

#[test]
fn unrelated_headers_change_nothing() {
    for name in [
        "access-control-request-method",
        "hx-current-url",
        "next-url",
        "x-payment-method",
        "x-webhook-url",
        "x-forwarded-for",
        "x_forwarded_for",
        "x-forwarded-host",
        "x-original-host",
        "x-http-version",
        "x-request-id",
        "x-token-sid",
        "x-token-name",
        "x-verbose-http",
        "upgrade-insecure-requests",
        "content-security-policy",
        "prefer",
        "content-security-policy-report-only",
        "strict-transport-security",
        "ocp-apim-subscription-key",
        "http2-settings",
        "x-http2-stream",
        "x-request-description",
        "x-request-start",
        "x-subscription-request-id",
        "x-proxy-verbose",
        "x-database-url",
        "x-original-forwarded-for",
        "x-forwarded-proto",
        "x-real-ip",
        "x-b3-traceid",
        "x-envoy-upstream-service-time",
        "x-target-group",
        "x-destination-country",
        "sec-ch-prefers-color-scheme",
        "description",
    ] {
        let all = [FORWARDED[0], FORWARDED[1], (name, "/other")];
        assert_eq!(taken(&all, Forwarded).as_deref(), Ok("GET /a"), "{name}");
    }
}

#[test]
fn other_spellings_of_our_headers_are_refused() {
    for name in [
        "X-MethodOverride",
        "X-HTTP-MethodOverride",
        "XHTTPMethodOverride",
        "XOriginalUrl",
        "X-UrlRewrite",
        "X-Method-Override1",
        "X-Forwarded-Uri2",
        "X-Original-Uris",
        "X-Original-Request",
        "X-Request-Target",
        "X-Middleware-Rewrite",
        "Destination",
    ] {
        let all = [FORWARDED[0], FORWARDED[1], (name, "/admin")];
        assert!(taken(&all, Forwarded).is_err(), "{name}");
    }
}

#[test]
fn methods_are_compared_as_written() {
    for method in ["get", "Get", "", " GET", "TRACE", "GETX", "*"] {
        refused(&[("x-forwarded-method", method), FORWARDED[1]], Forwarded, "the method is none");
    }
}

/// Everything but letters and digits that a name may hold (RFC 9110, 5.6.2).
const SEPARATORS: &str = "-_.!#$%&'*+^`|~";

/// A name with or without other characters between its words, with digits, and in other letters.
fn spelled(name: &'static str) -> impl Strategy<Value = String> {
    let separators =
        SEPARATORS.chars().map(String::from).chain([String::new()]).collect::<Vec<_>>();
    let digits = prop_oneof![9 => Just(""), 1 => Just("1"), 1 => Just("07")];
    let one = (prop::sample::select(separators), any::<bool>(), digits);
    prop::collection::vec(one, name.len()).prop_map(move |choices| {
        let letters = name.chars().zip(choices);
        let spell = |(letter, (separator, capital, digits)): (char, (String, bool, &str))| {
            let letter = match letter {
                '-' => separator,
                letter if capital => letter.to_ascii_uppercase().to_string(),
                letter => letter.to_string(),
            };
            letter + digits
        };
        letters.map(spell).collect()
    })
}

proptest! {
    #[test]
    fn misleading_headers_are_refused_in_every_spelling(
        name in prop::sample::select(MISLEADING.to_vec()).prop_flat_map(spelled),
        value in "GET|/[a-z]{0,3}",
        at in 0_usize..3,
    ) {
        for (family, ours, _) in right() {
            let mut all = ours.to_vec();
            all.insert(at.min(all.len()), (&name, &value));
            prop_assert!(taken(&all, family).is_err(), "{name}");
        }
    }

    #[test]
    fn our_own_headers_are_refused_from_clients(
        name in prop::sample::select(ANSWERED.to_vec()).prop_flat_map(spelled),
    ) {
        let all = [FORWARDED[0], FORWARDED[1], (name.as_str(), "CS1")];
        let exact = ANSWERED.contains(&name.to_ascii_lowercase().as_str());
        prop_assert_eq!(taken(&all, Forwarded).is_ok(), exact, "{}", name);
    }

    /// Whatever else is there, the result is what the proxy sent.
    #[test]
    fn only_the_proxy_is_believed(
        names in prop::collection::vec(
            "x[-_.](forwarded|original|http)[-_.](method|uri|url|for)|[a-zA-Z0-9_.-]{1,20}", 0..6),
    ) {
        for (family, ours, expected) in right() {
            let mut all = ours.to_vec();
            all.extend(names.iter().map(|name| (name.as_str(), "http://x/POST")));
            if let Ok(taken) = taken(&all, family) {
                prop_assert_eq!(taken, expected);
            }
        }
    }

    /// Whatever path Envoy appends and the http library accepts, it is read as another proxy's header would be.
    /// That library drops what follows `#`, and Envoy accepts no path with it.
    #[test]
    fn a_path_appended_by_envoy_is_read_as_in_a_header(path in "/?([a-b]|/|\\.|%2e|%2F|%|;|\\?|:|@|//|é|\\PC){0,8}") {
        prop_assume!(!path.contains('#'));
        let line = format!("/v1/authorize{path}");
        if line.parse::<Uri>().is_ok() && path.starts_with('/') && path.is_ascii() {
            let headers = [FORWARDED[0], ("x-forwarded-uri", path.as_str())];
            prop_assert_eq!(asked(("GET", &line), &[], Envoy), taken(&headers, Forwarded));
        } else if line.parse::<Uri>().is_ok() && path.is_ascii() {
            prop_assert!(asked(("GET", &line), &[], Envoy).is_err(), "{}", line);
        }
    }

    /// Whatever host a client writes, the path is what follows it, or nothing is read.
    #[test]
    fn no_host_changes_the_path(host in "[a-z0-9.:?#@%;,\\[\\]\\\\ _-]{0,12}") {
        let url = format!("http://{host}/right?http://x/wrong");
        if let Ok(taken) = taken(&[INGRESS[0], ("x-original-url", &url)], IngressNginx) {
            prop_assert_eq!(taken, "PUT /right");
        }
    }
}
