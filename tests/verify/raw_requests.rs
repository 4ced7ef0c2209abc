//! Bytes that no client library would send: never accepted, and never a 5xx.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::support::Fixture;

/// The statuses of everything that is answered to these bytes.
pub async fn answers(address: SocketAddr, bytes: &[u8]) -> Vec<u16> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // It may be refused before all of it is written.
    let _ = stream.write_all(bytes).await;
    let mut said = Vec::new();
    // A client that does not request to close is waited for as long as an answer may take.
    let _ = timeout(Duration::from_secs(2), stream.read_to_end(&mut said)).await;
    let text = String::from_utf8_lossy(&said);
    let lines = text.lines().filter(|line| line.starts_with("HTTP/1."));
    lines.map(|line| line.split(' ').nth(1).unwrap().parse().unwrap()).collect()
}

/// Headers by which proxies and frameworks read another request, in the spellings that CGI and WSGI servers
/// treat as one (RFC 3875, 4.1.18: `HTTP_X_ORIGINAL_URL`). Each comes beside a right request, and none may
/// pass.
const MISLEADING: [&str; 60] = [
    "X-HTTP-Method-Override",
    "X_HTTP_Method_Override",
    "X-HTTP_Method-Override",
    "x.http.method.override",
    "X-HTTP-Method",
    "X_HTTP_METHOD",
    "X-Method-Override",
    "X_Method_Override",
    "X-HTTP-Verb-Override",
    "Method-Override",
    "_method",
    "X-Original-Method",
    "X_Original_Method",
    "X-Original-URL",
    "X_Original_URL",
    "X-Original_URL",
    "X.Original.URL",
    "X-Original-URI",
    "X_Original_URI",
    "X-Original-Path",
    "X_Original_Path",
    "X-Rewrite-URL",
    "X_Rewrite_URL",
    "X-Rewrite-URI",
    "X-Rewritten-URL",
    "X-Override-URL",
    "X-HTTP-DestinationURL",
    "X-Forwarded-Prefix",
    "X_Forwarded_Prefix",
    "X-Forwarded-Path",
    "X_FORWARDED_PATH",
    "X-Forwarded-URL",
    "X-Forwarded-Context",
    "X-Forwarded-Script-Name",
    "X-Forwarded-Path-Info",
    "X_Forwarded_Uri",
    "X-Forwarded_Uri",
    "X.Forwarded.Uri",
    "X_Forwarded_Method",
    "X-Forwarded_Method",
    "X~Forwarded~Method",
    "X-Replaced-Path",
    "X-Envoy-Original-Path",
    "X_Envoy_Original_Path",
    "X-Envoy-Original-Method",
    "X-Envoy-Original-URL",
    "X-MS-Original-URL",
    "X-Waws-Unencoded-Url",
    "X_Waws_Unencoded_Url",
    "X-Script-Name",
    "X_Script_Name",
    "Script-Name",
    "X-Path-Info",
    "Path_Info",
    "X-Request-URI",
    "Request_URI",
    "X-Real-URL",
    "X-Proxy-URL",
    "X-Ingress-Path",
    "X_Token_Sid",
];

/// Headers that proxies and clients send, and that are not about method and path.
const HARMLESS: [&str; 24] = [
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Server",
    "X-Forwarded-Tls-Client-Cert",
    "X-Original-Forwarded-For",
    "X-Original-Host",
    "X-Real-IP",
    "X-Request-ID",
    "X-Requested-With",
    "X-Envoy-Attempt-Count",
    "X-Auth-Request-Redirect",
    "X-Token-Sid",
    "Access-Control-Request-Method",
    "HX-Current-URL",
    "X-Payment-Method",
    "X-HTTP-Version",
    "Referer",
    "Forwarded",
    "Via",
    "Prefer",
    "Traceparent",
    "Cookie",
];

