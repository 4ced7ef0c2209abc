//! Somebody's API that mints tokens, over HTTP, and does on command what real ones do at the worst
//! time. It gives the smallest id that is free, so that ids come back.

mod faults;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::bot::Provider;
use discord_sim::crash_points::{Outcome, Points};

/// What its callers must show.
pub const KEY: &str = "upstream-key-that-nobody-may-log-1";

/// What can be asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Makes a token.
    Create,
    /// Lists all.
    Find,
    /// Ends one.
    Revoke,
    /// Swaps a secret.
    Reset,
    /// Lets one work again.
    Enable,
    /// Stops one.
    Disable,
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whether what was asked for is done all the same.
    pub does: bool,
    /// What the caller sees.
    pub answers: Answers,
}

/// What a caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// This status, with words.
    Status(u16),
    /// Nothing, for a minute.
    Silence,
    /// The beginning of an answer.
    Cut,
    /// What is no JSON.
    Garbage,
    /// JSON with everything elsewhere.
    OtherShape,
    /// Ten megabytes.
    TooLong,
    /// What it should, so much later.
    Late(Duration),
}

/// A token of its.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Its id, for as long as it is there.
    pub id: u64,
    /// What it was said to be for.
    pub comment: String,
    /// What opens it.
    pub secret: String,
    /// What it can do.
    pub rights: Value,
    /// Whether it works.
    pub enabled: bool,
}

#[derive(Default)]
struct Book {
    tokens: BTreeMap<u64, Token>,
    minted: u64,
    faults: BTreeMap<Call, VecDeque<Fault>>,
    calls: Vec<(Call, Value)>,
    /// How many seconds longer its tokens live than they were asked to.
    lives_longer: i64,
    /// What its refusals say, where that was set.
    words: Option<String>,
    /// Where its redirects lead, and how often somebody followed one.
    elsewhere: String,
    followed: usize,
    points: Points,
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
    /// Serves on a free port of loopback's.
    pub async fn start() -> anyhow::Result<Self> {
        let book = Shared::default();
        let routes = Router::new()
            .route("/tokens", get(list).post(create))
            .route("/tokens/{id}", axum::routing::delete(revoke))
            .route("/tokens/{id}/{what}", post(change))
            .route("/elsewhere", any(elsewhere))
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

    /// `[providers.issuer]` for it: every call there is, quick to lose patience.
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
        find.insert("response".to_owned(), response(&[("id", "/id")]));
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
            ("enable".to_owned(), call("POST", "/{{ upstream_id }}/enable").into()),
            ("disable".to_owned(), call("POST", "/{{ upstream_id }}/disable").into()),
        ])
    }

    /// The provider `registry`, whose tokens are made here; in all else like another.
    pub fn provider(&self, like: &Provider) -> Provider {
        Provider {
            id: "registry".to_owned(),
            name: "Registry".to_owned(),
            issuer: self.issuer(),
            ..like.clone()
        }
    }

    /// Where a call can be held up: before it is done, and before it is answered.
    pub fn points(&self) -> Points {
        self.book().points.clone()
    }

    /// The next calls of this kind go wrong like this, one after the other.
    pub fn fails(&self, call: Call, faults: impl IntoIterator<Item = Fault>) {
        self.book().faults.entry(call).or_default().extend(faults);
    }

    /// Every token that is there.
    pub fn tokens(&self) -> Vec<Token> {
        self.book().tokens.values().cloned().collect()
    }

    /// How often it was asked for this.
    pub fn count(&self, call: Call) -> usize {
        self.book().calls.iter().filter(|(of, _)| *of == call).count()
    }

    /// What it was last sent.
    pub fn last_sent(&self, call: Call) -> Option<Value> {
        self.book().calls.iter().rev().find(|(of, _)| *of == call).map(|(_, sent)| sent.clone())
    }

    /// What its refusals say from now on.
    pub fn says(&self, words: &str) {
        self.book().words = Some(words.to_owned());
    }

    /// How often somebody followed one of its redirects, which lead to another host.
    pub fn followed(&self) -> usize {
        self.book().followed
    }

    /// Somebody else deletes a token there, and makes one of their own that gets its id.
    pub fn gives_to_another(&self, id: u64) {
        let token = Token {
            id,
            comment: "somebody else's".to_owned(),
            secret: "theirs".to_owned(),
            rights: Value::Null,
            enabled: true,
        };
        self.book().tokens.insert(id, token);
    }

    /// Its tokens live so many seconds longer than they are asked to.
    pub fn lives_longer(&self, seconds: i64) {
        self.book().lives_longer = seconds;
    }

    /// A call that was on its way for long makes a token.
    pub fn makes(&self, comment: &str) {
        self.book().mint(comment, Value::Null);
    }

    /// Whether a secret opens something there.
    pub fn opens(&self, secret: &str) -> bool {
        self.book().tokens.values().any(|token| token.enabled && token.secret == secret)
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
        let free = (1..).find(|id| !self.tokens.contains_key(id)).unwrap_or(u64::MAX);
        let token = Token {
            id: free,
            comment: comment.to_owned(),
            secret: self.secret(),
            rights,
            enabled: true,
        };
        self.tokens.insert(free, token.clone());
        token
    }

    fn secret(&mut self) -> String {
        self.minted += 1;
        format!("upstream-secret-{}-{:016x}", self.minted, rand::random::<u64>())
    }
}

