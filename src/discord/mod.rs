//! Discord's side: interactions come in, replies and messages go out.
//!
//! - [`gateway`] and [`endpoint`]: the two ways in. Both hand over an interaction's raw JSON.
//! - [`interaction`]: parses that JSON, and defines what may be answered.
//! - [`message`]: what the bot sends, within Discord's limits; [`sanitize`] makes what people typed fit
//!   to stand in it.
//! - [`custom_id`]: the table of buttons, selects and modals. [`commands`]: the table of slash commands.
//!   [`routing`]: what both say of each row beside its handler.
//! - [`views`]: what people see.
//! - [`handlers`]: what happens to each interaction. [`reply`]: answers in time.
//! - [`rest`]: calls to Discord's REST API. [`part_status`]: how the parts of this process are.
//!
//! No rule of who may do what is here, and no SQL: handlers call workflows. Workflows, the store and the
//! domain know nothing of this module.

pub mod commands;
pub mod custom_id;
pub mod endpoint;
pub mod gateway;
pub mod handlers;
pub mod interaction;
pub mod message;
pub mod part_status;
pub mod reply;
pub mod rest;
pub mod routing;
pub mod sanitize;
pub mod views;
