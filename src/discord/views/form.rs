//! The modal of steps 1 and 2: *Request an API token*, and *Edit details* with the same fields.

use crate::config::Provider;
use crate::discord::interaction::Submission;
use crate::discord::message::Modal;
use crate::domain::form::{ContactFacts, Form};
use crate::domain::ids::UserId;
use crate::locale::Language;
use crate::store::drafts::Draft;

/// The empty form of `/token request`: the newest version and the requester are chosen.
#[must_use]
pub fn new(provider: &Provider, requester: UserId, language: Language) -> Modal {
    todo!("{provider:?} {requester} {language:?}")
}

/// The form of *Edit details* and *Correct*, as it was filled in.
#[must_use]
pub fn filled(draft: &Draft, provider: &Provider, language: Language) -> Modal {
    todo!("{draft:?} {provider:?} {language:?}")
}

/// What was submitted, as typed; none where a field is missing or of another kind, which no client
/// sends.
#[must_use]
pub fn read(submission: &Submission) -> Option<(Form, ContactFacts)> {
    todo!("{submission:?}")
}
