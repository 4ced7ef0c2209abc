//! Requests that arrive slowly, or whose bodies are not needed.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use countersign::web::connections::REQUEST_TIMEOUT;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::support::{BEARER, Fixture};

/// How long an answer may take that depends on nothing.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How late a time-out may be noticed on a busy machine.
const LATE: Duration = Duration::from_secs(4);

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";
const GET: &str = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";

struct Client(TcpStream);

impl Client {
    async fn send(address: SocketAddr, bytes: &str) -> Self {
        let mut client = Self(TcpStream::connect(address).await.unwrap());
        client.write(bytes).await;
        client
    }

    async fn write(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// The status of the next answer, which comes at once.
    async fn status(&mut self) -> u16 {
        let mut said = vec![0; 4096];
        let count = timeout(AT_ONCE, self.0.read(&mut said)).await.expect("no answer").unwrap();
        let said = String::from_utf8_lossy(&said[..count]).into_owned();
        said.get(9..12).unwrap_or_else(|| panic!("{said:?}")).parse().unwrap()
    }

    /// How long until it is closed, while this is written each second.
    async fn is_closed(&mut self, drip: &str) -> Duration {
        let start = Instant::now();
        let (mut reads, mut writes) = self.0.split();
        let ends = async {
            let mut buffer = [0; 512];
            while matches!(reads.read(&mut buffer).await, Ok(count) if count > 0) {}
        };
        let drips = async {
            loop {
                sleep(Duration::from_secs(1)).await;
                let _ = writes.write_all(drip.as_bytes()).await;
            }
        };
        let ends = async {
            tokio::select! { () = ends => {}, () = drips => {} }
        };
        timeout(REQUEST_TIMEOUT + LATE, ends).await.expect("it is not closed");
        start.elapsed()
    }
}

fn introspection(bearer: &str, length: usize) -> String {
    format!(
        "POST /v1/introspect HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {bearer}\r\n{FORM}\r\n\
         Content-Length: {length}\r\n\r\n"
    )
}

fn interaction(headers: &str) -> String {
    format!(
        "POST /discord/interactions HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: 10000\r\n\r\n"
    )
}

/// Refused at once, though its body never ends, and closed soon after.
async fn is_refused(address: SocketAddr, head: &str) {
    let mut client = Client::send(address, &format!("{head}half")).await;
    assert_eq!(client.status().await, 401, "{head}");
    let closed = client.is_closed("x").await;
    assert!(closed < LATE, "{closed:?} for {head}");
}

#[tokio::test]
async fn unknown_callers_are_refused_before_their_body_is_read() {
    let fixture = Fixture::open("strangers' bodies", None).await;
    let (http, verify) = (fixture.http(), fixture.verify());
    let (hex, short) = ("ab".repeat(64), "ab".repeat(63));
    let signed = |signature: &str, at: &str| {
        interaction(&format!("X-Signature-Ed25519: {signature}\r\nX-Signature-Timestamp: {at}\r\n"))
    };
    for (address, head) in [
        (verify, introspection("a-stranger", 10_000)),
        (verify, introspection("", 10_000).replace("Authorization: Bearer", "X-Nothing: x")),
        (verify, introspection(BEARER, 10_000).replace("Bearer", "Basic")),
        (http, interaction("")),
        (http, interaction(&format!("X-Signature-Ed25519: {hex}\r\n"))),
        (http, signed(&short, "1")),
        (http, signed(&hex, "now")),
        (http, signed(&"zz".repeat(64), "1")),
    ] {
        is_refused(address, &head).await;
    }
    // A client can continue after a body that was not read.
    let mut client = Client::send(verify, &introspection("a-stranger", 1_000)).await;
    assert_eq!(client.status().await, 401);
    client.write(&"x".repeat(1_000)).await;
    let form = format!("token={}", fixture.secret);
    client.write(&format!("{}{form}", introspection(BEARER, form.len()))).await;
    assert_eq!(client.status().await, 200);
    fixture.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_and_idle_connections_have_time_limits() {
    let fixture = Fixture::open("slow requests", None).await;
    let (http, verify) = (fixture.http(), fixture.verify());
    let signed =
        format!("X-Signature-Ed25519: {}\r\nX-Signature-Timestamp: 1\r\n", "ab".repeat(64));
    let is_cut = async |address, opening: String, drip: &str| {
        let mut client = Client::send(address, &opening).await;
        if opening.starts_with(GET) {
            assert_eq!(client.status().await, 200);
        }
        let closed = client.is_closed(drip).await;
        assert!(closed > REQUEST_TIMEOUT - AT_ONCE, "{opening:?} was cut after {closed:?}");
    };
    let waits = async {
        let mut client = Client::send(http, GET).await;
        assert_eq!(client.status().await, 200);
        sleep(REQUEST_TIMEOUT + LATE).await;
        client.write(GET).await;
        assert_eq!(client.status().await, 200, "a pause is no request that takes too long");
    };
    tokio::join!(
        is_cut(http, String::new(), ""),
        is_cut(http, "GET /livez HTTP/1.1\r\nX-Half".to_owned(), ""),
        is_cut(verify, "GET /v1/authorize HTTP/1.1\r\nX-Long: ".to_owned(), "x"),
        is_cut(http, format!("{GET}GET /livez HTTP/1.1\r\nX-Next: "), "x"),
        is_cut(http, format!("{}half", interaction(&signed)), "x"),
        is_cut(verify, format!("{}token=", introspection(BEARER, 10_000)), "x"),
        waits,
    );
    fixture.close().await;
}

#[tokio::test]
async fn requests_have_size_limits() {
    let fixture = Fixture::open("large requests", None).await;
    let header =
        |size: usize| format!("GET /livez HTTP/1.1\r\nX-Large: {}\r\n\r\n", "a".repeat(size));
    for address in [fixture.http(), fixture.verify()] {
        // What nginx may forward (`large_client_header_buffers`), and more than anyone needs.
        let mut client = Client::send(address, &header(33 << 10)).await;
        assert_ne!(client.status().await, 431);
        let mut client = Client(TcpStream::connect(address).await.unwrap());
        // It may be refused before all of it is written.
        let _ = client.0.write_all(header(80 << 10).as_bytes()).await;
        assert_eq!(client.status().await, 431);
    }
    let form = format!("token={}", "a".repeat(20 << 10));
    let whole = format!("{}{form}", introspection(BEARER, form.len()));
    assert_eq!(Client::send(fixture.verify(), &whole).await.status().await, 413);
    fixture.close().await;
}
