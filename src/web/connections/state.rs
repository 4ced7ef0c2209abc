//! What a connection waits for and since when, in one word that its own task writes and others read.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use super::{IDLE_TIMEOUT, REQUEST_TIMEOUT};

/// The two lowest bits are the kind, the others the time since the listener's start in microseconds.
const KIND_BITS: u32 = 2;
const KIND: u64 = (1 << KIND_BITS) - 1;

/// Waits for the rest of a request: headers or body. The time is that of its first byte.
const RECEIVING: u64 = 0;
/// Waits for the next request. The time is that of the last response.
const IDLE: u64 = 1;
/// Must send a response. No time, since nothing depends on it.
const RESPONDING: u64 = 2;
/// Being closed by another task.
const CLOSED: u64 = 3;

/// Accepted, and not read from yet: the request may be there already, so this counts as responding
/// until the first read.
const ACCEPTED: u64 = 1 << KIND_BITS | RESPONDING;

/// The state of a connection.
pub(super) struct ConnectionState {
    /// The listener's start.
    start: Instant,
    word: AtomicU64,
}

/// A connection that was seen waiting. One that has waited longer is less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waiting(u64);

impl ConnectionState {
    /// For a connection that was just accepted.
    pub(super) fn new(start: Instant) -> Self {
        Self { start, word: AtomicU64::new(ACCEPTED) }
    }

    fn now(&self, kind: u64) -> u64 {
        (self.start.elapsed().as_micros() as u64) << KIND_BITS | kind
    }

    /// Does nothing once the connection is closed.
    fn change(&self, from: u64, to: u64) {
        if from & KIND != CLOSED {
            let _ = self.word.compare_exchange(from, to, Relaxed, Relaxed);
        }
    }

    /// The socket was read, with or without data.
    pub(super) fn socket_read(&self, received: bool) {
        let word = self.word.load(Relaxed);
        if word == ACCEPTED || received && word & KIND == IDLE {
            self.change(word, self.now(RECEIVING));
        }
    }

    /// Headers are complete, and a body follows.
    pub(super) fn body_expected(&self) {
        // The headers may have arrived together with the request before.
        self.socket_read(true);
    }

    /// Headers and body are complete.
    pub(super) fn request_complete(&self) {
        self.change(self.word.load(Relaxed), RESPONDING);
    }

    /// The response can be sent.
    pub(super) fn response_ready(&self) {
        self.change(self.word.load(Relaxed), self.now(IDLE));
    }

    /// Whether the connection waits for its client.
    pub(super) fn waiting(&self) -> Option<Waiting> {
        let word = self.word.load(Relaxed);
        matches!(word & KIND, RECEIVING | IDLE).then_some(Waiting(word))
    }

    /// Whether it has waited for too long.
    pub(super) fn timed_out(&self) -> Option<Waiting> {
        let waiting = self.waiting()?;
        let limit = if waiting.0 & KIND == IDLE { IDLE_TIMEOUT } else { REQUEST_TIMEOUT };
        let since = u128::from(waiting.0 >> KIND_BITS);
        let waited = self.start.elapsed().as_micros().saturating_sub(since);
        (waited > limit.as_micros()).then_some(waiting)
    }

    /// Marks it as closed, unless something happened since it was seen.
    pub(super) fn close(&self, seen: Waiting) -> bool {
        self.word.compare_exchange(seen.0, CLOSED, Relaxed, Relaxed).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_a_waiting_connection_can_be_closed() {
        let state = ConnectionState::new(Instant::now());
        assert_eq!(state.waiting(), None, "not read from yet");
        state.socket_read(false);
        let opened = state.waiting().unwrap();
        state.request_complete();
        assert_eq!(state.waiting(), None);
        assert!(!state.close(opened), "a request has arrived since");
        state.response_ready();
        state.socket_read(false);
        let idle = state.waiting().unwrap();
        assert!(idle >= opened);
        state.socket_read(true);
        assert!(!state.close(idle), "the next request begins");
        state.body_expected();
        let receiving = state.waiting().unwrap();
        assert!(state.close(receiving));
        assert!(!state.close(receiving), "twice");
        use ConnectionState as State;
        for change in [State::body_expected, State::request_complete, State::response_ready] {
            change(&state);
            assert_eq!(state.waiting(), None, "closed for good");
        }
    }

    #[test]
    fn a_request_times_out_earlier_than_an_idle_connection() {
        let ago = |wait: Duration| {
            Instant::now().checked_sub(wait).expect("the machine has been up for some minutes")
        };
        for (wait, receiving, idle) in [
            (REQUEST_TIMEOUT / 2, false, false),
            (REQUEST_TIMEOUT * 2, true, false),
            (IDLE_TIMEOUT * 2, true, true),
        ] {
            let timed_out = |kind| {
                let state = ConnectionState { start: ago(wait), word: AtomicU64::new(kind) };
                state.timed_out().is_some()
            };
            assert_eq!(timed_out(RECEIVING), receiving, "{wait:?}");
            assert_eq!(timed_out(IDLE), idle, "{wait:?}");
            assert!(!timed_out(RESPONDING) && !timed_out(ACCEPTED));
        }
    }
}
