//! People who left the guild while tokens or requests still depend on them.

use super::catalogue::ProviderId;
use super::ids::{ChannelId, DepartureId, MessageId, UserId};
use super::request::Request;
use super::token::Token;

/// A person left; one departure for each provider that is affected.
#[derive(Debug, Clone)]
pub struct Departure {
    /// Its id in the database.
    pub id: DepartureId,
    /// The person.
    pub person: UserId,
    /// The provider whose admins are told.
    pub provider: ProviderId,
    /// Whether the admins were told.
    pub is_told: bool,
    /// Whether the person is back.
    pub is_over: bool,
    /// The message that tells the admins, once it stands.
    pub message: Option<(ChannelId, MessageId)>,
}

/// What depends on a person at one provider.
#[derive(Debug, Default)]
pub struct Dependents {
    /// Live tokens that they own.
    pub owned: Vec<Token>,
    /// Live tokens whose primary contact they are.
    pub contact_of: Vec<Token>,
    /// Open requests that they made, or that would make them the contact.
    pub requests: Vec<Request>,
    /// Pending requests of others that they approved. The approvals no longer count.
    pub approvals: Vec<Request>,
    /// Tokens of others that have a new secret waiting for them.
    pub to_collect: Vec<Token>,
}

impl Dependents {
    /// Whether nothing depends on them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let tokens = [&self.owned, &self.contact_of, &self.to_collect];
        let requests = [&self.requests, &self.approvals];
        tokens.iter().all(|list| list.is_empty()) && requests.iter().all(|list| list.is_empty())
    }
}
