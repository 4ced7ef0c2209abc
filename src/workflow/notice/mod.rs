//! People are told, each once.

pub mod announce;
pub mod send;
