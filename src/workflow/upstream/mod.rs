//! An API that makes, renews and ends tokens. Each call that makes one is written down before it goes out.

pub mod create;
pub mod end;
pub mod renew;
pub mod trouble;
