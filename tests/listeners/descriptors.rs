//! The process has no descriptors left.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, getrlimit, prlimit};
use tokio::net::TcpStream;

use super::processor;
use super::support::{Fixture, measure};

/// How long there are none.
const SHORTAGE: Duration = Duration::from_secs(3);

/// The share of a core that may be used for nothing.
const SHARE: f64 = 0.25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_descriptors_it_neither_spins_nor_gives_up() {
    let fixture = Fixture::open("no descriptors", None).await;
    let process = Pid::from_raw(fixture.process() as i32).unwrap();
    let (open, _) = measure(fixture.process());
    let mut limit = getrlimit(Resource::Nofile);
    // Fewer than there are: nothing can be opened before some are closed.
    limit.current = Some(open as u64 - 5);
    let before = prlimit(Some(process), Resource::Nofile, limit).unwrap();
    let mut clients = Vec::new();
    for address in [fixture.http(), fixture.verify()] {
        for _ in 0..20 {
            // The system takes them; the bot can't.
            clients.push(TcpStream::connect(address).await.unwrap());
        }
    }
    let share = processor::share(fixture.process(), SHORTAGE).await.unwrap();
    println!("without descriptors: {:.0} % of a core", share * 100.0);
    prlimit(Some(process), Resource::Nofile, before).unwrap();
    let start = Instant::now();
    for question in fixture.questions() {
        question.ask().unwrap();
    }
    println!("answered {:.1?} after", start.elapsed());
    let log = fixture.team.setup.bot.log();
    let said = log.lines().filter(|line| line.contains("connections can't be accepted")).count();
    assert!((1..=2).contains(&said), "said {said} times");
    assert!(share < SHARE, "{share:.2} of a core");
    drop(clients);
    fixture.close().await;
}
