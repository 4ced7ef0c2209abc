//! What Discord's own markup is used for in cards, deliveries and notices.

use chrono::{DateTime, Utc};

use crate::config::Provider;
use crate::discord::safe;
use crate::domain::content::Content;
use crate::domain::ids::UserId;

/// The colours of the stripes beside embeds.
pub mod colour {
    /// Something goes on by itself.
    pub const BLUE: u32 = 0x5865F2;
    /// It is well.
    pub const GREEN: u32 = 0x23A55A;
    /// It is over.
    pub const GREY: u32 = 0x80848E;
    /// It needs somebody's eyes.
    pub const RED: u32 = 0xDA373C;
    /// People are waited for.
    pub const YELLOW: u32 = 0xF0B232;
}

/// A person, as Discord shows them; nobody is pinged, since no message of ours may.
pub fn mention(person: UserId) -> String {
    format!("<@{person}>")
}

/// A moment by date and time, in the reader's time zone.
pub fn moment(at: DateTime<Utc>) -> String {
    format!("<t:{}:f>", at.timestamp())
}

/// A moment as "in 3 hours" or "2 days ago".
pub fn relative(at: DateTime<Utc>) -> String {
    format!("<t:{}:R>", at.timestamp())
}

/// What people know a provider by: its name, or its id where the configuration does not have it any
/// more.
pub fn provider(content: &Content, provider: Option<&Provider>) -> String {
    safe::inline(provider.map_or(content.provider.as_str(), |provider| &provider.name))
}

/// One word of printable ASCII that is copied exactly as it is: in a code block, or where that would
/// show it otherwise, escaped.
pub fn copyable(word: &str) -> String {
    if word.contains("```") || word.ends_with('`') {
        safe::inline(word)
    } else {
        safe::code_block(word)
    }
}

/// What people typed, as a quote.
pub fn quote(typed: &str) -> String {
    safe::block(typed).lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}