/// Notes a call, does it unless it is to go wrong before, and answers.
async fn answer(
    book: &Shared,
    headers: &HeaderMap,
    (call, sent): (Call, Value),
    does: impl FnOnce(&mut Book) -> Result<Value, StatusCode>,
) -> Response {
    let is_known =
        headers.get("authorization").is_some_and(|shown| shown == format!("Bearer {KEY}").as_str());
    if !is_known {
        return lock(book).refusal(StatusCode::UNAUTHORIZED);
    }
    let points = lock(book).points.clone();
    let mut passage = points.arrives(&format!("{call:?}"));
    if passage.before().await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let (fault, done) = {
        let mut book = lock(book);
        book.calls.push((call, sent));
        let fault = book.faults.get_mut(&call).and_then(VecDeque::pop_front);
        let does_it = fault.is_none_or(|fault| fault.does);
        let done = if does_it { does(&mut book) } else { Ok(Value::Null) };
        (fault, done)
    };
    let outcome = if done.is_ok() { Outcome::Done } else { Outcome::Refused };
    if passage.after(outcome).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if let Some(Fault { answers: Answers::Late(wait), .. }) = fault {
        tokio::time::sleep(wait).await;
    }
    match (fault.filter(|fault| !matches!(fault.answers, Answers::Late(_))), done) {
        (Some(fault), _) => faults::answer(book, fault.answers).await,
        (None, Ok(value)) => Json(value).into_response(),
        (None, Err(status)) => lock(book).refusal(status),
    }
}

async fn elsewhere(State(book): State<Shared>) -> StatusCode {
    lock(&book).followed += 1;
    StatusCode::NO_CONTENT
}

async fn create(
    State(book): State<Shared>,
    headers: HeaderMap,
    Json(sent): Json<Value>,
) -> Response {
    let (comment, rights) =
        (sent["comment"].as_str().unwrap_or_default().to_owned(), sent["rights"].clone());
    let ends = sent["ttl"].as_i64().map(|ttl| chrono::Utc::now().timestamp() + ttl);
    answer(&book, &headers, (Call::Create, sent), |book| {
        let token = book.mint(&comment, rights);
        let ends = ends.map(|ends| ends + book.lives_longer);
        Ok(json!({ "id": token.id, "token": token.secret, "ends": ends }))
    })
    .await
}

async fn list(State(book): State<Shared>, headers: HeaderMap) -> Response {
    answer(&book, &headers, (Call::Find, Value::Null), |book| {
        let tokens: Vec<Value> = book
            .tokens
            .values()
            .map(|token| json!({ "id": token.id, "comment": token.comment }))
            .collect();
        Ok(json!({ "tokens": tokens }))
    })
    .await
}

async fn revoke(State(book): State<Shared>, headers: HeaderMap, Path(id): Path<u64>) -> Response {
    answer(&book, &headers, (Call::Revoke, id.into()), |book| {
        book.tokens.remove(&id).map(|_| Value::Null).ok_or(StatusCode::NOT_FOUND)
    })
    .await
}

async fn change(
    State(book): State<Shared>,
    headers: HeaderMap,
    Path((id, what)): Path<(u64, String)>,
) -> Response {
    let call = match what.as_str() {
        "reset" => Call::Reset,
        "enable" => Call::Enable,
        "disable" => Call::Disable,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    answer(&book, &headers, (call, id.into()), |book| {
        let fresh = book.secret();
        let token = book.tokens.get_mut(&id).ok_or(StatusCode::NOT_FOUND)?;
        match call {
            Call::Reset => token.secret = fresh,
            _ => token.enabled = call == Call::Enable,
        }
        Ok(json!({ "token": token.secret }))
    })
    .await
}
