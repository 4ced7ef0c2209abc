//! *Create* and *Save*: a draft becomes a request, or a pending request's new content.

use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::config::{IssuerSettings, Provider};
use crate::domain::change::{Reach, reach};
use crate::domain::content::{Content, Target, Wish};
use crate::domain::event::EventKind;
use crate::domain::form::ContactFacts;
use crate::domain::ids::{DraftId, RequestId};
use crate::domain::permission::Action;
use crate::domain::policy;
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::domain::token::{IssuerKind, Token};
use crate::queue::{self, Job};
use crate::store::drafts::{self, Draft};
use crate::store::events;
use crate::store::requests::{self, NewRequest};
use crate::store::{broken_constraint, hands, now, tokens};

use super::narrow::Narrowed;
use super::record::{content_event, request_event};
use super::refusal::Refusal;
use super::{Actor, Failure, Outcome, Workflow};

/// What *Create* came to.
#[derive(Debug)]
pub enum Created {
    /// A request waits for hands.
    Submitted(Box<Submitted>),
    /// It only took something from a token, which needs none.
    Narrowed(Box<Narrowed>),
}

/// A request that waits for hands.
#[derive(Debug)]
pub struct Submitted {
    /// The request as it is now.
    pub request: Request,
    /// Whether the requester's own hand is on it.
    pub first_hand: bool,
    /// Whether it existed before: its content was replaced.
    pub edited: bool,
}

/// What creates tokens under these settings.
pub(super) fn issuer_kind(settings: &IssuerSettings) -> IssuerKind {
    match settings {
        IssuerSettings::Builtin => IssuerKind::Builtin,
        IssuerSettings::Manual(_) => IssuerKind::Manual,
        IssuerSettings::Http(_) => IssuerKind::Http,
    }
}

impl Workflow {
    /// *Create*, or *Save* while a pending request is being edited.
    ///
    /// # Errors
    /// Refusals and faults; the draft stays.
    pub async fn submit(&self, actor: &Actor, id: DraftId) -> Outcome<Created> {
        let mut transaction = self.begin(actor).await?;
        let draft = match self.lock_draft(&mut transaction, actor, id).await {
            Err(Failure::Refused(Refusal::Gone)) => {
                let before = self.submitted_before(&mut transaction, actor, id).await?;
                return Ok(Created::Submitted(Box::new(before)));
            }
            draft => draft?,
        };
        let provider = self.provider(&draft.provider)?;
        let token = self.lock_changed(&mut transaction, &draft).await?;
        let content = content_of(&draft, provider, token.as_ref())?;
        if content.kind == RequestKind::Edit && content.issuer == IssuerKind::Http {
            must_keep_what_it_opens(&content, token.as_ref())?;
        }
        if let Some(token) = token.filter(|_| draft.request.is_none()) {
            let now = now(&mut transaction).await?;
            match reach(&content, now) {
                Reach::Nothing if content.kind == RequestKind::Edit => {
                    return Err(Refusal::TokenUnchanged.into());
                }
                Reach::Narrows if content.kind == RequestKind::Edit => {
                    drafts::remove(&mut transaction, draft.id).await?;
                    let narrowed = self.narrow(&mut transaction, actor, token, content).await?;
                    transaction.commit().await?;
                    return Ok(Created::Narrowed(Box::new(narrowed)));
                }
                _ => {}
            }
        }
        let request = match draft.request {
            None => self.submit_new(&mut transaction, actor, provider, (Some(id), &content)).await,
            Some(request) => {
                self.replace(&mut transaction, actor, provider, request, (id, &content)).await
            }
        };
        let request = request.map_err(|failure| name_taken(failure, &content))?;
        let first_hand = self.put_own_hand(&mut transaction, actor, provider, &request).await?;
        drafts::remove(&mut transaction, draft.id).await?;
        self.show(&mut transaction, &request).await?;
        transaction.commit().await?;
        let edited = draft.request.is_some();
        Ok(Created::Submitted(Box::new(Submitted { request, first_hand, edited })))
    }

    /// The token that a draft changes, locked, if it (still) can be changed like that.
    async fn lock_changed(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        draft: &Draft,
    ) -> Outcome<Option<Token>> {
        let Some(id) = draft.token.filter(|_| !draft.kind.makes_a_token()) else {
            return Ok(None);
        };
        let token = tokens::lock(transaction, id).await?.ok_or(Refusal::Gone)?;
        if !token.state.allows(draft.kind) {
            return Err(Refusal::TokenIs(token.state).into());
        }
        let open = requests::open_change(transaction, id).await?;
        match open.filter(|open| Some(*open) != draft.request) {
            Some(other) => Err(self.change_open(transaction, other).await?.into()),
            None => Ok(Some(token)),
        }
    }

    /// The draft became a request before, whose answer may have been lost: it is the same answer
    /// again. Once the request has moved on, its requester has heard of it otherwise.
    async fn submitted_before(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: &Actor,
        id: DraftId,
    ) -> Outcome<Submitted> {
        let became = events::became(transaction, actor.user, id).await?.ok_or(Refusal::Gone)?;
        let request = requests::get(transaction, became.request).await?.ok_or(Refusal::Gone)?;
        let hands = hands::of(transaction, request.id).await?;
        let first_hand =
            policy::people_whose_hands_count(&request, &hands).contains(&request.requester);
        Ok(Submitted { request, first_hand, edited: became.edited })
    }

