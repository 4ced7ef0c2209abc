//! What no library here sends: requests ahead, `Flush`, copied data in extended queries.

use std::time::{Duration, Instant};

use discord_sim::crash_points::Outcome;
use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::{Fixture, LIMIT, reached};

/// A client that sends exactly these bytes.
struct Raw {
    stream: TcpStream,
    /// What cancels its requests.
    key: Vec<u8>,
}

impl Raw {
    async fn connect(fixture: &Fixture) -> Self {
        let url: Url = fixture.proxy.url(&fixture.database.owner_url).unwrap().parse().unwrap();
        let port = url.port().unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
        // Encryption is refused, and the connection continues.
        stream.write_all(&[0, 0, 0, 8, 4, 210, 22, 47]).await.unwrap();
        assert_eq!(stream.read_u8().await.unwrap(), b'N');
        let parameters =
            format!("user\0{}\0database\0{}\0\0", url.username(), fixture.database.name);
        let length = u32::try_from(parameters.len() + 8).unwrap();
        let mut opening = length.to_be_bytes().to_vec();
        opening.extend([0, 3, 0, 0]);
        opening.extend(parameters.as_bytes());
        stream.write_all(&opening).await.unwrap();
        let mut raw = Self { stream, key: Vec::new() };
        assert_eq!(raw.next().await.0, b'R');
        let password = message(b'p', format!("{}\0", url.password().unwrap()).as_bytes());
        raw.say(&password).await;
        loop {
            match raw.next().await {
                (b'K', key) => raw.key = key,
                (b'Z', _) => return raw,
                _ => {}
            }
        }
    }

