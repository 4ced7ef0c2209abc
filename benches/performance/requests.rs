//! A client that costs little beside the server: requests are bytes that were made before, and of an
//! answer nothing is looked at but its status and its end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Whole requests, without bodies.
pub type Requests = Arc<Vec<Vec<u8>>>;

/// How many answers a server gave in how long.
#[derive(Debug, Clone, Copy)]
pub struct Answers {
    pub count: usize,
    pub time: Duration,
}

/// Sends requests for `time` over this many connections, each of which waits for an answer before it sends the next.
/// Fails at any other status.
pub fn for_a_while(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    time: Duration,
    status: &'static str,
) -> anyhow::Result<Answers> {
    run(address, requests, connections, status, move |start, _| start.elapsed() < time)
}

/// Sends every request once.
pub fn once(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    status: &'static str,
) -> anyhow::Result<Answers> {
    let (total, step) = (requests.len(), connections);
    run(address, requests, connections, status, move |_, asked| asked * step < total)
}

/// On a thread and a runtime of its own, so that it takes one core at most.
fn run(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    status: &'static str,
    goes_on: impl Fn(Instant, usize) -> bool + Clone + Send + 'static,
) -> anyhow::Result<Answers> {
    let requests = requests.clone();
    let client = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let start = Instant::now();
            let mut lanes = tokio::task::JoinSet::new();
            for lane in 0..connections {
                let (requests, goes_on) = (requests.clone(), goes_on.clone());
                lanes.spawn(async move {
                    let mut stream = TcpStream::connect(address).await.context("connecting")?;
                    stream.set_nodelay(true)?;
                    let (mut asked, mut buffer) = (0, vec![0; 4096]);
                    while goes_on(start, asked) {
                        let at = (asked * connections + lane) % requests.len();
                        stream.write_all(&requests[at]).await?;
                        read(&mut stream, &mut buffer, status).await?;
                        asked += 1;
                    }
                    anyhow::Ok(asked)
                });
            }
            let mut count = 0;
            while let Some(lane) = lanes.join_next().await {
                count += lane??;
            }
            anyhow::Ok(Answers { count, time: start.elapsed() })
        })
    });
    client.join().map_err(|_| anyhow::anyhow!("the client panicked"))?
}

/// One answer without a body.
async fn read(stream: &mut TcpStream, buffer: &mut [u8], status: &str) -> anyhow::Result<()> {
    let mut filled = 0;
    loop {
        let count = stream.read(&mut buffer[filled..]).await?;
        ensure!(count > 0, "the server closed the connection");
        filled += count;
        if buffer[..filled].ends_with(b"\r\n\r\n") {
            let head = &buffer[..filled];
            let right = head.get(9..12) == Some(status.as_bytes());
            ensure!(right, "not {status}: {}", String::from_utf8_lossy(head));
            return Ok(());
        }
    }
}
