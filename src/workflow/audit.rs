//! What happened: to a token or a request, for the admins of its provider.

use crate::domain::ids::{EventId, RequestId, RequestNumber};
use crate::domain::permission::Action;
use crate::store::events::{self, About, Event};
use crate::store::{requests, tokens};

use super::refusal::Refusal;
use super::{Actor, Outcome, Workflow};

/// Lines on one page.
const PAGE: usize = 15;

/// A page of a history.
#[derive(Debug)]
pub struct History {
    /// Of what.
    pub about: About,
    /// What people call that.
    pub name: String,
    /// The newest first.
    pub events: Vec<Event>,
    /// Whether there are older ones.
    pub more: bool,
}

impl Workflow {
    /// A page of the history of a token or a request: the newest lines, or those before one.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn history(
        &self,
        actor: &Actor,
        about: About,
        before: Option<EventId>,
    ) -> Outcome<History> {
        let mut connection = self.pool.acquire().await?;
        let (provider, name) = match about {
            About::Token(id) => {
                let token = tokens::get(&mut connection, id).await?.ok_or(Refusal::Gone)?;
                (token.provider, token.name)
            }
            About::Request(id) => {
                let request = requests::get(&mut connection, id).await?.ok_or(Refusal::Gone)?;
                let content = request.content;
                (content.provider, format!("#{} {}", request.number, content.name))
            }
        };
        actor.must_be_allowed(Action::Audit, self.config.provider(&provider), None)?;
        let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
        let mut events = events::history(&mut connection, about, before, most).await?;
        let more = events.len() > PAGE;
        events.truncate(PAGE);
        Ok(History { about, name, events, more })
    }

    /// The request that people call by this number.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn request_numbered(&self, number: RequestNumber) -> Outcome<RequestId> {
        let mut connection = self.pool.acquire().await?;
        Ok(requests::numbered(&mut connection, number).await?.ok_or(Refusal::Gone)?)
    }
}
