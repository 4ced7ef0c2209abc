//! The time limits of a reveal, in order: each must leave room for the one before it.

use std::time::Duration;

/// How long the token of an interaction can edit and delete its message: Discord's documentation,
/// "Receiving and Responding to Interactions", "Followup Messages".
pub const INTERACTION_TOKEN_LIVES: Duration = Duration::from_secs(15 * 60);

/// The longest time that a secret is shown; `guard_reveal` allows half a minute more.
pub const LONGEST_SHOWN: Duration = Duration::from_secs(14 * 60);

/// How long after its time a message may still be there before the process that showed it deletes it, by
/// its own clock.
pub const DELETED_LATE: Duration = Duration::from_secs(3);

/// How long it may take to show the message; a slower call counts as not confirmed.
pub const SHOWING_TAKES: Duration = Duration::from_secs(25);

/// How long a press keeps other presses from the secret.
pub const PRESS_LEASE: Duration = Duration::from_secs(30);

// A second press must not show the secret while the first may still do so.
const _: () = assert!(SHOWING_TAKES.as_secs() < PRESS_LEASE.as_secs());
// A message can still be deleted, even late and after retries.
const _: () = assert!(
    LONGEST_SHOWN.as_secs() + DELETED_LATE.as_secs() + PRESS_LEASE.as_secs()
        < INTERACTION_TOKEN_LIVES.as_secs()
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_databases_limit_is_this_one_and_half_a_minute() {
        let guards = include_str!("../../migrations/guards/deliveries.sql");
        let minutes = LONGEST_SHOWN.as_secs() / 60;
        assert!(guards.contains(&format!("interval '{minutes} minutes 30 seconds'")));
    }
}
