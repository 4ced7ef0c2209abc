//! A provider's API that creates tokens, over HTTP, and fails on command in the way that real ones do at the worst
//! time. It gives the smallest id that is free, so that ids are reused.

mod faults;
mod manner;
mod parts;
mod routes;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{any, get, post};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::bot::Provider;
use discord_sim::crash_points::Points;
pub use faults::{Answers, Fault};
pub use manner::{EndsAs, Manner, Pages};
pub use parts::in_parts;

/// The key that callers must send.
pub const KEY: &str = "upstream-key-that-nobody-may-log-1";

/// The kinds of calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Creates a token.
    Create,
    /// Lists all.
    Find,
    /// Looks one up.
    Get,
    /// Revokes one.
    Revoke,
    /// Swaps a secret.
    Reset,
    /// Enables one.
    Enable,
    /// Disables one.
    Disable,
    /// Gives a token its rights.
    Rights,
    /// Returns the token for other calls.
    Login,
}

/// A token of the service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its number in the order of creation.
    pub made: usize,
    /// Its id, while it exists.
    pub id: u64,
    /// The description of the token.
    pub comment: String,
    /// Its secret.
    pub secret: String,
    /// Its rights.
    pub rights: Value,
    /// Whether it works.
    pub enabled: bool,
    /// Whether it was revoked, and is only listed.
    pub revoked: bool,
}

#[derive(Default)]
struct Book {
    tokens: BTreeMap<u64, Token>,
    minted: usize,
    faults: BTreeMap<Call, VecDeque<Fault>>,
    calls: Vec<(Call, Value)>,
    /// How the API behaves.
    manner: Manner,
    /// How many seconds longer than requested its tokens work.
    lives_longer: i64,
    /// The text of its refusals, if set.
    words: Option<String>,
    /// Where its redirects lead, and how often one was followed.
    elsewhere: String,
    followed: usize,
    /// The token of the last login.
    session: Option<String>,
    points: Points,
    /// The last client's `User-Agent`.
    agent: Option<String>,
}

type Shared = Arc<Mutex<Book>>;

