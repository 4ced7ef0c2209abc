//! *Create* and *Save*: a draft becomes a request, or a pending request's new content.

use crate::config::Provider;
use crate::domain::change::{self, Reach};
use crate::domain::content::{Content, Digest};
use crate::domain::draft::Draft;
use crate::domain::ids::{DraftId, RequestId, RequestNumber};
use crate::domain::permission::Action;
use crate::domain::policy;
use crate::domain::request::{Request, RequestState};
use crate::domain::token::Token;
use crate::domain::transitions::RequestTransition;
use crate::store::drafts;
use crate::store::events;
use crate::store::requests::{self, NewRequest, Terms};
use crate::store::tx::{Cause, Tx};
use crate::store::{approvals, broken_constraint, now, tokens};

use crate::workflow::refusal::Refusal;
use crate::workflow::request::draft::{DraftView, LookAgain};
use crate::workflow::request::refresh_draft::refresh_draft;
use crate::workflow::request::resolve_draft::{approvals_required, check_reach, content_of};
use crate::workflow::token::narrow::Narrowed;
use crate::workflow::{Actor, Failure, Outcome, Workflow};

/// What *Create* came to.
#[derive(Debug)]
pub enum SubmitOutcome {
    /// A request waits for approvals.
    Submitted(Box<Submitted>),
    /// It only took something from a token, which needs none.
    Narrowed(Box<Narrowed>),
    /// Nothing yet: the draft asks for something else than its owner saw. They look at it again.
    LookAgain(Box<DraftView>),
}

/// A request that waits for approvals.
#[derive(Debug)]
pub struct Submitted {
    /// The request as it is now.
    pub request: Request,
    /// Whether the requester's own approval is on it.
    pub first_approval: bool,
    /// Whether it existed before: its content was replaced.
    pub edited: bool,
}

impl Workflow {
    /// *Create*, or *Save* while a pending request is being edited, on a panel that shows the content of
    /// the digest `shown`: an admin's press is an approval of that, and of nothing that was chosen on
    /// another panel, or that the configuration made of it.
    ///
    /// # Errors
    /// Refusals and faults; the draft stays.
    pub async fn submit(
        &self,
        actor: &Actor,
        id: DraftId,
        shown: Option<Digest>,
    ) -> Outcome<SubmitOutcome> {
        let mut tx = self.begin(actor).await?;
        let mut draft = match self.lock_draft(&mut tx, actor, id).await {
            Err(Failure::Refused(Refusal::Gone)) => {
                let before = self.submitted_before(&mut tx, actor, id).await?;
                return Ok(SubmitOutcome::Submitted(Box::new(before)));
            }
            draft => draft?,
        };
        let provider = self.provider(&draft.provider)?;
        let token = self.lock_changed(&mut tx, &draft).await?;
        if let Some(token) = token.as_ref().filter(|_| !draft.kind.keeps_settings())
            && refresh_draft(&mut draft, token, &provider.catalogue)
        {
            let changed = self.show_refreshed(&mut tx, actor, draft).await?;
            tx.commit().await?;
            return Ok(SubmitOutcome::LookAgain(Box::new(changed)));
        }
        let mut content = content_of(&draft, provider, &self.config.policy, token.as_ref())?;
        if shown != Some(content.digest()) {
            let changed = self.build_draft_view(&mut tx, actor, draft, Vec::new()).await?;
            // This press is over, whatever becomes of the draft.
            tx.commit().await?;
            let look_again = Some(LookAgain::PanelOutdated);
            return Ok(SubmitOutcome::LookAgain(Box::new(DraftView { look_again, ..changed })));
        }
        if let Some(token) = token {
            let now = now(&mut tx).await?;
            content = change::least(content, &token, now);
            if check_reach(&content, &token, draft.request.is_some(), now)? == Reach::Narrows {
                let instead_of = match draft.request {
                    Some(request) => Some(self.give_up(&mut tx, actor, request).await?),
                    None => None,
                };
                drafts::remove(&mut tx, draft.id).await?;
                let narrowed = self.narrow(&mut tx, actor, token, content).await?;
                tx.commit().await?;
                let narrowed = Narrowed { instead_of, ..narrowed };
                return Ok(SubmitOutcome::Narrowed(Box::new(narrowed)));
            }
        }
        let name = self.answer_on_name(&mut tx, actor, &draft).await?;
        if let Some(refusal) = name.refusal(&content.name) {
            tx.commit().await?;
            return Err(refusal.into());
        }
        let request = match draft.request {
            None => self.submit_new(&mut tx, actor, provider, (Some(id), &content)).await,
            Some(request) => self.replace(&mut tx, actor, provider, request, (id, &content)).await,
        };
        let request = request.map_err(|failure| name_taken(failure, &content))?;
        let first_approval = self.approve_own(&mut tx, actor, provider, &request).await?;
        drafts::remove(&mut tx, draft.id).await?;
        tx.commit().await?;
        let edited = draft.request.is_some();
        Ok(SubmitOutcome::Submitted(Box::new(Submitted { request, first_approval, edited })))
    }

