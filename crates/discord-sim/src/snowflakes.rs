//! Snowflakes: Discord's ids, which carry the time of their making.

use chrono::{DateTime, Utc};

/// An id of Discord's. Zero is never one.
pub type Id = u64;

/// The first millisecond of 2015, from which snowflakes count.
const EPOCH: i64 = 1_420_070_400_000;

/// Creates ids that only grow, also within one millisecond.
#[derive(Default)]
pub(crate) struct Snowflakes {
    last: Id,
}

impl Snowflakes {
    /// A new id, carrying the present time.
    pub(crate) fn next(&mut self) -> Id {
        let elapsed = (Utc::now().timestamp_millis() - EPOCH).max(0);
        let fresh = u64::try_from(elapsed).unwrap_or_default() << 22;
        self.last = fresh.max(self.last + 1);
        self.last
    }
}

/// When an id was made.
pub(crate) fn made_at(id: Id) -> DateTime<Utc> {
    let millis = i64::try_from(id >> 22).unwrap_or_default() + EPOCH;
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}
