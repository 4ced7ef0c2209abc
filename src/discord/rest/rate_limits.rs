//! Discord's rate limits, as its answers told them.
//!
//! One entry for each route and its major parameter, such as "create message in channel 1"; routes
//! of one interaction are never kept. What is unknown is let through: the answer tells.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde_json::Value;
use serenity::http::{LightMethod, RatelimitingBucket};
use tokio::time::Instant;

/// Entries that are kept; over it, those go whose window has passed.
const MAX_ENTRIES: usize = 1000;

/// What shares a limit.
pub(super) type Key = (&'static str, RatelimitingBucket);

/// A method's name; serenity's own type can't be a key.
pub(super) fn method_name(method: LightMethod) -> &'static str {
    match method {
        LightMethod::Delete => "DELETE",
        LightMethod::Get => "GET",
        LightMethod::Patch => "PATCH",
        LightMethod::Post => "POST",
        LightMethod::Put => "PUT",
    }
}

/// All limits that are known.
#[derive(Default)]
pub(super) struct RateLimits(Mutex<Table>);

#[derive(Default)]
struct Table {
    /// Nothing is sent before, but answers to interactions.
    global: Option<Instant>,
    buckets: HashMap<Key, Bucket>,
}

/// One window of one limit.
struct Bucket {
    /// How many calls a window has; none where a 429 is all that was ever told.
    limit: Option<NonZeroU32>,
    remaining: u32,
    /// How long a window lasts, as far as is known: the longest wait that was ever told.
    window: Duration,
    reset: Instant,
}

/// What an answer says of limits.
#[derive(Debug, PartialEq)]
pub(super) struct LimitHeaders {
    limit: u32,
    remaining: u32,
    reset_after: Duration,
}

/// A 429's own words.
#[derive(Debug, PartialEq)]
pub(super) struct RateLimitResponse {
    pub(super) retry_after: Duration,
    pub(super) global: bool,
}

/// Waited when a 429 doesn't say how long.
const DEFAULT_WAIT: Duration = Duration::from_secs(1);

/// No wait is longer, whatever an answer says: times beyond it can't be added.
const MAX_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

impl RateLimits {
    /// Takes one call's place, or says how long to wait before asking again.
    pub(super) fn acquire(&self, key: Option<Key>, now: Instant) -> Result<(), Duration> {
        let Some(key) = key else { return Ok(()) };
        let mut table = self.lock();
        if let Some(until) = table.global.filter(|until| *until > now) {
            return Err(until - now);
        }
        let Some(bucket) = table.buckets.get_mut(&key) else { return Ok(()) };
        if bucket.reset <= now {
            let Some(limit) = bucket.limit else {
                table.buckets.remove(&key);
                return Ok(());
            };
            bucket.remaining = limit.get();
            bucket.reset = now + bucket.window;
        }
        match bucket.remaining.checked_sub(1) {
            Some(remaining) => bucket.remaining = remaining,
            None => return Err(bucket.reset - now),
        }
        Ok(())
    }

    /// Learns from an answer.
    pub(super) fn update(&self, key: Option<Key>, headers: Option<LimitHeaders>, now: Instant) {
        let (Some(key), Some(headers)) = (key, headers) else { return };
        let LimitHeaders { limit, remaining, reset_after: window } = headers;
        let (remaining, reset) = (remaining.min(limit), now + window);
        // Where none is left, and none was to be had, there will be one.
        let limit = NonZeroU32::new(limit).or(Some(NonZeroU32::MIN));
        let mut table = self.lock();
        if let Some(bucket) = table.buckets.get_mut(&key) {
            // Calls under way aren't counted in an older answer: within a window, fewer is right.
            let same_window = bucket.reset > now;
            let window = bucket.window.max(window);
            let remaining = if same_window { remaining.min(bucket.remaining) } else { remaining };
            *bucket = Bucket { limit, remaining, window, reset };
            return;
        }
        table.add(key, Bucket { limit, remaining, window, reset }, now);
    }

    /// Learns from a 429.
    pub(super) fn block(&self, key: Option<Key>, limited: &RateLimitResponse, now: Instant) {
        let reset = now + limited.retry_after;
        let mut table = self.lock();
        if limited.global {
            table.global = Some(table.global.map_or(reset, |until| until.max(reset)));
        } else if let Some(bucket) = key.and_then(|key| table.buckets.get_mut(&key)) {
            bucket.remaining = 0;
            bucket.reset = bucket.reset.max(reset);
        } else if let Some(key) = key {
            // How many it takes at a time is not known, so it tells nothing of what comes after.
            let bucket = Bucket { limit: None, remaining: 0, window: Duration::ZERO, reset };
            table.add(key, bucket, now);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        // No code panics while it holds the lock, and a table of hints can't be broken.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Keeps a limit that was not known, where there is room.
    fn add(&mut self, key: Key, bucket: Bucket, now: Instant) {
        if self.buckets.len() >= MAX_ENTRIES {
            self.buckets.retain(|_, bucket| bucket.reset > now);
        }
        if self.buckets.len() < MAX_ENTRIES {
            self.buckets.insert(key, bucket);
        }
    }
}

impl LimitHeaders {
    /// Reads `X-RateLimit-*`, if all are there.
    pub(super) fn parse(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        Some(Self {
            limit: text("x-ratelimit-limit")?.parse().ok()?,
            remaining: text("x-ratelimit-remaining")?.parse().ok()?,
            reset_after: seconds(text("x-ratelimit-reset-after")?.parse().ok()?)?,
        })
    }
}

impl RateLimitResponse {
    /// Reads a 429. One that isn't Discord's own JSON comes from the gate before it, which shuts out
    /// the whole address.
    pub(super) fn parse(headers: &HeaderMap, body: &[u8]) -> Self {
        let body: Option<Value> = serde_json::from_slice(body).ok();
        let header = headers.get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
        let seconds_left = body.as_ref().and_then(|body| body["retry_after"].as_f64()).or(header);
        let global = match &body {
            Some(body) => {
                body["global"].as_bool().unwrap_or(false)
                    || headers.contains_key("x-ratelimit-global")
            }
            None => true,
        };
        Self { retry_after: seconds_left.and_then(seconds).unwrap_or(DEFAULT_WAIT), global }
    }
}

fn seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds).ok().map(|duration| duration.min(MAX_WAIT))
}

#[cfg(test)]
mod tests;
