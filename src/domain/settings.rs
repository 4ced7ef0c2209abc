//! What people choose of a token beside its scopes and its end.

use serde::{Deserialize, Serialize};

use super::catalogue::ApiVersion;
use super::email::EmailAddress;
use super::ids::UserId;

/// The settings of a token, as a request asks for them and as the token has them. The order of the fields is the
/// canonical form's, see [`Content`](super::content::Content).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenSettings {
    /// 1 to 64 characters, trimmed.
    pub name: String,
    /// What it is for: 1 to 1,000 characters, trimmed.
    pub description: String,
    /// A version of the provider's catalogue.
    pub api_version: ApiVersion,
    /// The member of the guild, no bot, who hears of what happens to it.
    pub contact: UserId,
    /// The developers who are mailed: up to ten, none twice.
    pub developer_emails: Vec<EmailAddress>,
}
