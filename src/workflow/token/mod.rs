//! Tokens after they were made: narrowed, ended, found, listed.

pub mod alert;
pub mod end;
pub(in crate::workflow) mod end_means;
pub mod expire;
pub mod history;
pub mod leak;
pub mod list;
pub mod narrow;
pub mod warn;
