//! An HTTP interface to the people in the guild, in JSON: what they see, and what they do. For pages,
//! and for tests in any language. It has no rules: actions that a client would not allow are refused by
//! [`people`](crate::people).
//!
//! Bodies and answers are JSON, ids are texts. `NAME` is a person's unique name.
//!
//! | call | body | what it is |
//! |---|---|---|
//! | `GET /people/NAME/view?channel=ID` | | all that they see: people, channels, messages, commands |
//! | `POST /people/NAME/commands` | `channel`, `path`, `options` | sends a command |
//! | `POST /people/NAME/proposals` | the same, `option` | what the bot proposes for an option |
//! | `POST /people/NAME/components` | `message`, `custom_id`, `values` | presses a button, or chooses |
//! | `POST /people/NAME/modals` | `modal`, `entries` | submits a form that was opened |
//! | `POST /people/NAME/messages` | `channel`, `text` | writes a message |
//! | `POST /people/NAME/read` | `channel`, `revision` | counts a channel as read |
//! | `POST /people/NAME/dismissals` | `message` | dismisses a message that only they see |
//! | `GET /people/NAME/files/MESSAGE/FILE` | | a file that comes with a message |
//! | `POST /moderator/NAME` | `admin`, `direct_messages`, `locale`, `restart` | changes the person |
//!
//! `path` is the command's name and its subcommands', `options` are pairs of name and value; `values`
//! is for selects; `entries` holds a list of values for each field's `custom_id`; `direct_messages` is
//! `open`, `closed` or `blocked`. The answer has an `outcome`: `taken`, `modal` with the form and its
//! `id`, or `silence` where the bot didn't answer in time. What is refused is 422 with an `error`, and
//! `fields` where a form is filled in wrongly; who or what isn't there is 404.
//!
//! - [`loopback`]: who may use it
//! - `actions`, `moderator`, `view`: the handlers; `problem`: error answers

mod actions;
pub mod loopback;
mod moderator;
mod problem;
mod view;

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::Request,
    http::StatusCode,
    middleware::{self, Next},
    response::IntoResponse,
    routing::{get, post},
};
use tokio::net::TcpListener;

pub use problem::Problem;

use crate::{Discord, Person};

/// The interface. Clones are the same.
#[derive(Clone)]
pub struct Control {
    discord: Arc<Discord>,
    /// The unique names of those who can be used; everyone if none are given.
    only: Arc<[String]>,
}

impl Control {
    /// Everyone in this guild can be used.
    pub fn new(discord: Arc<Discord>) -> Self {
        Self { discord, only: Arc::default() }
    }

    /// Only these people can be used, by their unique names, and they are listed in this order.
    pub fn only(self, names: &[&str]) -> Self {
        Self { only: names.iter().map(|name| (*name).to_owned()).collect(), ..self }
    }

    /// The calls beside the view: those that change something, and files.
    pub fn actions<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        Router::new()
            .route("/people/{name}/read", post(actions::read))
            .route("/people/{name}/messages", post(actions::write))
            .route("/people/{name}/commands", post(actions::command))
            .route("/people/{name}/proposals", post(actions::proposals))
            .route("/people/{name}/components", post(actions::component))
            .route("/people/{name}/modals", post(actions::modal))
            .route("/people/{name}/dismissals", post(actions::dismiss))
            .route("/people/{name}/files/{message}/{file}", get(actions::download))
            .route("/moderator/{name}", post(moderator::change))
            .with_state(self.clone())
    }

    /// Serves all calls until the task is ended, to this machine only.
    ///
    /// # Errors
    /// The listener has no address, or fails.
    pub async fn serve(self, listener: TcpListener) -> Result<()> {
        let address = listener.local_addr().context("the port has no address")?;
        let hosts: Arc<[String]> = loopback::hosts(address.port()).into();
        let guard = move |request: Request, next: Next| {
            let stranger = loopback::stranger(&hosts, request.headers(), true);
            async move {
                match stranger {
                    Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
                    None => next.run(request).await,
                }
            }
        };
        let routes = Router::new()
            .route("/people/{name}/view", get(view::view))
            .with_state(self.clone())
            .merge(self.actions())
            .fallback(|| async { Problem::Missing("there is no such thing here".to_owned()) })
            .layer(middleware::from_fn(guard));
        axum::serve(listener, routes).await.context("the control interface ended")
    }

    /// The people who can be used, by their unique names.
    fn names(&self) -> Vec<String> {
        if self.only.is_empty() {
            return self.discord.people().into_iter().map(|user| user.name).collect();
        }
        self.only.to_vec()
    }

    fn person(&self, name: &str) -> Result<Person, Problem> {
        if !self.names().iter().any(|known| known == name) {
            return Err(Problem::Missing(format!("nobody here is called {name}")));
        }
        Ok(self.discord.person(name)?)
    }
}
