//! How fast the gateway reconnects: at once after a single cut, more and more slowly if cuts repeat.

use std::time::{Duration, Instant};

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// After the second cut in a row; doubles with each further one.
    pub backoff: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// A connection with a new session that lived so long ends the row of cuts: Discord takes 1,000 new
    /// sessions a day.
    pub healthy: Duration,
    /// The same of one that resumed its session, which costs nothing. Interactions wait during a pause.
    pub healthy_resumed: Duration,
    /// From the start of a connection to the server's first message.
    pub silence: Duration,
    /// Between two saves of a session that moves on.
    pub save: Duration,
}

impl Default for Timing {
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

/// Counts the cuts in a row, for the pause after the next.
#[derive(Debug, Default)]
pub(super) struct ReconnectBackoff {
    count: u32,
    /// When the session was established, and whether it was resumed.
    connected: Option<(Instant, bool)>,
}

impl ReconnectBackoff {
    /// A session was established.
    pub(super) fn record_connection(&mut self, now: Instant, resumed: bool) {
        self.connected = Some((now, resumed));
    }

    /// The connection was cut or failed: how long to pause before the next.
    pub(super) fn next_delay(&mut self, timing: &Timing, now: Instant) -> Duration {
        let lived = |(since, resumed)| {
            now - since >= if resumed { timing.healthy_resumed } else { timing.healthy }
        };
        if self.connected.take().is_some_and(lived) {
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        match self.count {
            1 => Duration::ZERO,
            count => {
                let doubled = timing.backoff.saturating_mul(1 << (count - 2).min(16));
                // Jitter, so that clients that were cut together don't come back together.
                doubled.min(timing.longest).mul_f64(rand::random_range(0.8..1.2))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cut_costs_nothing_and_a_row_slows_down() {
        let (timing, mut backoff, now) =
            (Timing::default(), ReconnectBackoff::default(), Instant::now());
        assert_eq!(backoff.next_delay(&timing, now), Duration::ZERO);
        let second = backoff.next_delay(&timing, now);
        assert!(second >= timing.backoff.mul_f64(0.8) && second <= timing.backoff.mul_f64(1.2));
        for _ in 0..100 {
            assert!(backoff.next_delay(&timing, now) <= timing.longest.mul_f64(1.2));
        }
        backoff.record_connection(now, false);
        assert!(backoff.next_delay(&timing, now + timing.healthy_resumed) > timing.silence);
        backoff.record_connection(now, false);
        assert_eq!(backoff.next_delay(&timing, now + timing.healthy), Duration::ZERO);
        for _ in 0..10 {
            backoff.record_connection(now, true);
            assert_eq!(backoff.next_delay(&timing, now + timing.healthy_resumed), Duration::ZERO);
        }
    }
}
