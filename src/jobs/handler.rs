//! Runs the jobs: a workflow decides what is due, then the outside is called.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use tokio::sync::OnceCell;

use super::{
    announce, call, card, confirm, departure, doubt, hide, notice, recovery, tidy, upstream,
};
use crate::config::{Config, Provider};
use crate::discord::interaction::MessageRef;
use crate::discord::message::Message;
use crate::discord::rest::{ErrorCode, Rest, RestError};
use crate::discord::views::card::calling;
use crate::domain::ids::{ChannelId, UserId};
use crate::domain::job::Job;
use crate::emails::Mailer;
use crate::issuer::Upstreams;
use crate::queue::{Done, Handler};
use crate::workflow::Workflow;
use crate::workflow::delivery::deliver;
use crate::workflow::notice::send;
use crate::workflow::request::{lapse, review};
use crate::workflow::sweep;
use crate::workflow::token::expire::{self, NotifyOutcome};
use crate::workflow::token::warn;

/// Discord refused because direct messages are opened too fast, without saying how long to wait.
const OPENED_TOO_FAST: Duration = Duration::from_secs(60);

/// Discord has quarantined the bot, which ends when Discord or the application's owner ends it.
const QUARANTINED: Duration = Duration::from_secs(60 * 60);

/// How long a message to the admins that Discord refuses for good is left alone: someone may fix what it is about.
const REFUSED: Duration = Duration::from_secs(60 * 60);

/// How soon to check again whether all tokens that expire at the same time have expired.
const MORE_EXPIRES: Duration = Duration::from_secs(1);

/// What jobs need.
pub struct Jobs {
    /// The workflows, which decide what is due.
    pub workflow: Workflow,
    /// Discord.
    pub rest: Arc<Rest>,
    /// Makes tokens for issuers of the kind `http`.
    pub upstreams: Upstreams,
    /// The mail server.
    pub mailer: Arc<Mailer>,
    /// The guild's name, once Discord was asked.
    pub guild_name: OnceCell<String>,
}

#[async_trait]
impl Handler for Jobs {
    async fn handle(&self, job: Job) -> anyhow::Result<Done> {
        match job {
            Job::RenderCard { request } => card::render_card(self, request).await,
            Job::ConfirmApprovals { request } => {
                let guild = self.config().discord.guild_id;
                confirm::confirm_approvals(&self.workflow, &self.rest, guild, request).await
            }
            Job::Issue { request } => upstream::issue(self, request).await,
            Job::SwitchOff { token } => upstream::switch_off(self, token).await,
            Job::LookForStray { attempt } => upstream::look_for_stray(self, attempt).await,
            Job::ReviewChange { request } => {
                finish(review::recheck_request(&self.workflow, request).await)
            }
            Job::ExpireToken { token } => finish(expire::end_if_due(&self.workflow, token).await),
            Job::Deliver { delivery } => announce::announce_delivery(self, delivery).await,
            Job::SendNotice { notice } | Job::SendMail { notice } => {
                notice::send_notice(self, notice).await
            }
            Job::TidyMessages { request } => tidy::delete_old_messages(self, request).await,
            Job::RemindAdmins { request } => call::remind_admins(self, request).await,
            Job::CallAdmins { request } => call::call_admins(self, request).await,
            Job::AlertAdmins { event } => call::alert_admins(self, event).await,
            Job::LapseRequest { request } => {
                finish(lapse::end_if_due(&self.workflow, request).await)
            }
            Job::LapseDelivery { delivery } => {
                finish(deliver::end_if_due(&self.workflow, delivery).await)
            }
            Job::DeleteReveal { delivery } => {
                hide::delete_revealed_messages(&self.workflow, &self.rest, delivery).await
            }
            Job::WarnOfEnds => finish(warn::notify_people(&self.workflow).await),
            Job::TellOfExpiries => match expire::notify_people(&self.workflow).await? {
                NotifyOutcome::Everyone => Ok(Done::Finished),
                NotifyOutcome::TooEarly => Ok(Done::Again(MORE_EXPIRES)),
            },
            Job::CheckMember { person } => departure::check_membership(self, person).await,
            Job::TellDeparture { departure } => departure::report_departure(self, departure).await,
            Job::TellRecovery { event } => recovery::report_recovery(self, event).await,
            Job::TellDoubt { event } => doubt::report_doubt(self, event).await,
            Job::Sweep => finish(sweep::enqueue_due_jobs(&self.workflow).await),
        }
    }
}

