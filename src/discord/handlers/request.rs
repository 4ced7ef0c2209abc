//! The buttons on the card of a request, and the forms behind them.

use std::time::Duration;

use tracing::Instrument as _;

use super::{Context, Handlers};
use crate::discord::custom_id::{CustomId, Place, Placed};
use crate::discord::interaction::Submission;
use crate::discord::reply::Reply;
use crate::discord::rest::RestError;
use crate::discord::views::{self, card_actions};
use crate::domain::content::Digest;
use crate::domain::ids::{EventId, RequestId};
use crate::domain::request::RequestState;
use crate::workflow::refusal::Refusal;
use crate::workflow::request::{confirm, decide, draft, fulfil};
use crate::workflow::{Failure, Outcome};

/// How long an answer may be edited: Discord's 15 minutes, with time left for the edit.
const ANSWERABLE: Duration = Duration::from_secs(14 * 60);

impl Handlers {
    pub(super) async fn approve_request(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
        shown: Digest,
    ) -> Result<(), RestError> {
        let mut state = None;
        let work = async {
            let approved = decide::approve(&self.workflow, &context.actor, id.what, shown).await?;
            state = Some(approved.request.state);
            let said = card_actions::render_approved(&approved, context.language);
            Ok(Reply::Update(self.answer_in_place(context, id, said).await))
        };
        self.respond(context, work).await?;
        self.follow_check(context, id, state);
        Ok(())
    }

    pub(super) async fn open_deny_form(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
    ) -> Outcome<Reply> {
        let request = decide::get_request_to_deny(&self.workflow, &context.actor, id.what).await?;
        Ok(Reply::Modal(card_actions::render_deny_form(&request, id.place, context.language)))
    }

    pub(super) async fn deny_request(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let reason = card_actions::parse_reason(submission).ok_or(Refusal::NotUnderstood)?;
        let request = decide::deny(&self.workflow, &context.actor, id.what, reason).await?;
        let said = card_actions::render_denied(&request, context.language);
        Ok(Reply::Update(self.answer_in_place(context, id, said).await))
    }

    /// Answers by itself, since an admin has read all only when Discord has all of it.
    pub(super) async fn show_request_scopes(
        &self,
        context: &Context<'_>,
        id: RequestId,
    ) -> Result<(), RestError> {
        let mut shown = None;
        let work = async {
            let request = decide::get_request_to_read(&self.workflow, &context.actor, id).await?;
            let provider = self.workflow.config.provider(&request.content.provider);
            let mut messages = views::scopes::render_all(&request, provider, context.language);
            if decide::can_approve(&self.workflow, &context.actor, &request).await?
                && let Some(last) = messages.pop()
            {
                // Now that all of it is read.
                let decide = views::card::build_decision_buttons(&request, context.language);
                messages.push(last.row(decide));
            }
            shown = Some(request);
            Ok(Reply::Private(messages))
        };
        self.respond(context, work).await?;
        let Some(request) = shown else { return Ok(()) };
        match decide::note_read(&self.workflow, &context.actor, &request).await {
            Ok(()) | Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(error)) => {
                let error = format!("{error:#}");
                tracing::error!(error, "it is not noted that all scopes were read");
            }
        }
        Ok(())
    }

    pub(super) async fn edit_request(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
    ) -> Outcome<Reply> {
        let back = match id.place {
            Place::Pending(page) => Some(CustomId::Pending(page.into()).to_string()),
            Place::Alone | Place::Details | Place::Secret => None,
        };
        let changed = draft::begin_edit(&self.workflow, &context.actor, id.what, back).await?;
        Ok(Reply::Update(self.draft_panel(context, &changed)?))
    }

    pub(super) async fn withdraw_request(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
    ) -> Outcome<Reply> {
        let (request, stray) = decide::withdraw(&self.workflow, &context.actor, id.what).await?;
        let said = card_actions::render_withdrawn(&request, stray.as_deref(), context.language);
        Ok(Reply::Update(self.answer_in_place(context, id, said).await))
    }

    pub(super) async fn open_fulfil_form(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
        shown: Digest,
    ) -> Outcome<Reply> {
        let request = fulfil::get_request(&self.workflow, &context.actor, id.what, shown).await?;
        Ok(Reply::Modal(card_actions::render_fulfil_form(&request, id.place, context.language)))
    }

    pub(super) async fn fulfil_request(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
        shown: Digest,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let (account_sid, secret) =
            card_actions::parse_credentials(submission).ok_or(Refusal::NotUnderstood)?;
        let actor = &context.actor;
        let request =
            fulfil::enter_secret(&self.workflow, actor, id.what, shown, account_sid, secret)
                .await?;
        let said = card_actions::render_fulfilled(&request, context.language);
        Ok(Reply::Update(self.answer_in_place(context, id, said).await))
    }

    pub(super) async fn retry_request(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
        failure: EventId,
    ) -> Result<(), RestError> {
        let mut state = None;
        let work = async {
            let request =
                fulfil::retry_request(&self.workflow, &context.actor, id.what, failure).await?;
            state = Some(request.state);
            let said = card_actions::render_retried(&request, context.language);
            Ok(Reply::Update(self.answer_in_place(context, id, said).await))
        };
        self.respond(context, work).await?;
        self.follow_check(context, id, state);
        Ok(())
    }

    /// Edits the answer to a press that had the approvals checked, to what came of it. Nothing waits for that,
    /// and a process that stops leaves it: the card says the same. On a page of `/token pending` the person may
    /// have gone on, maybe with another process, so that it is told beside it.
    fn follow_check(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
        state: Option<RequestState>,
    ) {
        if state != Some(RequestState::Approved) {
            return;
        }
        let (handlers, interaction) = (self.clone(), context.interaction.clone());
        let (route, actor, language) = (context.route, context.actor.clone(), context.language);
        let goes_on = interaction.is_on_private_message() && matches!(id.place, Place::Pending(_));
        let follow = async move {
            let checked =
                confirm::wait_until_checked(&handlers.workflow, id.what, ANSWERABLE).await;
            let Some(checked) = checked else { return };
            let said = card_actions::render_checked(&checked, language);
            let told = if goes_on {
                handlers.rest.followup(&interaction.token, &said).await.map(drop)
            } else {
                let is_struck = checked.struck.contains(&actor.user);
                let context = Context { interaction: &interaction, route, actor, language };
                // Who is no longer an admin reads nothing else.
                let message = match is_struck {
                    true => said,
                    false => handlers.answer_in_place(&context, id, said).await,
                };
                handlers.edit_answer_with_retries(&interaction.token, &message).await
            };
            if let Err(error) = told {
                tracing::info!(%error, "an answer does not say what came of a check");
            }
        };
        tokio::spawn(follow.in_current_span());
    }

    pub(super) async fn complete_manual_task(
        &self,
        context: &Context<'_>,
        id: Placed<RequestId>,
        shown: Digest,
    ) -> Outcome<Reply> {
        let done = fulfil::complete_task(&self.workflow, &context.actor, id.what, shown).await?;
        let said = card_actions::render_done(&done, context.language);
        Ok(Reply::Update(self.answer_in_place(context, id, said).await))
    }
}
