//! The history of a token or a request, for the admins of its provider.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::domain::event::{Event, HistorySubject};
use crate::domain::ids::{EventId, RequestId, RequestNumber};
use crate::domain::permission::{Action, allows};
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::store::{events, requests};
use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Outcome, Workflow, access};

/// Lines on one page.
const PAGE: usize = 15;

/// Events in one file.
const EXPORTED: i64 = 10_000;
/// What a file may hold: Discord takes 10 MiB.
const EXPORT_ROOM: usize = 8 << 20;

/// A page of a history.
#[derive(Debug)]
pub struct History {
    /// The subject.
    pub about: HistorySubject,
    /// Its name.
    pub name: String,
    /// The newest first.
    pub events: Vec<Event>,
    /// Whether there are older ones.
    pub more: bool,
    /// Only events before this one; none on the first page.
    pub before: Option<EventId>,
    /// What the requests of these events are for.
    pub kinds: BTreeMap<RequestNumber, RequestKind>,
}

/// A history as a file.
#[derive(Debug)]
pub struct HistoryExport {
    /// A line of JSON for each event, the oldest first.
    pub lines: String,
    /// Whether older ones had no room.
    pub is_cut: bool,
}

/// A page of the history: the newest lines, or those before one.
pub async fn list_events(
    workflow: &Workflow,
    actor: &Actor,
    about: HistorySubject,
    before: Option<EventId>,
) -> Outcome<History> {
    let mut connection = workflow.pool.acquire().await?;
    let name = get_name(workflow, &mut connection, actor, about).await?;
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut events = events::list_history(&mut connection, about, before, most).await?;
    let more = events.len() > PAGE;
    events.truncate(PAGE);
    let numbers: BTreeSet<RequestNumber> =
        events.iter().filter_map(|event| event.request).collect();
    let kinds = requests::list_kinds(&mut connection, &numbers).await?;
    Ok(History { about, name, events, more, before, kinds })
}

/// The whole history, or as much of its end as a file may hold.
pub async fn export(
    workflow: &Workflow,
    actor: &Actor,
    about: HistorySubject,
) -> Outcome<HistoryExport> {
    let mut connection = workflow.pool.acquire().await?;
    get_name(workflow, &mut connection, actor, about).await?;
    let events = events::list_history(&mut connection, about, None, EXPORTED + 1).await?;
    let mut is_cut = events.len() > usize::try_from(EXPORTED).unwrap_or(usize::MAX);
    let mut lines = Vec::with_capacity(events.len());
    let mut room = EXPORT_ROOM;
    for event in &events[..events.len() - usize::from(is_cut)] {
        let line = serde_json::to_string(event).context("an event is no JSON")?;
        let Some(rest) = room.checked_sub(line.len() + 1) else {
            is_cut = true;
            break;
        };
        room = rest;
        lines.push(line + "\n");
    }
    lines.reverse();
    Ok(HistoryExport { lines: lines.concat(), is_cut })
}

/// What the history is of, for a person who may see it.
async fn get_name(
    workflow: &Workflow,
    connection: &mut PgConnection,
    actor: &Actor,
    about: HistorySubject,
) -> Outcome<String> {
    match about {
        HistorySubject::Token(id) => {
            let token = access::get_token(workflow, connection, actor, Action::Audit, id).await?;
            Ok(token.settings.name)
        }
        HistorySubject::Request(id) => {
            let request = requests::get(connection, id).await?.ok_or(Refusal::NoSuchRequest)?;
            check_may_audit(workflow, actor, &request)?;
            Ok(format!("#{} {}", request.number, request.content.settings.name))
        }
    }
}

/// Refuses a person who is not an admin. The refusal does not reveal whether the request exists, unless it
/// is their own.
fn check_may_audit(workflow: &Workflow, actor: &Actor, request: &Request) -> Result<(), Refusal> {
    let provider = workflow.config.provider(&request.content.provider);
    let standing = actor.relationship(provider, Some(request.requester));
    if allows(Action::Audit, standing) {
        Ok(())
    } else if allows(Action::ReadRequest, standing) {
        Err(Refusal::NotAllowed(Action::Audit))
    } else {
        Err(Refusal::NoSuchRequest)
    }
}

/// The request with the number that people see.
pub async fn find_request_by_number(
    workflow: &Workflow,
    number: RequestNumber,
) -> Outcome<RequestId> {
    let mut connection = workflow.pool.acquire().await?;
    Ok(requests::find_by_number(&mut connection, number).await?.ok_or(Refusal::NoSuchRequest)?)
}
