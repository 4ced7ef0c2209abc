//! The background tasks. [`queue`] hides the library that keeps and runs them; each task's own
//! file is thin: it calls a workflow, and then the outside.

mod announce;
mod card;
mod confirm;
mod handler;
mod hide;
mod notice;
pub mod queue;
mod remind;

pub use handler::Jobs;
