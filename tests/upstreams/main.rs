//! The calls of the ready configurations in `config/providers`, against the real services: they do what they
//! are configured for, and the services answer as expected when something fails.

mod calls;
mod issuer;
mod jupyterhub;
mod lives;
mod relay;
#[path = "../shared/sections.rs"]
mod sections;
mod through_discord;
mod unleash;
mod verdaccio;
