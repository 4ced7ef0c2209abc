//! A client that costs little beside the server: requests are bytes that were made before, and of an
//! answer nothing is looked at but its status, its end, and a text that it must hold.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::figures::Times;

/// Whole requests.
pub type Requests = Arc<Vec<Vec<u8>>>;

/// What every answer must be.
#[derive(Debug, Clone, Copy)]
pub struct Expected {
    pub status: &'static str,
    /// What is in the body; an answer has none where nothing is wanted.
    pub text: Option<&'static str>,
}

/// The answers that a server gave: how long each took, and all of them.
#[derive(Debug, Clone)]
pub struct Answers {
    pub times: Times,
    pub time: Duration,
}

/// Sends requests for `time` over this many connections, each of which waits for an answer before it sends the next.
/// Fails at any other answer.
pub fn for_a_while(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    time: Duration,
    expected: Expected,
) -> anyhow::Result<Answers> {
    run(address, requests, connections, expected, move |start, _| start.elapsed() < time)
}

/// Sends every request once.
pub fn once(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    expected: Expected,
) -> anyhow::Result<Answers> {
    let (total, step) = (requests.len(), connections);
    run(address, requests, connections, expected, move |_, asked| asked * step < total)
}

/// On a thread and a runtime of its own, so that it takes one core at most.
fn run(
    address: SocketAddr,
    requests: &Requests,
    connections: usize,
    expected: Expected,
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
                    let (mut times, mut buffer) = (Times::default(), vec![0; 4096]);
                    while goes_on(start, times.len()) {
                        let at = (times.len() * connections + lane) % requests.len();
                        let sent = Instant::now();
                        stream.write_all(&requests[at]).await?;
                        read(&mut stream, &mut buffer, expected).await?;
                        times.add(sent.elapsed());
                    }
                    anyhow::Ok(times)
                });
            }
            let mut times = Times::default();
            while let Some(lane) = lanes.join_next().await {
                times.extend(lane??);
            }
            anyhow::Ok(Answers { times, time: start.elapsed() })
        })
    });
    client.join().map_err(|_| anyhow::anyhow!("the client panicked"))?
}

/// One whole answer.
async fn read(stream: &mut TcpStream, buffer: &mut [u8], expected: Expected) -> anyhow::Result<()> {
    let mut filled = 0;
    loop {
        let count = stream.read(&mut buffer[filled..]).await?;
        ensure!(count > 0, "the server closed the connection, or its answer is too long");
        filled += count;
        let come = &buffer[..filled];
        if is_whole(come, expected)? {
            let right = come.get(9..12) == Some(expected.status.as_bytes());
            ensure!(right, "not {}: {}", expected.status, String::from_utf8_lossy(come));
            return Ok(());
        }
    }
}

fn is_whole(come: &[u8], expected: Expected) -> anyhow::Result<bool> {
    const END: &[u8] = b"\r\n\r\n";
    let Some(text) = expected.text else { return Ok(come.ends_with(END)) };
    let Some(end) = come.windows(END.len()).position(|part| part == END) else { return Ok(false) };
    let (head, body) = (std::str::from_utf8(&come[..end])?, &come[end + END.len()..]);
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let length = fields.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.context("an answer of unknown length")?.1.trim().parse()?;
    if body.len() < length {
        return Ok(false);
    }
    let body = String::from_utf8_lossy(body);
    ensure!(body.contains(text), "without {text}: {head}\n\n{body}");
    Ok(true)
}
