//! The simulated Discord held to the rules of the real one, by a small bot that talks REST.

mod answers;
mod faults;
mod groups;
mod happenings;
mod layout;
mod layout_limits;
mod minimal_bot;
mod notifications;
mod people;
mod rest;
mod shapes;
