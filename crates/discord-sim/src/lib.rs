//! The simulated Discord, with people in it. It enforces the same rules as the real one.
//!
//! [`Discord::start`] serves the REST API on its own port. [`Discord::person`] returns a person
//! to act as. The rest of [`Discord`] is for moderators, clocks and faults.
//!
//! - `state`, `objects`, `permissions`: what the service knows, and how it shows it
//! - `rest`: the routes; `checks`, `openapi`: checks of bodies; `refusal`: error answers
//! - `interactions`, `messages`: their states; `components`, `attachments`: the parts of a message;
//!   `notifications`: who is notified
//! - [`gateway`], [`http_ingress`]: how events reach a bot, behind [`ingress::Ingress`]
//! - [`people`]: the driver; [`faults`]: faults; [`standard`]: the standard guild
//! - [`control`]: the people over HTTP
//! - [`Happening`]: what happens, with the moment of each, for measurements
//! - [`crash_points`]: calls that are counted, and held so that a process can be killed there

mod attachments;
mod checks;
mod components;
pub mod control;
pub mod crash_points;
pub mod faults;
pub mod gateway;
mod happenings;
pub mod http_ingress;
pub mod ingress;
mod interactions;
mod limits;
mod messages;
mod moderation;
mod notifications;
mod objects;
mod openapi;
pub mod people;
pub mod permissions;
mod refusal;
mod rest;
mod shared;
mod snowflakes;
pub mod standard;
mod state;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use ed25519_dalek::SigningKey;
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use faults::{Fault, Request};
pub use happenings::Happening;
pub use interactions::Timings;
pub use people::{
    Acknowledged, ChannelView, Complaint, Composed, MessageView, Modal, Person, Seen, Shown,
};
pub use shared::Violation;
pub use snowflakes::Id;
pub use standard::Options;
pub use state::{
    Application, Channel, DirectMessages, Guild, Member, Overwrite, Overwritten, Place, Role, User,
};

use crate::crash_points::Points;
use gateway::{Gateway, GatewayOptions};
use http_ingress::HttpIngress;
use ingress::Ingress;
use shared::{Shared, Switches};

