//! What a provider's API did not do, and what a person is to do about that.

use crate::discord::message::truncate;
use crate::discord::sanitize;
use crate::domain::attempt::Trouble;
use crate::locale::{Language, text};

use super::super::formatting::quote;

/// What is shown of an API's words, in UTF-16 code units.
const WORDS_ROOM: usize = 600;

/// What a failed request's trouble asks of a person. `stray`: a token that may still be there.
pub(super) fn explain_failure(
    trouble: &Trouble,
    stray: Option<&str>,
    language: Language,
) -> String {
    if let Some(marker) = trouble.stray()
        && stray != Some(marker)
    {
        return text!(language, "upstream-failed-stray-gone", marker = sanitize::code(marker));
    }
    match trouble {
        Trouble::Unsure(marker) => {
            text!(language, "card-failed-unsure", marker = sanitize::code(marker))
        }
        Trouble::Unproven(marker) => {
            text!(language, "upstream-failed-unproven", marker = sanitize::code(marker))
        }
        Trouble::Stray { marker, why } => {
            let said = text!(language, "upstream-failed-stray", marker = sanitize::code(marker));
            with_words(said, why, language)
        }
        Trouble::Repeated(why) => {
            with_words(text!(language, "card-failed-repeated"), why, language)
        }
        Trouble::Renewing(why) => {
            with_words(text!(language, "card-failed-renewing"), why, language)
        }
        Trouble::Changing(why) => {
            with_words(text!(language, "upstream-failed-changing"), why, language)
        }
        // There was no answer.
        Trouble::Away(_) => text!(language, "card-failed-away"),
        Trouble::Refused(words) | Trouble::Unclear(words) => {
            with_words(text!(language, "card-failed-refused"), words, language)
        }
        Trouble::NotThere(_) | Trouble::Renamed(_) | Trouble::Moved(_) | Trouble::TooLong(_) => {
            explain_task(trouble, language)
        }
    }
}

/// Why an admin is asked to end a token.
pub(super) fn explain_task(trouble: &Trouble, language: Language) -> String {
    match trouble {
        Trouble::NotThere(marker) => {
            text!(language, "upstream-task-not-there", marker = sanitize::code(marker))
        }
        Trouble::Renamed(name) => {
            text!(language, "upstream-task-renamed", name = sanitize::code(name))
        }
        Trouble::Moved(marker) => {
            text!(language, "upstream-task-moved", marker = sanitize::code(marker))
        }
        Trouble::TooLong(marker) => {
            text!(language, "upstream-task-too-long", marker = sanitize::code(marker))
        }
        Trouble::Refused(words) => {
            with_words(text!(language, "upstream-task-refused"), words, language)
        }
        other => {
            let reason = other.to_string();
            let words = reason.split_once(": ").map_or(reason.as_str(), |(_, words)| words);
            with_words(text!(language, "upstream-task-unclear"), words, language)
        }
    }
}

/// The API's words; what a bare status means.
fn with_words(said: String, words: &str, language: Language) -> String {
    let hint = match words {
        "401" | "403" => Some(text!(language, "upstream-hint-credential")),
        "404" | "410" => Some(text!(language, "upstream-hint-address")),
        _ => None,
    };
    let quoted = truncate(&quote(words), WORDS_ROOM);
    [Some(said), Some(quoted), hint].into_iter().flatten().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn an_admin_reads_why_a_token_was_not_seen_to_end() {
        let marker = || "countersign-7-0123456789abcdef0123456789abcdef".to_owned();
        let troubles = [
            Trouble::NotThere(marker()),
            Trouble::Renamed("robot$<@1> `x`".to_owned()),
            Trouble::Moved(marker()),
            Trouble::TooLong(marker()),
            Trouble::Refused("409: **no** <@1>".to_owned()),
            Trouble::Refused("404".to_owned()),
            Trouble::Unclear("it is still there".to_owned()),
        ];
        let languages = [Language::EnglishUs, Language::Japanese];
        let read = languages.map(|language| {
            let each = troubles.iter().map(|trouble| explain_task(trouble, language));
            each.collect::<Vec<_>>().join("\n\n")
        });
        assert_snapshot!(read.join("\n\n"));
    }
}
