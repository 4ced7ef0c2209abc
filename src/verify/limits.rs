//! How often one client address may fail.
//!
//! Only failures count, and only failures are refused: behind a proxy, or a company's one address,
//! honest clients share an address with attackers, and a valid token always passes. What a limited address
//! still costs is a look-up by an index, of which one query makes many at a time (see
//! [`super::lookups`]). 190 bits are not guessed at any rate; the limit keeps load from the database.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use quick_cache::sync::Cache;

/// How many addresses are stored. Those that failed longest ago are removed first, which only lets them fail
/// again.
const ADDRESSES: usize = 20_000;

/// How many failures in a row are accepted.
const BURST: u64 = 30;

/// After that, one in this many milliseconds.
const INTERVAL: u64 = 2_000;

/// From this many failures on, an address shares its look-ups with others like it. Fewer than
/// [`BURST`], so that a flood shares at every moment, also when one more failure of it is accepted.
const SHARES_FROM: u64 = BURST / 2;

/// The state of each address.
pub struct FailureLimits {
    start: Instant,
    /// For each address the time at which all its failures are forgotten, in milliseconds (the generic cell rate
    /// algorithm).
    paid_at: Cache<IpAddr, Arc<AtomicU64>>,
}

impl Default for FailureLimits {
    fn default() -> Self {
        Self { start: Instant::now(), paid_at: Cache::new(ADDRESSES) }
    }
}

impl FailureLimits {
    /// Whether an address failed so often that its look-ups are combined with others'.
    #[must_use]
    pub fn shares_look_ups(&self, address: IpAddr) -> bool {
        self.shares_look_ups_at(address, self.now())
    }

    fn shares_look_ups_at(&self, address: IpAddr, now: u64) -> bool {
        let paid_at = self.paid_at.get(&network(address)).map(|cell| cell.load(Relaxed));
        paid_at.is_some_and(|paid_at| paid_at.saturating_sub(now) > (SHARES_FROM - 1) * INTERVAL)
    }

    /// Counts a failure, unless the address failed too often already.
    pub fn fail(&self, address: IpAddr) -> Option<Duration> {
        self.fail_at(address, self.now())
    }

    fn fail_at(&self, address: IpAddr, now: u64) -> Option<Duration> {
        let cell = self.paid_at.get_or_insert_with(&network(address), || {
            Ok::<_, std::convert::Infallible>(Arc::default())
        });
        let Ok(cell) = cell;
        let mut refused = None;
        // It never fails: an unchanged value is written as well.
        let _ = cell.fetch_update(Relaxed, Relaxed, |paid_at| {
            refused = wait(paid_at, now);
            Some(if refused.is_some() { paid_at } else { paid_at.max(now) + INTERVAL })
        });
        refused
    }

    fn now(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }
}

/// How long until one more failure is accepted.
fn wait(paid_at: u64, now: u64) -> Option<Duration> {
    let ahead = paid_at.saturating_sub(now);
    let over = (ahead + INTERVAL).saturating_sub(BURST * INTERVAL);
    (over > 0).then(|| Duration::from_millis(over))
}

/// A client with one IPv6 address has its whole /64.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let bits = u128::from(address) >> 64 << 64;
            IpAddr::V6(Ipv6Addr::from(bits))
        }
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn failures_are_limited_by_burst_and_rate() {
        let (limits, one) = (FailureLimits::default(), address("192.0.2.1"));
        for _ in 0..BURST {
            assert_eq!(limits.fail_at(one, 0), None);
        }
        assert_eq!(limits.fail_at(one, 0), Some(Duration::from_millis(INTERVAL)));
        assert_eq!(limits.fail_at(one, 500), Some(Duration::from_millis(INTERVAL - 500)));
        assert_eq!(limits.fail_at(address("192.0.2.2"), 0), None);
        assert_eq!(limits.fail_at(one, INTERVAL), None);
        assert!(limits.fail_at(one, INTERVAL).is_some());
        let later = INTERVAL * (BURST + 1);
        assert!((0..BURST).all(|_| limits.fail_at(one, later).is_none()));
        assert!(limits.fail_at(one, later).is_some());
    }

    #[test]
    fn a_flood_shares_its_look_ups_at_every_moment() {
        let (limits, one) = (FailureLimits::default(), address("192.0.2.1"));
        for number in 0..BURST {
            assert_eq!(limits.shares_look_ups_at(one, 0), number >= SHARES_FROM, "{number}");
            limits.fail_at(one, 0);
        }
        for now in (0..10 * INTERVAL).step_by(50) {
            assert!(limits.shares_look_ups_at(one, now), "{now}");
            limits.fail_at(one, now);
        }
        assert!(!limits.shares_look_ups_at(address("192.0.2.2"), 0));
        assert!(!limits.shares_look_ups_at(one, 100 * INTERVAL));
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let limits = FailureLimits::default();
        for number in 0..BURST {
            limits.fail_at(address(&format!("2001:db8::{number:x}")), 0);
        }
        assert!(limits.fail_at(address("2001:db8::ffff:1"), 0).is_some());
        assert!(limits.fail_at(address("2001:db8:0:1::1"), 0).is_none());
        for _ in 0..BURST {
            limits.fail_at(address("::ffff:192.0.2.1"), 0);
        }
        assert!(limits.fail_at(address("192.0.2.1"), 0).is_some());
    }

    #[test]
    fn the_table_stays_small() {
        let limits = FailureLimits::default();
        for number in 0..100_000_u32 {
            limits.fail_at(IpAddr::V4(number.into()), 0);
        }
        assert!(limits.paid_at.len() <= ADDRESSES);
    }
}
