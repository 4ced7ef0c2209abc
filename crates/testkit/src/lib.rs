//! What the tests of the bot share, besides the simulated Discord (`discord_sim`): the other services
//! that it uses, faults in them, and the bot itself as a process. It runs the bot's binary, and
//! does not link it.
//!
//! - [`mailbox`]: reads emails.
//! - [`postgres`]: a temporary Postgres with the two roles that Countersign needs, and a standby of it.
//! - [`pgbouncer`]: a real PgBouncer before it.
//! - [`nginx`]: a real nginx before whatever a test configures.
//! - [`statements`]: what the bot asks of Postgres, counted.
//! - [`smtp`]: a real mail server that requires STARTTLS and a login.
//! - [`token_endpoint`]: gives access tokens for the mail server.
//! - [`upstreams`]: real services whose REST APIs create tokens.
//! - [`proxy`]: a proxy for Postgres and the mail server that counts, delays and breaks connections
//!   ([`discord_sim::crash_points`]).
//! - [`bot`]: runs the real bot as shipped.
//! - [`instructions`]: how many instructions the bot executes, counted by callgrind.
//! - [`clock`]: another clock for the bot, or for Postgres.
//! - [`disk`]: a disk that can be filled up.
//! - [`setup`]: all of them together, for a scenario that must leave nothing undone.
//! - [`team`]: a setup with people and their common actions.
//! - [`collisions`]: looks for two texts whose digests begin alike.
//! - [`kills`]: kills the bot at each point of a scenario, and starts it again.
//! - [`tls`]: a private authority, and TLS before a service that has none.
//! - [`http_proxy`]: a proxy that leads by `CONNECT` to hosts which exist nowhere else.
//! - [`forward`]: an address of IPv6 for a service, which can be led to another one.
//! - [`sockets`]: which connections a process has.
//! - [`collector`]: a collector of OpenTelemetry, for traces.
//! - [`mock_upstream`]: a provider's API that creates tokens, and fails on command.

pub mod bot;
pub mod clock;
pub mod collector;
pub mod collisions;
pub mod disk;
pub mod forward;
pub mod http_proxy;
pub mod instructions;
pub mod kills;
pub mod mailbox;
pub mod mock_upstream;
pub mod nginx;
pub mod pgbouncer;
pub mod ports;
pub mod postgres;
pub mod proxy;
pub mod setup;
pub mod smtp;
pub mod sockets;
pub mod statements;
pub mod team;
pub mod tls;
pub mod token_endpoint;
pub mod upstreams;
mod watchdog;

/// Whether this process runs as root, as which Postgres refuses to run.
pub(crate) fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
