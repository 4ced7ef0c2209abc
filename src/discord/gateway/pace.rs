//! How fast the gateway reconnects: at once after a single cut, slower and slower if cuts repeat.

use std::time::{Duration, Instant};

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// After the second cut in a row; doubles with each further one.
    pub backoff: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// A connection with a new session that lived so long ends a row of cuts: Discord takes 1,000 new
    /// sessions a day.
    pub healthy: Duration,
    /// The same of one that went on with a session, which costs nothing. People are not heard during
    /// a pause.
    pub healthy_resumed: Duration,
    /// From the start of a connection to the server's first word; and for a farewell.
    pub silence: Duration,
    /// Between two saves of a session that moves on.
    pub save: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            backoff: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            healthy: Duration::from_secs(60),
            healthy_resumed: Duration::from_secs(5),
            silence: Duration::from_secs(4),
            save: Duration::from_secs(10),
        }
    }
}

/// A row of cuts.
#[derive(Debug, Default)]
pub(super) struct Cuts {
    count: u32,
    /// Since when a session stands, and whether it is an earlier one that goes on.
    connected: Option<(Instant, bool)>,
}

impl Cuts {
    /// A session stands.
    pub(super) fn connected(&mut self, now: Instant, resumed: bool) {
        self.connected = Some((now, resumed));
    }

    /// It was cut, or never stood: how long to pause before connecting again.
    pub(super) fn cut(&mut self, pace: &Pace, now: Instant) -> Duration {
        let lived = |(since, resumed)| {
            now - since >= if resumed { pace.healthy_resumed } else { pace.healthy }
        };
        if self.connected.take().is_some_and(lived) {
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        match self.count {
            1 => Duration::ZERO,
            count => {
                let doubled = pace.backoff.saturating_mul(1 << (count - 2).min(16));
                // Jitter, so that clients that were cut together don't come back together.
                doubled.min(pace.longest).mul_f64(rand::random_range(0.8..1.2))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cut_costs_nothing_and_a_row_slows_down() {
        let (pace, mut cuts, now) = (Pace::default(), Cuts::default(), Instant::now());
        assert_eq!(cuts.cut(&pace, now), Duration::ZERO);
        let second = cuts.cut(&pace, now);
        assert!(second >= pace.backoff.mul_f64(0.8) && second <= pace.backoff.mul_f64(1.2));
        for _ in 0..100 {
            assert!(cuts.cut(&pace, now) <= pace.longest.mul_f64(1.2));
        }
        cuts.connected(now, false);
        assert!(cuts.cut(&pace, now + pace.healthy_resumed) > pace.silence);
        cuts.connected(now, false);
        assert_eq!(cuts.cut(&pace, now + pace.healthy), Duration::ZERO);
        for _ in 0..10 {
            cuts.connected(now, true);
            assert_eq!(cuts.cut(&pace, now + pace.healthy_resumed), Duration::ZERO);
        }
    }
}
