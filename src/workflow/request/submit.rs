//! *Create* and *Save*: a draft becomes a request, or the new content of a pending request.

use crate::config::Provider;
use crate::domain::change::{self, ChangeEffect};
use crate::domain::content::{Content, Digest};
use crate::domain::draft::Draft;
use crate::domain::ids::{DraftId, RequestId, RequestNumber};
use crate::domain::permission::Action;
use crate::domain::policy;
use crate::domain::request::{Request, RequestState};
use crate::domain::token::Token;
use crate::domain::transitions::RequestTransition;
use crate::store::approvals::{self, RequestWithApprovals};
use crate::store::drafts;
use crate::store::events;
use crate::store::names;
use crate::store::requests::{self, NewRequest};
use crate::store::tx::{Cause, Tx};
use crate::store::{broken_constraint, now, tokens};

use crate::workflow::refusal::{Gone, Refusal};
use crate::workflow::request::draft::{self, DraftView, NeedsReview};
use crate::workflow::request::{begin_change, check_name, refresh_draft, resolve_draft};
use crate::workflow::token::narrow::{self, Narrowed};
use crate::workflow::{Actor, Failure, Outcome, Workflow, access};

/// The outcome of *Create*.
#[derive(Debug)]
pub enum SubmitOutcome {
    /// A request waits for approvals.
    Submitted(Box<Submitted>),
    /// It only removed something from a token, which needs no request; and what leads back to where the
    /// draft was opened.
    Narrowed(Box<Narrowed>, Option<String>),
    /// Nothing was submitted, because the draft asks for something else than its owner saw. They look at it
    /// again.
    NeedsReview(Box<DraftView>),
}

/// A request that waits for approvals.
#[derive(Debug)]
pub struct Submitted {
    /// The request as it is now.
    pub request: Request,
    /// Whether it has the requester's own approval.
    pub first_approval: bool,
    /// Whether it existed before, so that its content was replaced.
    pub edited: bool,
    /// Whether the requester is an admin whose own approval does not count.
    pub own_never_counts: bool,
    /// What leads back to where the draft was opened.
    pub opened_from: Option<String>,
}

/// *Create*, or *Save* while a pending request is edited, on a panel that shows the content with the digest
/// `shown`. If an admin presses, it is their approval of that content only, not of anything that another
/// panel or the configuration has changed since.
///
/// # Errors
/// Refusals and faults; the draft stays.
pub async fn complete_draft(
    workflow: &Workflow,
    actor: &Actor,
    id: DraftId,
    shown: Option<Digest>,
) -> Outcome<SubmitOutcome> {
    let (mut tx, mut draft) = match draft::begin_on(workflow, actor, None, id).await {
        Err(Failure::Refused(Refusal::Gone(Gone::Draft))) => {
            let reading =
                async |connection: &mut _| find_submitted(workflow, connection, actor, id).await;
            let before = workflow.pool.run(reading).await?;
            return Ok(SubmitOutcome::Submitted(Box::new(before)));
        }
        begun => begun?,
    };
    let provider = workflow.provider(&draft.provider)?;
    let token = lock_token(workflow, &mut tx, &draft).await?;
    if let Some(token) = token.as_ref().filter(|_| !draft.kind.keeps_settings())
        && refresh_draft::follow_token(&mut draft, token, &provider.catalogue)
    {
        let changed = begin_change::save_refreshed(workflow, &mut tx, actor, draft).await?;
        tx.commit().await?;
        return Ok(SubmitOutcome::NeedsReview(Box::new(changed)));
    }
    let mut content =
        resolve_draft::build_content(&draft, provider, &workflow.config.policy, token.as_ref())?;
    if shown != Some(content.digest()) {
        let known = names::find_facts(&mut tx, &draft, check_name::LIMIT).await?;
        let saved = (draft, known);
        let changed = draft::build_view(workflow, &mut tx, actor, saved, Vec::new()).await?;
        // This press is handled, whatever happens to the draft.
        tx.commit().await?;
        let needs_review = Some(NeedsReview::PanelOutdated);
        return Ok(SubmitOutcome::NeedsReview(Box::new(DraftView { needs_review, ..changed })));
    }
    if let Some(token) = token {
        let now = now(&mut tx).await?;
        content = change::least(content, &token, now);
        if resolve_draft::check_effect(&content, &token, draft.request.is_some(), now)?
            == ChangeEffect::Narrows
        {
            return narrow_at_once(workflow, tx, actor, draft, (token, content)).await;
        }
    }
    let known = names::find_facts(&mut tx, &draft, check_name::LIMIT).await?;
    let name = check_name::get_answer(workflow, &mut tx, actor, (&draft, known)).await?;
    if let Some(refusal) = name.refusal(&content.settings.name) {
        tx.commit().await?;
        return Err(refusal.into());
    }
    let request = match draft.request {
        None => create_request(workflow, &mut tx, actor, provider, (Some(id), &content)).await,
        Some(request) => {
            replace_content(workflow, &mut tx, actor, provider, request, (id, &content)).await
        }
    };
    let request = request.map_err(|failure| explain_taken_name(failure, &content))?;
    let first_approval = give_own_approval(&mut tx, actor, provider, &request).await?;
    tx.commit().await?;
    let (edited, opened_from) = (draft.request.is_some(), draft.opened_from);
    let own_never_counts = own_never_counts(actor, Some(provider), &request);
    let submitted = Submitted { request, first_approval, edited, own_never_counts, opened_from };
    Ok(SubmitOutcome::Submitted(Box::new(submitted)))
}

