//! Ids. Each kind has a type of its own, so that they can't be confused.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The text is not an id: empty, not decimal, zero, or over 2^63 - 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id: it takes a decimal number from 1 to 9223372036854775807")]
pub struct InvalidId;

fn parse(text: &str) -> Result<i64, InvalidId> {
    let decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let id: i64 = decimal.then(|| text.parse().ok()).flatten().ok_or(InvalidId)?;
    if id > 0 { Ok(id) } else { Err(InvalidId) }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(try_from = "TextOrNumber", into = "String")]
        #[sqlx(transparent)]
        pub struct $name(i64);

        impl $name {
            /// Takes 1 to 2^63 - 1, which is what Postgres' `bigint` holds.
            pub fn new(id: i64) -> Result<Self, InvalidId> {
                if id > 0 { Ok(Self(id)) } else { Err(InvalidId) }
            }

            /// The number, always over 0.
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                parse(text).map(Self)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.to_string()
            }
        }

        impl TryFrom<TextOrNumber> for $name {
            type Error = InvalidId;
            fn try_from(value: TextOrNumber) -> Result<Self, InvalidId> {
                match value {
                    TextOrNumber::Text(text) => text.parse(),
                    TextOrNumber::Number(number) => Self::new(number),
                }
            }
        }
    )+};
}

/// Discord sends ids as text; configuration may hold numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum TextOrNumber {
    Text(String),
    Number(i64),
}

ids! {
    /// A Discord application.
    ApplicationId,
    /// A Discord guild: a "server" in Discord's own interface.
    GuildId,
    /// A Discord channel, direct messages included.
    ChannelId,
    /// A Discord message.
    MessageId,
    /// A Discord role.
    RoleId,
    /// A Discord user.
    UserId,
    /// A slash command, as Discord knows it.
    CommandId,
    /// A Discord interaction: one command, click or modal.
    InteractionId,
    /// A draft: a request that is being filled in.
    DraftId,
    /// The id of a request in the database; people see its [`RequestNumber`].
    RequestId,
    /// The number of a request that people see: `#1`, `#2`, …
    RequestNumber,
    /// A token.
    TokenId,
    /// The id of one secret of a token.
    SecretId,
    /// A call to an upstream that makes a token.
    AttemptId,
    /// An approval: one admin's consent to one exact content.
    ApprovalId,
    /// A delivery: an encrypted secret waiting for its owner.
    DeliveryId,
    /// An event: one line of the audit log.
    EventId,
    /// A notice: one message to one person.
    NoticeId,
    /// An announcement that is being written.
    AnnouncementId,
    /// A report: someone presented a leaked secret.
    ReportId,
    /// A departure: a person who left, and one provider at which they have tokens or requests.
    DepartureId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_end_where_bigint_ends() {
        assert_eq!("9223372036854775807".parse::<UserId>().map(UserId::get), Ok(i64::MAX));
        for bad in ["", "0", "-1", "+1", " 1", "1.0", "9223372036854775808", "x", "１"] {
            assert_eq!(bad.parse::<UserId>(), Err(InvalidId), "{bad:?}");
        }
    }

    #[test]
    fn ids_read_text_and_numbers() {
        assert_eq!(serde_json::from_str::<UserId>("\"42\"").unwrap().get(), 42);
        assert_eq!(serde_json::from_str::<UserId>("42").unwrap().get(), 42);
        assert!(serde_json::from_str::<UserId>("0").is_err());
        assert_eq!(serde_json::to_string(&UserId(42)).unwrap(), "\"42\"");
    }
}
