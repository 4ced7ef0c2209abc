//! The effect of each call.

use std::collections::{HashMap, VecDeque};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::Utc;
use serde_json::{Value, json};

use super::{Answers, Book, Call, Fault, KEY, Shared, Token, faults, lock};
use discord_sim::crash_points::Outcome;

/// Records a call, carries it out unless a fault comes before, and answers.
async fn answer(
    book: &Shared,
    headers: &HeaderMap,
    (call, sent): (Call, Value),
    does: impl FnOnce(&mut Book) -> Result<Value, StatusCode>,
) -> Response {
    let header = |name: &str| headers.get(name).and_then(|shown| shown.to_str().ok());
    lock(book).agent = header("user-agent").map(str::to_owned);
    let shown = header("authorization");
    let is_known =
        lock(book).key().is_some_and(|key| shown == Some(format!("Bearer {key}").as_str()));
    if !is_known {
        return lock(book).refusal(StatusCode::UNAUTHORIZED);
    }
    let points = lock(book).points.clone();
    let mut passage = points.arrive(&format!("{call:?}"));
    if passage.before().await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let fault = {
        let mut book = lock(book);
        book.calls.push((call, sent));
        book.faults.get_mut(&call).and_then(VecDeque::pop_front)
    };
    if let Some(Fault { answers: Answers::ArrivesLate(wait), .. }) = fault {
        tokio::time::sleep(wait).await;
    }
    let does_it = fault.is_none_or(|fault| fault.does);
    let done = if does_it { does(&mut lock(book)) } else { Ok(Value::Null) };
    let outcome = if done.is_ok() { Outcome::Done } else { Outcome::Refused };
    if passage.after(outcome).await.is_err() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if let Some(Fault { answers: Answers::Late(wait), .. }) = fault {
        tokio::time::sleep(wait).await;
    }
    let is_as_it_should = |fault: &Fault| matches!(fault.answers, Answers::Late(_) | Answers::None);
    match (fault.filter(|fault| !is_as_it_should(fault)), done) {
        (Some(fault), _) => faults::answer(book, fault.answers).await,
        (None, Ok(value)) => Json(value).into_response(),
        (None, Err(_)) if lock(book).manner.refuses_with_200 => lock(book).refusal(StatusCode::OK),
        (None, Err(status)) => lock(book).refusal(status),
    }
}

pub(super) async fn elsewhere(State(book): State<Shared>) -> StatusCode {
    lock(&book).followed += 1;
    StatusCode::NO_CONTENT
}

/// Takes the password in JSON or as a form, and returns a session.
pub(super) async fn login(State(book): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let sent = read_body(&headers, &body);
    let is_known = sent["password"] == KEY;
    let fault = {
        let mut book = lock(&book);
        book.calls.push((Call::Login, sent));
        book.faults.get_mut(&Call::Login).and_then(VecDeque::pop_front)
    };
    if let Some(fault) = fault {
        return faults::answer(&book, fault.answers).await;
    }
    let mut book = lock(&book);
    if !is_known {
        return book.refusal(StatusCode::UNAUTHORIZED);
    }
    let session = format!("session/{:032x}", rand::random::<u128>());
    book.session = Some(session.clone());
    Json(json!({ "access_token": session, "expires_in": 3_600 })).into_response()
}

/// JSON, or the fields of a form.
fn read_body(headers: &HeaderMap, body: &Bytes) -> Value {
    let content_type = headers.get("content-type").and_then(|value| value.to_str().ok());
    if !content_type.is_some_and(|value| value.starts_with("application/x-www-form-urlencoded")) {
        return serde_json::from_slice(body).unwrap_or_default();
    }
    let query = format!("http://form/?{}", String::from_utf8_lossy(body));
    let fields = query.parse::<reqwest::Url>().map(|url| {
        let fields = url.query_pairs().into_owned();
        fields.map(|(name, value)| (name, Value::from(value))).collect()
    });
    fields.map_or(Value::Null, Value::Object)
}