    /// The token that a draft changes, locked, if it (still) can be changed like that.
    async fn lock_changed(&self, tx: &mut Tx, draft: &Draft) -> Outcome<Option<Token>> {
        let Some(id) = draft.token.filter(|_| !draft.kind.makes_a_token()) else {
            return Ok(None);
        };
        let token = tokens::lock(tx, id).await?.ok_or(Refusal::Gone)?;
        if !token.state.allows(draft.kind) {
            return Err(Refusal::TokenIs(token.state).into());
        }
        let open = requests::open_change(tx, id).await?;
        match open.filter(|open| Some(*open) != draft.request) {
            Some(other) => Err(self.change_open(tx, other).await?.into()),
            None => Ok(Some(token)),
        }
    }

    /// The draft became a request before, whose answer may have been lost: it is the same answer
    /// again. Once the request has moved on, its requester has heard of it otherwise.
    async fn submitted_before(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        id: DraftId,
    ) -> Outcome<Submitted> {
        let became = events::became(tx, actor.user, id).await?.ok_or(Refusal::Gone)?;
        let request = requests::get(tx, became.request).await?.ok_or(Refusal::Gone)?;
        let approvals = approvals::of(tx, request.id).await?;
        let first_approval =
            policy::people_whose_approvals_count(&request, &approvals).contains(&request.requester);
        Ok(Submitted { request, first_approval, edited: became.edited })
    }

    pub(in crate::workflow) async fn submit_new(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        provider: &Provider,
        (draft, content): (Option<DraftId>, &Content),
    ) -> Outcome<Request> {
        let policy = &self.config.policy;
        requests::lock_submissions(tx, actor.user).await?;
        let open = requests::count_open(tx, actor.user).await?;
        if open >= i64::from(policy.max_open_requests) {
            return Err(Refusal::TooManyOpen { limit: policy.max_open_requests }.into());
        }
        let terms = self.terms(approvals_required(provider, content));
        let new = NewRequest { requester: actor.user, content, terms };
        Ok(tx.submit_request(&new, draft).await?)
    }

    /// How a request that takes so many approvals is decided today.
    pub(in crate::workflow) fn terms(&self, approvals_required: u8) -> Terms {
        let policy = &self.config.policy;
        Terms {
            approvals_required,
            requester_approval_counts: policy.count_requester,
            ttl: policy.request_ttl,
        }
    }

    /// A pending request became one that only takes something from its token. That is done at once, so
    /// that nothing of the request is left to wait for.
    async fn give_up(&self, tx: &mut Tx, actor: &Actor, id: RequestId) -> Outcome<RequestNumber> {
        let mut request = self.lock_for(tx, actor, Action::EditRequest, id).await?;
        if request.state != RequestState::Pending {
            return Err(Refusal::NotPending(request.state).into());
        }
        let cause = Cause::reason(Some("narrowed"));
        tx.move_request(&mut request, RequestTransition::Withdraw, cause).await?;
        Ok(request.number)
    }

    async fn replace(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        provider: &Provider,
        id: RequestId,
        (draft, content): (DraftId, &Content),
    ) -> Outcome<Request> {
        let request = self.lock_for(tx, actor, Action::EditRequest, id).await?;
        if request.state != RequestState::Pending {
            return Err(Refusal::NotPending(request.state).into());
        }
        if content.digest() == request.digest {
            return Err(Refusal::NothingChanged.into());
        }
        let terms = self.terms(approvals_required(provider, content));
        let (transition, becomes) = (RequestTransition::Edit, (content, terms));
        Ok(tx.replace_content(&request, transition, becomes, Some(draft)).await?)
    }

    /// An admin who asks gives the first approval by asking.
    pub(in crate::workflow) async fn approve_own(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        provider: &Provider,
        request: &Request,
    ) -> Outcome<bool> {
        let admin = actor.relationship(Some(provider), Some(request.requester)).admin;
        if !admin || !request.requester_approval_counts {
            return Ok(false);
        }
        tx.give_approval(request).await?;
        Ok(true)
    }
}

/// Somebody took the name since it was looked at.
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
