//! Small parts that several views are made of.

use std::fmt::Display;

use chrono::{DateTime, Utc};

use crate::discord::message::units;
use crate::discord::safe;
use crate::domain::ids::UserId;
use crate::locale::{Language, text};

/// How Discord's clients show a moment, each in its reader's zone and language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    /// Date and time.
    Full,
    /// How far away it is.
    Relative,
}

/// A moment.
pub(super) fn moment(at: DateTime<Utc>, clock: Clock) -> String {
    let style = match clock {
        Clock::Full => 'f',
        Clock::Relative => 'R',
    };
    format!("<t:{}:{style}>", at.timestamp())
}

/// A person, by whatever name the reader knows them; pings nobody, since no message of ours may.
pub(super) fn mention(user: UserId) -> String {
    format!("<@{user}>")
}

/// As many of the parts as `room` holds, in UTF-16 code units, and how many are left out. A part is
/// there whole or not at all, so that none breaks the markdown of its neighbours.
pub(super) fn fitting(
    parts: &[String],
    separator: &str,
    room: usize,
    language: Language,
) -> String {
    let whole = parts.join(separator);
    if units(&whole) <= room {
        return whole;
    }
    let mut shown = String::new();
    let mut best = String::new();
    for (at, part) in parts.iter().enumerate() {
        let more = text!(language, "panel-more", count = parts.len() - at);
        let candidate =
            if at == 0 { more } else { [shown.as_str(), separator, more.as_str()].concat() };
        if at > 0 && units(&candidate) > room {
            break;
        }
        best = candidate;
        if at > 0 {
            shown.push_str(separator);
        }
        shown.push_str(part);
    }
    best
}

/// Ids as code, so many as `room` holds.
pub(super) fn ids(
    ids: impl IntoIterator<Item = impl Display>,
    room: usize,
    language: Language,
) -> String {
    let ids: Vec<String> = ids.into_iter().map(|id| safe::code(&id.to_string())).collect();
    fitting(&ids, &text!(language, "list-separator"), room, language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_left_out_is_counted() {
        let parts: Vec<String> = (10..20).map(|number| number.to_string()).collect();
        let shown = |room| fitting(&parts, " ", room, Language::EnglishUs);
        assert_eq!(shown(29), "10 11 12 13 14 15 16 17 18 19");
        assert_eq!(shown(28), "10 11 12 13 14 … and 5 more");
        assert_eq!(shown(1), "… and 10 more");
        assert_eq!(fitting(&[], " ", 0, Language::Japanese), "");
    }

    proptest! {
        #[test]
        fn no_more_is_shown_than_fits(lengths in prop::collection::vec(0usize..80, 0..40), room in 20usize..400) {
            let parts: Vec<String> = lengths.into_iter().map(|length| "🚀".repeat(length)).collect();
            for language in Language::ALL {
                prop_assert!(units(&fitting(&parts, "\n", room, language)) <= room);
            }
        }
    }
}
