//! Verification through the front door: people ask for tokens, approve, reveal and disable in the
//! simulated Discord; services and proxies ask the bot as shipped what those tokens open.
//!
//! `house`: the bot, a replica of it behind a proxy before Postgres, and questions to both.

mod drift;
mod fields;
mod gateways;
mod house;
mod kept;
mod life;
mod limits;
mod nginx;
mod raw;
