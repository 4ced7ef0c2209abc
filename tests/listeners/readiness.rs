//! Many clients request `/readyz`, and people in Discord notice nothing.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::support::Fixture;

const CLIENTS: usize = 200;

/// The pause of each after an answer: together they would send 4,000 requests a second.
const PAUSE: Duration = Duration::from_millis(50);

/// How many times slower a list may be during the load. The processor has more to do, too.
const SLOWER: f64 = 4.0;

/// Below this, differences are noise on a busy machine.
const LEAST: Duration = Duration::from_millis(50);

async fn ask_forever(address: SocketAddr) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let mut said = [0; 1024];
    loop {
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n").await?;
        let count = stream.read(&mut said).await?;
        assert!(said[..count].starts_with(b"HTTP/1.1 200"), "{:?}", said[..count].escape_ascii());
        tokio::time::sleep(PAUSE).await;
    }
}

/// How often the database was asked for free space, which writes a temporary file each time.
async fn questions(fixture: &Fixture) -> i64 {
    let files = "select temp_files from pg_stat_database where datname = current_database()";
    fixture.team.count(files).await
}

/// How long `/token list` takes: the median of some.
async fn list(fixture: &Fixture) -> Duration {
    let mut times = Vec::new();
    for _ in 0..15 {
        let start = Instant::now();
        let list = fixture.team.rin.type_command("/token list").await.unwrap().private().unwrap();
        assert!(list.contains("Reports"), "{list}");
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_readiness_checks_slow_no_one_down() {
    let fixture = Fixture::open("readiness", None).await;
    let before = list(&fixture).await;
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(ask_forever(fixture.http()));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (start, asked) = (Instant::now(), questions(&fixture).await);
    let meanwhile = list(&fixture).await;
    // Postgres counts some time after it did.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let seconds = start.elapsed().as_secs_f64();
    let questions = questions(&fixture).await - asked;
    assert!(clients.try_join_next().is_none(), "one got no answer");
    clients.shutdown().await;
    println!(
        "a list: {before:.1?} before, {meanwhile:.1?} beside {CLIENTS} who ask for readiness; \
         {questions} questions to the database in {seconds:.1} s"
    );
    assert!(meanwhile.as_secs_f64() < before.max(LEAST).as_secs_f64() * SLOWER);
    assert!(
        questions > 0 && questions as f64 <= seconds + 2.0,
        "{questions} questions in {seconds:.1} s"
    );
    fixture.close().await;
}
