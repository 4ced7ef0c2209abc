//! Notices: messages to people.

pub mod announce;
pub mod course;
pub mod send;
