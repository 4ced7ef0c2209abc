//! The feed of changes, and whether it works.
//!
//! A beat goes through the database and comes back on the connection that receives changes, in order
//! with them: when it is back, everything that was committed before it was sent has arrived. So
//! the time at which the last returned beat was *sent* limits how old the cache can be. It is
//! measured by the process's monotonic clock, which can't be set.
//!
//! Beats also carry the database's clock, by which tokens expire here too.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_util::sync::CancellationToken;

use super::cache::TokenCache;
use super::token::Moment;
use crate::counters;
use crate::network::Network;
use crate::store::verify::{ChangeListener, ChangeMessage};

/// The maximum age of the last returned beat for the cache to be trusted.
pub const TRUST: Duration = Duration::from_secs(1);

/// How often a beat is sent: a few may be lost before trust is.
const BEAT: Duration = Duration::from_millis(200);

/// After this time without an answer the connection is replaced.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long until another is tried.
const RETRY: Duration = Duration::from_millis(500);

/// Whether changes are received, and the time of the database's clock.
pub struct Feed {
    /// Times are counted from here.
    start: Instant,
    /// When the last beat that came back was sent, in microseconds; 0 for never.
    proven: AtomicU64,
    /// The database's clock at the start, from the last beat, in microseconds.
    clock_at_start: AtomicI64,
}

impl Default for Feed {
    fn default() -> Self {
        Self { start: Instant::now(), proven: 0.into(), clock_at_start: 0.into() }
    }
}

impl Feed {
    /// The database's clock, while the feed works; `None` if the cache can't be
    /// trusted.
    #[must_use]
    pub fn now(&self) -> Option<Moment> {
        self.now_at(self.elapsed())
    }

    fn now_at(&self, now: u64) -> Option<Moment> {
        let proven = self.proven.load(Relaxed);
        let alive = proven > 0 && now.saturating_sub(proven) < TRUST.as_micros() as u64;
        alive.then(|| self.clock_at_start.load(Relaxed) + now as i64)
    }

    /// A beat came back that was sent at this time, when the database's clock showed this or a little less.
    fn prove(&self, sent: u64, clock: Moment) {
        self.clock_at_start.store(clock - sent as i64, Relaxed);
        self.proven.store(sent.max(1), Relaxed);
    }

    fn lose(&self) {
        self.proven.store(0, Relaxed);
    }

    fn elapsed(&self) -> u64 {
        self.start.elapsed().as_micros() as u64
    }
}

/// Receives changes until `stop`, reconnecting if needed.
pub async fn follow(
    (url, network): (&SecretString, &Network),
    feed: &Feed,
    cache: &TokenCache,
    stop: &CancellationToken,
) {
    let mut told = false;
    loop {
        let mut lived = false;
        let ended = tokio::select! {
            ended = hear((url, network), feed, cache, &mut lived) => ended,
            () = stop.cancelled() => return,
        };
        feed.lose();
        counters::feed_is_alive(false);
        // Once for each time that the connection is lost.
        if (lived || !told)
            && let Err(error) = ended
        {
            tracing::warn!(%error, "changes of tokens are not heard of: the database is asked for each request");
            told = true;
        }
        tokio::select! { () = tokio::time::sleep(RETRY) => {}, () = stop.cancelled() => return }
    }
}

/// Receives changes until the connection ends, or hangs.
async fn hear(
    (url, network): (&SecretString, &Network),
    feed: &Feed,
    cache: &TokenCache,
    lived: &mut bool,
) -> anyhow::Result<()> {
    let mut changes = timeout(PATIENCE, ChangeListener::listen(url, network, PATIENCE)).await??;
    // What was cached before may have changed while the connection was down.
    cache.forget_all();
    for number in 1_u64.. {
        let next_beat = Instant::now() + BEAT;
        let sent = feed.elapsed();
        let clock = timeout(PATIENCE, changes.send_beat(number)).await??.timestamp_micros();
        let mut came_back = false;
        while let Some(change) = receive_until(next_beat, came_back, &mut changes).await? {
            match change {
                ChangeMessage::Token(token) => cache.forget(token),
                ChangeMessage::Unknown => cache.forget_all(),
                ChangeMessage::Beat(beat) if beat == number => {
                    came_back = true;
                    feed.prove(sent, clock);
                    if !std::mem::replace(lived, true) {
                        tracing::info!("changes of tokens are heard of");
                    }
                    counters::feed_is_alive(true);
                }
                ChangeMessage::Beat(_) => {}
            }
        }
    }
    Ok(())
}

/// What arrives until the next beat is due and the beat before it is back.
async fn receive_until(
    next_beat: Instant,
    came_back: bool,
    changes: &mut ChangeListener,
) -> anyhow::Result<Option<ChangeMessage>> {
    if came_back {
        return Ok(timeout_at(next_beat, changes.receive()).await.ok().transpose()?);
    }
    Ok(Some(timeout(PATIENCE, changes.receive()).await??))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trust_lasts_a_second_from_when_the_beat_was_sent() {
        let feed = Feed::default();
        assert_eq!(feed.now_at(5_000_000), None);
        feed.prove(5_000_000, 1_000_000);
        assert_eq!(feed.now_at(5_300_000), Some(1_300_000), "the database's clock, which went on");
        assert_eq!(feed.now_at(5_999_999), Some(1_999_999));
        assert_eq!(feed.now_at(6_000_000), None);
        feed.prove(6_000_000, 500_000);
        assert_eq!(feed.now_at(6_000_000), Some(500_000), "a clock that was set back is followed");
        feed.lose();
        assert_eq!(feed.now_at(6_000_000), None);
    }
}