    async fn say(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    async fn next(&mut self) -> (u8, Vec<u8>) {
        let reading = async {
            let tag = self.stream.read_u8().await.unwrap();
            let mut body = vec![0; self.stream.read_u32().await.unwrap() as usize - 4];
            self.stream.read_exact(&mut body).await.unwrap();
            (tag, body)
        };
        timeout(LIMIT, reading).await.expect("an answer in time")
    }

    /// The tags up to this one.
    async fn until(&mut self, last: u8) -> String {
        let mut tags = String::new();
        loop {
            let tag = self.next().await.0;
            tags.push(char::from(tag));
            if tag == last {
                return tags;
            }
        }
    }
}

fn message(tag: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    bytes.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    bytes.extend(body);
    bytes
}

fn query(sql: &str) -> Vec<u8> {
    message(b'Q', format!("{sql}\0").as_bytes())
}

/// Parse, bind and execute, without a sync.
fn extended(sql: &str) -> Vec<u8> {
    let parse = message(b'P', format!("\0{sql}\0\0\0").as_bytes());
    let bind = message(b'B', b"\0\0\0\0\0\0\0\0");
    let execute = message(b'E', b"\0\0\0\0\0");
    [parse, bind, execute].concat()
}

#[tokio::test]
async fn understands_requests_that_are_sent_ahead() {
    let fixture = Fixture::start().await;
    let mut raw = Raw::connect(&fixture).await;
    let ahead = [
        query("BEGIN"),
        extended("INSERT INTO t VALUES (1)"),
        message(b'S', b""),
        query("COMMIT"),
        query("BEGIN; INSERT INTO t VALUES (2)"),
        query("ROLLBACK"),
        // Several statements before one sync are one transaction.
        extended("INSERT INTO t VALUES (3)"),
        extended("INSERT INTO t VALUES (4)"),
        message(b'S', b""),
    ];
    raw.say(&ahead.concat()).await;
    for _ in 0..6 {
        raw.until(b'Z').await;
    }
    assert_eq!(
        fixture.labels(),
        ["INSERT INTO t VALUES (?); COMMIT", "INSERT INTO t VALUES (?); INSERT INTO t VALUES (?)"]
    );
    assert_eq!((fixture.done(), fixture.rows().await), (2, 3));
}

#[tokio::test]
async fn holds_a_commit_that_is_flushed() {
    let fixture = Fixture::start().await;
    let mut raw = Raw::connect(&fixture).await;
    raw.say(&[extended("BEGIN"), extended("INSERT INTO t VALUES (1)")].concat()).await;
    raw.say(&message(b'H', b"")).await;
    assert_eq!(raw.until(b'C').await, "12C");
    assert_eq!(raw.until(b'C').await, "12C");
    let mut hold = fixture.proxy.hold_after(1);
    raw.say(&[extended("COMMIT"), message(b'H', b"")].concat()).await;
    let held = reached(&mut hold).await;
    assert_eq!((held.arrival.outcome, fixture.rows().await), (Outcome::Done, 1));
    held.proceed();
    assert_eq!(raw.until(b'C').await, "12C");
    raw.say(&message(b'S', b"")).await;
    assert_eq!(raw.until(b'Z').await, "Z");
    assert_eq!(fixture.labels(), ["INSERT INTO t VALUES (?); COMMIT"]);
    let mut hold = fixture.proxy.hold_before(2);
    raw.say(&[extended("INSERT INTO t VALUES (2)"), message(b'S', b"")].concat()).await;
    drop(reached(&mut hold).await);
    assert_eq!(timeout(LIMIT, raw.stream.read(&mut [0])).await.unwrap().unwrap(), 0);
    assert_eq!(fixture.rows().await, 1);
}

#[tokio::test]
async fn passes_copied_data_of_extended_queries() {
    let fixture = Fixture::start().await;
    let mut raw = Raw::connect(&fixture).await;
    raw.say(&[extended("COPY t FROM STDIN"), message(b'S', b"")].concat()).await;
    assert_eq!(raw.until(b'G').await, "12G");
    let data = [message(b'd', b"1\n2\n"), message(b'c', b""), message(b'S', b"")];
    raw.say(&data.concat()).await;
    assert_eq!(raw.until(b'Z').await, "CZ");
    raw.say(&query("INSERT INTO t VALUES (3)")).await;
    assert_eq!(raw.until(b'Z').await, "CZ");
    assert_eq!((fixture.done(), fixture.rows().await), (2, 3));
}

#[tokio::test]
async fn lets_nothing_of_a_held_answer_out() {
    let fixture = Fixture::start().await;
    let mut raw = Raw::connect(&fixture).await;
    let mut hold = fixture.proxy.hold_after(1);
    // More than is gathered, so that it is sent in pieces unless it is held.
    raw.say(&query("INSERT INTO t VALUES (1) RETURNING repeat('x', 1000000)")).await;
    let held = reached(&mut hold).await;
    assert!(timeout(Duration::from_millis(200), raw.stream.read_u8()).await.is_err());
    drop(held);
    assert_eq!(timeout(LIMIT, raw.stream.read(&mut [0])).await.unwrap().unwrap(), 0);
    assert_eq!(fixture.rows().await, 1);
}

#[tokio::test]
async fn passes_cancel_requests_on() {
    let fixture = Fixture::start().await;
    let mut raw = Raw::connect(&fixture).await;
    raw.say(&query("SELECT pg_sleep(60)")).await;
    // Postgres forgets a cancellation of what has not begun.
    let runs = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' \
                AND datname = current_database()";
    let mut looking = fixture.past().await;
    let start = Instant::now();
    while sqlx::query_scalar::<_, i64>(runs).fetch_one(&mut looking).await.unwrap() == 0 {
        assert!(start.elapsed() < LIMIT, "it never begins");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let port = raw.stream.peer_addr().unwrap().port();
    let mut other = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let mut cancel = vec![0, 0, 0, 16, 4, 210, 22, 46];
    cancel.extend(&raw.key);
    other.write_all(&cancel).await.unwrap();
    assert_eq!(raw.until(b'Z').await.chars().rev().take(2).collect::<String>(), "ZE");
}
