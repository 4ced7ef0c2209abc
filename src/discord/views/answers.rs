//! The forms behind the card's buttons, and what a press comes to, told to the one who pressed.

use crate::discord::interaction::Submission;
use crate::discord::message::{Message, Modal};
use crate::domain::request::Request;
use crate::locale::Language;
use crate::workflow::decide::Approved;
use secrecy::SecretString;

/// *Deny*: why?
#[must_use]
pub fn deny_form(request: &Request, language: Language) -> Modal {
    todo!("{request:?} {language:?}")
}

/// The reason that was typed.
#[must_use]
pub fn read_reason(submission: &Submission) -> Option<&str> {
    todo!("{submission:?}")
}

/// *Fulfil*: *Account SID* and *Auth Token*.
#[must_use]
pub fn fulfil_form(request: &Request, language: Language) -> Modal {
    todo!("{request:?} {language:?}")
}

/// The *Account SID* and the *Auth Token* that were pasted.
#[must_use]
pub fn read_credentials(submission: &Submission) -> Option<(&str, SecretString)> {
    todo!("{submission:?}")
}

/// After *Approve*: how far it is now.
#[must_use]
pub fn approved(approved: &Approved, language: Language) -> Message {
    todo!("{approved:?} {language:?}")
}

/// After *Deny*.
#[must_use]
pub fn denied(request: &Request, language: Language) -> Message {
    todo!("{request:?} {language:?}")
}

/// After *Withdraw*.
#[must_use]
pub fn withdrawn(request: &Request, language: Language) -> Message {
    todo!("{request:?} {language:?}")
}

/// After *Fulfil*: the requester is told, and nobody else sees the secret.
#[must_use]
pub fn fulfilled(request: &Request, language: Language) -> Message {
    todo!("{request:?} {language:?}")
}

/// After *Try again*: it is under way, or waits for hands again.
#[must_use]
pub fn retried(request: &Request, language: Language) -> Message {
    todo!("{request:?} {language:?}")
}

/// After *Done* on the card of a token that a person had to switch off or delete.
#[must_use]
pub fn done(request: &Request, language: Language) -> Message {
    todo!("{request:?} {language:?}")
}
