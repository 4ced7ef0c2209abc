//! E-mails: [`letters`] writes them, [`mailer`] hands them to a server or a directory. What is sent
//! by direct message is written in `discord::views`.
//!
//! No mail ever holds a secret.

pub mod letters;
pub mod mailer;

pub use letters::{AnnouncementFacts, EndingFacts, EndingToken, LetterKind, TokenFacts, Written};
pub use mailer::{Accepted, Letter, Mailer, SendError};
