//! Rate limits: a bucket for each route and major parameter, and a global one. The real numbers
//! are not published and change; these are near what the service answers.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::Utc;

/// Calls a second, for the whole bot; interaction routes don't count.
const GLOBAL: u32 = 50;

/// How much a bucket takes in which time.
#[derive(Clone, Copy)]
pub(crate) struct Allowance {
    pub calls: u32,
    pub window: Duration,
}

/// Headers with a bot's current limits, and whether it exceeded them.
pub(crate) struct LimitStatus {
    pub headers: Vec<(String, String)>,
    /// Seconds to wait, and whether the global limit was reached.
    pub exceeded: Option<(f64, bool)>,
}

struct Bucket {
    since: Instant,
    used: u32,
}

/// All buckets.
#[derive(Default)]
pub(crate) struct Limits {
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl Limits {
    /// Counts a call. `global` is false for the routes that the global limit exempts.
    pub(crate) fn count(&self, key: &str, allowance: Allowance, global: bool) -> LimitStatus {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let second = Allowance { calls: GLOBAL, window: Duration::from_secs(1) };
        if global && let Err(wait) = take(&mut buckets, "global", second) {
            return LimitStatus { headers: Vec::new(), exceeded: Some((wait, true)) };
        }
        let taken = take(&mut buckets, key, allowance);
        let bucket = buckets.get(key);
        let used = bucket.map_or(0, |bucket| bucket.used);
        let left = bucket.map_or(allowance.window, |bucket| {
            allowance.window.saturating_sub(bucket.since.elapsed())
        });
        let reset = Utc::now().timestamp_millis() as f64 / 1000.0 + left.as_secs_f64();
        let name = hex::encode(key.split(' ').take(2).collect::<String>().as_bytes());
        let headers = [
            ("x-ratelimit-limit", allowance.calls.to_string()),
            ("x-ratelimit-remaining", allowance.calls.saturating_sub(used).to_string()),
            ("x-ratelimit-reset", format!("{reset:.3}")),
            ("x-ratelimit-reset-after", format!("{:.3}", left.as_secs_f64())),
            ("x-ratelimit-bucket", name.chars().rev().take(32).collect()),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
        LimitStatus { headers, exceeded: taken.err().map(|wait| (wait, false)) }
    }
}

/// Takes one call from a bucket, or returns how many seconds to wait.
fn take(buckets: &mut HashMap<String, Bucket>, key: &str, allowance: Allowance) -> Result<(), f64> {
    let fresh = || Bucket { since: Instant::now(), used: 0 };
    let bucket = buckets.entry(key.to_owned()).or_insert_with(fresh);
    if bucket.since.elapsed() >= allowance.window {
        *bucket = fresh();
    }
    if bucket.used >= allowance.calls {
        return Err(allowance.window.saturating_sub(bucket.since.elapsed()).as_secs_f64());
    }
    bucket.used += 1;
    Ok(())
}
