//! The page: a chat client in the browser, through which a few people use the simulated Discord by
//! hand. It shows what [`discord_sim::people`] shows, and does what people there may do; no rule
//! is implemented here.
//!
//! - `guard`: who may use it, and its security headers
//! - `files`: the page's own HTML, styles and scripts, from the folder `page`
//! - `view`: what a person sees, with the emails; `changes`: when to refresh
//! - `mails`: the mailbox
//!
//! What people do goes straight to [`discord_sim::control`].

mod changes;
mod files;
mod guard;
mod mails;
mod view;

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use axum::{Router, middleware, routing::get};
use discord_sim::{
    Discord,
    control::{Control, Problem, loopback},
};
use testkit::mailbox::Mailbox;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use mails::Mails;

/// The people who can be used, by their unique names, and their roles.
pub const PEOPLE: [(&str, &str); 4] = [
    ("rin", "a developer, who asks for tokens"),
    ("aki", "an admin, who approves them"),
    ("ben", "an admin, too: it takes two"),
    ("chiyo", "an admin who reads Japanese"),
];

/// How long open connections may keep the page from ending.
const STOP_LIMIT: Duration = Duration::from_secs(2);

/// The page's server. It ends when this is dropped.
pub struct Page {
    address: SocketAddr,
    ending: CancellationToken,
    server: JoinHandle<()>,
}

/// The state of all handlers.
struct PageState {
    discord: Arc<Discord>,
    control: Control,
    mails: Mails,
    /// The allowed `Host` headers.
    hosts: Vec<String>,
    ending: CancellationToken,
}

impl Page {
    /// Serves the page on a port of the loopback interface; 0 is any that is free.
    ///
    /// # Errors
    /// The port is in use.
    pub async fn start(discord: Arc<Discord>, mailbox: Mailbox, port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).await;
        let listener = listener.with_context(|| format!("port {port} is not to be had"))?;
        let address = listener.local_addr().context("the port has no address")?;
        let ending = CancellationToken::new();
        let names = PEOPLE.map(|(name, _)| name);
        let state = Arc::new(PageState {
            control: Control::new(Arc::clone(&discord)).only(&names),
            discord,
            mails: Mails::watch(mailbox, ending.clone()),
            hosts: loopback::hosts(address.port()),
            ending: ending.clone(),
        });
        let over = ending.clone().cancelled_owned();
        let serving = axum::serve(listener, router(state)).with_graceful_shutdown(over);
        let server = tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "the page ended");
            }
        });
        Ok(Self { address, ending, server })
    }

    /// The address: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends the page and all open responses.
    pub async fn stop(mut self) {
        self.ending.cancel();
        // Whatever is open after that is cut by the drop.
        let _ = tokio::time::timeout(STOP_LIMIT, &mut self.server).await;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.ending.cancel();
        self.server.abort();
    }
}

fn router(state: Arc<PageState>) -> Router {
    let api = Router::new()
        .route("/changes", get(changes::follow))
        .route("/people/{name}/view", get(view::view))
        .route("/mails/{id}", get(mails::text))
        .route("/mails/{id}/html", get(mails::html))
        .merge(state.control.actions())
        .fallback(|| async { Problem::Missing("there is no such thing here".to_owned()) });
    files::routes()
        .nest("/api", api)
        .layer(middleware::from_fn_with_state(Arc::clone(&state), guard::guard))
        .with_state(state)
}
