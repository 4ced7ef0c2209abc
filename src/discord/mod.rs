//! Discord's side of the house: interactions come in, views go out.

pub mod endpoint;
pub mod gateway;
pub mod interaction;
pub mod message;
pub mod rest;
