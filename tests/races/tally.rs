//! How often each pair races, and the outcomes, for people to read.

use std::collections::BTreeMap;
use std::time::Instant;

/// Whether everything is to be tried.
pub fn all() -> bool {
    std::env::var("COUNTERSIGN_CHAOS").as_deref() == Ok("all")
}

/// How often each pair races.
fn times() -> usize {
    if all() { 1_000 } else { 32 }
}

/// The sizes and names of batches; people's channels are read once for each.
pub fn batches(label: &str, most: usize) -> impl Iterator<Item = (usize, String)> {
    let (times, label) = (times(), label.to_owned());
    let firsts = (0..times).step_by(most);
    firsts.map(move |first| (most.min(times - first), format!("{label}{}x", first / most)))
}

/// Counts outcomes.
pub struct Tally {
    race: String,
    start: Instant,
    outcomes: BTreeMap<String, usize>,
}

impl Tally {
    pub fn of(race: &str) -> Self {
        Self { race: race.to_owned(), start: Instant::now(), outcomes: BTreeMap::new() }
    }

    pub fn counts(&mut self, outcome: &str) {
        *self.outcomes.entry(outcome.to_owned()).or_default() += 1;
    }

    pub fn print_tally(self) {
        let races: usize = self.outcomes.values().sum();
        let outcomes = self.outcomes.iter().map(|(outcome, times)| format!("{times} {outcome}"));
        let outcomes = outcomes.collect::<Vec<_>>().join(", ");
        let seconds = self.start.elapsed().as_secs();
        println!("{}: {races} races in {seconds} s: {outcomes}", self.race);
    }
}
