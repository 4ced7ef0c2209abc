//! How a secret reaches the person who asked for it.

pub mod deliver;
pub(in crate::workflow) mod hand_over;
pub mod reveal;