pub(super) async fn create(
    State(book): State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    // It continues after its caller has hung up.
    let made = tokio::spawn(async move { make(&book, &headers, &body).await });
    made.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn make(book: &Shared, headers: &HeaderMap, body: &Bytes) -> Response {
    let sent = read_body(headers, body);
    let text = |name: &str| sent[name].as_str().map(str::to_owned);
    let (comment, chosen) = (text("comment").unwrap_or_default(), text("secret"));
    let rights = sent["rights"].clone();
    let ttl = sent["ttl"].as_i64().or_else(|| sent["ttl"].as_str()?.parse().ok());
    let made = answer(book, headers, (Call::Create, sent), |book| {
        let mut token = book.mint(&comment, rights);
        if let Some(chosen) = chosen {
            token.secret = chosen;
            book.tokens.insert(token.id, token.clone());
        }
        let longer = book.lives_longer;
        let ends = ttl.map(|ttl| book.manner.ends_as.of(Utc::now(), ttl + longer));
        Ok(book.new_token(&token, ends))
    })
    .await;
    let location = {
        let book = lock(book);
        let newest = book.tokens.values().max_by_key(|token| token.made);
        newest.filter(|_| book.manner.id_in_header).map(|token| format!("/tokens/{}", token.id))
    };
    match location {
        Some(location) => ([("location", location)], made).into_response(),
        None => made,
    }
}

pub(super) async fn list(
    State(book): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let number = |name: &str| query.get(name).and_then(|value| value.parse().ok());
    let (page, cursor): (Option<usize>, Option<usize>) = (number("page"), number("cursor"));
    let listed = answer(&book, &headers, (Call::Find, Value::Null), |book| {
        let hides = book.manner.hides_tokens;
        let tokens: Vec<Value> = book
            .tokens
            .values()
            .filter(|token| !(hides || (token.revoked && !book.manner.lists_revoked)))
            .flat_map(|token| {
                let mut older = book.item(token);
                older["state"] = "superseded".into();
                let older = book.manner.lists_twice.then_some(older);
                older.into_iter().chain([book.item(token)])
            })
            .collect();
        Ok(book.manner.page(tokens, page, cursor))
    })
    .await;
    let (links, is_part) = {
        let book = lock(&book);
        (book.manner.link(page), book.manner.answers_206)
    };
    if is_part {
        return (StatusCode::PARTIAL_CONTENT, listed).into_response();
    }
    match links {
        Some(link) => ([("link", link)], listed).into_response(),
        None => listed,
    }
}

pub(super) async fn look_up(
    State(book): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    answer(&book, &headers, (Call::Get, id.clone().into()), |book| {
        let token = book.key_of(&id).and_then(|key| book.tokens.get(&key));
        let shown = token.filter(|token| !token.revoked || book.manner.lists_revoked);
        shown.map(|token| book.item(token)).ok_or(StatusCode::NOT_FOUND)
    })
    .await
}

pub(super) async fn revoke(
    State(book): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    // It continues after its caller has hung up.
    let revoked = tokio::spawn(async move { end(&book, &headers, id).await });
    revoked.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

async fn end(book: &Shared, headers: &HeaderMap, id: String) -> Response {
    answer(book, headers, (Call::Revoke, id.clone().into()), |book| {
        let key = book.key_of(&id).ok_or(StatusCode::NOT_FOUND)?;
        if book.manner.lists_revoked {
            let token = book.tokens.get_mut(&key).ok_or(StatusCode::NOT_FOUND)?;
            if token.revoked {
                return Err(StatusCode::NOT_FOUND);
            }
            token.revoked = true;
            return Ok(Value::Null);
        }
        book.tokens.remove(&key).map(|_| Value::Null).ok_or(StatusCode::NOT_FOUND)
    })
    .await
}

pub(super) async fn change(
    State(book): State<Shared>,
    headers: HeaderMap,
    Path((id, what)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let rights = read_body(&headers, &body)["rights"].take();
    let call = match what.as_str() {
        "reset" => Call::Reset,
        "enable" => Call::Enable,
        "disable" => Call::Disable,
        "rights" => Call::Rights,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    answer(&book, &headers, (call, id.clone().into()), |book| {
        let fresh = book.secret();
        let moves = book.manner.reset_gives_new_id;
        let key = book.key_of(&id).ok_or(StatusCode::NOT_FOUND)?;
        let mut token = book.tokens.remove(&key).ok_or(StatusCode::NOT_FOUND)?;
        match call {
            Call::Reset => token.secret = fresh,
            Call::Rights => (token.rights, token.enabled) = (rights, true),
            _ => token.enabled = call == Call::Enable,
        }
        if call == Call::Reset && moves {
            token.id = 5_000 + book.minted as u64;
        }
        token.enabled |= call == Call::Reset && book.manner.reset_enables;
        let mut answer = json!({ "id": book.shown_id(&token), "token": token.secret });
        if let Some(seconds) = book.manner.renewed_for {
            answer["ends"] = book.manner.ends_as.of(Utc::now(), seconds);
        }
        book.tokens.insert(token.id, token);
        Ok(answer)
    })
    .await
}

impl Book {
    /// The credentials that callers must send.
    fn key(&self) -> Option<&str> {
        if self.manner.wants_login { self.session.as_deref() } else { Some(KEY) }
    }

    /// The answer to a call that created a token.
    fn new_token(&self, token: &Token, ends: Option<Value>) -> Value {
        let mut told = json!({ "ends": ends });
        if !self.manner.id_in_header {
            told["id"] = self.shown_id(token);
        }
        match token.secret.rsplit_once('-') {
            _ if self.manner.makes_in_parts => {}
            Some((public, rest)) if self.manner.secret_in_parts => {
                told["public"] = public.into();
                told["token"] = rest.into();
            }
            _ => told["token"] = token.secret.clone().into(),
        }
        if self.manner.denies_what_it_made {
            told["error"] = format!("made {}, but the mail was not sent", token.secret).into();
        }
        told
    }

    /// A token's id as others see it.
    fn shown_id(&self, token: &Token) -> Value {
        match self.manner.id_is_secret {
            true => token.secret.clone().into(),
            false => token.id.into(),
        }
    }

    /// The token of the id in a URL.
    fn key_of(&self, id: &str) -> Option<u64> {
        let named = |token: &&Token| match self.manner.id_is_secret {
            true => token.secret == id,
            false => token.id.to_string() == id,
        };
        self.tokens.values().find(named).map(|token| token.id)
    }

    fn item(&self, token: &Token) -> Value {
        let state = match (self.manner.shows_state, token.enabled && !token.revoked) {
            (Some(state), _) => state,
            (None, true) => "works",
            (None, false) => "off",
        };
        json!({ "id": self.shown_id(token), "comment": token.comment, "state": state })
    }
}
