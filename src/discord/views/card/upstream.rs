//! What a provider's API did not do, and what a person is to do about that.

use crate::discord::message::truncate;
use crate::discord::sanitize;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::request_kind::RequestKind;
use crate::locale::{Language, text};

use super::super::formatting::quote;

/// What is shown of an API's words, in UTF-16 code units.
const WORDS_ROOM: usize = 600;

/// What a failed request's trouble asks of a person. `stray`: a token that may still be there.
pub(super) fn explain_failure(
    trouble: &UpstreamProblem,
    kind: RequestKind,
    stray: Option<&str>,
    language: Language,
) -> String {
    let what = if kind.makes_a_token() || kind.renews_the_secret() { "token" } else { "change" };
    if let Some(marker) = trouble.stray()
        && stray != Some(marker)
    {
        return text!(language, "upstream-failed-stray-gone", marker = sanitize::code(marker));
    }
    match trouble {
        UpstreamProblem::Unsure(marker) => {
            text!(language, "card-failed-unsure", marker = sanitize::code(marker))
        }
        UpstreamProblem::Unproven(marker) => {
            text!(language, "upstream-failed-unproven", marker = sanitize::code(marker))
        }
        UpstreamProblem::Stray { marker, why } => {
            let said = text!(language, "upstream-failed-stray", marker = sanitize::code(marker));
            with_words(said, why, language)
        }
        UpstreamProblem::Repeated(why) => {
            with_words(text!(language, "card-failed-repeated"), why, language)
        }
        UpstreamProblem::Renewing(why) => {
            with_words(text!(language, "card-failed-renewing"), why, language)
        }
        UpstreamProblem::Enabling(why) => {
            with_words(text!(language, "upstream-failed-enabling"), why, language)
        }
        UpstreamProblem::Changing(why) => {
            with_words(text!(language, "upstream-failed-changing"), why, language)
        }
        // There was no answer.
        UpstreamProblem::Away(_) => text!(language, "card-failed-away", what = what),
        UpstreamProblem::Waits(words) => {
            with_words(text!(language, "upstream-failed-waits", what = what), words, language)
        }
        UpstreamProblem::Refused(words) | UpstreamProblem::Unclear(words) => {
            with_words(text!(language, "card-failed-refused", what = what), words, language)
        }
        UpstreamProblem::NotThere(_)
        | UpstreamProblem::Renamed(_)
        | UpstreamProblem::Moved(_)
        | UpstreamProblem::TooLong(_) => explain_task(trouble, language),
    }
}

/// Why an admin is asked to end a token.
pub(super) fn explain_task(trouble: &UpstreamProblem, language: Language) -> String {
    match trouble {
        UpstreamProblem::NotThere(marker) => {
            text!(language, "upstream-task-not-there", marker = sanitize::code(marker))
        }
        UpstreamProblem::Renamed(name) => {
            text!(language, "upstream-task-renamed", name = sanitize::code(name))
        }
        UpstreamProblem::Moved(marker) => {
            text!(language, "upstream-task-moved", marker = sanitize::code(marker))
        }
        UpstreamProblem::TooLong(marker) => {
            text!(language, "upstream-task-too-long", marker = sanitize::code(marker))
        }
        UpstreamProblem::Refused(words) => {
            with_words(text!(language, "upstream-task-refused"), words, language)
        }
        other => with_words(text!(language, "upstream-task-unclear"), other.words(), language),
    }
}

/// Why an admin is asked to reduce a token's access.
pub(super) fn explain_narrowing(trouble: &UpstreamProblem, language: Language) -> String {
    match trouble {
        UpstreamProblem::Refused(words) => {
            with_words(text!(language, "upstream-task-refused"), words, language)
        }
        UpstreamProblem::Waits(words) => {
            with_words(text!(language, "upstream-task-waits"), words, language)
        }
        UpstreamProblem::Away(_) => text!(language, "upstream-task-away"),
        other => with_words(text!(language, "upstream-task-maybe"), other.words(), language),
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
            UpstreamProblem::NotThere(marker()),
            UpstreamProblem::Renamed("robot$<@1> `x`".to_owned()),
            UpstreamProblem::Moved(marker()),
            UpstreamProblem::TooLong(marker()),
            UpstreamProblem::Refused("409: **no** <@1>".to_owned()),
            UpstreamProblem::Refused("404".to_owned()),
            UpstreamProblem::Unclear("it is still there".to_owned()),
        ];
        let languages = [Language::EnglishUs, Language::Japanese];
        let read = languages.map(|language| {
            let each = troubles.iter().map(|trouble| explain_task(trouble, language));
            each.collect::<Vec<_>>().join("\n\n")
        });
        assert_snapshot!(read.join("\n\n"));
    }
}
