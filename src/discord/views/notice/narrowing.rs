//! What a requester reads where a provider's API did not reduce a token's access.

use crate::discord::message::truncate;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::request::Request;
use crate::locale::{Language, text};

use super::super::formatting::quote;

/// What is shown of an API's words, in UTF-16 code units.
const WORDS_ROOM: usize = 600;

/// Why, in the API's words; and what follows.
pub(super) fn explain_not_narrowed(request: &Request, language: Language) -> Vec<String> {
    let trouble = request.reason.as_deref().and_then(UpstreamProblem::of);
    let (why, words) = match &trouble {
        Some(UpstreamProblem::Refused(words)) => {
            (text!(language, "upstream-notice-refused"), Some(words.as_str()))
        }
        Some(UpstreamProblem::Waits(words)) => {
            (text!(language, "upstream-notice-waits"), Some(words.as_str()))
        }
        Some(UpstreamProblem::Away(_)) => (text!(language, "upstream-notice-away"), None),
        other => {
            let words = other.as_ref().map(UpstreamProblem::words);
            (text!(language, "upstream-notice-maybe"), words)
        }
    };
    let words = words.map(|words| truncate(&quote(words), WORDS_ROOM));
    let todo = text!(language, "upstream-notice-todo");
    [Some(why), words, Some(todo)].into_iter().flatten().collect()
}
