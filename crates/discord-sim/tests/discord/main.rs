//! The simulated Discord held to the rules of the real one, by a small bot that talks REST.

mod answers;
mod faults;
mod minimal_bot;
mod people;
mod rest;
mod shapes;
