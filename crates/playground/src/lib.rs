//! Countersign without a Discord account, by hand or automatic: the simulated Discord of `discord_sim`,
//! the rest of `testkit`, and the real bot.
//!
//! - [`page`]: a chat client in the browser, for people who try all this by hand.
//! - [`play`], [`story`]: the two ways to run the program.

pub mod page;
pub mod play;
pub mod story;
