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
use crate::store::names::NameFacts;
use crate::store::tx::Tx;
use crate::store::{drafts, now, requests, tokens};

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

impl SubmittedForm {
    /// The contact, whose name mails and instructions use.
    fn name_contact(&self) -> Option<(UserId, &str)> {
        self.contact_name.as_deref().map(|name| (self.form.contact, name))
    }

    /// If the contact is not a member, they may have left, and other things may depend on them.
    fn check_contact(&self, tx: &mut Tx) {
        if !self.contact.is_member && !self.contact.is_bot {
            tx.check_member(self.form.contact);
        }
    }
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
    let known = drafts::save(&mut tx, &draft, check_name::LIMIT).await?;
    let changed = build_view(workflow, &mut tx, actor, (draft, known), Vec::new()).await?;
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
    let mut tx = workflow.begin_naming(actor, filled.name_contact()).await?;
    filled.check_contact(&mut tx);
    let SubmittedForm { form, contact, .. } = filled;
    let problems = form.check(&provider.catalogue, contact).err().unwrap_or_default();
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
    let saved = drafts::put(&mut tx, new, check_name::LIMIT).await?;
    let changed = build_view(workflow, &mut tx, actor, saved, Vec::new()).await?;
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
    let (mut tx, mut draft) = begin_on(workflow, actor, filled.name_contact(), id).await?;
    filled.check_contact(&mut tx);
    let SubmittedForm { form, contact, .. } = filled;
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
    let known = drafts::save(&mut tx, &draft, check_name::LIMIT).await?;
    let changed = build_view(workflow, &mut tx, actor, (draft, known), dropped).await?;
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
    let (mut tx, mut draft) = begin_on(workflow, actor, None, id).await?;
    let provider = workflow.provider(&draft.provider)?;
    if !edit_draft::is_offered(&draft, provider, &step) {
        return Err(Refusal::NotUnderstood.into());
    }
    edit_draft::apply_edit(&mut draft, provider, step, &workflow.config.policy.lifetimes_in_days());
    let known = drafts::save(&mut tx, &draft, check_name::LIMIT).await?;
    let changed = build_view(workflow, &mut tx, actor, (draft, known), Vec::new()).await?;
    tx.commit().await?;
    Ok(changed)
}

/// A person's own draft, as it is, and the token that it changes or duplicates.
pub async fn get(
    workflow: &Workflow,
    actor: &Actor,
    id: DraftId,
) -> Outcome<(Draft, Option<Token>)> {
    let reading = async |connection: &mut _| {
        let draft = drafts::get(connection, id).await?.ok_or(Refusal::Gone(Gone::Draft))?;
        check_may_submit(workflow, connection, actor, &draft).await?;
        let token = get_token_of(connection, &draft).await?;
        Ok((draft, token))
    };
    workflow.pool.run(reading).await
}

/// *Cancel*: deletes the draft, whatever else its owner may still do. Returns what it was.
pub async fn cancel(workflow: &Workflow, actor: &Actor, id: DraftId) -> Outcome<Draft> {
    let (mut tx, draft) = workflow.begin_on_draft(actor, None, id).await?;
    check_own(actor, &draft)?;
    drafts::remove(&mut tx, id).await?;
    tx.commit().await?;
    Ok(draft)
}

/// *Start over*: deletes the draft of a person who may begin another.
pub async fn start_over(workflow: &Workflow, actor: &Actor, id: DraftId) -> Outcome<Draft> {
    let (mut tx, draft) = begin_on(workflow, actor, None, id).await?;
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
    let saved = match begun {
        Some(draft) => {
            let draft = Draft { opened_from, ..draft };
            let known = drafts::save(&mut tx, &draft, check_name::LIMIT).await?;
            (draft, known)
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
            drafts::put(&mut tx, new, check_name::LIMIT).await?
        }
    };
    let changed = build_view(workflow, &mut tx, actor, saved, Vec::new()).await?;
    tx.commit().await?;
    Ok(changed)
}

fn check_own(actor: &Actor, draft: &Draft) -> Result<(), Refusal> {
    if draft.requester == actor.user { Ok(()) } else { Err(Refusal::NotYours) }
}

/// Begins the transaction of a press on a draft, which is locked, by its owner, if they may still submit it.
pub(in crate::workflow) async fn begin_on(
    workflow: &Workflow,
    actor: &Actor,
    names: Option<(UserId, &str)>,
    id: DraftId,
) -> Outcome<(Tx, Draft)> {
    let (mut tx, draft) = workflow.begin_on_draft(actor, names, id).await?;
    check_may_submit(workflow, &mut tx, actor, &draft).await?;
    Ok((tx, draft))
}

/// Refuses all but the owner of a draft who may still submit it. A pending request is its requester's to edit,
/// whatever roles they hold.
async fn check_may_submit(
    workflow: &Workflow,
    connection: &mut sqlx::PgConnection,
    actor: &Actor,
    draft: &Draft,
) -> Outcome<()> {
    check_own(actor, draft)?;
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
    Ok(())
}

/// What a panel shows of a draft, of whose name these facts are known. The caller commits before showing it.
pub(in crate::workflow) async fn build_view(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    (mut draft, known): (Draft, NameFacts),
    dropped: Vec<ScopeId>,
) -> Outcome<DraftView> {
    let name = check_name::get_answer(workflow, tx, actor, (&draft, known)).await?;
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
