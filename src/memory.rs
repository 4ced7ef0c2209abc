//! Returns unused memory to the system.

use std::time::Duration;

/// How often; it takes a few milliseconds.
const EVERY: Duration = Duration::from_secs(10);

/// Does so for as long as it is awaited.
///
/// The future of an interaction takes some 50 kB, and hundreds of them may wait after a time of trouble.
/// The C library keeps what they took, between smaller pieces that live long: 5 MB were in use and
/// 80 MB resident (`tests/chaos`, `endurance`). Where the C library is another one, this does nothing.
pub async fn is_given_back() {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        // Nothing to do if the runtime is about to end.
        let _ = tokio::task::spawn_blocking(trim).await;
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn trim() {
    // SAFETY: it takes a number, and changes the allocator's own state under its locks.
    unsafe { libc::malloc_trim(0) };
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn trim() {}
