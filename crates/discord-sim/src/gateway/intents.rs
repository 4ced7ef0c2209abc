//! Which events a session gets.
//!
//! Discord lists the events of each intent; what is in no list always comes, interactions among
//! them: <https://discord.com/developers/docs/events/gateway#list-of-intents>.

use serde_json::Value;

/// Every bit that has a meaning.
const KNOWN: u64 = 0x1_FFFF | 1 << 20 | 1 << 21 | 1 << 24 | 1 << 25;

/// A privileged intent, and the application flags of which one must be set to request it.
const PRIVILEGED: [(u64, u64); 3] =
    [(1 << 8, 1 << 12 | 1 << 13), (1 << 1, 1 << 14 | 1 << 15), (1 << 15, 1 << 18 | 1 << 19)];

/// Whether every bit of `intents` has a meaning.
pub(super) fn are_known(intents: u64) -> bool {
    intents & !KNOWN == 0
}

/// Whether an application with these flags may request these intents.
pub(super) fn are_allowed(intents: u64, application_flags: u64) -> bool {
    PRIVILEGED.iter().all(|(intent, flags)| intents & intent == 0 || application_flags & flags != 0)
}

/// Whether a session with these intents gets this event.
pub(super) fn include(intents: u64, event: &str, data: &Value) -> bool {
    let in_guild = data.get("guild_id").is_some_and(|id| !id.is_null());
    needed(event, in_guild).is_none_or(|bit| intents & (1 << bit) != 0)
}

/// The bit of the intent that lists this event.
fn needed(event: &str, in_guild: bool) -> Option<u32> {
    let messages = |guild: u32, direct: u32| Some(if in_guild { guild } else { direct });
    match event {
        "GUILD_CREATE" | "GUILD_UPDATE" | "GUILD_DELETE" | "GUILD_ROLE_CREATE"
        | "GUILD_ROLE_UPDATE" | "GUILD_ROLE_DELETE" | "CHANNEL_CREATE" | "CHANNEL_UPDATE"
        | "CHANNEL_DELETE" | "THREAD_CREATE" | "THREAD_UPDATE" | "THREAD_DELETE" => Some(0),
        "CHANNEL_PINS_UPDATE" => messages(0, 12),
        "GUILD_MEMBER_ADD" | "GUILD_MEMBER_UPDATE" | "GUILD_MEMBER_REMOVE" => Some(1),
        "GUILD_AUDIT_LOG_ENTRY_CREATE" | "GUILD_BAN_ADD" | "GUILD_BAN_REMOVE" => Some(2),
        "WEBHOOKS_UPDATE" => Some(5),
        "PRESENCE_UPDATE" => Some(8),
        "MESSAGE_CREATE" | "MESSAGE_UPDATE" | "MESSAGE_DELETE" => messages(9, 12),
        "MESSAGE_DELETE_BULK" => Some(9),
        "MESSAGE_REACTION_ADD" | "MESSAGE_REACTION_REMOVE" => messages(10, 13),
        "TYPING_START" => messages(11, 14),
        _ => None,
    }
}
