//! A client that fails too often must wait; a valid token never waits for that.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use secrecy::ExposeSecret as _;
use serde_json::Value;
use testkit::bot::Bot;
use tokio::task::JoinSet;

use super::support::Fixture;

/// The address of the flood, and of an honest client, too.
const SHARED: &str = "192.0.2.1";

/// How many connections the flood has.
const FLOODERS: usize = 64;

/// Presents invented, well-formed secrets one after the other, over many connections.
struct Flood {
    answers: Arc<AtomicU64>,
    tasks: JoinSet<()>,
}

impl Flood {
    fn start(fixture: &Fixture, bot: &Bot, path: &str) -> Self {
        let (answers, mut tasks) = (Arc::<AtomicU64>::default(), JoinSet::new());
        for _ in 0..FLOODERS {
            let question = fixture.ask(bot, "GET", path).header("X-Forwarded-For", SHARED);
            let (question, answers) = (question, answers.clone());
            tasks.spawn(async move {
                loop {
                    let invented = countersign::domain::secret::mint().unwrap();
                    let question = question.try_clone().unwrap();
                    let question = question.bearer_auth(invented.expose_secret());
                    let status = question.send().await.unwrap().status().as_u16();
                    assert!([401, 429].contains(&status), "{status}");
                    answers.fetch_add(1, Relaxed);
                }
            });
        }
        Self { answers, tasks }
    }

    fn answers(&self) -> u64 {
        self.answers.load(Relaxed)
    }

