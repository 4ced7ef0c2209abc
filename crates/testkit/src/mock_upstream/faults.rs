//! Faults of calls, and the answers to them.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::{Book, KEY, Shared, lock};

/// A fault of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Whether the call takes effect all the same.
    pub does: bool,
    /// The answer.
    pub answers: Answers,
}

impl Fault {
    /// The call takes effect all the same.
    pub const fn done(answers: Answers) -> Self {
        Self { does: true, answers }
    }

    /// The call takes no effect.
    pub const fn not_done(answers: Answers) -> Self {
        Self { does: false, answers }
    }
}

/// The answer to a call with a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// This status, with an error text.
    Status(u16),
    /// None for a minute.
    Silence,
    /// Only its beginning.
    Cut,
    /// No JSON.
    Garbage,
    /// JSON with everything in other places.
    OtherShape,
    /// Ten megabytes.
    TooLong,
    /// The right one, after this time.
    Late(Duration),
    /// This status, with a proxy's page.
    Page(u16),
    /// This status, and nothing else.
    Empty(u16),
    /// This status, with words; its lists show nothing from then on.
    Hides(u16),
    /// 429, and a date so much later at which to ask again.
    Wait(Duration),
    /// 429 with a proxy's page, which says after how many seconds to ask again.
    WaitPage(u64),
    /// This status, with words that hold the secret of the newest token.
    Repeats(u16),
    /// This status and JSON.
    Says(u16, &'static str),
    /// What they should.
    None,
    /// No answer; the call takes effect after this time, even if the caller is gone.
    ArrivesLate(Duration),
}

/// The answer to a call with this fault.
pub(super) async fn answer(book: &Shared, answers: Answers) -> Response {
    match answers {
        Answers::Status(status) | Answers::Hides(status) => {
            if matches!(answers, Answers::Hides(_)) {
                lock(book).manner.hides_tokens = true;
            }
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            lock(book).refusal(status)
        }
        Answers::Silence => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            StatusCode::NO_CONTENT.into_response()
        }
        Answers::Cut => {
            let broken = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            let parts = [Ok("{\"id\": 1, \"tok"), Err(broken())];
            Body::from_stream(futures_util::stream::iter(parts)).into_response()
        }
        Answers::Garbage => "<html>it works</html>".into_response(),
        Answers::OtherShape => Json(json!({ "data": { "key": 1 } })).into_response(),
        Answers::TooLong => "[0,".repeat(10 << 20).into_response(),
        Answers::Page(status) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, Html("<html><h1>Not found</h1></html>")).into_response()
        }
        Answers::Empty(status) => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY).into_response()
        }
        Answers::Wait(wait) => {
            let refusal = lock(book).refusal(StatusCode::TOO_MANY_REQUESTS);
            let until = (chrono::Utc::now() + wait).format("%a, %d %b %Y %H:%M:%S GMT");
            ([(RETRY_AFTER, until.to_string())], refusal).into_response()
        }
        Answers::WaitPage(seconds) => {
            let page = Html("<html><h1>Too many requests</h1></html>");
            (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, seconds.to_string())], page)
                .into_response()
        }
        Answers::Repeats(status) => {
            let book = lock(book);
            let newest = book.tokens.values().max_by_key(|token| token.made);
            let secret = newest.map(|token| token.secret.clone()).unwrap_or_default();
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, Json(json!({ "error": format!("no look at {secret} for you") })))
                .into_response()
        }
        Answers::Says(status, json) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, [(CONTENT_TYPE, "application/json")], json).into_response()
        }
        Answers::None | Answers::Late(_) | Answers::ArrivesLate(_) => {
            StatusCode::NO_CONTENT.into_response()
        }
    }
}

impl Book {
    /// An error that repeats the credentials; a redirect leads to another host.
    pub(super) fn refusal(&self, status: StatusCode) -> Response {
        let usual = || format!("not with {KEY}, and not with leaked-credential-0123456789");
        let words = self.words.clone().unwrap_or_else(usual);
        let body = Json(json!({ "error": words, "ok": false }));
        if status.is_redirection() {
            return (status, [(LOCATION, self.elsewhere.clone())], body).into_response();
        }
        (status, body).into_response()
    }
}