    pub(super) async fn submit_new(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: &Actor,
        provider: &Provider,
        (draft, content): (Option<DraftId>, &Content),
    ) -> Outcome<Request> {
        let policy = &self.config.policy;
        requests::lock_submissions(transaction, actor.user).await?;
        let open = requests::count_open(transaction, actor.user).await?;
        if open >= i64::from(policy.max_open_requests) {
            return Err(Refusal::TooManyOpen { limit: policy.max_open_requests }.into());
        }
        let new = NewRequest {
            requester: actor.user,
            hands_required: policy::hands_required(provider.approvals, content),
            requester_hand_counts: policy.count_requester,
            content,
            ttl: policy.request_ttl,
        };
        let id = requests::insert(transaction, &new).await?;
        let request = requests::lock(transaction, id).await?.ok_or(Refusal::Gone)?;
        let need = request.hands_required;
        let detail = json!({ "content": content, "hands_required": need, "draft": draft });
        request_event(transaction, &request, EventKind::RequestSubmitted, Some(actor), detail)
            .await?;
        let remind_at = request.submitted_at + policy.remind_after;
        queue::enqueue(transaction, Job::RemindAdmins { request: id }, Some(remind_at)).await?;
        queue::enqueue(transaction, Job::LapseRequest { request: id }, Some(request.expires_at))
            .await?;
        Ok(request)
    }

    async fn replace(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: &Actor,
        provider: &Provider,
        id: RequestId,
        (draft, content): (DraftId, &Content),
    ) -> Outcome<Request> {
        let request = self.lock_for(transaction, actor, Action::EditRequest, id).await?;
        if request.state != RequestState::Pending {
            return Err(Refusal::NotPending(request.state).into());
        }
        if content.digest() == request.digest {
            return Err(Refusal::NothingChanged.into());
        }
        let required = policy::hands_required(provider.approvals, content);
        let counts = self.config.policy.count_requester;
        let (kind, by) = (EventKind::RequestEdited, (Some(actor), Some(draft)));
        content_event(transaction, &request, kind, by, content).await?;
        requests::change_content(transaction, &request, content, required, counts).await?;
        Ok(requests::lock(transaction, id).await?.ok_or(Refusal::Gone)?)
    }

    /// An admin who asks gives the first hand by asking.
    pub(super) async fn put_own_hand(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: &Actor,
        provider: &Provider,
        request: &Request,
    ) -> Outcome<bool> {
        let admin = actor.standing(Some(provider), Some(request.requester)).admin;
        if !admin || !request.requester_hand_counts {
            return Ok(false);
        }
        let (id, digest) = (request.id, request.digest);
        let hand = hands::put(transaction, id, digest, actor.user, actor.interaction).await?;
        let detail = json!({ "hand": hand, "have": 1, "need": request.hands_required });
        request_event(transaction, request, EventKind::HandPut, Some(actor), detail).await?;
        Ok(true)
    }
}

/// The content that a draft asks for, resolved against today's catalogue.
fn content_of(
    draft: &Draft,
    provider: &Provider,
    token: Option<&Token>,
) -> Result<Content, Refusal> {
    if !draft.problems.is_empty() {
        return Err(Refusal::FormHasProblems);
    }
    if draft.scopes.is_empty() {
        return Err(Refusal::NothingChosen);
    }
    // The contact was checked when the form came in, with what Discord said of them.
    let contact = ContactFacts { is_bot: false, is_member: true };
    let settings =
        draft.form.check(&provider.catalogue, contact).map_err(|_| Refusal::FormHasProblems)?;
    let version =
        provider.catalogue.version(settings.api_version).ok_or(Refusal::FormHasProblems)?;
    let target = token.map(|token| Target {
        lives_anew: !draft.keeps_expiry,
        overlap_seconds: draft.overlap_seconds,
        ..Target::of(token)
    });
    let wish = Wish {
        provider: provider.id.clone(),
        issuer: issuer_kind(&provider.issuer),
        kind: draft.kind,
        settings,
        lifetime_days: match token {
            Some(token) if draft.keeps_expiry => token.lifetime_days,
            _ => draft.lifetime_days,
        },
        target,
    };
    Content::new(wish, version, &draft.scopes).map_err(|unknown| Refusal::UnknownScopes(unknown.0))
}

/// No upstream is asked to change what a token opens, or for how long.
fn must_keep_what_it_opens(content: &Content, token: Option<&Token>) -> Result<(), Refusal> {
    let keeps = token.is_some_and(|token| {
        let opens = content.scopes.iter().map(|scope| &scope.id);
        content.api_version == token.api_version
            && opens.eq(&token.scopes)
            && content.target.as_ref().is_some_and(|target| !target.lives_anew)
    });
    if keeps { Ok(()) } else { Err(Refusal::NotOffered) }
}

fn name_taken(failure: Failure, content: &Content) -> Failure {
    match &failure {
        Failure::Fault(error)
            if error.downcast_ref::<sqlx::Error>().and_then(broken_constraint)
                == Some(requests::NAME_TAKEN) =>
        {
            Refusal::NameTaken { name: content.name.clone() }.into()
        }
        _ => failure,
    }
}
