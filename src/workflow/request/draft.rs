//! Drafts: a person fills in a request.

use crate::config::Provider;
use crate::domain::catalogue::{ProviderId, ScopeId};
use crate::domain::change::{self, ChangeEffect};
use crate::domain::content::{Content, Digest};
use crate::domain::draft::{Draft, NewDraft, PanelPosition};
use crate::domain::form::{ContactFacts, Form};
use crate::domain::ids::{DraftId, RequestId, UserId};
use crate::domain::permission::Action;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::Token;
use crate::store::tx::Tx;
use crate::store::{drafts, now, people, requests, tokens};

use crate::workflow::refusal::{Gone, Refusal};
use crate::workflow::request::check_name::{self, NameAnswer};
use crate::workflow::request::edit_draft::{self, DraftEdit};
use crate::workflow::request::{offers, refresh_draft, resolve_draft};
use crate::workflow::{Actor, Outcome, Workflow, access};

/// The outcome of `/token request`.
#[derive(Debug)]
pub enum BeginOutcome {
    /// There is no draft yet: the modal is opened.
    Empty,
    /// A draft is there.
    Resumed(Box<DraftView>),
}

/// A submitted form, with what Discord said about its contact.
#[derive(Debug)]
pub struct SubmittedForm {
    /// The five fields, as typed.
    pub form: Form,
    /// What Discord says about the contact.
    pub contact: ContactFacts,
    /// The contact's name.
    pub contact_name: Option<String>,
}

/// A draft after a change, with what the change removed.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// The draft as it is now.
    pub draft: Draft,
    /// Scopes that the chosen version does not have.
    pub dropped: Vec<ScopeId>,
    /// What the person is told about the name.
    pub name: NameAnswer,
    /// The token that is changed or duplicated, as it is now.
    pub token: Option<Token>,
    /// The digest of the content that the draft asks for, which *Create* carries; none if it has none.
    pub asks_for: Option<Digest>,
    /// Why *Create* would be refused as things are; none if it would not be.
    pub refusal: Option<Refusal>,
    /// The lifetimes that can be chosen, in days, shortest first.
    pub lifetimes: Vec<u64>,
    /// Why the draft is shown again instead of submitted.
    pub needs_review: Option<NeedsReview>,
}

/// Why the owner of a draft must look at it again before it is submitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedsReview {
    /// It was updated because somebody changed the token meanwhile.
    TokenChanged,
    /// The panel that was pressed showed another content.
    PanelOutdated,
}

/// `/token request`: whether the person may ask, and the draft that they have begun already.
pub async fn begin(
    workflow: &Workflow,
    actor: &Actor,
    provider: &Provider,
) -> Outcome<BeginOutcome> {
    actor.must_be_allowed(Action::Ask, Some(provider), None)?;
    let of = (&provider.id, actor.user, (None, None));
    // Most have begun none.
    if workflow.pool.run(async |connection| drafts::find(connection, of).await).await?.is_none() {
        return Ok(BeginOutcome::Empty);
    }
    let mut tx = workflow.tx().await?;
    let Some(mut draft) = drafts::find(&mut tx, of).await? else { return Ok(BeginOutcome::Empty) };
    draft.is_resumed = true;
    drafts::save(&mut tx, &draft).await?;
    let changed = build_view(workflow, &mut tx, actor, draft, Vec::new()).await?;
    tx.commit().await?;
    Ok(BeginOutcome::Resumed(Box::new(changed)))
}

