//! An HTTP proxy as companies have it: the only way out, by `CONNECT`, or by a whole URL. It leads to the hosts that the test
//! names, which exist nowhere else.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

/// The user that it wants.
const USER: &str = "countersign";

/// A running proxy; it ends when this is dropped.
pub struct HttpProxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    _server: AbortOnDropHandle<()>,
}

#[derive(Default)]
struct State {
    /// By `HOST:PORT`.
    hosts: BTreeMap<String, SocketAddr>,
    password: String,
    /// The hosts of all tunnels, in their order.
    tunnels: Vec<String>,
    /// How many requests bore no login, or a wrong one.
    strangers: usize,
}

impl HttpProxy {
    /// A proxy on loopback that wants this password.
    pub async fn start(password: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = State { password: password.to_owned(), ..State::default() };
        let state = Arc::new(Mutex::new(state));
        let shared = state.clone();
        let server = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, shared.clone()));
            }
        });
        Ok(Self { address, state, _server: AbortOnDropHandle::new(server) })
    }

    /// `HOST:PORT` leads to this address from now on.
    pub fn lead_to(&self, host: &str, target: SocketAddr) {
        lock(&self.state).hosts.insert(host.to_owned(), target);
    }

    /// Its URL, with this password.
    pub fn url(&self, password: &str) -> String {
        format!("http://{USER}:{password}@{}", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many tunnels or requests led to `HOST:PORT`.
    pub fn tunnels(&self, host: &str) -> usize {
        lock(&self.state).tunnels.iter().filter(|to| *to == host).count()
    }

    /// How many requests came without the right login.
    pub fn strangers(&self) -> usize {
        lock(&self.state).strangers
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(client: TcpStream, state: Arc<Mutex<State>>) -> std::io::Result<()> {
    let mut client = BufReader::new(client);
    let mut head = String::new();
    // Up to the empty line.
    while client.read_line(&mut head).await? > 2 {}
    let found = lock(&state).find(&head);
    match found {
        Ok((target, is_tunnel)) => {
            let mut service = TcpStream::connect(target).await?;
            if is_tunnel {
                client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
            } else {
                // Servers take a request with a whole URL as well.
                service.write_all(head.as_bytes()).await?;
            }
            copy_bidirectional(&mut client, &mut service).await?;
        }
        Err(refusal) => {
            let end = "Content-Length: 0\r\nConnection: close\r\n\r\n";
            client.write_all(format!("HTTP/1.1 {refusal}\r\n{end}").as_bytes()).await?;
            client.shutdown().await?;
        }
    }
    Ok(())
}

impl State {
    /// Where a request leads, and whether through a tunnel; or how it is refused.
    fn find(&mut self, head: &str) -> Result<(SocketAddr, bool), &'static str> {
        let login = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("proxy-authorization").then_some(value.trim())
        });
        let expected = format!("Basic {}", STANDARD.encode(format!("{USER}:{}", self.password)));
        if login != Some(expected.as_str()) {
            self.strangers += 1;
            return Err("407 Proxy Authentication Required\r\nProxy-Authenticate: Basic");
        }
        let mut words = head.split(' ');
        let is_tunnel = words.next() == Some("CONNECT");
        let asked = words.next().unwrap_or_default();
        let host = match asked.strip_prefix("http://") {
            Some(url) => format!("{}:80", url.split('/').next().unwrap_or_default()),
            None => asked.to_owned(),
        };
        let target = self.hosts.get(&host).copied().ok_or("403 Forbidden")?;
        self.tunnels.push(host);
        Ok((target, is_tunnel))
    }
}
