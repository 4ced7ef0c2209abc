//! Servers that take turns under the same load, and what was seen of each.

use std::net::SocketAddr;
use std::time::Duration;

use crate::figures::Times;
use crate::process::processor_seconds;
use crate::requests::{self, Expected, Requests};

pub const CONNECTIONS: usize = 64;
pub const ROUNDS: usize = 7;
const TURN: Duration = Duration::from_secs(3);

/// One of those who take turns.
pub struct Side {
    address: SocketAddr,
    id: u32,
    requests: Requests,
    expected: Expected,
    rates: Vec<f64>,
    /// Processor time for each answer, in microseconds.
    costs: Vec<f64>,
    pub times: Times,
}

impl Side {
    pub fn new(address: SocketAddr, id: u32, requests: Requests, expected: Expected) -> Self {
        let (rates, costs, times) = (Vec::new(), Vec::new(), Times::default());
        Self { address, id, requests, expected, rates, costs, times }
    }

    /// Answers every request once, which is not counted.
    pub fn warm_up(&self) -> anyhow::Result<()> {
        requests::once(self.address, &self.requests, CONNECTIONS, self.expected).map(drop)
    }

    fn run_turn(&mut self) -> anyhow::Result<()> {
        let before = processor_seconds(self.id)?;
        let answers =
            requests::for_a_while(self.address, &self.requests, CONNECTIONS, TURN, self.expected)?;
        let cost = processor_seconds(self.id)? - before;
        let count = answers.times.len();
        anyhow::ensure!(count > 1_000, "only {count} answers");
        self.rates.push(count as f64 / answers.time.as_secs_f64());
        self.costs.push(cost * 1e6 / count as f64);
        self.times.extend(answers.times);
        Ok(())
    }

    /// Answers a second.
    pub fn rate(&self) -> f64 {
        median(&self.rates)
    }

    /// Processor time for each answer, in microseconds.
    pub fn cost(&self) -> f64 {
        median(&self.costs)
    }
}

/// Each takes its turn, a few times over.
pub fn take(sides: &mut [Side]) -> anyhow::Result<()> {
    for _ in 0..ROUNDS {
        for side in &mut *sides {
            side.run_turn()?;
        }
    }
    Ok(())
}

fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
