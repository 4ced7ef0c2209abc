//! The history of a token or a request, for the admins of its provider.

use crate::domain::event::Event;
use crate::domain::event::HistorySubject;
use crate::domain::ids::{EventId, RequestId, RequestNumber};
use crate::domain::permission::{Action, allows};
use crate::domain::request::Request;
use crate::store::events::{self};
use crate::store::requests;

use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Outcome, Workflow, access};

/// Lines on one page.
const PAGE: usize = 15;

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
}

/// A page of the history: the newest lines, or those before one.
pub async fn list_events(
    workflow: &Workflow,
    actor: &Actor,
    about: HistorySubject,
    before: Option<EventId>,
) -> Outcome<History> {
    let mut connection = workflow.pool.acquire().await?;
    let name = match about {
        HistorySubject::Token(id) => {
            let action = Action::Audit;
            access::get_token(workflow, &mut connection, actor, action, id).await?.settings.name
        }
        HistorySubject::Request(id) => {
            let request =
                requests::get(&mut connection, id).await?.ok_or(Refusal::NoSuchRequest)?;
            check_may_audit(workflow, actor, &request)?;
            format!("#{} {}", request.number, request.content.settings.name)
        }
    };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut events = events::list_history(&mut connection, about, before, most).await?;
    let more = events.len() > PAGE;
    events.truncate(PAGE);
    Ok(History { about, name, events, more })
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
