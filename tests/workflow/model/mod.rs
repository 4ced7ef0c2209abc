//! The two-person rule as a model. The real workflows on a real Postgres are driven by the same random
//! histories as the model: requests, edits, approvals, lost roles, crashes, replays and races, in any
//! order.
//!
//! After each step the database must agree with the model. After a crash it may have the state before or
//! after the step; after a race, that of one order or of the other. A history that fails is shrunk to the
//! shortest one.
//!
//! `COUNTERSIGN_MODEL_HISTORIES` sets how many histories are tried.

mod history;
mod play;
mod world;

use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::test_runner::{Config, TestRunner};

/// Histories in `make test`; `make chaos` runs more.
const HISTORIES: u32 = 60;

#[test]
fn every_history_ends_as_the_model_says() {
    let wanted = std::env::var("COUNTERSIGN_MODEL_HISTORIES").ok();
    let cases = wanted.map_or(HISTORIES, |text| text.parse().expect("a number of histories"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let player = runtime.block_on(play::Player::new());
    let start = std::time::Instant::now();
    let counted = AtomicUsize::new(0);
    let config =
        Config { cases, max_shrink_iters: 400, failure_persistence: None, ..Config::default() };
    TestRunner::new(config)
        .run(&history::histories(), |history| {
            counted.fetch_add(history.len(), Ordering::Relaxed);
            runtime.block_on(player.run_history(&history))
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    println!(
        "{cases} histories of {} steps in all, up to {} each, in {:.1} s",
        counted.load(Ordering::Relaxed),
        history::LONGEST,
        start.elapsed().as_secs_f64()
    );
    runtime.block_on(player.finish());
}
