//! The forms and the panel: a draft is filled in, and becomes a request.

use super::route::{DraftPress, Route};
use super::{Handlers, Visit};
use crate::config::Provider;
use crate::discord::interaction::Submission;
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::rest::RestError;
use crate::discord::views::{self, panel::Panel};
use crate::domain::catalogue::{ProviderId, ScopeId};
use crate::domain::content::Digest;
use crate::domain::ids::DraftId;
use crate::domain::request::Request;
use crate::workflow::draft::{Changed, Filled};
use crate::workflow::refusal::Refusal;
use crate::workflow::request::edit_draft::Step;
use crate::workflow::submit::{Created, Submitted};
use crate::workflow::{Failure, Outcome};

impl Handlers {
    /// The panel of a draft.
    pub(super) fn panel(
        &self,
        visit: &Visit<'_>,
        provider: &Provider,
        changed: &Changed,
        resumed: bool,
    ) -> Message {
        let lifetimes = self.workflow.config.policy.lifetimes_in_days();
        let panel = Panel { changed, provider, lifetimes: &lifetimes, resumed };
        views::panel::panel(&panel, visit.language)
    }

    /// The panel of a draft as its owner goes on with it.
    pub(super) fn panel_of(&self, visit: &Visit<'_>, changed: &Changed) -> Outcome<Message> {
        let provider = self.workflow.provider(&changed.draft.provider)?;
        Ok(self.panel(visit, provider, changed, false))
    }

    /// The modal of `/token request` was submitted.
    pub(super) async fn new_form(
        &self,
        visit: &Visit<'_>,
        provider: &ProviderId,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let filled = filled(submission)?;
        let changed = self.workflow.submit_form(&visit.actor, provider, filled).await?;
        Ok(Reply::private(self.panel_of(visit, &changed)?))
    }

    pub(super) async fn draft(
        &self,
        visit: &Visit<'_>,
        id: DraftId,
        press: &DraftPress,
    ) -> Outcome<Reply> {
        match press {
            DraftPress::OpenForm => {
                let (draft, token) = self.workflow.draft(&visit.actor, id).await?;
                if draft.kind.keeps_settings() {
                    return Err(Refusal::NotUnderstood.into());
                }
                let provider = self.workflow.provider(&draft.provider)?;
                let form = views::form::filled(&draft, token.as_ref(), provider, visit.language);
                Ok(Reply::Modal(form))
            }
            DraftPress::Form(submission) => {
                let filled = filled(submission)?;
                let changed = self.workflow.change_details(&visit.actor, id, filled).await?;
                let panel = self.panel_of(visit, &changed)?;
                Ok(match submission.message {
                    Some(_) => Reply::Update(panel),
                    None => Reply::private(panel),
                })
            }
            DraftPress::Cancel => {
                self.workflow.cancel_draft(&visit.actor, id).await?;
                Ok(Reply::Update(views::panel::cancelled(visit.language)))
            }
            DraftPress::StartOver => {
                let provider = self.workflow.cancel_draft(&visit.actor, id).await?;
                let provider = self.workflow.provider(&provider)?;
                let (user, language) = (visit.actor.user, visit.language);
                Ok(Reply::Modal(views::form::new(provider, user, language)))
            }
            _ => {
                let step = self.step(visit, id, press).await?;
                let changed = self.workflow.step(&visit.actor, id, step).await?;
                Ok(Reply::Update(self.panel_of(visit, &changed)?))
            }
        }
    }

