//! A socket on the loopback interface in place of the gateway's.
//!
//! twilight opens its connection by itself, by a list of authorities of its own and without a proxy, and takes
//! neither a stream nor a connector (0.18: `Config::tls` is private, and `tokio-websockets` gets a `TcpStream`). So
//! the connection to Discord is opened here, with the network's authorities and proxy, and twilight gets the address
//! of a port of ours, which passes on what goes over it. The one alternative, a changed copy of the library, would
//! have to be kept up.
//!
//! Bytes are unencrypted between the two ends of that port: both are this process, and reading the
//! loopback interface takes root's rights. The port is closed as soon as twilight has come; whoever comes before it
//! doesn't know the key in its address, and is turned away.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use axum::http::Uri;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_util::task::AbortOnDropHandle;

use crate::network::{Network, Socket};

/// How long connecting may take, with the proxy's part and TLS.
const DIAL_TIMEOUT: Duration = Duration::from_secs(10);

/// How long one that came may take for its request. twilight sends it at once.
const HEAD_TIMEOUT: Duration = Duration::from_secs(1);

/// The longest head of a request; twilight's has 250 bytes.
const MAX_HEAD: usize = 4 << 10;

/// Passes on one connection; ends with this.
pub(super) struct Relay {
    url: String,
    _task: AbortOnDropHandle<()>,
}

/// Where the gateway is.
struct Target {
    /// With the port, if the address names one.
    host: String,
    path: String,
}

impl Relay {
    /// Connects to the gateway at this address, of `wss` or `ws`.
    ///
    /// # Errors
    /// Why it can't be reached, for people.
    pub(super) async fn open(network: &Network, address: &str) -> Result<Self, String> {
        let (target, uri) = Target::parse(address).ok_or("Discord gave no address of a gateway")?;
        let gateway = network.dial(&uri, DIAL_TIMEOUT).await?;
        let listener = listen().await.map_err(|error| format!("no port on loopback: {error}"))?;
        let port = listener.local_addr().map_err(|error| error.to_string())?;
        let key = format!("{:032x}", rand::random::<u128>());
        let url = format!("ws://{port}/{key}");
        let task = AbortOnDropHandle::new(tokio::spawn(relay(listener, gateway, target, key)));
        Ok(Self { url, _task: task })
    }

    /// Where twilight finds it.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Target {
    /// With what to connect to.
    fn parse(address: &str) -> Option<(Self, Uri)> {
        let address: Uri = address.parse().ok()?;
        let scheme = match address.scheme_str()? {
            "wss" => "https",
            "ws" => "http",
            _ => return None,
        };
        let host = address.authority().filter(|host| !host.as_str().contains('@'))?.as_str();
        let uri = Uri::builder().scheme(scheme).authority(host).path_and_query("/").build().ok()?;
        let path = address.path().trim_end_matches('/').to_owned();
        Some((Self { host: host.to_owned(), path }, uri))
    }

    /// A request to the relay as one to the gateway; none if it doesn't know the key.
    fn translate(&self, head: &str, key: &str) -> Option<String> {
        let (_, lines) = head.split_once("\r\n")?;
        let rest = head.strip_prefix("GET /")?.strip_prefix(key)?;
        let (rest, _) = rest.split_once("\r\n")?;
        let mut translated = format!("GET {}{rest}\r\nHost: {}\r\n", self.path, self.host);
        let is_host =
            |line: &str| line.get(..5).is_some_and(|name| name.eq_ignore_ascii_case("host:"));
        for line in lines.split("\r\n").filter(|line| !line.is_empty() && !is_host(line)) {
            translated.push_str(line);
            translated.push_str("\r\n");
        }
        translated.push_str("\r\n");
        Some(translated)
    }
}

/// A port on loopback, also where a machine has IPv6 alone.
async fn listen() -> std::io::Result<TcpListener> {
    match TcpListener::bind((IpAddr::from(Ipv4Addr::LOCALHOST), 0)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind((IpAddr::from(Ipv6Addr::LOCALHOST), 0)).await,
    }
}

async fn relay(listener: TcpListener, mut gateway: Box<dyn Socket>, target: Target, key: String) {
    let (mut twilight, request) = loop {
        let Ok((mut stream, _)) = listener.accept().await else { return };
        let head = timeout(HEAD_TIMEOUT, read_head(&mut stream)).await.ok().flatten();
        if let Some(request) = head.and_then(|head| target.translate(&head, &key)) {
            break (stream, request);
        }
    };
    drop(listener);
    let passed = async {
        twilight.set_nodelay(true)?;
        gateway.write_all(request.as_bytes()).await?;
        gateway.flush().await?;
        copy_bidirectional(&mut twilight, &mut gateway).await
    };
    // Either end notices the end of the other.
    _ = passed.await;
}

/// All up to the empty line. What follows is sent only once the gateway has answered.
async fn read_head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= MAX_HEAD || stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    String::from_utf8(head).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reaches_the_gateway_as_its_own() {
        let (target, uri) = Target::parse("wss://gateway.test/path/").unwrap();
        assert_eq!(uri, "https://gateway.test/");
        let head = "GET /key/?v=10 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nUpgrade: websocket\r\n\r\n";
        let expected =
            "GET /path/?v=10 HTTP/1.1\r\nHost: gateway.test\r\nUpgrade: websocket\r\n\r\n";
        assert_eq!(target.translate(head, "key").as_deref(), Some(expected));
        assert_eq!(target.translate(head, "other"), None);
        assert!(Target::parse("https://gateway.test").is_none());
        assert!(Target::parse("wss://user@gateway.test").is_none());
    }
}
