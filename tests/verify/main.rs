//! Verification through Discord: people request, approve, reveal and disable tokens in the simulated
//! Discord; services and proxies ask the bot's real binary what those tokens allow.
//!
//! - `support`: the bot, a replica of it behind a proxy before Postgres, and questions to both.
//! - `proxies`: nginx, Caddy, Traefik, Envoy and HAProxy, as docs/gateways.md configures them.

mod cache;
mod callers;
mod drift;
mod gateways;
mod limits;
mod nginx;
mod proxies;
mod raw_requests;
mod request_fields;
mod spoilt_rows;
mod support;
mod token_life;
