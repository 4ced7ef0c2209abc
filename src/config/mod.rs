//! The configuration: one file, its overrides from the environment, the files that it names, and
//! their checks.
//!
//! What comes out is plain data that was checked whole; nothing later asks whether it is right.
//! What is wrong is told all at once, each with its place and what to do. Whether the outside
//! (database, Discord, mail server) agrees is `check`'s business.

mod settings;
mod steps;

pub use settings::*;
pub use steps::{StepCategory, StepScope, StepTemplates, StepValues};
