//! The settings of a token that people choose, besides its scopes and its end.

use serde::{Deserialize, Serialize};

use super::catalogue::ApiVersion;
use super::email::EmailAddress;
use super::ids::UserId;

/// The settings of a token, in requests and in tokens. The canonical form has the fields in this order, see
/// [`Content`](super::content::Content).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSettings {
    /// 1 to 64 characters, trimmed.
    pub name: String,
    /// What the token is for: 1 to 1,000 characters, trimmed.
    pub description: String,
    /// A version of the provider's catalogue.
    pub api_version: ApiVersion,
    /// The member who is told what happens to the token; never a bot.
    pub contact: UserId,
    /// Developers who get emails: up to ten, none twice.
    pub developer_emails: Vec<EmailAddress>,
}

impl TokenSettings {
    /// The developers' addresses as they are written.
    #[must_use]
    pub fn developer_addresses(&self) -> Vec<String> {
        self.developer_emails.iter().map(ToString::to_string).collect()
    }
}
