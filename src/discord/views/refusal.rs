//! Why something does not happen: what happened, what it means, what to do.

use crate::discord::message::Message;
use crate::locale::Language;
use crate::workflow::refusal::Refusal;

/// A refusal, for the person who pressed.
#[must_use]
pub fn refusal(refusal: &Refusal, language: Language) -> Message {
    todo!("{refusal:?} {language:?}")
}
