//! The REST API, version 10: one pipeline for every call (faults, authentication, rate limits,
//! validation), then the handler of its route.

mod application;
mod channels;
mod guilds;
mod interactions;
mod route;
mod server;
mod uploads;
mod webhooks;

use std::{collections::HashMap, sync::Arc, time::Instant};

use serde_json::Value;

use super::{
    attachments::{Sent, Uploads},
    openapi,
    refusal::{self, Complaints, Refusal},
    shared::{Shared, Violation},
    snowflakes::Id,
};

pub(crate) use route::routes;
pub(crate) use server::serve;

use route::{Endpoint, Route};

/// A call whose route is known and whose body was checked against the document.
pub(crate) struct Call {
    pub shared: Arc<Shared>,
    /// When it had come whole.
    pub came: Instant,
    /// The values of the template's placeholders, in order.
    pub parameters: Vec<String>,
    pub query: HashMap<String, String>,
    pub body: Value,
    pub files: Uploads,
}

impl Call {
    /// A placeholder that is an id.
    fn id(&self, at: usize) -> Result<Id, Refusal> {
        let text = self.parameters.get(at).map(String::as_str).unwrap_or_default();
        text.parse().map_err(|_| {
            let message = format!("Value \"{text}\" is not snowflake.");
            Refusal::form("id", "NUMBER_TYPE_COERCE", &message)
        })
    }

    /// The message that is sent as the body itself.
    fn sent(&self) -> Sent<'_> {
        Sent { body: &self.body, files: &self.files }
    }

    /// The message that is sent as a part of a callback.
    fn sent_data(&self) -> Sent<'_> {
        Sent { body: &self.body["data"], files: &self.files }
    }

    fn text(&self, at: usize) -> &str {
        self.parameters.get(at).map(String::as_str).unwrap_or_default()
    }

    fn ask(&self, key: &str) -> bool {
        self.query.get(key).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }
}

/// A call that succeeded.
pub(crate) struct Reply {
    pub status: u16,
    pub body: Option<Value>,
}

impl Reply {
    fn json(body: Value) -> Self {
        Self { status: 200, body: Some(body) }
    }

    fn empty() -> Self {
        Self { status: 204, body: None }
    }
}

type Answer = Result<Reply, Refusal>;

/// Runs the handler, after the document's check; writes violations down.
fn answer(route: &Route, call: &Call) -> Answer {
    let outcome = check_document(route, call).and_then(|()| handle(route.endpoint, call));
    if let Err(Refusal { code: 50035, errors: Some(tree), .. }) = &outcome {
        note_violations(route, tree, &call.shared);
    }
    if let Ok(Reply { body: Some(body), status: 200 }) = &outcome
        && call.shared.switches().checks_itself
    {
        call.shared.check_itself(route.method, route.template, body);
    }
    outcome
}

fn check_document(route: &Route, call: &Call) -> Result<(), Refusal> {
    if !route.has_body() || !call.shared.switches().checks_document {
        return Ok(());
    }
    let found = openapi::request_complaints(route.method, route.template, &call.body);
    Complaints(found).check()
}

fn note_violations(route: &Route, tree: &Value, shared: &Shared) {
    fn visit(node: &Value, path: &str, found: &mut Vec<(String, String)>) {
        for (key, value) in node.as_object().into_iter().flatten() {
            if key == "_errors" {
                for error in value.as_array().into_iter().flatten() {
                    let message = error["message"].as_str().unwrap_or_default();
                    found.push((path.to_owned(), message.to_owned()));
                }
            } else {
                let separator = if path.is_empty() { "" } else { "." };
                visit(value, &format!("{path}{separator}{key}"), found);
            }
        }
    }
    let mut found = Vec::new();
    visit(tree, "", &mut found);
    for (path, message) in found {
        shared.violated(Violation { route: route.to_string(), path, message });
    }
}

fn handle(endpoint: Endpoint, call: &Call) -> Answer {
    match endpoint {
        Endpoint::Gateway => application::gateway(call, false),
        Endpoint::GatewayBot => application::gateway(call, true),
        Endpoint::Me => application::me(call),
        Endpoint::MyGuilds => guilds::mine(call),
        Endpoint::Application => application::application(call),
        Endpoint::ListCommands => application::list_commands(call),
        Endpoint::SetCommands => application::set_commands(call),
        Endpoint::OpenDirect => channels::open_direct(call),
        Endpoint::Channel => channels::channel(call),
        Endpoint::ListMessages => channels::list(call),
        Endpoint::CreateMessage => channels::create(call),
        Endpoint::Message => channels::message(call),
        Endpoint::EditMessage => channels::edit(call),
        Endpoint::DeleteMessage => channels::delete(call),
        Endpoint::Guild => guilds::guild(call),
        Endpoint::GuildChannels => guilds::channels(call),
        Endpoint::Member => guilds::member(call),
        Endpoint::Roles => guilds::roles(call),
        Endpoint::RoleCounts => guilds::role_counts(call),
        Endpoint::Callback => interactions::callback(call),
        Endpoint::FollowUp => webhooks::follow_up(call),
        Endpoint::WebhookMessage => webhooks::message(call),
        Endpoint::EditWebhookMessage => webhooks::edit(call),
        Endpoint::DeleteWebhookMessage => webhooks::delete(call),
    }
}

/// Refuses an object that the body must be.
fn must_be_object(body: &Value) -> Result<(), Refusal> {
    if body.is_object() { Ok(()) } else { Err(refusal::INVALID_JSON) }
}
