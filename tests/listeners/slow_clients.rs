//! Slow clients: each holds a connection as long as it can, and connects again when it is closed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::support::{BEARER, Fixture};

/// How long a client waits before it connects again.
const PAUSE: Duration = Duration::from_secs(5);

/// How slow a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slow {
    /// It sends nothing.
    Silent,
    /// Half of the headers, and no more.
    HalfHead,
    /// Headers that never end, a byte a second.
    DrippingHead,
    /// Half of a body, and no more.
    HalfBody,
    /// A body that never ends, a byte a second.
    DrippingBody,
    /// A whole request, and then nothing.
    Idle,
}

impl Slow {
    pub const ALL: [Self; 6] = [
        Self::Silent,
        Self::HalfHead,
        Self::DrippingHead,
        Self::HalfBody,
        Self::DrippingBody,
        Self::Idle,
    ];

    /// What it sends at once. `body` begins a request whose body is awaited.
    fn opening(self, body: &str) -> String {
        match self {
            Self::Silent => String::new(),
            Self::HalfHead => "GET /v1/authorize HTTP/1.1\r\nHost: x\r\nX-Half".to_owned(),
            Self::DrippingHead => "GET /livez HTTP/1.1\r\nHost: x\r\nX-Long: ".to_owned(),
            Self::HalfBody | Self::DrippingBody => format!("{body}token=half"),
            Self::Idle => "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(),
        }
    }

    fn drips(self) -> bool {
        matches!(self, Self::DrippingHead | Self::DrippingBody)
    }
}

/// A body for introspection by a known caller, and one with a wrong signature.
fn bodies(fixture: &Fixture) -> [(SocketAddr, String); 2] {
    let form = "Content-Type: application/x-www-form-urlencoded";
    let length = "Content-Length: 10000";
    let signature = "ab".repeat(64);
    [
        (
            fixture.verify(),
            format!(
                "POST /v1/introspect HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {BEARER}\r\n{form}\r\n{length}\r\n\r\n"
            ),
        ),
        (
            fixture.http(),
            format!(
                "POST /discord/interactions HTTP/1.1\r\nHost: x\r\nX-Signature-Ed25519: {signature}\r\nX-Signature-Timestamp: 1\r\n{length}\r\n\r\n"
            ),
        ),
    ]
}

/// Slow clients of every kind, at both listeners.
pub struct Crowd {
    clients: TaskTracker,
    stop: CancellationToken,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    open: AtomicUsize,
    opened: AtomicUsize,
    cut: AtomicUsize,
}

impl Crowd {
    /// So many of each kind at each listener; they connect within a second or two.
    pub async fn arrive_all(fixture: &Fixture, of_each: usize) -> Self {
        let crowd = Self {
            clients: TaskTracker::new(),
            stop: CancellationToken::new(),
            counts: Arc::default(),
        };
        for _ in 0..of_each {
            for (address, body) in bodies(fixture) {
                for slow in Slow::ALL {
                    let (stop, counts) = (crowd.stop.clone(), crowd.counts.clone());
                    let opening = slow.opening(&body);
                    crowd.clients.spawn(async move {
                        let stays = stay(address, slow, &opening, &counts);
                        stop.run_until_cancelled(stays).await;
                    });
                }
            }
            // More at once would only wait in the listener's queue.
            tokio::time::sleep(Duration::from_millis(3)).await;
        }
        crowd
    }

    /// How many are open, were opened in all, and were cut.
    pub fn counts(&self) -> [usize; 3] {
        [&self.counts.open, &self.counts.opened, &self.counts.cut].map(|count| count.load(Relaxed))
    }

    /// All of them go.
    pub async fn leave_all(self) {
        self.stop.cancel();
        self.clients.close();
        self.clients.wait().await;
    }
}

async fn stay(address: SocketAddr, slow: Slow, opening: &str, counts: &Counts) {
    loop {
        if let Ok(stream) = TcpStream::connect(address).await {
            counts.open.fetch_add(1, Relaxed);
            counts.opened.fetch_add(1, Relaxed);
            holds(stream, slow, opening).await;
            counts.open.fetch_sub(1, Relaxed);
            counts.cut.fetch_add(1, Relaxed);
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Until it is cut.
async fn holds(mut stream: TcpStream, slow: Slow, opening: &str) {
    if stream.write_all(opening.as_bytes()).await.is_err() {
        return;
    }
    let (mut reads, mut writes) = stream.split();
    let ends = async {
        let mut buffer = [0; 512];
        while matches!(reads.read(&mut buffer).await, Ok(count) if count > 0) {}
    };
    let drips = async {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if slow.drips() && writes.write_all(b"x").await.is_err() {
                break;
            }
        }
    };
    tokio::select! { () = ends => {}, () = drips => {} }
}