    /// The step that a press in the panel is.
    async fn step(&self, visit: &Visit<'_>, id: DraftId, press: &DraftPress) -> Outcome<Step> {
        Ok(match press {
            DraftPress::Category(chosen) => Step::Category(understood(chosen)?),
            DraftPress::CategoryPage(page) => Step::CategoryPage(*page),
            DraftPress::ScopePage(page) => Step::ScopePage(*page),
            DraftPress::WholeCategory(category) => Step::WholeCategory(category.clone()),
            DraftPress::ClearAll => Step::ClearAll,
            DraftPress::Expires(days) if days == views::panel::KEEP => Step::Expires(None),
            DraftPress::Expires(days) => Step::Expires(Some(understood(days)?)),
            DraftPress::Overlap(seconds) => Step::Overlap(understood(seconds)?),
            DraftPress::Scopes(category, page, values) => {
                let chosen: Result<Vec<ScopeId>, Refusal> =
                    values.iter().map(|value| understood(value)).collect();
                let draft = self.workflow.draft(&visit.actor, id).await?.0;
                let provider = self.workflow.provider(&draft.provider)?;
                let shown = views::panel::shown_scopes(&draft, provider, category, *page);
                Step::Scopes { shown, chosen: chosen? }
            }
            DraftPress::OpenForm
            | DraftPress::Form(_)
            | DraftPress::Cancel
            | DraftPress::StartOver => return Err(Refusal::NotUnderstood.into()),
        })
    }

    /// *Create*, or *Save*: the request is there; then whoever asks is warned if it takes more
    /// admins than there are.
    pub(super) async fn create(
        &self,
        visit: &Visit<'_>,
        route: &Route,
        id: DraftId,
        shown: Option<Digest>,
    ) -> Result<(), RestError> {
        let mut request = None;
        let work = async {
            let view = match self.workflow.submit(&visit.actor, id, shown).await? {
                Created::Submitted(submitted) => {
                    let view = self.submitted(visit, &submitted)?;
                    request = Some(submitted.request);
                    view
                }
                Created::Narrowed(narrowed) => views::token::narrowed(&narrowed, visit.language),
                Created::LookAgain(changed) => self.panel_of(visit, &changed)?,
            };
            Ok(Reply::Update(view))
        };
        self.respond(visit, route, work).await?;
        let Some(request) = request else { return Ok(()) };
        match self.too_few_admins(visit, &request).await {
            Some(warning) => {
                self.rest.followup(&visit.interaction.token, &warning).await.map(|_| ())
            }
            None => Ok(()),
        }
    }

    fn submitted(&self, visit: &Visit<'_>, submitted: &Submitted) -> Result<Message, Failure> {
        let provider = self.workflow.provider(&submitted.request.content.provider)?;
        Ok(views::panel::submitted(submitted, provider, visit.language))
    }

    /// The warning that a request takes more admins than there are. Asks Discord how many hold the
    /// roles. Who holds two of them is counted twice, so that a warning is never wrong, though one may
    /// be missing.
    pub(super) async fn too_few_admins(
        &self,
        visit: &Visit<'_>,
        request: &Request,
    ) -> Option<Message> {
        let config = &self.workflow.config;
        let provider = config.provider(&request.content.provider)?;
        let counts = match self.rest.role_member_counts(config.discord.guild_id).await {
            Ok(counts) => counts,
            Err(error) => {
                tracing::warn!(%error, "Discord did not say how many admins there are");
                return None;
            }
        };
        let admins: u64 = provider.admin_roles.iter().filter_map(|role| counts.get(role)).sum();
        let asks_as_admin = visit.actor.standing(Some(provider), None).admin;
        let own = u64::from(asks_as_admin && !request.requester_approval_counts);
        let have = admins.saturating_sub(own);
        let need = request.approvals_required;
        let are_enough = have >= u64::from(need);
        (!are_enough).then(|| views::panel::too_few_admins(have, need, visit.language))
    }
}

/// What was entered, and what the contact is called.
fn filled(submission: &Submission) -> Result<Filled, Refusal> {
    let (form, contact) = views::form::read(submission).ok_or(Refusal::NotUnderstood)?;
    let chosen = submission.users.get(&form.contact).map(|user| user.display_name.clone());
    Ok(Filled { form, contact, contact_name: chosen.filter(|name| !name.is_empty()) })
}

/// Reads what a select carries; only liars send anything else than its options.
fn understood<T: std::str::FromStr>(text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|_| Refusal::NotUnderstood)
}
