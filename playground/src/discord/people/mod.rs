//! The driver: people who type, fill, click and read as a client lets them, and liars.

mod command;
mod modal;
mod person;
mod render;
mod seen;
mod using;
mod view;

pub use modal::Modal;
pub use person::Person;
pub use seen::Seen;
pub use view::MessageView;
