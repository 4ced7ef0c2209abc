//! `/token request`, its form and its panel: a draft is filled in, and becomes a request.

use super::{Context, Handlers, first_chosen, parse, parse_chosen};
use crate::config::Provider;
use crate::discord::custom_id::{CustomId, FromList};
use crate::discord::interaction::{Command, Submission};
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::rest::RestError;
use crate::discord::views::{self, panel::Panel};
use crate::domain::catalogue::{CategoryId, ProviderId};
use crate::domain::content::Digest;
use crate::domain::ids::DraftId;
use crate::domain::policy::{self, AdminRole};
use crate::domain::request::Request;
use crate::workflow::Outcome;
use crate::workflow::refusal::Refusal;
use crate::workflow::request::decide;
use crate::workflow::request::draft::{self, BeginOutcome, DraftView, SubmittedForm};
use crate::workflow::request::edit_draft::DraftEdit;
use crate::workflow::request::submit::{self, SubmitOutcome};

impl Handlers {
    pub(super) async fn begin_request(
        &self,
        context: &Context<'_>,
        command: &Command,
    ) -> Outcome<Reply> {
        self.open_request(context, self.find_named_provider(command)?).await
    }

    /// *Request a token*, on a message that an admin posted: the same as the command.
    pub(super) async fn begin_request_from_panel(
        &self,
        context: &Context<'_>,
        provider: ProviderId,
    ) -> Outcome<Reply> {
        self.open_request(context, self.workflow.provider(&provider)?).await
    }

    async fn open_request(&self, context: &Context<'_>, provider: &Provider) -> Outcome<Reply> {
        match draft::begin(&self.workflow, &context.actor, provider).await? {
            BeginOutcome::Empty => Ok(open_new_form(context, provider)),
            BeginOutcome::Resumed(changed) => {
                Ok(Reply::private(build_panel(context, provider, &changed)))
            }
        }
    }

    pub(super) async fn submit_new_form(
        &self,
        context: &Context<'_>,
        provider: ProviderId,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let filled = read_form(submission)?;
        let changed = draft::submit_form(&self.workflow, &context.actor, &provider, filled).await?;
        // After *Start over*, in the place of the panel that it was pressed on.
        Ok(Reply::Update(self.draft_panel(context, &changed)?))
    }

    pub(super) async fn open_details_form(
        &self,
        context: &Context<'_>,
        id: DraftId,
    ) -> Outcome<Reply> {
        let (draft, token) = draft::get(&self.workflow, &context.actor, id).await?;
        if draft.kind.keeps_settings() {
            return Err(Refusal::NotUnderstood.into());
        }
        let provider = self.workflow.provider(&draft.provider)?;
        let form = views::form::render_filled(&draft, token.as_ref(), provider, context.language);
        Ok(Reply::Modal(form))
    }

    pub(super) async fn submit_details(
        &self,
        context: &Context<'_>,
        id: DraftId,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let filled = read_form(submission)?;
        let changed = draft::change_details(&self.workflow, &context.actor, id, filled).await?;
        Ok(Reply::Update(self.draft_panel(context, &changed)?))
    }

    pub(super) async fn choose_category(
        &self,
        context: &Context<'_>,
        id: DraftId,
        values: &[String],
    ) -> Outcome<Reply> {
        self.change_draft(context, id, DraftEdit::Category(first_chosen(values)?)).await
    }

    pub(super) async fn show_category_page(
        &self,
        context: &Context<'_>,
        id: DraftId,
        page: u16,
    ) -> Outcome<Reply> {
        self.change_draft(context, id, DraftEdit::CategoryPage(page)).await
    }

    pub(super) async fn choose_scopes(
        &self,
        context: &Context<'_>,
        id: DraftId,
        category: CategoryId,
        page: u16,
        values: &[String],
    ) -> Outcome<Reply> {
        let chosen: Result<_, Refusal> = parse_chosen(values);
        let draft = draft::get(&self.workflow, &context.actor, id).await?.0;
        let provider = self.workflow.provider(&draft.provider)?;
        let shown = views::panel::list_shown_scopes(&draft, provider, &category, page);
        self.change_draft(context, id, DraftEdit::Scopes { shown, chosen: chosen? }).await
    }

    pub(super) async fn show_scope_page(
        &self,
        context: &Context<'_>,
        id: DraftId,
        page: u16,
    ) -> Outcome<Reply> {
        self.change_draft(context, id, DraftEdit::ScopePage(page)).await
    }

    pub(super) async fn choose_whole_category(
        &self,
        context: &Context<'_>,
        id: DraftId,
        category: CategoryId,
    ) -> Outcome<Reply> {
        self.change_draft(context, id, DraftEdit::WholeCategory(category)).await
    }

    pub(super) async fn clear_scopes(&self, context: &Context<'_>, id: DraftId) -> Outcome<Reply> {
        self.change_draft(context, id, DraftEdit::ClearAll).await
    }

    pub(super) async fn choose_lifetime(
        &self,
        context: &Context<'_>,
        id: DraftId,
        values: &[String],
    ) -> Outcome<Reply> {
        let days = match values.first().map(String::as_str) {
            Some(views::panel::KEEP) => None,
            chosen => Some(parse(chosen.unwrap_or_default())?),
        };
        self.change_draft(context, id, DraftEdit::Expires(days)).await
    }

    pub(super) async fn choose_overlap(
        &self,
        context: &Context<'_>,
        id: DraftId,
        values: &[String],
    ) -> Outcome<Reply> {
        self.change_draft(context, id, DraftEdit::Overlap(first_chosen(values)?)).await
    }

