//! The simulated Discord.

pub mod gateway;
pub mod http_ingress;