impl Jobs {
    /// Posts a message to a provider's admins; the nonce keeps a repeat from being a second one. `failed` is for
    /// the log.
    pub(super) async fn tell_admins(
        &self,
        provider: &Provider,
        (message, nonce): (&Message, &str),
        failed: &'static str,
    ) -> anyhow::Result<Done> {
        let message = calling::call_admins(message.clone(), provider);
        match self.rest.create_message(provider.approval_channel, &message, nonce).await {
            Ok(_) => Ok(Done::Finished),
            Err(error) => retry_in_channel(error, failed),
        }
    }

    /// The configuration.
    pub(super) fn config(&self) -> &Config {
        &self.workflow.config
    }

    /// Sends a direct message. Discord recognises a repeat by the `nonce`.
    ///
    /// # Errors
    /// Those of Discord.
    pub(super) async fn send_direct(
        &self,
        person: UserId,
        message: &Message,
        nonce: &str,
    ) -> anyhow::Result<Result<MessageRef, RestError>> {
        let known = send::get_direct_channel(&self.workflow, person).await?;
        self.send_direct_at((person, known), message, nonce).await
    }

    /// The same, where the channel of direct messages with them was read already, if it was opened before.
    pub(super) async fn send_direct_at(
        &self,
        (person, known): (UserId, Option<ChannelId>),
        message: &Message,
        nonce: &str,
    ) -> anyhow::Result<Result<MessageRef, RestError>> {
        let channel = match known {
            Some(channel) => channel,
            None => match self.rest.open_dm(person).await {
                Ok(channel) => {
                    send::set_direct_channel(&self.workflow, person, Some(channel)).await?;
                    channel
                }
                Err(error) => return Ok(Err(error)),
            },
        };
        let sent = self.rest.create_message(channel, message, nonce).await;
        if sent.as_ref().err().and_then(RestError::code) == Some(ErrorCode::UnknownChannel) {
            send::set_direct_channel(&self.workflow, person, None).await?;
            anyhow::bail!(
                "the channel of direct messages with {person} is gone; it is opened anew"
            );
        }
        Ok(sent)
    }
}

fn finish<E: Into<anyhow::Error>>(outcome: Result<(), E>) -> anyhow::Result<Done> {
    outcome.map(|()| Done::Finished).map_err(Into::into)
}

/// Whether this person can't get direct messages: they closed them, blocked the bot, or no longer exist.
pub(super) fn is_out_of_reach(error: &RestError) -> bool {
    matches!(
        error.code(),
        Some(
            ErrorCode::CannotMessageUser
                | ErrorCode::NoMutualGuilds
                | ErrorCode::UnknownUser
                | ErrorCode::MissingAccess
        )
    )
}

/// The result of a job whose call to Discord failed: it waits as long as Discord says, or fails and is
/// tried again.
pub(super) fn retry_later(error: RestError, what: &'static str) -> anyhow::Result<Done> {
    match error {
        RestError::RateLimited { retry_after } => Ok(Done::Again(retry_after)),
        error if error.code() == Some(ErrorCode::OpeningDmsTooFast) => {
            Ok(Done::Again(OPENED_TOO_FAST))
        }
        error if error.code() == Some(ErrorCode::Quarantined) => {
            let cure = "ask Discord's support to lift it; /token collect works in the meantime";
            tracing::error!(%error, cure, "{what}: Discord has quarantined the bot");
            Ok(Done::Again(QUARANTINED))
        }
        error => Err(error).context(what),
    }
}

/// The same for a message in an approval channel, which must come in the end: what Discord refuses for good is
/// tried again once an hour.
pub(super) fn retry_in_channel(error: RestError, what: &'static str) -> anyhow::Result<Done> {
    let Some(code) = error.final_code() else { return retry_later(error, what) };
    tracing::error!(%error, cure = code.cure(), "{what}");
    Ok(Done::Again(REFUSED))
}
