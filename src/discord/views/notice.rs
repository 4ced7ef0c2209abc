//! What people are told by direct message.

use crate::discord::message::Message;
use crate::domain::ids::UserId;
use crate::domain::notice::NoticeKind;
use crate::domain::request::Request;
use crate::domain::token::Token;
use crate::locale::Language;

/// What a direct message tells of.
#[derive(Debug, Clone, Copy)]
pub struct NoticeFacts<'a> {
    /// What happened.
    pub kind: NoticeKind,
    /// The request.
    pub request: &'a Request,
    /// The token, where there is one.
    pub token: Option<&'a Token>,
    /// The provider's name, or its id where the configuration does not have it any more.
    pub provider: &'a str,
    /// Who did it; none for Countersign itself.
    pub actor: Option<UserId>,
    /// Who is told.
    pub recipient: UserId,
}

/// The message.
#[must_use]
pub fn notice(facts: &NoticeFacts<'_>, language: Language) -> Message {
    todo!("{facts:?} {language:?}")
}
