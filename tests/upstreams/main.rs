//! The calls of the ready configurations in `config/providers`, against the real services: that they
//! mean there what the configuration says, and what the services answer when it goes wrong.

mod calls;
mod issuer;
mod jupyterhub;
mod relay;
mod through_discord;
mod verdaccio;
