//! The server's side of the pipe: hyper itself rather than a framework, because a fault may have
//! to cut the connection without an answer.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::{Body, Bytes, to_bytes};
use hyper::{
    Request, Response, body::Incoming, header::HeaderMap, server::conn::http1, service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

use super::{
    Answer, Call, Reply, answer,
    route::{Found, Route, find},
    uploads,
};
use crate::crash_points::{Cut, Outcome};
use crate::{
    attachments::Uploads,
    faults::{Fault, Request as Noted, limit_body},
    refusal::{self, Refusal},
    shared::Shared,
};

/// The largest body that is read.
const MOST: usize = 2 * uploads::MOST_BYTES;

/// An answer on its way out.
struct Outgoing {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
    code: Option<u32>,
}

/// Serves until the task is ended.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        while connections.try_join_next().is_some() {}
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| respond(Arc::clone(&shared), request));
        connections.spawn(async move {
            // A connection that ends badly is the client's business, or a fault's.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn respond(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Body>, Cut> {
    let (head, body) = request.into_parts();
    let bytes = to_bytes(Body::new(body), MOST).await.map_err(|_| Cut)?;
    let came = Instant::now();
    let method = head.method.as_str();
    let path = head.uri.path().strip_prefix("/api/v10").unwrap_or("");
    let (name, parameters) = match find(method, path) {
        Found::Route(route, parameters) => (route.to_string(), parameters),
        _ => (format!("{method} {path}"), Vec::new()),
    };
    let kept = shared.switches().keep_bodies.then(|| String::from_utf8_lossy(&bytes).into_owned());
    let path_noted = redacted(path);
    let noted =
        Noted { route: name.clone(), path: path_noted, status: None, code: None, body: kept };
    let place = shared.faults.note(noted);
    shared.wake();
    let mut passage = shared.points.arrive(&name);
    passage.before().await?;
    let fault = shared.faults.strike(&name);
    if let Some(Fault::Answer { status, body, headers }) = &fault {
        shared.faults.ended(place, *status, None);
        passage.after(Outcome::Refused).await?;
        return finish(*status, headers, body.clone().into());
    }
    wait_before(fault.as_ref()).await?;
    let query = head.uri.query().unwrap_or_default();
    let outgoing =
        process(&shared, (method, path, query), parameters, &head.headers, (&bytes, came));
    shared.wake();
    let outcome = if outgoing.status < 400 { Outcome::Done } else { Outcome::Refused };
    passage.after(outcome).await?;
    wait_after(fault.as_ref()).await?;
    shared.faults.ended(place, outgoing.status, outgoing.code);
    shared.wake();
    if matches!(fault, Some(Fault::Truncate)) {
        return truncated(&outgoing);
    }
    finish(outgoing.status, &outgoing.headers, outgoing.body.into())
}

async fn wait_before(fault: Option<&Fault>) -> Result<(), Cut> {
    match fault {
        Some(Fault::Delay(time)) => tokio::time::sleep(*time).await,
        Some(Fault::DropBefore) => return Err(Cut),
        Some(Fault::Silence(time)) => {
            tokio::time::sleep(*time).await;
            return Err(Cut);
        }
        _ => {}
    }
    Ok(())
}

async fn wait_after(fault: Option<&Fault>) -> Result<(), Cut> {
    match fault {
        Some(Fault::DelayAnswer(time)) => tokio::time::sleep(*time).await,
        Some(Fault::DropAfter) => return Err(Cut),
        _ => {}
    }
    Ok(())
}

/// The path for the record: interaction tokens are secrets.
fn redacted(path: &str) -> String {
    let parts = path.split('/').enumerate().map(|(at, part)| {
        let secret =
            at == 3 && ["/webhooks/", "/interactions/"].iter().any(|s| path.starts_with(s));
        if secret { "…" } else { part }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// Authentication, limits, parsing, then the handler.
fn process(
    shared: &Arc<Shared>,
    (method, path, query): (&str, &str, &str),
    parameters: Vec<String>,
    headers: &HeaderMap,
    (bytes, came): (&Bytes, Instant),
) -> Outgoing {
    let route = match find(method, path) {
        Found::Route(route, _) => route,
        Found::OtherMethod => return refused(&refusal::METHOD_NOT_ALLOWED, Vec::new()),
        Found::Nothing => return refused(&refusal::NOT_FOUND, Vec::new()),
    };
    if let Err(refusal) = authenticate(shared, route, headers) {
        return refused(&refusal, Vec::new());
    }
    let mut limits = Vec::new();
    if shared.switches().route_limits {
        let key = route.bucket(&parameters);
        let standing = shared.limits.count(&key, route.allowance(), !route.is_interaction());
        limits = standing.headers;
        if let Some((wait, global)) = standing.exceeded {
            return exceeded(wait, global, limits);
        }
    }
    let outcome = parse(route, headers, bytes).and_then(|(body, files)| {
        let query = query.split('&').filter_map(|pair| pair.split_once('='));
        let query = query.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        answer(route, &Call { shared: Arc::clone(shared), came, parameters, query, body, files })
    });
    outgoing(outcome, limits)
}

fn authenticate(shared: &Shared, route: &Route, headers: &HeaderMap) -> Result<(), Refusal> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let agent = header("user-agent").unwrap_or_default();
    let as_documented = agent.starts_with("DiscordBot (") && agent.contains(", ");
    if shared.switches().checks_user_agent && !as_documented {
        return Err(refusal::BAD_USER_AGENT);
    }
    if route.is_interaction() || route.template == "/gateway" {
        return Ok(());
    }
    let wanted = shared.read(|state| format!("Bot {}", state.application.token));
    let given = header("authorization");
    if given == Some(wanted.as_str()) { Ok(()) } else { Err(refusal::UNAUTHORIZED) }
}

/// The body, and the files beside it.
fn parse(route: &Route, headers: &HeaderMap, bytes: &Bytes) -> Result<(Value, Uploads), Refusal> {
    if !route.has_body() {
        return Ok((Value::Null, Uploads::new()));
    }
    let kind = headers.get("content-type").and_then(|value| value.to_str().ok());
    if let Some(boundary) = kind.and_then(uploads::boundary) {
        return uploads::read(boundary, bytes);
    }
    if !kind.is_some_and(|kind| kind.starts_with("application/json")) {
        let message = "Expected \"Content-Type\" header to be one of {'application/json'}.";
        return Err(Refusal::form("", "CONTENT_TYPE_INVALID", message));
    }
    let body = serde_json::from_slice(bytes).map_err(|_| refusal::INVALID_JSON)?;
    Ok((body, Uploads::new()))
}

fn outgoing(outcome: Answer, mut headers: Vec<(String, String)>) -> Outgoing {
    match outcome {
        Ok(Reply { status, body: None }) => {
            Outgoing { status, headers, body: String::new(), code: None }
        }
        Ok(Reply { status, body: Some(body) }) => {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
            Outgoing { status, headers, body: body.to_string(), code: None }
        }
        Err(refusal) => refused(&refusal, headers),
    }
}

fn refused(refusal: &Refusal, mut headers: Vec<(String, String)>) -> Outgoing {
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    let body = refusal.body().to_string();
    Outgoing { status: refusal.status, headers, body, code: Some(refusal.code) }
}

fn exceeded(wait: f64, global: bool, mut headers: Vec<(String, String)>) -> Outgoing {
    let scope = if global { "global" } else { "user" };
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    headers.push(("retry-after".to_owned(), wait.ceil().to_string()));
    headers.push(("x-ratelimit-scope".to_owned(), scope.to_owned()));
    if global {
        headers.push(("x-ratelimit-global".to_owned(), "true".to_owned()));
    }
    let rounded = (wait * 1000.0).ceil() / 1000.0;
    Outgoing { status: 429, headers, body: limit_body(rounded, global).to_string(), code: None }
}

fn finish(status: u16, headers: &[(String, String)], body: Body) -> Result<Response<Body>, Cut> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(body).map_err(|_| Cut)
}

/// Announces the whole body, sends half, and cuts.
fn truncated(outgoing: &Outgoing) -> Result<Response<Body>, Cut> {
    let half = outgoing.body.as_bytes().get(..outgoing.body.len() / 2).unwrap_or_default().to_vec();
    let pieces = futures_util::stream::unfold(Some(half), |piece| async move {
        match piece {
            Some(half) if !half.is_empty() => Some((Ok(Bytes::from(half)), Some(Vec::new()))),
            _ => {
                // The half must have left before the connection goes.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Some((Err(Cut), None))
            }
        }
    });
    let mut headers = outgoing.headers.clone();
    headers.push(("content-length".to_owned(), outgoing.body.len().to_string()));
    finish(outgoing.status, &headers, Body::from_stream(pieces))
}