/// The modal of `/token request` was submitted: a new draft, valid or not.
pub async fn submit_form(
    workflow: &Workflow,
    actor: &Actor,
    provider: &ProviderId,
    filled: SubmittedForm,
) -> Outcome<DraftView> {
    let provider = workflow.provider(provider)?;
    actor.must_be_allowed(Action::Ask, Some(provider), None)?;
    let SubmittedForm { form, contact, contact_name } = filled;
    let problems = form.check(&provider.catalogue, contact).err().unwrap_or_default();
    let (contact, facts) = (form.contact, contact);
    let days = workflow.config.policy.default_lifetime.as_secs() / (24 * 60 * 60);
    let new = NewDraft {
        provider: provider.id.clone(),
        requester: actor.user,
        request: None,
        kind: RequestKind::Create,
        token: None,
        form,
        problems,
        scopes: Vec::new(),
        lifetime_days: u16::try_from(days).unwrap_or(u16::MAX),
        keeps_expiry: false,
        overlap_seconds: 0,
        begun_from: None,
        opened_from: None,
    };
    let mut tx = workflow.begin(actor).await?;
    note_contact(&mut tx, contact, facts, contact_name.as_deref()).await?;
    let id = drafts::put(&mut tx, &new).await?;
    let draft = drafts::lock(&mut tx, id).await?.ok_or(Refusal::Gone(Gone::Draft))?;
    let changed = build_view(workflow, &mut tx, actor, draft, Vec::new()).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The modal of *Edit details* or *Correct* was submitted. With another version, only scopes that exist
/// there are kept.
pub async fn change_details(
    workflow: &Workflow,
    actor: &Actor,
    id: DraftId,
    filled: SubmittedForm,
) -> Outcome<DraftView> {
    let SubmittedForm { form, contact, contact_name } = filled;
    let mut tx = workflow.begin(actor).await?;
    note_contact(&mut tx, form.contact, contact, contact_name.as_deref()).await?;
    let mut draft = lock(workflow, &mut tx, actor, id).await?;
    if draft.kind.keeps_settings() {
        return Err(Refusal::NotUnderstood.into());
    }
    let catalogue = &workflow.provider(&draft.provider)?.catalogue;
    draft.problems = form.check(catalogue, contact).err().unwrap_or_default();
    let mut dropped = Vec::new();
    if let Some(version) = catalogue.version(form.api_version) {
        let (kept, gone) =
            draft.scopes.into_iter().partition(|scope| version.scope(scope).is_some());
        (draft.scopes, dropped) = (kept, gone);
        if form.api_version != draft.form.api_version {
            draft.place = PanelPosition::default();
        }
    }
    draft.form = form;
    drafts::save(&mut tx, &draft).await?;
    let changed = build_view(workflow, &mut tx, actor, draft, dropped).await?;
    tx.commit().await?;
    Ok(changed)
}

/// An action in the panel.
pub async fn edit(
    workflow: &Workflow,
    actor: &Actor,
    id: DraftId,
    step: DraftEdit,
) -> Outcome<DraftView> {
    let mut tx = workflow.begin(actor).await?;
    let mut draft = lock(workflow, &mut tx, actor, id).await?;
    let provider = workflow.provider(&draft.provider)?;
    if !edit_draft::is_offered(&draft, provider, &step) {
        return Err(Refusal::NotUnderstood.into());
    }
    edit_draft::apply_edit(&mut draft, provider, step, &workflow.config.policy.lifetimes_in_days());
    drafts::save(&mut tx, &draft).await?;
    let changed = build_view(workflow, &mut tx, actor, draft, Vec::new()).await?;
    tx.commit().await?;
    Ok(changed)
}

/// A person's own draft, as it is, and the token that it changes or duplicates.
pub async fn get(
    workflow: &Workflow,
    actor: &Actor,
    id: DraftId,
) -> Outcome<(Draft, Option<Token>)> {
    let mut tx = workflow.tx().await?;
    let draft = lock(workflow, &mut tx, actor, id).await?;
    let token = get_token_of(&mut tx, &draft).await?;
    Ok((draft, token))
}

/// *Cancel*: deletes the draft, whatever else its owner may still do. Returns what it was.
pub async fn cancel(workflow: &Workflow, actor: &Actor, id: DraftId) -> Outcome<Draft> {
    let mut tx = workflow.begin(actor).await?;
    let draft = lock_own(&mut tx, actor, id).await?;
    drafts::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(draft)
}

/// *Start over*: deletes the draft of a person who may begin another.
pub async fn start_over(workflow: &Workflow, actor: &Actor, id: DraftId) -> Outcome<Draft> {
    let mut tx = workflow.begin(actor).await?;
    let draft = lock(workflow, &mut tx, actor, id).await?;
    drafts::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(draft)
}

/// *Edit* on a request: a draft that is filled in from it, or the one begun before. `opened_from` leads back
/// to where it was pressed.
pub async fn begin_edit(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
    opened_from: Option<String>,
) -> Outcome<DraftView> {
    let mut tx = workflow.begin(actor).await?;
    // A draft is locked before its request.
    let begun = match requests::get(&mut tx, id).await? {
        Some(Request { content, .. }) => {
            let token = content.target.as_ref().map(|target| target.token);
            drafts::find(&mut tx, (&content.provider, actor.user, (Some(id), token))).await?
        }
        None => None,
    };
    let request = access::lock_request(workflow, &mut tx, actor, Action::EditRequest, id).await?;
    if request.state != RequestState::Pending {
        return Err(Refusal::NotPending(request.state).into());
    }
    let content = request.content;
    let token = content.target.as_ref().map(|target| target.token);
    let draft = match begun {
        Some(draft) => {
            let draft = Draft { opened_from, ..draft };
            drafts::save(&mut tx, &draft).await?;
            draft
        }
        None => {
            let new = NewDraft {
                provider: content.provider,
                requester: actor.user,
                request: Some(id),
                kind: content.kind,
                token,
                form: Form::of(&content.settings),
                problems: Vec::new(),
                scopes: content.scopes.into_iter().map(|scope| scope.id).collect(),
                lifetime_days: content.lifetime_days,
                keeps_expiry: content.target.as_ref().is_some_and(|target| !target.lives_anew),
                overlap_seconds: content.target.map_or(0, |target| target.overlap_seconds),
                begun_from: None,
                opened_from,
            };
            let id = drafts::put(&mut tx, &new).await?;
            drafts::lock(&mut tx, id).await?.ok_or(Refusal::Gone(Gone::Draft))?
        }
    };
    let changed = build_view(workflow, &mut tx, actor, draft, Vec::new()).await?;
    tx.commit().await?;
    Ok(changed)
}

/// A draft, locked, for its owner.
async fn lock_own(
    connection: &mut sqlx::PgConnection,
    actor: &Actor,
    id: DraftId,
) -> Outcome<Draft> {
    let draft = drafts::lock(connection, id).await?.ok_or(Refusal::Gone(Gone::Draft))?;
    if draft.requester == actor.user { Ok(draft) } else { Err(Refusal::NotYours.into()) }
}

/// A draft, locked, for its owner, if they may still submit it. A pending request is its requester's to
/// edit, whatever roles they hold.
pub(in crate::workflow) async fn lock(
    workflow: &Workflow,
    connection: &mut sqlx::PgConnection,
    actor: &Actor,
    id: DraftId,
) -> Outcome<Draft> {
    let draft = lock_own(connection, actor, id).await?;
    let provider = workflow.provider(&draft.provider)?;
    match draft.token {
        _ if draft.request.is_some() => {
            let requester = Some(draft.requester);
            actor.must_be_allowed(Action::EditRequest, Some(provider), requester)?;
        }
        Some(token) if !draft.kind.makes_a_token() => {
            let token = tokens::get(connection, token).await?.ok_or(Refusal::Gone(Gone::Token))?;
            access::check_token(workflow, actor, Action::ChangeToken, &token)?;
        }
        _ => actor.must_be_allowed(Action::Ask, Some(provider), Some(draft.requester))?,
    }
    Ok(draft)
}

/// What a panel shows of a draft. The caller commits before showing it.
pub(in crate::workflow) async fn build_view(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    mut draft: Draft,
    dropped: Vec<ScopeId>,
) -> Outcome<DraftView> {
    let name = check_name::get_answer(workflow, tx, actor, &draft).await?;
    let token = get_token_of(tx, &draft).await?;
    if let Some(token) = token.as_ref().filter(|_| draft.kind.keeps_settings()) {
        refresh_draft::restore_settings(&mut draft, token);
    }
    let provider = workflow.provider(&draft.provider)?;
    let policy = &workflow.config.policy;
    let changed = token.as_ref().filter(|_| !draft.kind.makes_a_token());
    let content = resolve_draft::build_content(&draft, provider, policy, changed);
    let asks_for = content.as_ref().ok().map(Content::digest);
    let refusal = match content {
        Ok(content) => find_refusal(workflow, tx, actor, &draft, (changed, content))
            .await?
            .or(name.refusal(&draft.form.name)),
        Err(refusal) => Some(refusal),
    };
    let ends = changed.filter(|_| draft.kind == RequestKind::Extend);
    let lifetimes = match ends.and_then(|token| token.expires_at) {
        Some(ends) => offers::list_extensions(policy, ends, now(tx).await?),
        None => policy.lifetimes_in_days(),
    };
    let needs_review = None;
    Ok(DraftView { draft, dropped, name, token, asks_for, refusal, lifetimes, needs_review })
}

/// Why a draft with this content would be refused when it is submitted, but for its name.
async fn find_refusal(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    draft: &Draft,
    (token, content): (Option<&Token>, Content),
) -> Outcome<Option<Refusal>> {
    let content = match token {
        Some(token) => {
            let now = now(tx).await?;
            let content = change::least(content, token, now);
            let effect = resolve_draft::check_effect(&content, token, draft.request.is_some(), now);
            match effect {
                Err(refusal) => return Ok(Some(refusal)),
                Ok(ChangeEffect::Narrows) => {
                    return Ok(
                        access::check_token(workflow, actor, Action::NarrowToken, token).err()
                    );
                }
                Ok(ChangeEffect::Nothing | ChangeEffect::Widens) => content,
            }
        }
        None => content,
    };
    let edited = match draft.request {
        Some(id) => requests::get(tx, id).await?,
        None => None,
    };
    let is_same = edited.is_some_and(|request| request.digest == content.digest());
    Ok(is_same.then_some(Refusal::NothingChanged))
}

async fn get_token_of(
    connection: &mut sqlx::PgConnection,
    draft: &Draft,
) -> sqlx::Result<Option<Token>> {
    match draft.token {
        Some(token) => tokens::get(connection, token).await,
        None => Ok(None),
    }
}

/// Stores the contact's name, which mails and instructions use. If the contact is not a member, they may
/// have left, and other things may depend on them.
async fn note_contact(
    tx: &mut Tx,
    contact: UserId,
    facts: ContactFacts,
    name: Option<&str>,
) -> sqlx::Result<()> {
    if !facts.is_member && !facts.is_bot {
        tx.check_member(contact);
    }
    match name {
        Some(name) => people::note_named(tx, contact, name).await,
        None => Ok(()),
    }
}
