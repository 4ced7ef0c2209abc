//! Faults on demand, and the record of requests.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::rest::routes;

/// What goes wrong with a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The request waits, then continues normally.
    Delay(Duration),
    /// It takes effect at once; the answer waits.
    DelayAnswer(Duration),
    /// The connection is cut; nothing happened.
    DropBefore,
    /// It takes effect, then the connection is cut.
    DropAfter,
    /// Nothing happens for so long, then the connection is cut.
    Silence(Duration),
    /// It takes effect; half of the answer arrives, then the connection is cut.
    Truncate,
    /// Another answer than the real one; nothing happened.
    Answer {
        /// The status.
        status: u16,
        /// The body, as it is.
        body: String,
        /// Further headers.
        headers: Vec<(String, String)>,
    },
}

impl Fault {
    /// An answer of a proxy in front: a status and a body that is no JSON.
    pub fn status(status: u16) -> Self {
        let body = format!("<html><body>{status}</body></html>");
        let headers = vec![("content-type".to_owned(), "text/html".to_owned())];
        Self::Answer { status, body, headers }
    }

    /// A refusal with a JSON error code.
    pub fn refusal(status: u16, code: u32, message: &str) -> Self {
        let body = json!({ "message": message, "code": code }).to_string();
        Self::Answer { status, body, headers: json_headers() }
    }

    /// 429 for this route.
    pub fn route_limit(retry_after: f64) -> Self {
        Self::limited(retry_after, "user", false)
    }

    /// 429 for the whole bot.
    pub fn global_limit(retry_after: f64) -> Self {
        Self::limited(retry_after, "global", true)
    }

    /// 429 for a resource that several bots share.
    pub fn shared_limit(retry_after: f64) -> Self {
        Self::limited(retry_after, "shared", false)
    }

    fn limited(retry_after: f64, scope: &str, global: bool) -> Self {
        let body = limit_body(retry_after, global).to_string();
        let mut headers = json_headers();
        // The header counts whole seconds, the body fractions.
        headers.push(("retry-after".to_owned(), retry_after.ceil().to_string()));
        headers.push(("x-ratelimit-scope".to_owned(), scope.to_owned()));
        if global {
            headers.push(("x-ratelimit-global".to_owned(), "true".to_owned()));
        }
        Self::Answer { status: 429, body, headers }
    }
}

fn json_headers() -> Vec<(String, String)> {
    vec![("content-type".to_owned(), "application/json".to_owned())]
}

/// The body of a 429.
pub(crate) fn limit_body(retry_after: f64, global: bool) -> Value {
    let message = "You are being rate limited.";
    json!({ "message": message, "retry_after": retry_after, "global": global })
}

/// One call that reached the service.
#[derive(Clone, Debug)]
pub struct Request {
    /// Method and template, as in `POST /channels/{channel_id}/messages`, or the bare path of an
    /// unknown route.
    pub route: String,
    /// The path with ids, its tokens replaced.
    pub path: String,
    /// What was answered; nothing while it runs or where the connection was cut.
    pub status: Option<u16>,
    /// The JSON error code of a refusal.
    pub code: Option<u32>,
    /// The body that was sent, where [`super::Discord::keep_bodies`] is on.
    pub body: Option<String>,
}

struct Rule {
    route: String,
    fault: Fault,
    left: usize,
}

/// Faults that wait for their request, and the record.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Mutex<Vec<Rule>>,
    log: Mutex<Vec<Request>>,
}

impl Faults {
    /// Lets the next `times` calls of a route (or of `*`) fail.
    pub(crate) fn add(&self, route: &str, fault: Fault, times: usize) -> Result<()> {
        let route = normal(route);
        if route != "*" && !routes().any(|known| normal(&known) == route) {
            let known: Vec<String> = routes().collect();
            bail!("no route {route:?}; there are: *, {}", known.join(", "));
        }
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        rules.push(Rule { route, fault, left: times });
        Ok(())
    }

    /// Forgets all faults; returns how many had not struck as often as they were to.
    pub(crate) fn clear(&self) -> usize {
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = rules.iter().filter(|rule| rule.left > 0).count();
        rules.clear();
        waiting
    }

    /// The fault that strikes this call, if any.
    pub(crate) fn strike(&self, route: &str) -> Option<Fault> {
        let route = normal(route);
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |rule: &&mut Rule| rule.left > 0 && (rule.route == "*" || rule.route == route);
        let rule = rules.iter_mut().find(fits)?;
        rule.left = rule.left.saturating_sub(usize::from(rule.left != usize::MAX));
        Some(rule.fault.clone())
    }

    /// Writes a call down; returns its place.
    pub(crate) fn note(&self, request: Request) -> usize {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.push(request);
        log.len() - 1
    }

    /// Writes down how a call ended.
    pub(crate) fn ended(&self, place: usize, status: u16, code: Option<u32>) {
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(request) = log.get_mut(place) {
            (request.status, request.code) = (Some(status), code);
        }
    }

    /// The record so far.
    pub(crate) fn log(&self) -> Vec<Request> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often a route was called.
    pub(crate) fn count(&self, route: &str) -> usize {
        let route = normal(route);
        let log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        log.iter().filter(|request| route == "*" || normal(&request.route) == route).count()
    }
}

/// A route whose placeholders have no names, so that people may name them as they like.
fn normal(route: &str) -> String {
    let parts = route.trim().split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