#[tokio::test]
async fn no_header_changes_the_authorized_request() {
    let fixture = Fixture::open("verify misled", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let address = fixture.team.setup.bot.verify_address().unwrap();
    let path = format!("/Orchards/{sid}/Trees");
    let asks = |name: &str, value: &str| {
        format!(
            "GET /v1/authorize HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
             Authorization: Bearer {secret}\r\nX-Forwarded-Method: GET\r\n\
             X-Forwarded-Uri: {path}\r\n{name}: {value}\r\n\r\n"
        )
    };
    let mut passed = Vec::new();
    for name in MISLEADING {
        // The values are the same: a second header is enough to refuse.
        for value in [path.as_str(), "GET", ""] {
            let found = answers(address, asks(name, value).as_bytes()).await;
            if found != [403] {
                passed.push(format!("{name}: {found:?}"));
            }
        }
    }
    passed.dedup();
    assert!(passed.is_empty(), "{} of {}: {passed:#?}", passed.len(), MISLEADING.len());
    for name in HARMLESS {
        let found = answers(address, asks(name, "192.0.2.1").as_bytes()).await;
        assert_eq!(found, [200], "{name}");
    }
    fixture.close().await;
}

#[tokio::test]
async fn every_bad_request_gets_a_proper_refusal() {
    let fixture = Fixture::open("verify raw", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let address = fixture.team.setup.bot.verify_address().unwrap();
    let path = format!("/Orchards/{sid}/Trees");
    let request = |line: &str, headers: &str| {
        format!(
            "{line}\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {secret}\r\n{headers}\r\n"
        )
    };
    let right = format!("X-Forwarded-Method: GET\r\nX-Forwarded-Uri: {path}\r\n");
    let line = "GET /v1/authorize HTTP/1.1";
    let good = request(line, &right);
    assert_eq!(answers(address, good.as_bytes()).await, [200]);
    assert_eq!(
        answers(address, request("GET /v1/authorize HTTP/1.0", &right).as_bytes()).await,
        [200]
    );
    assert_eq!(
        answers(address, request("FROB /v1/authorize HTTP/1.1", &right).as_bytes()).await,
        [200]
    );
    // Sent ahead, each is answered separately.
    let wrong = request(line, "X-Forwarded-Method: PUT\r\nX-Forwarded-Uri: /\r\n");
    let ahead = format!("{good}{wrong}{good}").replace("Connection: close\r\n", "") + &wrong;
    assert_eq!(answers(address, ahead.as_bytes()).await, [200, 403, 200, 403]);

    // A preflight takes a token as well, as long as nothing else is configured.
    let preflight = format!(
        "{line}\r\nHost: x\r\nConnection: close\r\nX-Forwarded-Method: OPTIONS\r\n\
         X-Forwarded-Uri: {path}\r\nAccess-Control-Request-Method: GET\r\n\r\n"
    );
    assert_eq!(answers(address, preflight.as_bytes()).await, [401]);

    let uri = |value: &str| format!("X-Forwarded-Method: GET\r\nX-Forwarded-Uri: {value}\r\n");
    let refused: Vec<String> = [
        format!("{path}/"),
        format!("/{path}"),
        format!("{path}//7"),
        format!("{path}/./7"),
        format!("{path}/../Trees"),
        format!("{path}/%2e%2e/Trees"),
        format!("{path}/.%2E/Trees"),
        format!("{path}%2F7"),
        format!("{path}%5c7"),
        format!("{path}/%252e%252e/x"),
        format!("{path}\\7"),
        format!("{path};a"),
        format!("{path}#"),
        format!("{path}/%00"),
        format!("{path}/%"),
        format!("{path}/%zz"),
        format!("{path}/%ff"),
        format!("{path}/é"),
        format!("http://x{path}"),
        format!("x{path}"),
        String::new(),
        "*".to_owned(),
        format!("{path} HTTP/1.1"),
        format!("{path}\t"),
        format!("{path}/{}", "a".repeat(5_000)),
        format!("{path}/{}", "../".repeat(500)),
    ]
    .iter()
    .map(|value| uri(value))
    .chain([
        String::new(),
        "X-Forwarded-Method: GET\r\n".to_owned(),
        format!("X-Forwarded-Uri: {path}\r\n"),
        format!("X-Forwarded-Method: \r\nX-Forwarded-Uri: {path}\r\n"),
        format!("X-Forwarded-Method: get\r\nX-Forwarded-Uri: {path}\r\n"),
        format!("X-Forwarded-Method: GET, GET\r\nX-Forwarded-Uri: {path}\r\n"),
        format!("{right}X-Forwarded-Uri: {path}\r\n"),
        format!("{right}x-forwarded-method: GET\r\n"),
        format!("{right}X-Original-URI: {path}\r\n"),
        format!("{right}X-Original-Method: GET\r\n"),
        format!("{right}X-Original-URL: {path}\r\n"),
        format!("{right}X-HTTP-Method-Override: GET\r\n"),
    ])
    .collect();
    for headers in &refused {
        let found = answers(address, request(line, headers).as_bytes()).await;
        // hyper trims blanks around values, as HTTP requires.
        let trimmed = headers.contains("\t\r");
        assert_eq!(found, [if trimmed { 200 } else { 403 }], "{headers:?}");
    }
    let big = format!("X-Big: {}\r\n{right}", "b".repeat(64 * 1024));
    let many: String = (0..500).map(|number| format!("X-{number}: a\r\n")).collect();
    for bytes in [
        request(line, &big),
        request(line, &format!("{many}{right}")),
        request(" /v1/authorize HTTP/1.1", &right),
        request("GET  HTTP/1.1", &right),
        request("GET /v1/authorize HTTP/9.9", &right),
        request("GET http://x/v1/authorize/../authorize HTTP/1.1", &right),
        request("GET //v1/authorize HTTP/1.1", &right),
        request("GET /v1/authorize/ HTTP/1.1", &right),
        request("GET /v1/%61uthorize HTTP/1.1", &right),
        request(line, "X-Forwarded-Uri\r\n"),
        request(line, "X-Forwarded-Uri : /\r\n"),
        request(line, &format!("X-Forwarded-Method: GET\r\nX-Forwarded-Uri: {path}\0\r\n")),
        request(line, &format!("X-Forwarded-Method: GET\r\nX-Forwarded-Uri: {path}\r\n /7\r\n")),
        format!(
            "{line}\r\nHost: x\r\nAuthorization: Bearer {secret}\r\nAuthorization: Bearer {secret}\r\n{right}\r\n"
        ),
        format!("{line}\r\nHost: x\r\nAuthorization: Bearer {secret}{secret}\r\n{right}\r\n"),
        "\r\n\r\n".to_owned(),
        "\0\u{1}\u{2}".to_owned(),
    ] {
        let found = answers(address, bytes.as_bytes()).await;
        let shown = &bytes[..bytes.len().min(200)];
        if bytes.contains("X-Big") {
            assert!(found.iter().all(|status| *status == 200 || *status == 431), "{found:?}");
            continue;
        }
        assert!(found.iter().all(|status| (400..500).contains(status)), "{found:?} for {shown:?}");
    }
    fixture.close().await;
}
