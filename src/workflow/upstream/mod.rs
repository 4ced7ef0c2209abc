//! Tokens of an API that creates, renews and ends them. Each call that creates one is recorded before it is sent.

mod attempt;
pub mod calls;
pub mod create;
pub mod end;
mod identity;
pub mod renew;
pub mod stray;
pub mod trouble;
pub mod update;