/// A draft that only removes something from its token needs no approvals, but a person who may do that: the
/// requester of a pending change may be neither its owner nor its contact any more.
async fn narrow_at_once(
    workflow: &Workflow,
    mut tx: Tx,
    actor: &Actor,
    draft: Draft,
    (token, content): (Token, Content),
) -> Outcome<SubmitOutcome> {
    access::check_token(workflow, actor, Action::NarrowToken, &token)?;
    let instead_of = match draft.request {
        Some(request) => Some(withdraw_narrowed_change(workflow, &mut tx, actor, request).await?),
        None => None,
    };
    drafts::remove(&mut tx, draft.id).await?;
    let narrowed = narrow::apply(workflow, &mut tx, actor, token, content).await?;
    tx.commit().await?;
    Ok(SubmitOutcome::Narrowed(Box::new(Narrowed { instead_of, ..narrowed }), draft.opened_from))
}

/// The token that a draft changes, locked, if it can still be changed like that.
async fn lock_token(workflow: &Workflow, tx: &mut Tx, draft: &Draft) -> Outcome<Option<Token>> {
    let Some(id) = draft.token.filter(|_| !draft.kind.makes_a_token()) else {
        return Ok(None);
    };
    let token = tokens::lock(tx, id).await?.ok_or(Refusal::Gone(Gone::Token))?;
    if !token.state.allows(draft.kind) {
        return Err(Refusal::TokenIs(token.state).into());
    }
    let open = requests::find_open_change(tx, id).await?;
    match open.filter(|open| Some(*open) != draft.request) {
        Some(other) => Err(begin_change::describe_open_change(workflow, tx, other).await?.into()),
        None => Ok(Some(token)),
    }
}

/// The draft became a request in an earlier press whose answer may have been lost: the answer is the same.
/// If the request has moved on, its requester was told otherwise.
async fn find_submitted(
    workflow: &Workflow,
    connection: &mut sqlx::PgConnection,
    actor: &Actor,
    id: DraftId,
) -> Outcome<Submitted> {
    let gone = Refusal::Gone(Gone::Draft);
    let became =
        events::find_draft_outcome(connection, actor.user, id).await?.ok_or(gone.clone())?;
    let read = approvals::get_request(connection, became.request).await?;
    let RequestWithApprovals { request, approvals, .. } = read.ok_or(gone)?;
    let first_approval =
        policy::people_whose_approvals_count(&request, &approvals).contains(&request.requester);
    let provider = workflow.config.provider(&request.content.provider);
    let own_never_counts = own_never_counts(actor, provider, &request);
    let edited = became.edited;
    Ok(Submitted { request, first_approval, edited, own_never_counts, opened_from: None })
}

fn own_never_counts(actor: &Actor, provider: Option<&Provider>, request: &Request) -> bool {
    actor.relationship(provider, Some(request.requester)).admin
        && !request.requester_approval_counts
}

pub(in crate::workflow) async fn create_request(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    provider: &Provider,
    (draft, content): (Option<DraftId>, &Content),
) -> Outcome<Request> {
    let policy = &workflow.config.policy;
    let required = resolve_draft::count_required_approvals(provider, content);
    let terms = resolve_draft::build_terms(policy, required);
    let limit = policy.max_open_requests;
    let new = NewRequest { requester: actor.user, content, terms, draft, most_open: Some(limit) };
    Ok(tx.submit_request(&new).await?.ok_or(Refusal::TooManyOpen { limit })?)
}

/// A pending request was edited so that it only removes something from its token. That is done at once, so
/// nothing of the request is left.
async fn withdraw_narrowed_change(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    id: RequestId,
) -> Outcome<RequestNumber> {
    let mut request = access::lock_request(workflow, tx, actor, Action::EditRequest, id).await?;
    if request.state != RequestState::Pending {
        return Err(Refusal::NotPending(request.state).into());
    }
    let cause = Cause::reason(Some("narrowed"));
    tx.move_request(&mut request, RequestTransition::Withdraw, cause).await?;
    Ok(request.number)
}

async fn replace_content(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    provider: &Provider,
    id: RequestId,
    (draft, content): (DraftId, &Content),
) -> Outcome<Request> {
    let request = access::lock_request(workflow, tx, actor, Action::EditRequest, id).await?;
    if request.state != RequestState::Pending {
        return Err(Refusal::NotPending(request.state).into());
    }
    if content.digest() == request.digest {
        return Err(Refusal::NothingChanged.into());
    }
    let terms = resolve_draft::build_terms(
        &workflow.config.policy,
        resolve_draft::count_required_approvals(provider, content),
    );
    let (transition, becomes) = (RequestTransition::Edit, (content, terms));
    Ok(tx.replace_content(&request, transition, becomes, Some(draft)).await?)
}

/// An admin who submits a request thereby gives the first approval.
async fn give_own_approval(
    tx: &mut Tx,
    actor: &Actor,
    provider: &Provider,
    request: &Request,
) -> Outcome<bool> {
    let admin = actor.relationship(Some(provider), Some(request.requester)).admin;
    if !admin || !request.requester_approval_counts {
        return Ok(false);
    }
    let before = approvals::list_for_request(tx, request.id).await?;
    tx.give_approval(request, before).await?;
    Ok(true)
}

/// Somebody took the name since it was checked.
fn explain_taken_name(failure: Failure, content: &Content) -> Failure {
    match &failure {
        Failure::Fault(error)
            if error.downcast_ref::<sqlx::Error>().and_then(broken_constraint)
                == Some(requests::NAME_TAKEN) =>
        {
            Refusal::NameTaken { name: content.settings.name.clone() }.into()
        }
        _ => failure,
    }
}
