//! Everything that can happen to one token, in pairs: whatever two of these do at once ends as one
//! of them after the other would have ended, and in nothing half done.
//!
//! For each pair both orders are played first, and what they leave is written down without its ids:
//! states, settings, secrets, deliveries, and the events in their order. Then both are begun at the
//! same moment, again and again, and what is left must be one of the two.
//!
//! `COUNTERSIGN_CHAOS=all` races each pair more often.

mod acts;
mod table;

use std::time::Instant;

use acts::{Act, Table};
use futures_util::StreamExt as _;

use crate::desk::Desk;

/// How often each pair is raced in `make test`, and in `make chaos`.
const RACES: usize = 1;
/// Pairs at a time.
const AT_ONCE: usize = 4;
const MANY_RACES: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn any_two_end_as_one_after_the_other() {
    let races = match std::env::var("COUNTERSIGN_CHAOS") {
        Ok(_) => MANY_RACES,
        Err(_) => RACES,
    };
    let desk = Desk::new("pairs").await;
    let start = Instant::now();
    let pairs: Vec<(Act, Act)> = Act::ALL
        .iter()
        .enumerate()
        .flat_map(|(at, one)| Act::ALL[at..].iter().map(move |other| (*one, *other)))
        .collect();
    let raced = futures_util::stream::iter(&pairs)
        .map(|(one, other)| race(&desk, *one, *other, races))
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let first: usize = raced.iter().map(|raced| raced.first).sum();
    let wrong: Vec<String> = raced.into_iter().flat_map(|raced| raced.wrong).collect();
    println!(
        "{} pairs, {races} races each, in {:.1} s; {first} ended as if the first of both had been first",
        pairs.len(),
        start.elapsed().as_secs_f64()
    );
    assert!(wrong.is_empty(), "{} races went wrong:\n{}", wrong.len(), wrong.join("\n\n"));
}

/// What came of racing a pair.
#[derive(Default)]
struct Raced {
    /// Races that ended as if the first of both had been first.
    first: usize,
    /// Races that ended as neither order does.
    wrong: Vec<String>,
}

async fn race(desk: &Desk, one: Act, other: Act, races: usize) -> Raced {
    let mut orders = Vec::new();
    for (first, second) in [(one, other), (other, one)] {
        let table = Table::set(desk, &[one, other]).await;
        table.acts(first, 1).await;
        table.acts(second, 2).await;
        orders.push(table.ends().await);
    }
    let mut raced = Raced::default();
    for _ in 0..races {
        let table = Table::set(desk, &[one, other]).await;
        tokio::join!(table.acts(one, 1), table.acts(other, 2));
        let left = table.ends().await;
        if left == orders[0] {
            raced.first += 1;
        } else if left != orders[1] {
            raced.wrong.push(format!(
                "{one:?} and {other:?} left\n{left}\nand not, as {one:?} first would have,\n{}\n\
                 or, as {other:?} first would have,\n{}",
                orders[0], orders[1]
            ));
        }
    }
    raced
}