/// A running API; it ends when this is dropped.
pub struct Upstream {
    book: Shared,
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Upstream {
    /// Serves on a free port of the loopback interface.
    pub async fn start() -> anyhow::Result<Self> {
        let book = Shared::default();
        let routes = Router::new()
            .route("/tokens", get(routes::list).post(routes::create))
            .route("/tokens/{id}", get(routes::look_up).delete(routes::revoke))
            .route("/tokens/{id}/{what}", post(routes::change))
            .route("/login", post(routes::login))
            .route("/elsewhere", any(routes::elsewhere))
            .with_state(book.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        // Another host by its name.
        lock(&book).elsewhere = format!("http://localhost:{}/elsewhere", address.port());
        let server = tokio::spawn(async move {
            // It is aborted before it could fail.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { book, address, server })
    }

    /// `[providers.issuer]` for it: every call, with short time-outs.
    pub fn issuer(&self) -> toml::Table {
        let base = format!("http://{}/tokens", self.address);
        let call = |method: &str, path: &str| {
            let mut call = toml::Table::new();
            call.insert("method".to_owned(), method.into());
            call.insert("url".to_owned(), format!("{base}{path}").into());
            let authorization = ("authorization".to_owned(), "Bearer {{ secret.KEY }}".into());
            call.insert("headers".to_owned(), toml::Table::from_iter([authorization]).into());
            call
        };
        let response = |pairs: &[(&str, &str)]| -> toml::Value {
            let pairs = pairs.iter().map(|(key, at)| ((*key).to_owned(), (*at).into()));
            toml::Table::from_iter(pairs).into()
        };
        let mut create = call("POST", "");
        let body =
            r#"{"comment": {{ marker }}, "ttl": {{ lifetime_seconds }}, "rights": {{ scopes }}}"#;
        create.insert("body".to_owned(), body.into());
        let answer =
            [("id", "/id"), ("secret", "/token"), ("expires_at", "/ends"), ("error", "/error")];
        create.insert("response".to_owned(), response(&answer));
        let mut find = call("GET", "");
        find.insert("items".to_owned(), "/tokens".into());
        find.insert("match".to_owned(), "/comment".into());
        find.insert("response".to_owned(), response(&[("id", "/id"), ("error", "/error")]));
        let works = toml::toml! { at = "/state" is = "works" };
        find.insert("alive".to_owned(), works.into());
        let mut reset = call("POST", "/{{ upstream_id }}/reset");
        reset.insert("response".to_owned(), response(&[("secret", "/token"), ("error", "/error")]));
        let with_words = |mut call: toml::Table| {
            call.insert("response".to_owned(), response(&[("error", "/error")]));
            call
        };
        toml::Table::from_iter([
            ("kind".to_owned(), "http".into()),
            ("timeout".to_owned(), "1s".into()),
            ("settle".to_owned(), "1s".into()),
            ("secrets".to_owned(), toml::Table::from_iter([("KEY".to_owned(), KEY.into())]).into()),
            ("create".to_owned(), create.into()),
            ("find".to_owned(), find.into()),
            ("revoke".to_owned(), with_words(call("DELETE", "/{{ upstream_id }}")).into()),
            ("reset".to_owned(), reset.into()),
            ("enable".to_owned(), with_words(call("POST", "/{{ upstream_id }}/enable")).into()),
            ("disable".to_owned(), with_words(call("POST", "/{{ upstream_id }}/disable")).into()),
        ])
    }

    /// The provider `registry`, whose tokens are created here; in all else like another.
    pub fn provider(&self, like: &Provider) -> Provider {
        Provider {
            id: "registry".to_owned(),
            name: "Registry".to_owned(),
            issuer: self.issuer(),
            ..like.clone()
        }
    }

    /// The points at which a call can be held: before its effect, and before its answer.
    pub fn points(&self) -> Points {
        self.book().points.clone()
    }

    /// The next calls of this kind have these faults, one after the other.
    pub fn fail(&self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        self.book().faults.entry(call).or_default().extend(faults);
    }

    /// All existing tokens.
    pub fn tokens(&self) -> Vec<Token> {
        self.book().tokens.values().filter(|token| !token.revoked).cloned().collect()
    }

    /// How often this was called.
    pub fn count(&self, call: Call) -> usize {
        self.book().calls.iter().filter(|(of, _)| *of == call).count()
    }

    /// Counts calls from here.
    pub fn forget_calls(&self) {
        self.book().calls.clear();
    }

    /// The last body that was sent.
    pub fn last_sent(&self, call: Call) -> Option<Value> {
        self.book().calls.iter().rev().find(|(of, _)| *of == call).map(|(_, sent)| sent.clone())
    }

    /// Sets the text of its refusals.
    pub fn say(&self, words: &str) {
        self.book().words = Some(words.to_owned());
    }

    /// How often one of its redirects was followed, which lead to another host.
    pub fn followed(&self) -> usize {
        self.book().followed
    }

    /// Another user deletes a token there, and creates one that gets its id.
    pub fn give_to_another(&self, id: u64) {
        let token = Token {
            made: 0,
            id,
            comment: "somebody else's".to_owned(),
            secret: "theirs".to_owned(),
            rights: Value::Null,
            enabled: true,
            revoked: false,
        };
        self.book().tokens.insert(id, token);
    }

    /// It behaves in another way from here.
    pub fn change_manner(&self, change: impl FnOnce(&mut Manner)) {
        change(&mut self.book().manner);
    }

    /// Calls of this kind have no more faults.
    pub fn recover(&self, call: Call) {
        self.book().faults.remove(&call);
    }

    /// The newest token.
    pub fn newest(&self) -> Token {
        let newest = self.tokens().into_iter().max_by_key(|token| token.made);
        newest.expect("there is a token")
    }

    /// Another user ends the token of this secret, at the service itself.
    pub fn end_by_hand(&self, secret: &str) {
        self.book().tokens.retain(|_, token| token.secret != secret);
    }

    /// Another user renames a token there.
    pub fn rename(&self, id: u64, name: &str) {
        if let Some(token) = self.book().tokens.get_mut(&id) {
            name.clone_into(&mut token.comment);
        }
    }

    /// Another user creates many tokens.
    pub fn is_crowded(&self, count: usize) {
        let mut book = self.book();
        for _ in 0..count {
            book.mint("somebody else's", Value::Null);
        }
    }

    /// Its tokens work this many seconds longer than requested.
    pub fn extend_life(&self, seconds: i64) {
        self.book().lives_longer = seconds;
    }

    /// A call that was on its way for long creates a token.
    pub fn make(&self, comment: &str) {
        self.book().mint(comment, Value::Null);
    }

    /// The token of its login is no longer accepted.
    pub fn forget_logins(&self) {
        self.book().session = None;
    }

    /// The token of the last login.
    pub fn session(&self) -> Option<String> {
        self.book().session.clone()
    }

    /// Who called last, by its own word.
    pub fn agent(&self) -> Option<String> {
        self.book().agent.clone()
    }

    /// Its address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether a secret works there.
    pub fn open_panel(&self, secret: &str) -> bool {
        let works = |token: &Token| token.enabled && !token.revoked && token.secret == secret;
        self.book().tokens.values().any(works)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        lock(&self.book)
    }
}

fn lock(book: &Shared) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Book {
    fn mint(&mut self, comment: &str, rights: Value) -> Token {
        let free = match self.manner.ids_are_unique {
            true => 1_000 + self.minted as u64,
            false => (1..).find(|id| !self.tokens.contains_key(id)).unwrap_or(u64::MAX),
        };
        let token = Token {
            id: free,
            comment: self.manner.kept(comment),
            secret: self.secret(),
            made: self.minted,
            rights,
            enabled: !self.manner.makes_in_parts,
            revoked: false,
        };
        self.tokens.insert(free, token.clone());
        token
    }

    fn secret(&mut self) -> String {
        self.minted += 1;
        if self.manner.secrets_are_short {
            return format!("kX9qpLm3{:08x}", rand::random::<u32>());
        }
        format!("upstream-secret-{}-{:016x}", self.minted, rand::random::<u64>())
    }
}
