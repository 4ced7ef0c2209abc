//! Clients that use up a listener: slow ones by the thousand, ones that never end a body, and ones that send requests
//! all the time. Honest clients are answered all the same.
//!
//! - `support`: the bot with both listeners, and honest requests to both. `slow_clients`: slow clients.
//! - `many_connections`: thousands of them. `bodies`: bodies that are not needed. `readiness`:
//!   `/readyz`.
//! - `connection_limits`: which connections are closed, on a listener in this process. `descriptors`: none
//!   are left.

mod bodies;
mod connection_limits;
mod descriptors;
mod many_connections;
#[path = "../outside/processor.rs"]
mod processor;
mod readiness;
mod slow_clients;
mod support;