/// The service. It ends when this is dropped.
pub struct Discord {
    shared: Arc<Shared>,
    gateway: Option<Gateway>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Drop for Discord {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Discord {
    /// Starts the service on the loopback interface.
    ///
    /// # Errors
    /// Its port is in use.
    pub async fn start(options: Options) -> Result<Self> {
        let port = options.port;
        let listener = TcpListener::bind(("127.0.0.1", port)).await;
        let listener = listener.with_context(|| format!("port {port} is not to be had"))?;
        let address = listener.local_addr().context("the port has no address")?;
        let switches = Switches {
            timings: options.timings,
            keep_bodies: options.keep_bodies,
            route_limits: options.route_limits,
            checks_user_agent: options.checks_user_agent,
            checks_itself: options.checks_itself,
            checks_document: options.checks_document,
        };
        let shared = Arc::new(Shared::new(options.state(), switches));
        let gateway = match options.ingress {
            Some(ingress) => {
                shared.set_ingress(ingress);
                None
            }
            None => {
                let gateway = Gateway::start(gateway_options(&shared, options.gateway)?).await?;
                shared.set_ingress(Arc::new(gateway.clone()));
                Some(gateway)
            }
        };
        let server = tokio::spawn(rest::serve(listener, Arc::clone(&shared)));
        Ok(Self { shared, gateway, address, server })
    }

    /// The replacement of `https://discord.com`.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The gateway, unless another ingress was given at the start.
    pub fn gateway(&self) -> Option<&Gateway> {
        self.gateway.as_ref()
    }

    /// Delivers interactions as signed posts from now on; returns the public key to configure.
    ///
    /// # Errors
    /// No HTTP client can be created.
    pub fn deliver_over_http(&self, url: &str, key: SigningKey) -> Result<String> {
        let ingress = HttpIngress::new(url, key)?;
        let public_key = ingress.public_key();
        self.shared.change(|state| state.application.public_key.clone_from(&public_key));
        self.shared.set_ingress(Arc::new(ingress));
        Ok(public_key)
    }

    /// Changes how events reach the bot.
    pub fn set_ingress(&self, ingress: Arc<dyn Ingress>) {
        self.shared.set_ingress(ingress);
    }

    /// Follows changes: the number grows with each. For pages that show what is there.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.shared.changes()
    }

    /// Waits, without polling, until something holds; false after the time.
    pub async fn until(&self, limit: Duration, mut holds: impl FnMut(&Self) -> bool) -> bool {
        let mut changes = self.changes();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                if holds(self) {
                    return true;
                }
                if changes.changed().await.is_err() {
                    return false;
                }
            }
        };
        tokio::time::timeout(limit, waiting).await.unwrap_or(false)
    }

    /// Whether Discord's OpenAPI document is available, so that bodies are checked against it.
    pub fn has_document() -> bool {
        openapi::is_at_hand()
    }

    /// Bodies that the real service would have refused. Most tests expect none.
    pub fn violations(&self) -> Vec<Violation> {
        self.shared.violations(false)
    }

    /// The same, and clears them: for tests that expect some.
    pub fn take_violations(&self) -> Vec<Violation> {
        self.shared.violations(true)
    }

    /// The next `times` calls of a route fail; `usize::MAX` means for ever.
    ///
    /// Routes are named `METHOD /template`, as in `POST /channels/{id}/messages`; `*` is any.
    ///
    /// # Errors
    /// An unknown route, with the list of those there are.
    pub fn fail(&self, route: &str, times: usize, fault: Fault) -> Result<()> {
        self.shared.faults.add(route, fault, times)
    }

    /// Ends all faults; returns how many of them still waited for a call.
    pub fn clear_faults(&self) -> usize {
        self.shared.faults.clear()
    }

    /// The calls as points that can be held, each by its route. They are counted before faults
    /// strike, and calls without a route as well.
    pub fn points(&self) -> &Points {
        &self.shared.points
    }

    /// Every call so far.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.faults.log()
    }

    /// How often a route was called, faults included; `*` counts all.
    pub fn calls(&self, route: &str) -> usize {
        self.shared.faults.count(route)
    }

    /// Calls that the real service counts towards the ban of an address: 401, 403, 429.
    pub fn invalid_calls(&self) -> usize {
        let log = self.shared.faults.log();
        log.iter().filter(|call| matches!(call.status, Some(401 | 403 | 429))).count()
    }

    /// Whether bodies of requests are kept in the record.
    pub fn keep_bodies(&self, keep: bool) {
        self.shared.switch(|switches| switches.keep_bodies = keep);
    }

    /// Whether rate limits are enforced.
    pub fn enforce_limits(&self, enforce: bool) {
        self.shared.switch(|switches| switches.route_limits = enforce);
    }

    /// The deadlines of interactions that begin from now on.
    pub fn set_timings(&self, timings: Timings) {
        self.shared.switch(|switches| switches.timings = timings);
    }

    /// The commands that are registered, as the service sends them.
    pub fn commands(&self) -> Vec<Value> {
        self.shared.read(|state| state.commands.clone())
    }
}

/// The gateway for the application, unless another ingress is set.
fn gateway_options(shared: &Shared, given: Option<GatewayOptions>) -> Result<GatewayOptions> {
    if let Some(given) = given {
        return Ok(given);
    }
    shared.read(|state| {
        let user = state.own_user().map_err(|refusal| anyhow::anyhow!(refusal.message))?;
        let application = &state.application;
        let mut options = GatewayOptions::new(&application.token, application.id.to_string(), user);
        options.guild_ids = vec![state.guild.id.to_string()];
        Ok(options)
    })
}
