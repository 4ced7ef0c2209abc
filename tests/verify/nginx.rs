//! The same paths, read by us and by a real nginx: each path that we accept, nginx reads as we do, and
//! forwards unchanged.
//!
//! `COUNTERSIGN_CHAOS=all` compares ten times as many.

use countersign::verify::path::RequestPath;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::proxies::Gateway;
use testkit::ports::find_free_address;

/// Paths as an attacker would write them, and as an honest client does.
fn target() -> impl Strategy<Value = String> {
    let trouble = prop::sample::select(vec![
        "/",
        "//",
        "/.",
        "/..",
        "/../",
        "%2e",
        "%2E%2e",
        "%2f",
        "%5C",
        "\\",
        "%25",
        "%252e",
        ";",
        "?",
        "#",
        "%00",
        "%20",
        "%3f",
        "%23",
        "%c3%a9",
        "%ff",
        "%EF%BC%8F",
        ":",
        "@",
        "+",
        "*",
        ",",
        "~",
        "http://x/",
        "%41",
        "%7e",
        "&",
        "=",
        "|",
        "\"",
        "<",
        "{",
        "^",
        "`",
    ]);
    let honest = any::<String>().prop_map(|text| {
        text.chars()
            .take(8)
            .map(|c| utf8_percent_encode(&c.to_string(), NON_ALPHANUMERIC).to_string())
            .collect()
    });
    let piece = prop_oneof![
        3 => trouble.prop_map(str::to_owned),
        3 => "[a-zA-Z0-9._~-]{1,6}",
        1 => honest,
        1 => "%[0-9a-fA-F]{2}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| format!("/{}", pieces.concat()))
}

/// The answer of nginx to this target: the status, and the body.
async fn ask(address: std::net::SocketAddr, target: &str) -> (u16, Vec<u8>) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).await.unwrap();
    let head = said.windows(4).position(|four| four == b"\r\n\r\n").map_or(said.len(), |at| at + 4);
    let status = String::from_utf8_lossy(&said[..head]);
    let status = status.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, said[head..].to_vec())
}

#[tokio::test]
async fn nginx_reads_every_path_that_is_taken_as_we_do() {
    let (front, back) = (find_free_address().unwrap(), find_free_address().unwrap());
    // The front server forwards as in docs/gateways.md; the back server returns what arrived.
    let http = format!(
        "server {{ listen {front}; location / {{
             add_header X-Front-Uri $uri always; proxy_pass http://{back}; }} }}
         server {{ listen {back}; location / {{
             default_type text/plain; return 200 \"$uri\\n$request_uri\"; }} }}"
    );
    let nginx = Gateway::nginx(&http, front).await;
    let times = if std::env::var("COUNTERSIGN_CHAOS").is_ok() { 20_000 } else { 2_000 };
    let mut runner = TestRunner::deterministic();
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..times {
        let target = target().new_tree(&mut runner).unwrap().current();
        let Ok(path) = RequestPath::parse(&target) else {
            refused += 1;
            continue;
        };
        taken += 1;
        let (status, body) = ask(nginx.address, &target).await;
        assert_eq!(status, 200, "nginx refuses {target:?}");
        let (uri, request_uri) =
            body.split_at(body.iter().position(|byte| *byte == b'\n').unwrap());
        // nginx decodes slashes as well, for itself; it passes them on unchanged.
        let read = path.opened().unwrap_or_else(|| path.decoded());
        assert_eq!(uri, read.as_bytes(), "{target:?} is another path to nginx");
        let arrived = String::from_utf8_lossy(&request_uri[1..]).into_owned();
        let arrived = arrived.split('?').next().unwrap();
        assert_eq!(arrived, path.written(), "{target:?} arrived as another path");
    }
    println!("{taken} taken, {refused} refused");
    assert!(taken > times / 20 && refused > times / 20, "{taken} taken, {refused} refused");
}
