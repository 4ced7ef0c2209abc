//! An API that makes, renews and ends tokens. Each call that makes one is written down before it is sent.

mod attempt;
pub mod calls;
pub mod create;
pub mod end;
mod identity;
pub mod renew;
pub mod stray;
pub mod trouble;
pub mod update;
