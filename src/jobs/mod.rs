//! The background jobs, one file each. They are thin: a workflow decides what is due, then the outside is
//! called. [`crate::queue`] stores and runs them.

mod announce;
mod bundle;
mod call;
mod card;
mod confirm;
mod departure;
mod doubt;
mod handler;
mod hide;
mod notice;
mod recovery;
mod tidy;
mod upstream;

pub use handler::Jobs;
