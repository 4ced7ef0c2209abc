use reqwest::header::HeaderValue;
use serenity::http::Route;
use serenity::model::id::ChannelId;

use super::*;

fn key(channel: u64) -> Option<Key> {
    let route = Route::ChannelMessages { channel_id: ChannelId::new(channel) };
    Some(("POST", route.ratelimiting_bucket()))
}

fn headers(limit: u32, remaining: u32, seconds: u64) -> Option<LimitHeaders> {
    Some(LimitHeaders { limit, remaining, reset_after: Duration::from_secs(seconds) })
}

#[test]
fn a_used_up_window_is_waited_for() {
    let (limits, now) = (RateLimits::default(), Instant::now());
    assert_eq!(limits.acquire(key(1), now), Ok(()));
    limits.update(key(1), headers(2, 1, 5), now);
    assert_eq!(limits.acquire(key(1), now), Ok(()));
    assert_eq!(limits.acquire(key(1), now), Err(Duration::from_secs(5)));
    assert_eq!(limits.acquire(key(2), now), Ok(()), "another channel has a limit of its own");
    assert_eq!(limits.acquire(None, now), Ok(()));
    let later = now + Duration::from_secs(5);
    assert_eq!(limits.acquire(key(1), later), Ok(()));
    assert_eq!(limits.acquire(key(1), later), Ok(()));
    assert!(limits.acquire(key(1), later).is_err(), "a new window lets no more through");
}

#[test]
fn late_answers_give_no_place_back() {
    let (limits, now) = (RateLimits::default(), Instant::now());
    limits.update(key(1), headers(5, 1, 5), now);
    assert_eq!(limits.acquire(key(1), now), Ok(()));
    limits.update(key(1), headers(5, 3, 5), now);
    assert!(limits.acquire(key(1), now).is_err());
}

#[test]
fn a_global_stop_holds_everything_but_interactions() {
    let (limits, now) = (RateLimits::default(), Instant::now());
    limits.block(
        key(1),
        &RateLimitResponse { retry_after: Duration::from_secs(3), global: true },
        now,
    );
    assert_eq!(limits.acquire(key(2), now), Err(Duration::from_secs(3)));
    assert_eq!(limits.acquire(None, now), Ok(()));
    assert_eq!(limits.acquire(key(2), now + Duration::from_secs(3)), Ok(()));
}

#[test]
fn a_stop_alone_tells_nothing_of_what_comes_after_it() {
    let (limits, now) = (RateLimits::default(), Instant::now());
    let limited = RateLimitResponse { retry_after: Duration::from_secs(3), global: false };
    limits.block(key(1), &limited, now);
    assert_eq!(limits.acquire(key(1), now), Err(Duration::from_secs(3)));
    let later = now + Duration::from_secs(3);
    for _ in 0..10 {
        assert_eq!(limits.acquire(key(1), later), Ok(()));
    }
    // Whatever is told then holds, and its window is what was told.
    limits.block(key(1), &limited, later);
    limits.update(key(1), headers(1, 1, 1), later + Duration::from_secs(3));
    let told_at = later + Duration::from_secs(3);
    assert_eq!(limits.acquire(key(1), told_at), Ok(()));
    assert_eq!(limits.acquire(key(1), told_at), Err(Duration::from_secs(1)));
}

#[test]
fn the_table_is_bounded() {
    let (limits, now) = (RateLimits::default(), Instant::now());
    for channel in 1..=2 * MAX_ENTRIES as u64 {
        limits.update(key(channel), headers(5, 0, 60), now);
    }
    assert_eq!(limits.lock().buckets.len(), MAX_ENTRIES);
    limits.update(key(9999), headers(5, 0, 60), now + Duration::from_secs(61));
    assert_eq!(limits.lock().buckets.len(), 1);
}

#[test]
fn stops_are_read_from_body_or_header() {
    let mut headers = HeaderMap::new();
    headers.insert("retry-after", HeaderValue::from_static("7"));
    let body = br#"{"message": "slow down", "retry_after": 0.5, "global": false}"#;
    let half = RateLimitResponse { retry_after: Duration::from_millis(500), global: false };
    assert_eq!(RateLimitResponse::parse(&headers, body), half);
    let gate = RateLimitResponse { retry_after: Duration::from_secs(7), global: true };
    assert_eq!(RateLimitResponse::parse(&headers, b"<html>"), gate);
    assert_eq!(RateLimitResponse::parse(&HeaderMap::new(), b"{}").retry_after, DEFAULT_WAIT);
    let absurd = RateLimitResponse::parse(&headers, br#"{"retry_after": 1e300}"#);
    assert!(absurd.retry_after <= MAX_WAIT);
}
