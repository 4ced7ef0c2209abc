//! Clients who use up what a listener has: slow ones by the thousand, ones who never end a body, and
//! ones who ask all the time. Honest ones are answered meanwhile.
//!
//! - `support`: the bot with both listeners, and honest questions to both. `slow_clients`: slow clients.
//! - `many_connections`: thousands of them. `bodies`: bodies that nobody has to read. `readiness`: `/readyz`.
//! - `connection_limits`: who gives way, on a listener in this process. `descriptors`: none are left.

mod bodies;
mod connection_limits;
mod descriptors;
mod many_connections;
#[path = "../outside/processor.rs"]
mod processor;
mod readiness;
mod slow_clients;
mod support;
