//! The driver: people who type, fill in, click and read as a client allows, and who can forge.

mod actions;
mod client;
mod command;
mod modal;
mod person;
mod render;
mod seen;
mod unwatched;
mod view;

pub use actions::NO_ANSWER;
pub use client::{Acknowledged, ChannelView, Shown};
pub use command::Composed;
pub use modal::{Complaint, Modal};
pub use person::Person;
pub use seen::Seen;
pub use view::MessageView;
