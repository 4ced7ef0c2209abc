//! *All scopes*: everything that a request asks for, in private, on as many messages as it takes.

use crate::config::Provider;
use crate::discord::message::Message;
use crate::domain::request::Request;
use crate::locale::Language;

/// The complete content; at least one message, nothing cut.
#[must_use]
pub fn all(request: &Request, provider: Option<&Provider>, language: Language) -> Vec<Message> {
    todo!("{request:?} {provider:?} {language:?}")
}
