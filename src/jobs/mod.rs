//! The background tasks. [`queue`] hides the library that keeps and runs them; each task's own
//! file is thin: it calls a workflow, and then the outside.

pub mod confirm;
pub mod hide;
pub mod queue;
