//! Countersign by hand or by itself, without a Discord account: the simulated Discord of `discord_sim`,
//! the rest of `testkit`, and the real bot.
//!
//! - [`page`]: a chat client in the browser, for people who try all this by hand.
//! - [`play`], [`story`]: what the program does, by hand or by itself.

pub mod page;
pub mod play;
pub mod story;
