//! Everything that can happen to one token, in pairs: two actions at once end as one after the other would,
//! never half done.
//!
//! For each initial state and pair, both orders run first, and their final states are recorded
//! without ids: states, settings, secrets, deliveries, the events in their order, the notices. Then both
//! are started at the same moment, again and again, and the final state must be one of the two.
//!
//! `COUNTERSIGN_CHAOS=all` races each pair more often, and prints how each ended.

mod acts;
mod final_state;
mod initial_state;

use std::path::Path;
use std::time::{Duration, Instant};

use acts::Act;
use countersign::domain::request_kind::RequestKind;
use futures_util::StreamExt as _;
use initial_state::InitialState;

use crate::support::Fixture;

/// How often each pair races in `make test`, and in `make chaos`.
const RACES: usize = 1;
const MANY_RACES: usize = 10;
/// Pairs at a time.
const AT_ONCE: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn any_two_end_as_one_after_the_other_while_much_waits() {
    race_all(&[InitialState::Waiting]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn any_two_end_as_one_after_the_other_on_a_token_in_use() {
    let [reset, upgrade, extend] = [RequestKind::Reset, RequestKind::Upgrade, RequestKind::Extend];
    let ready = [reset, upgrade, extend].map(InitialState::Ready);
    race_all(&[&[InitialState::Quiet], &ready[..]].concat()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn any_two_end_as_one_after_the_other_on_a_token_that_is_off() {
    race_all(&[
        InitialState::Off,
        InitialState::Ready(RequestKind::Enable),
        InitialState::Returning,
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn any_two_end_as_one_after_the_other_where_an_admin_acts_by_hand() {
    use RequestKind::{Delete, Disable, Edit, Narrow, Reset};
    race_all(&[Reset, Edit, Narrow, Disable, Delete].map(InitialState::ByHand)).await;
}

/// Races each with each in all of these.
async fn race_all(settings: &[InitialState]) {
    let is_long = std::env::var("COUNTERSIGN_CHAOS").is_ok();
    let races = if is_long { MANY_RACES } else { RACES };
    let catalogue = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/catalogues/playground.toml");
    let by_hand = format!(
        r#"
        [[providers]]
        id = "press"
        name = "Press"
        locale = "en-US"
        catalogue = "{}"
        approval_channel = "3"
        admin_roles = ["{}"]
        [providers.issuer]
        {}
        # The same admins ask for something at every table.
        [policy]
        max_open_requests = 100000
        "#,
        catalogue.display(),
        crate::support::ADMINS,
        crate::support::by_hand()
    );
    let fixture = Fixture::configured("pairs", &by_hand).await;
    let start = Instant::now();
    let pairs: Vec<(InitialState, Act, Act)> = settings
        .iter()
        .flat_map(|setting| {
            let acts = setting.acts();
            let pair = |at: usize, one: Act| {
                acts[at..].iter().map(|other| (*setting, one, *other)).collect::<Vec<_>>()
            };
            acts.iter().enumerate().flat_map(|(at, one)| pair(at, *one)).collect::<Vec<_>>()
        })
        .collect();
    let raced = futures_util::stream::iter(&pairs)
        .map(|pair| race(&fixture, *pair, races))
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    let sum = |of: fn(&RaceResult) -> usize| raced.iter().map(of).sum::<usize>();
    let [first, second] = [sum(|raced| raced.first), sum(|raced| raced.second)];
    println!(
        "{} pairs, {races} races each, in {:.1} s; {first} ended as if the first of both had been \
         first, {second} as if the second, and of {} the end is the same",
        pairs.len(),
        start.elapsed().as_secs_f64(),
        sum(|raced| raced.either)
    );
    for raced in raced.iter().filter(|_| is_long) {
        println!("  {}", raced.line());
    }
    let wrong: Vec<String> = raced.into_iter().flat_map(|raced| raced.wrong).collect();
    assert!(wrong.is_empty(), "{} races went wrong:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(first > 0 && second > 0, "nothing was raced: one of both is always first");
}

/// What came of racing a pair.
struct RaceResult {
    pair: (InitialState, Act, Act),
    /// Races that ended as if the first one had been first.
    first: usize,
    /// The same of the second.
    second: usize,
    /// Races of two that end the same in both orders.
    either: usize,
    /// Races that ended as neither order does.
    wrong: Vec<String>,
}

impl RaceResult {
    fn line(&self) -> String {
        let (setting, one, other) = self.pair;
        let (first, second, either) = (self.first, self.second, self.either);
        format!("{setting:?}: {one:?} {first}, {other:?} {second}, the same end {either}")
    }
}

async fn race(fixture: &Fixture, pair: (InitialState, Act, Act), races: usize) -> RaceResult {
    let (setting, one, other) = pair;
    let mut orders = Vec::new();
    for (first, second) in [(one, other), (other, one)] {
        let table = setting.laid(fixture, &[one, other]).await;
        table.acts(first, 1).await;
        table.acts(second, 2).await;
        orders.push(table.finish(setting).await);
    }
    let mut raced = RaceResult { pair, first: 0, second: 0, either: 0, wrong: Vec::new() };
    for _ in 0..races {
        let table = setting.laid(fixture, &[one, other]).await;
        // Each gets a head start in turn, shorter than a statement takes.
        let [early, late] = [0, 1].map(|_| Duration::from_micros(rand::random_range(0..1_500)));
        tokio::join!(
            async {
                tokio::time::sleep(early).await;
                table.acts(one, 1).await;
            },
            async {
                tokio::time::sleep(late).await;
                table.acts(other, 2).await;
            }
        );
        let left = table.finish(setting).await;
        match (left == orders[0], left == orders[1]) {
            (true, true) => raced.either += 1,
            (true, false) => raced.first += 1,
            (false, true) => raced.second += 1,
            (false, false) => raced.wrong.push(format!(
                "{setting:?}: {one:?} and {other:?} left\n{left}\nand not, as {one:?} first would \
                 have,\n{}\nor, as {other:?} first would have,\n{}",
                orders[0], orders[1]
            )),
        }
    }
    raced
}