    async fn change_draft(
        &self,
        context: &Context<'_>,
        id: DraftId,
        step: DraftEdit,
    ) -> Outcome<Reply> {
        let changed = draft::edit(&self.workflow, &context.actor, id, step).await?;
        Ok(Reply::Update(self.draft_panel(context, &changed)?))
    }

    pub(super) async fn cancel_draft(&self, context: &Context<'_>, id: DraftId) -> Outcome<Reply> {
        let cancelled = draft::cancel(&self.workflow, &context.actor, id).await?;
        let said = views::panel::render_cancelled(&cancelled, context.language);
        let back = parse_back(cancelled.opened_from.as_deref());
        Ok(Reply::Update(match (back, cancelled.request) {
            (Some(back), _) => self.go_back(context, back, said).await,
            (None, Some(request)) => {
                let request =
                    decide::get_request_to_read(&self.workflow, &context.actor, request).await;
                request.map_or(said, |request| {
                    views::panel::render_edit_cancelled(&request, &cancelled, context.language)
                })
            }
            (None, None) => said,
        }))
    }

    pub(super) async fn restart_draft(&self, context: &Context<'_>, id: DraftId) -> Outcome<Reply> {
        let cancelled = draft::start_over(&self.workflow, &context.actor, id).await?;
        Ok(open_new_form(context, self.workflow.provider(&cancelled.provider)?))
    }

    pub(super) async fn submit_draft(
        &self,
        context: &Context<'_>,
        id: DraftId,
        shown: Digest,
    ) -> Result<(), RestError> {
        self.submit(context, id, Some(shown)).await
    }

    pub(super) async fn submit_incomplete_draft(
        &self,
        context: &Context<'_>,
        id: DraftId,
    ) -> Result<(), RestError> {
        self.submit(context, id, None).await
    }

    /// Answers by itself, since a second message follows where a request needs more admins than there
    /// are: to count them takes too long for the first.
    async fn submit(
        &self,
        context: &Context<'_>,
        id: DraftId,
        shown: Option<Digest>,
    ) -> Result<(), RestError> {
        let mut request = None;
        let work = async {
            let message =
                match submit::complete_draft(&self.workflow, &context.actor, id, shown).await? {
                    SubmitOutcome::Submitted(submitted) => {
                        let provider = &submitted.request.content.provider;
                        let provider = self.workflow.provider(provider)?;
                        let back = parse_back(submitted.opened_from.as_deref());
                        let (back, language) = (back.as_ref(), context.language);
                        let message =
                            views::panel::render_submitted(&submitted, provider, back, language);
                        request = Some(submitted.request);
                        message
                    }
                    SubmitOutcome::Narrowed(narrowed, opened_from) => {
                        let said = views::token::render_narrowed(&narrowed, context.language);
                        let panel = || CustomId::ShowToken(FromList::new(narrowed.token.id, None));
                        let back = parse_back(opened_from.as_deref()).unwrap_or_else(panel);
                        self.go_back(context, back, said).await
                    }
                    SubmitOutcome::NeedsReview(changed) => self.draft_panel(context, &changed)?,
                };
            Ok(Reply::Update(message))
        };
        self.respond(context, work).await?;
        let Some(request) = request else { return Ok(()) };
        match self.warn_of_too_few_admins(context, &request).await {
            Some(warning) => {
                self.rest.followup(&context.interaction.token, &warning).await.map(|_| ())
            }
            None => Ok(()),
        }
    }

    /// The warning that a request takes more admins than there are, or may be. Asks Discord how many hold
    /// each of the roles; who they are, it tells nobody but bots that may see all members.
    pub(super) async fn warn_of_too_few_admins(
        &self,
        context: &Context<'_>,
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
        let held = context.actor.roles.as_ref();
        let roles = provider.admin_roles.iter().map(|role| AdminRole {
            members: counts.get(role).copied().unwrap_or(0),
            has_requester: held.is_some_and(|held| held.contains(role)),
        });
        let (roles, counts) = (roles.collect::<Vec<_>>(), request.requester_approval_counts);
        let need = request.approvals_required;
        let found = policy::find_too_few_admins(&roles, counts, need)?;
        Some(views::panel::render_too_few_admins(found, need, context.language))
    }

    /// The panel of a draft as its owner goes on with it.
    pub(super) fn draft_panel(
        &self,
        context: &Context<'_>,
        changed: &DraftView,
    ) -> Result<Message, Refusal> {
        let provider = self.workflow.provider(&changed.draft.provider)?;
        Ok(build_panel(context, provider, changed))
    }
}

fn build_panel(context: &Context<'_>, provider: &Provider, changed: &DraftView) -> Message {
    views::panel::render_panel(&Panel { changed, provider }, context.language)
}

/// Where a panel was opened, as its draft keeps it; none for one that a command opened.
fn parse_back(opened_from: Option<&str>) -> Option<CustomId> {
    opened_from?.parse().ok()
}

fn open_new_form(context: &Context<'_>, provider: &Provider) -> Reply {
    Reply::Modal(views::form::render_new(provider, context.actor.user, context.language))
}

/// What was entered, and the name of the contact.
fn read_form(submission: &Submission) -> Result<SubmittedForm, Refusal> {
    let (form, contact) = views::form::parse_form(submission).ok_or(Refusal::NotUnderstood)?;
    let chosen = submission.users.get(&form.contact).map(|user| user.display_name.clone());
    Ok(SubmittedForm { form, contact, contact_name: chosen.filter(|name| !name.is_empty()) })
}
