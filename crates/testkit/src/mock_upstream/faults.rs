//! The answer to a call with a fault.

use std::time::Duration;

use axum::Json;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use super::{Answers, Book, KEY, Shared, lock};

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
