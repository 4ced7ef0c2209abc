//! `/token announce`: an admin chooses tokens, writes to their people, and sends it.

use super::{Context, Handlers, parse_chosen};
use crate::discord::interaction::{Command, Submission};
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::domain::content::Digest;
use crate::domain::ids::AnnouncementId;
use crate::workflow::Outcome;
use crate::workflow::notice::announce::{self, AnnouncementEdit, AnnouncementView, SendOutcome};
use crate::workflow::refusal::Refusal;

impl Handlers {
    /// The panel, as this admin left it.
    pub(super) async fn begin_announcement(
        &self,
        context: &Context<'_>,
        command: &Command,
    ) -> Outcome<Reply> {
        let provider = self.find_named_provider(command)?;
        let writing = announce::begin(&self.workflow, &context.actor, provider).await?;
        Ok(Reply::private(self.announcement_panel(context, &writing)))
    }

    pub(super) async fn choose_announcement_tokens(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
        page: u32,
        values: &[String],
    ) -> Outcome<Reply> {
        let step = AnnouncementEdit::Tokens { page, chosen: parse_chosen(values)? };
        self.change_announcement(context, id, step).await
    }

    pub(super) async fn show_announcement_page(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
        page: u32,
    ) -> Outcome<Reply> {
        self.change_announcement(context, id, AnnouncementEdit::Page(page)).await
    }

    pub(super) async fn announce_to_all_tokens(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
    ) -> Outcome<Reply> {
        self.change_announcement(context, id, AnnouncementEdit::Everything(true)).await
    }

    pub(super) async fn announce_to_chosen_tokens(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
    ) -> Outcome<Reply> {
        self.change_announcement(context, id, AnnouncementEdit::Everything(false)).await
    }

    pub(super) async fn open_announcement_form(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
    ) -> Outcome<Reply> {
        let draft = announce::get(&self.workflow, &context.actor, id).await?;
        Ok(Reply::Modal(views::announcement::render_form(&draft, context.language)))
    }

    pub(super) async fn submit_announcement_form(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let words = views::announcement::parse_form(submission).ok_or(Refusal::NotUnderstood)?;
        self.change_announcement(context, id, AnnouncementEdit::Words(words)).await
    }

    pub(super) async fn send_announcement(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
        shown: Digest,
    ) -> Outcome<Reply> {
        let draft = announce::get(&self.workflow, &context.actor, id).await?;
        if !views::bundle::fits_message(&draft.words) {
            return Err(Refusal::BadWords.into());
        }
        Ok(Reply::Update(match announce::send(&self.workflow, &context.actor, id, shown).await? {
            SendOutcome::Sent(sent) => views::announcement::render_sent(&sent, context.language),
            SendOutcome::NeedsReview(writing) => self.announcement_panel(context, &writing),
        }))
    }

    pub(super) async fn cancel_announcement(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
    ) -> Outcome<Reply> {
        announce::cancel(&self.workflow, &context.actor, id).await?;
        Ok(Reply::Update(views::announcement::render_cancelled(context.language)))
    }

    async fn change_announcement(
        &self,
        context: &Context<'_>,
        id: AnnouncementId,
        step: AnnouncementEdit,
    ) -> Outcome<Reply> {
        let writing = announce::edit(&self.workflow, &context.actor, id, step).await?;
        Ok(Reply::Update(self.announcement_panel(context, &writing)))
    }

    fn announcement_panel(&self, context: &Context<'_>, writing: &AnnouncementView) -> Message {
        let provider = self.workflow.config.provider_name(&writing.draft.provider);
        views::announcement::render_panel(writing, provider, context.language)
    }
}
