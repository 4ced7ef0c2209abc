//! The service's own checks of what a bot sends: the limits that the documentation states and the
//! schema of the OpenAPI document does not, or states wider.

pub(crate) mod commands;
pub(crate) mod components;
pub(crate) mod layout;
pub(crate) mod messages;
pub(crate) mod modals;
