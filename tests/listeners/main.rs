//! Clients who use up what a listener has: slow ones by the thousand, ones who never end a body, and
//! ones who ask all the time. Honest ones are answered meanwhile.
//!
//! - `house`: the bot with both listeners, and honest questions to both. `slow`: slow clients.
//! - `crowd`: thousands of them. `bodies`: bodies that nobody has to read. `readiness`: `/readyz`.
//! - `places`: who gives way, on a listener in this process. `descriptors`: none are left.

mod bodies;
mod crowd;
mod descriptors;
mod house;
mod places;
#[path = "../outside/processor.rs"]
mod processor;
mod readiness;
mod slow;
