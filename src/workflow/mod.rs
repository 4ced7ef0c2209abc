//! Everything that can happen, one file for each: a transaction that holds state, event and jobs
//! together. Nothing here talks to the outside.

pub mod refusal;
