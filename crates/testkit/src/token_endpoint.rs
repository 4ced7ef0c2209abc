//! An identity provider's token endpoint (RFC 6749, 3.2) on a loopback port, for one application.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Form, Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;
use toml::Table;

/// Its secrets, which must not be found anywhere.
pub const CLIENT_SECRET: &str = "client-secret-that-nobody-may-log-7";
pub const REFRESH_TOKEN: &str = "refresh-token-that-nobody-may-log-8";

/// How each access token begins; its number follows.
pub const ACCESS_TOKEN: &str = "access-token-that-nobody-may-log-";

const CLIENT_ID: &str = "countersign-at-example";
const SCOPE: &str = "https://mail.example.com/.default";

/// A running endpoint; it ends when this is dropped.
pub struct TokenEndpoint {
    book: Arc<Mutex<Book>>,
    address: SocketAddr,
    _server: AbortOnDropHandle<()>,
}

#[derive(Default)]
struct Book {
    asked: usize,
    given: usize,
    /// For how many seconds its tokens are good.
    lasts: u64,
    /// The answer in place of a token.
    instead: Option<(StatusCode, Value)>,
}

impl TokenEndpoint {
    /// Serves on a free port of the loopback interface.
    ///
    /// # Errors
    /// No free port.
    pub async fn start() -> anyhow::Result<Self> {
        let book = Arc::new(Mutex::new(Book { lasts: 3_600, ..Book::default() }));
        let routes = Router::new().route("/token", post(answer)).with_state(book.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = AbortOnDropHandle::new(tokio::spawn(async move {
            // It is aborted before it could fail.
            let _ = axum::serve(listener, routes).await;
        }));
        Ok(Self { book, address, _server: server })
    }

    /// The keys of `[mail]` for an application with a secret.
    pub fn settings(&self) -> Table {
        let url = format!("http://{}/token", self.address);
        Table::from_iter([
            ("oauth_token_url".to_owned(), url.into()),
            ("oauth_client_id".to_owned(), CLIENT_ID.into()),
            ("oauth_client_secret".to_owned(), CLIENT_SECRET.into()),
            ("oauth_scope".to_owned(), SCOPE.into()),
        ])
    }

    /// The keys of `[mail]` for a person's consent, with a refresh token.
    pub fn settings_with_refresh_token(&self) -> Table {
        let mut settings = self.settings();
        settings.insert("oauth_refresh_token".to_owned(), REFRESH_TOKEN.into());
        settings
    }

    /// The access token of this number; the first is 1.
    pub fn token(&self, number: usize) -> String {
        format!("{ACCESS_TOKEN}{number}")
    }

    /// How often it was asked.
    pub fn count(&self) -> usize {
        lock(&self.book).asked
    }

    /// Its next tokens are good for this many seconds, as it says.
    pub fn lasts(&self, seconds: u64) {
        lock(&self.book).lasts = seconds;
    }

    /// Answers with this from now on; `None` ends it.
    pub fn answers(&self, instead: Option<(u16, Value)>) {
        let instead = instead
            .map(|(status, body)| (StatusCode::from_u16(status).expect("a status of HTTP"), body));
        lock(&self.book).instead = instead;
    }
}

fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whatever is not exactly as it should be is refused.
async fn answer(
    State(book): State<Arc<Mutex<Book>>>,
    Form(form): Form<BTreeMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let mut book = lock(&book);
    book.asked += 1;
    if let Some((status, body)) = &book.instead {
        return (*status, Json(body.clone()));
    }
    let has = |name: &str, value: &str| form.get(name).is_some_and(|found| found == value);
    let is_refresh = has("grant_type", "refresh_token") && has("refresh_token", REFRESH_TOKEN);
    let is_own = has("grant_type", "client_credentials") && !form.contains_key("refresh_token");
    let refused = |error| (StatusCode::BAD_REQUEST, Json(json!({ "error": error })));
    if !has("client_id", CLIENT_ID) || !has("client_secret", CLIENT_SECRET) {
        return refused("invalid_client");
    } else if !has("scope", SCOPE) {
        return refused("invalid_scope");
    } else if !is_refresh && !is_own {
        return refused("invalid_grant");
    }
    book.given += 1;
    let token = format!("{ACCESS_TOKEN}{}", book.given);
    let body = json!({ "token_type": "Bearer", "expires_in": book.lasts, "access_token": token });
    (StatusCode::OK, Json(body))
}
