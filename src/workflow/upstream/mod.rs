//! An API that makes, renews and ends tokens. Each call that makes one is written down before it goes out.

mod attempt;
pub mod calls;
pub mod create;
pub mod end;
mod identity;
pub mod renew;
pub mod stray;
pub mod trouble;
pub mod update;
