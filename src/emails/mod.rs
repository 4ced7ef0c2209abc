//! E-mails: [`compose`] writes them, [`mailer`] hands them to a server or a directory. What is sent
//! by direct message is written in `discord::views`.
//!
//! No mail ever holds a secret.

pub mod compose;
pub mod mailer;

pub use compose::{
    AnnouncedToken, AnnouncementFacts, EmailKind, EmailText, EndingFacts, EndingToken, TokenFacts,
};
pub use mailer::{Accepted, Email, Fault, Mailer, SendError, Subject};
