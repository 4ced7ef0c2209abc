//! What narrows a token takes one press: at once where its issuer can, else a person is asked to.

use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::domain::change;
use crate::domain::content::Content;
use crate::domain::event::EventKind;
use crate::domain::ids::{RequestNumber, UserId};
use crate::domain::notice::NoticeKind;
use crate::domain::request::{Request, RequestKind};
use crate::domain::token::Token;
use crate::queue::{self, Job};
use crate::store::events::Asked;
use crate::store::requests::{self, NewRequest};
use crate::store::tokens;

use super::record::{became, everyone_of, others, request_event, tell};
use super::refusal::Refusal;
use super::{Actor, Outcome, Workflow};

/// What a narrowing came to.
#[derive(Debug)]
pub struct Narrowed {
    /// The token as it is now.
    pub token: Token,
    /// What a person is asked to do first; none where it has taken effect.
    pub task: Option<Request>,
    /// The request that waited for approvals before it became this; it is withdrawn.
    pub instead_of: Option<RequestNumber>,
}

impl Workflow {
    /// Brings a token, locked by the caller, to a content that only takes something from it.
    pub(super) async fn narrow(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: &Actor,
        token: Token,
        content: Content,
    ) -> Outcome<Narrowed> {
        if !token.issuer.narrows_at_once() {
            let content = Content { kind: RequestKind::Narrow, ..content };
            let task = self.ask_a_person(transaction, Some(actor), &content, actor.user).await?;
            return Ok(Narrowed { token, task: Some(task), instead_of: None });
        }
        let removed = change::scopes(&content).removed;
        let lives_anew = content.target.as_ref().is_some_and(|target| target.lives_anew);
        let days = lives_anew.then_some(content.lifetime_days);
        tokens::narrow(transaction, token.id, &content.scopes, days).await?;
        let narrowed = tokens::lock(transaction, token.id).await?.ok_or(Refusal::Gone)?;
        let detail = json!({
            "removed": removed,
            "expires_before": token.expires_at,
            "expires_after": narrowed.expires_at,
        });
        let (both, kind) = ((Some(&token), &narrowed), EventKind::TokenNarrowed);
        let asked = Asked { person: None, detail };
        let event = became(transaction, both, token.request, kind, Some(actor), asked).await?;
        let about = (Some(narrowed.latest_request()), Some(narrowed.id));
        let people = others(Some(actor), [narrowed.owner, narrowed.contact]);
        let recipients = everyone_of(&narrowed, people);
        tell(transaction, event, NoticeKind::Narrowed, about, recipients).await?;
        self.review_open_change(transaction, &narrowed).await?;
        self.show_of(transaction, &narrowed).await?;
        Ok(Narrowed { token: narrowed, task: None, instead_of: None })
    }

    /// A request that waits for no approvals, only for an admin to do it at the provider.
    pub(super) async fn ask_a_person(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: Option<&Actor>,
        content: &Content,
        on_behalf_of: UserId,
    ) -> Outcome<Request> {
        let new = NewRequest { requester: on_behalf_of, content, terms: self.terms(0) };
        let id = requests::insert(transaction, &new).await?;
        let task = requests::lock(transaction, id).await?.ok_or(Refusal::Gone)?;
        let (kind, detail) = (EventKind::RequestSubmitted, json!({ "content": content }));
        request_event(transaction, &task, kind, actor, detail).await?;
        self.show(transaction, &task).await?;
        Ok(task)
    }

    /// A token is not what it was: whoever approved a change of it saw something else.
    pub(super) async fn review_open_change(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        token: &Token,
    ) -> Outcome<()> {
        if let Some(request) = requests::open_change(transaction, token.id).await? {
            queue::enqueue(transaction, Job::ReviewChange { request }, None).await?;
        }
        Ok(())
    }
}
