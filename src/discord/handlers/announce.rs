//! `/token announce`: an admin chooses tokens, writes, looks at it, and sends it.

use super::{Handlers, Visit};
use crate::config::Provider;
use crate::discord::custom_id::OnAnnouncement as On;
use crate::discord::interaction::Submission;
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::domain::ids::{AnnouncementId, TokenId};
use crate::workflow::Outcome;
use crate::workflow::announce::{Sending, Step, Writing};
use crate::workflow::refusal::Refusal;

impl Handlers {
    /// The panel, as this admin left it.
    pub(super) async fn begin_announcement(
        &self,
        visit: &Visit<'_>,
        provider: &Provider,
    ) -> Outcome<Message> {
        let writing = self.workflow.begin_announcement(&visit.actor, provider).await?;
        Ok(self.announcement_panel(visit, &writing))
    }

    pub(super) async fn announcing(
        &self,
        visit: &Visit<'_>,
        id: AnnouncementId,
        on: On,
        values: &[String],
    ) -> Outcome<Reply> {
        let (workflow, actor, language) = (&self.workflow, &visit.actor, visit.language);
        let step = match on {
            On::Tokens(page) => Step::Tokens { page, chosen: chosen(values)? },
            On::Page(page) => Step::Page(page),
            On::Everything => Step::Everything(true),
            On::Choose => Step::Everything(false),
            On::Write => {
                let draft = workflow.look_at_announcement(actor, id).await?;
                return Ok(Reply::Modal(views::announce::form(&draft, language)));
            }
            On::Send(shown) => {
                let draft = workflow.look_at_announcement(actor, id).await?;
                if !views::bundle::fits(&draft.words) {
                    return Err(Refusal::BadWords.into());
                }
                return Ok(Reply::Update(
                    match workflow.send_announcement(actor, id, shown).await? {
                        Sending::Sent(sent) => views::announce::sent(&sent, language),
                        Sending::LookAgain(writing) => self.announcement_panel(visit, &writing),
                    },
                ));
            }
            On::Cancel => {
                workflow.cancel_announcement(actor, id).await?;
                return Ok(Reply::Update(views::announce::cancelled(language)));
            }
            On::Form => return Err(Refusal::NotUnderstood.into()),
        };
        let writing = workflow.change_announcement(actor, id, step).await?;
        Ok(Reply::Update(self.announcement_panel(visit, &writing)))
    }

    /// What was written.
    pub(super) async fn announcement(
        &self,
        visit: &Visit<'_>,
        id: AnnouncementId,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let words = views::announce::read(submission).ok_or(Refusal::NotUnderstood)?;
        let step = Step::Words(words);
        let writing = self.workflow.change_announcement(&visit.actor, id, step).await?;
        let panel = self.announcement_panel(visit, &writing);
        Ok(match submission.message {
            Some(_) => Reply::Update(panel),
            None => Reply::private(panel),
        })
    }

    fn announcement_panel(&self, visit: &Visit<'_>, writing: &Writing) -> Message {
        let provider = self.workflow.config.provider_name(&writing.draft.provider);
        views::announce::panel(writing, provider, visit.language)
    }
}

/// Only liars send anything else than tokens.
fn chosen(values: &[String]) -> Result<Vec<TokenId>, Refusal> {
    values.iter().map(|value| value.parse().map_err(|_| Refusal::NotUnderstood)).collect()
}
