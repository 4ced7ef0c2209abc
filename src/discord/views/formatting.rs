//! What views are made of: Discord's own markup, and lists that are cut between their parts.

use std::fmt::Display;

use chrono::{DateTime, Utc};

use crate::config::Provider;
use crate::discord::custom_id::CustomId;
pub use crate::discord::message::join_within;
use crate::discord::message::{ButtonStyle, CreateButton, button};
use crate::discord::sanitize;
use crate::domain::content::Content;
use crate::domain::ids::UserId;
use crate::locale::{Language, text};

/// The colours of messages' edges.
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

/// A button that neither decides nor ends anything.
pub fn grey_button(id: &CustomId, label: &str) -> CreateButton {
    button(id.to_string(), label, ButtonStyle::Secondary)
}

/// A mention of a person. It pings no one, since our messages allow no pings.
pub fn format_mention(person: UserId) -> String {
    format!("<@{person}>")
}

/// A moment by date and time, in the reader's time zone, with "in 3 hours" or "2 days ago" in
/// parentheses behind it. A text can't have the distance alone: "until in 3 hours" is no English.
pub fn format_moment(at: DateTime<Utc>, language: Language) -> String {
    let relative = format!("<t:{}:R>", at.timestamp());
    text!(language, "time-and-distance", at = format_date(at), relative = relative)
}

/// The same without the distance: in the audit log, and where one moment stands beside another.
pub fn format_date(at: DateTime<Utc>) -> String {
    format!("<t:{}:f>", at.timestamp())
}

/// What people know a provider by: its name, or its id where it was removed from the
/// configuration.
pub fn provider(content: &Content, provider: Option<&Provider>) -> String {
    sanitize::inline(provider.map_or(content.provider.as_str(), |provider| &provider.name))
}

/// One word of printable ASCII that is copied exactly as it is: in a code block, or where that would
/// show it otherwise, escaped.
pub fn format_copyable(word: &str) -> String {
    if word.contains("```") || word.ends_with('`') {
        sanitize::inline(word)
    } else {
        sanitize::code_block(word)
    }
}

/// What people typed, as a quote.
pub fn quote(typed: &str) -> String {
    sanitize::block(typed).lines().map(|line| format!("> {line}")).collect::<Vec<_>>().join("\n")
}

/// "**Label:** value", on one line.
pub fn format_field(label: &str, value: &str, language: Language) -> String {
    text!(language, "field-with-value", label = label, value = value)
}

/// "**Label:**", above what it is the heading of.
pub fn format_heading(label: &str, language: Language) -> String {
    text!(language, "field-heading", label = label)
}

/// Ids as code, so many as `room` holds.
pub fn ids(ids: impl IntoIterator<Item = impl Display>, room: usize, language: Language) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| sanitize::code(&id.to_string())).collect();
    join_within(&ids, &text!(language, "list-separator"), room, language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::message::units;
    use proptest::prelude::*;

    #[test]
    fn what_is_left_out_is_counted() {
        let parts: Vec<String> = (10..20).map(|number| number.to_string()).collect();
        let shown = |room| join_within(&parts, " ", room, Language::EnglishUs);
        assert_eq!(shown(29), "10 11 12 13 14 15 16 17 18 19");
        assert_eq!(shown(28), "10 11 12 13 14 … and 5 more");
        assert_eq!(shown(1), "… and 10 more");
        assert_eq!(join_within(&[], " ", 0, Language::Japanese), "");
    }

    proptest! {
        #[test]
        fn no_more_is_shown_than_fits(lengths in prop::collection::vec(0usize..80, 0..40), room in 20usize..400) {
            let parts: Vec<String> = lengths.into_iter().map(|length| "🚀".repeat(length)).collect();
            for language in Language::ALL {
                prop_assert!(units(&join_within(&parts, "\n", room, language)) <= room);
            }
        }
    }
}
