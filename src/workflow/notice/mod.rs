//! Notices: messages to people.

pub mod announce;
pub mod send;
