//! People who left the guild while something hangs on them.

use super::catalogue::ProviderId;
use super::ids::{DepartureId, UserId};
use super::request::Request;
use super::token::Token;

/// Somebody left, as far as one provider is concerned.
#[derive(Debug, Clone)]
pub struct Departure {
    /// The database's identity.
    pub id: DepartureId,
    /// Who.
    pub person: UserId,
    /// Whose admins are told.
    pub provider: ProviderId,
    /// Whether they were.
    pub is_told: bool,
    /// Whether the person is back.
    pub is_over: bool,
}

/// What hangs on a person at one provider.
#[derive(Debug)]
pub struct Dependents {
    /// Live tokens that they own.
    pub owned: Vec<Token>,
    /// Live tokens whose primary contact they are.
    pub contact_of: Vec<Token>,
    /// Open requests that they made, or in which they are to be the contact.
    pub requests: Vec<Request>,
    /// Others' pending requests to which they approved, which counts for nothing now.
    pub approvals: Vec<Request>,
    /// Others' tokens of which a new secret waits for them.
    pub to_collect: Vec<Token>,
}
