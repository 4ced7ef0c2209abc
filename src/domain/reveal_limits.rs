//! The limits of a reveal, side by side: each must leave room for the one before it.

use std::time::Duration;

/// How long the token of an interaction can edit and delete its message: Discord's documentation,
/// "Receiving and Responding to Interactions", "Followup Messages".
pub const INTERACTION_TOKEN_LIVES: Duration = Duration::from_secs(15 * 60);

/// The longest that a secret is shown; `guard_reveal` takes half a minute more.
pub const LONGEST_SHOWN: Duration = Duration::from_secs(14 * 60);

/// How long after its time a message may still stand, before the process that showed it deletes it by its own
/// sense of time.
pub const DELETED_LATE: Duration = Duration::from_secs(3);

/// How long showing the message may take; what took longer counts as not seen.
pub const SHOWING_TAKES: Duration = Duration::from_secs(25);

/// For how long a press keeps every other one from the secret.
pub const PRESS_LEASE: Duration = Duration::from_secs(30);

// Who presses again must not see the secret beside the first press.
const _: () = assert!(SHOWING_TAKES.as_secs() < PRESS_LEASE.as_secs());
// What is shown can be deleted, late and tried again included.
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
