//! Thousands of slow connections to both listeners, and honest clients beside them.

use std::time::{Duration, Instant};

use super::processor;
use super::slow_clients::Crowd;
use super::support::{Fixture, Question, measure};

/// Longer than a request may take to arrive, so that time limits are reached too.
const ATTACK: Duration = Duration::from_secs(14);

/// How soon descriptors are free again after the attack.
const RECOVERY: Duration = Duration::from_secs(5);

/// How many more descriptors the bot may have then: the pools of the database grow and shrink.
const BREATH: usize = 12;

/// Unused memory is returned to the system every 10 s (`src/memory.rs`).
const TRIMMED: Duration = Duration::from_secs(25);

/// How many more megabytes there may be then.
const MEMORY: f64 = 25.0;

/// As many descriptors for this process as possible.
fn take_all_descriptors(needed: u64) {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    setrlimit(Resource::Nofile, limit).unwrap();
    let enough = limit.maximum.is_none_or(|maximum| maximum >= needed);
    assert!(enough, "this test needs {needed} descriptors: raise the hard limit (ulimit -Hn)");
}

/// The results of honest requests.
#[derive(Default)]
struct Answers {
    asked: usize,
    slowest: Duration,
    problems: Vec<String>,
}

/// Sends requests all the time during the attack.
fn ask(questions: &[Question]) -> Answers {
    let (start, mut answers) = (Instant::now(), Answers::default());
    while start.elapsed() < ATTACK {
        for question in questions {
            answers.asked += 1;
            match question.ask() {
                Ok(took) => answers.slowest = answers.slowest.max(took),
                Err(problem) => answers.problems.push(problem),
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    answers
}

/// The most that the process uses during the attack.
async fn most(fixture: &Fixture) -> (usize, f64) {
    let (start, mut most) = (Instant::now(), (0, 0.0_f64));
    while start.elapsed() < ATTACK {
        let (descriptors, memory) = measure(fixture.process());
        most = (most.0.max(descriptors), most.1.max(memory));
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    most
}

/// Waits until the process has this many.
async fn gives_back(
    fixture: &Fixture,
    what: &str,
    limit: Duration,
    is_enough: impl Fn(usize, f64) -> bool,
) {
    let start = Instant::now();
    loop {
        let (descriptors, memory) = measure(fixture.process());
        let (after, enough) = (start.elapsed(), is_enough(descriptors, memory));
        if enough || after > limit {
            println!("{after:.1?} after: {descriptors} descriptors, {memory:.1} MB");
            assert!(enough, "{what} did not come back");
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn is_withstood(fixture: Fixture, of_each: usize) {
    let (before, memory_before) = measure(fixture.process());
    println!("before: {before} descriptors, {memory_before:.1} MB");
    let crowd = Crowd::arrive_all(&fixture, of_each).await;
    let questions = fixture.questions();
    let share = processor::share(fixture.process(), ATTACK);
    let answers = tokio::task::spawn_blocking(move || ask(&questions));
    let (answers, share, (descriptors, memory)) = tokio::join!(answers, share, most(&fixture));
    let (Answers { asked, slowest, problems }, share) = (answers.unwrap(), share.unwrap());
    let [open, opened, cut] = crowd.counts();
    println!(
        "slow: {open} open, {opened} were opened, {cut} cut; the bot: at most {descriptors} descriptors \
         and {memory:.1} MB, {:.0} % of a core; honest: {asked} asked, {} failed, the slowest answer \
         took {slowest:.1?}",
        share * 100.0,
        problems.len()
    );
    // People in Discord notice nothing either.
    let help = fixture.team.rin.type_command("/token help").await;
    crowd.leave_all().await;
    gives_back(&fixture, "descriptors", RECOVERY, |now, _| now <= before + BREATH).await;
    gives_back(&fixture, "memory", TRIMMED, |_, now| now <= memory_before + MEMORY).await;
    assert!(problems.is_empty(), "{} of {asked}: {}", problems.len(), problems[0]);
    help.unwrap().private().unwrap();
    fixture.close().await;
}

/// One after the other: both need the whole machine.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_slow_connections_lock_no_one_out() {
    take_all_descriptors(12_000);
    // 3,600 connections, more than three times what the process may have.
    let fixture = Fixture::open("few descriptors", Some(1_024)).await;
    let log = fixture.team.setup.bot.log();
    let limits = log.lines().find(|line| line.contains("limits of connections")).unwrap();
    let shares = ["\"http\":192", "\"verify\":576", "\"descriptors\":1024"];
    assert!(shares.iter().all(|share| limits.contains(share)), "{limits}");
    is_withstood(fixture, 300).await;
    // As many as usual.
    is_withstood(Fixture::open("five thousand", None).await, 417).await;
}