    /// Waits until so many more were answered.
    async fn proceed(&self, more: u64) {
        let (before, start) = (self.answers(), Instant::now());
        while self.answers() < before + more {
            assert!(start.elapsed() < Duration::from_secs(20), "the flood is not answered");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Fails if a flooder got a wrong answer.
    async fn finish(mut self) {
        self.tasks.abort_all();
        while let Some(ended) = self.tasks.join_next().await {
            assert!(ended.is_err_and(|error| error.is_cancelled()), "a flooder failed");
        }
    }
}

/// Look-ups that are running, or wait for a lock.
const AT_WORK: &str = "select count(*) from pg_stat_activity
    where datname = current_database() and state = 'active' and query like '%.sha256%'
        and pid <> pg_backend_pid()";

/// Makes a replica forget all tokens, with a change that it can't read.
const FORGET: &str = "select pg_notify('countersign_tokens', 'anything')";

#[tokio::test(flavor = "multi_thread")]
async fn a_valid_token_is_answered_beside_a_flood_from_its_address() {
    let fixture = Fixture::open("verify flood", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    let bot = &fixture.second;
    let question = || {
        let question = fixture.ask(bot, "GET", &path).header("X-Forwarded-For", SHARED);
        question.bearer_auth(&secret)
    };
    let flood = Flood::start(&fixture, bot, &path);
    flood.proceed(200).await;

    // Removed from the cache each time, so that the database is asked.
    let mut connection = fixture.team.setup.connect().await.unwrap();
    let (before, start, mut slowest) = (flood.answers(), Instant::now(), Duration::ZERO);
    for number in 0..30 {
        sqlx::query(FORGET).execute(&mut connection).await.unwrap();
        flood.proceed(50).await;
        let asked = Instant::now();
        assert_eq!(question().send().await.unwrap().status(), 200, "{number}");
        slowest = slowest.max(asked.elapsed());
    }
    let rate = (flood.answers() - before) as f64 / start.elapsed().as_secs_f64();
    println!("{rate:.0} wrong ones a second; the slowest valid one took {slowest:?}");

    // A slow database: a client that had to wait for its turn would wait long, too.
    sqlx::query(FORGET).execute(&mut connection).await.unwrap();
    flood.proceed(50).await;
    let mut lock = sqlx::Connection::begin(&mut connection).await.unwrap();
    let locks = "lock table countersign.secrets in access exclusive mode";
    sqlx::raw_sql(locks).execute(&mut *lock).await.unwrap();
    let patient = tokio::spawn(question().send());
    let at_work = most_at_work(&fixture, Duration::from_millis(900)).await;
    lock.rollback().await.unwrap();
    assert_eq!(patient.await.unwrap().unwrap().status(), 200);
    assert_eq!(at_work, 1, "look-ups at a time");
    flood.finish().await;
    fixture.close().await;
}

/// The most look-ups that ran in the database at once, during this time.
async fn most_at_work(fixture: &Fixture, time: Duration) -> i64 {
    let mut connection = fixture.team.setup.connect().await.unwrap();
    let (start, mut most) = (Instant::now(), 0);
    while start.elapsed() < time {
        let now: i64 = sqlx::query_scalar(AT_WORK).fetch_one(&mut connection).await.unwrap();
        most = most.max(now);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    most
}

#[tokio::test]
async fn only_failures_are_limited_by_their_own_address() {
    let fixture = Fixture::open("verify limits", "forwarded").await;
    let [sid, secret] = fixture.create_token("Reports").await;
    let path = format!("/Orchards/{sid}/Trees");
    let bot = &fixture.second;
    let asks = async |secret: &str, from: &str| {
        let question = fixture.ask(bot, "GET", &path).header("X-Forwarded-For", from);
        question.bearer_auth(secret).send().await.unwrap()
    };
    let unknown = countersign::domain::secret::mint().unwrap();
    let unknown = secrecy::ExposeSecret::expose_secret(&unknown).to_owned();
    // Entries further left were written by the client, and change nothing.
    for number in 0..30 {
        let guess = if number % 2 == 0 { "guess" } else { unknown.as_str() };
        let from = format!("198.51.100.{number}, 192.0.2.1");
        assert_eq!(asks(guess, &from).await.status(), 401, "{number}");
    }
    let mut refused = 0;
    for _ in 0..10 {
        let answer = asks(&unknown, "192.0.2.1").await;
        if answer.status() == 429 {
            let wait: u64 = answer.headers()["retry-after"].to_str().unwrap().parse().unwrap();
            assert!((1..=2).contains(&wait), "{wait}");
            refused += 1;
        }
    }
    assert!(refused > 5, "{refused} of 10 refused");
    assert_eq!(asks("guess", "192.0.2.2").await.status(), 401, "another address");
    // It was not presented to this replica before, so the database is asked.
    assert_eq!(asks(&secret, "192.0.2.1").await.status(), 200);
    assert_eq!(asks(&secret, "192.0.2.1").await.status(), 200);
    let nothing = fixture.ask(bot, "GET", &path).header("X-Forwarded-For", "192.0.2.1");
    assert_eq!(nothing.send().await.unwrap().status(), 401, "presenting nothing is no failure");

    let metrics = fixture.metrics(bot).await;
    for line in [
        "countersign_verifications_total{endpoint=\"authorize\",outcome=\"granted\"} 2",
        "countersign_verifications_total{endpoint=\"authorize\",outcome=\"missing\"} 1",
        "countersign_token_reads_total{source=\"cache\"} 1",
        "countersign_feed_alive 1",
        "countersign_part_ready{part=\"database\"} 1",
        "countersign_part_ready{part=\"workers\"} 1",
        "countersign_failing_jobs 0",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
    assert!(!metrics.contains(&secret) && !metrics.contains(&sid));
    for log in fixture.replicas().map(|bot| bot.log()) {
        assert!(!log.contains(&secret) && !log.contains(&unknown));
    }
    fixture.close().await;
}

#[tokio::test]
async fn check_looks_at_verification() {
    let fixture = Fixture::open("verify check", "forwarded").await;
    let output = fixture.team.setup.bot.run(&["check", "--json"]).await.unwrap();
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    let about = |found: &&Value| found["subject"] == "verify";
    let findings = found["findings"].as_array().unwrap().iter().filter(about);
    let findings: Vec<_> = findings.map(|one| (&one["outcome"], &one["message"])).collect();
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings.iter().all(|(outcome, _)| *outcome == "ok"), "{findings:?}");
    assert_eq!(findings[1].1, "the database tells of changes");
    fixture.close().await;
}
