//! Discord's side of the house: interactions come in, views go out.
//!
//! - [`gateway`] and [`endpoint`]: the two ways in; both hand over an interaction's raw JSON.
//! - [`interaction`]: reads that JSON, and says what may be answered.
//! - [`message`]: what the bot sends, within Discord's limits; [`sanitize`] makes what people typed fit
//!   to stand in it.
//! - [`commands`]: the slash commands, as Discord is told of them.
//! - [`views`]: what people see.
//! - [`handlers`]: what happens to each interaction. [`reply`]: answers in time. [`rest`]: calls to Discord's REST API.

pub mod commands;
pub mod custom_id;
pub mod endpoint;
pub mod gateway;
pub mod handlers;
pub mod interaction;
pub mod message;
pub mod reply;
pub mod rest;
pub mod routing;
pub mod sanitize;
pub mod views;
