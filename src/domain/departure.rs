//! People who left the guild while tokens or requests still depend on them.

use super::catalogue::ProviderId;
use super::ids::{DepartureId, UserId};
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
}

/// What depends on a person at one provider.
#[derive(Debug)]
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
