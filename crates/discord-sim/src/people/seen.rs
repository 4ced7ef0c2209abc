//! What a person sees after doing something.

use std::fmt;

use anyhow::{Result, bail};

use super::{MessageView, Modal};

/// What came of it.
#[derive(Debug)]
pub enum Seen {
    /// A modal opened.
    Modal(Modal),
    /// A new message came as the answer.
    Message(MessageView),
    /// The message that was acted on changed.
    Updated(MessageView),
    /// The message that was acted on disappeared.
    Gone,
    /// The press was taken, and nothing to be seen came of it in time.
    Nothing,
}

impl Seen {
    /// The modal.
    ///
    /// # Errors
    /// It was something else, which the error shows.
    pub fn modal(self) -> Result<Modal> {
        match self {
            Self::Modal(modal) => Ok(modal),
            other => bail!("expected a modal, but saw {other}"),
        }
    }

    /// The message, new or changed.
    ///
    /// # Errors
    /// It was something else, which the error shows.
    pub fn message(self) -> Result<MessageView> {
        match self {
            Self::Message(message) | Self::Updated(message) => Ok(message),
            other => bail!("expected a message, but saw {other}"),
        }
    }

    /// A new message that only this person sees.
    ///
    /// # Errors
    /// It was something else, which the error shows.
    pub fn private(self) -> Result<MessageView> {
        match self {
            Self::Message(message) if message.is_ephemeral() => Ok(message),
            other => bail!("expected a private message, but saw {other}"),
        }
    }

    /// That the message disappeared.
    ///
    /// # Errors
    /// It was something else, which the error shows.
    pub fn gone(self) -> Result<()> {
        match self {
            Self::Gone => Ok(()),
            other => bail!("expected the message to disappear, but saw {other}"),
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Modal(modal) => write!(f, "a modal:\n{modal}"),
            Self::Message(message) => write!(f, "a new message:\n{message}"),
            Self::Updated(message) => write!(f, "the message change:\n{message}"),
            Self::Gone => f.write_str("the message disappear"),
            Self::Nothing => f.write_str("nothing"),
        }
    }
}
