//! Sends one message to one person, by mail or by direct message.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::bundle;
use super::handler::{Jobs, is_out_of_reach, retry_later};
use crate::discord::message::Message;
use crate::discord::rest::RestError;
use crate::discord::views::notice::{NoticeFacts, render_notice};
use crate::domain::change::{self, Change};
use crate::domain::email::EmailAddress;
use crate::domain::ids::{NoticeId, UserId};
use crate::domain::issuer::IssuerKind;
use crate::domain::notice::{
    NONCE_HOLDS, Notice, NoticeKind, NoticeOutcome, Place, Recipient, Telling,
};
use crate::domain::request_kind::RequestKind;
use crate::domain::scope::ResolvedScope;
use crate::emails::compose::{self, Expiry};
use crate::emails::{Email, EmailKind, EmailText, Fault, SendError, Subject, TokenFacts};
use crate::locale::Language;
use crate::queue::Done;
use crate::workflow::notice::send::{self, DueNotice, SingleNotice};

/// How long a mailbox may ask to try later until that counts as a refusal (RFC 5321, 4.5.4.1).
const PUT_OFF_LIMIT: Duration = Duration::from_secs(5 * 24 * 60 * 60);

/// How long it is retried like any failed job, and the pause between tries after that.
const PUT_OFF_OFTEN: Duration = Duration::from_secs(60 * 60);
const PUT_OFF_PAUSE: Duration = Duration::from_secs(30 * 60);

/// How long it takes at most to take up and send a notice where nothing is amiss.
const SENT_WITHIN: TimeDelta = TimeDelta::seconds(8);

/// How soon to look again whether what came before is told.
const OLDER_FIRST: Duration = Duration::from_secs(1);

/// What was tried this recently is not tried again because others went.
const TRIED_JUST_NOW: Duration = Duration::from_secs(60);

pub(super) async fn send_notice(jobs: &Jobs, id: NoticeId) -> anyhow::Result<Done> {
    match send::get_due_notice(&jobs.workflow, id).await? {
        Some(DueNotice::Happened(single)) => send_single_notice(jobs, &single).await,
        Some(DueNotice::Bundled(bundle)) => bundle::send_shared_notice(jobs, &bundle).await,
        None => {
            // It was settled by something else.
            jobs.mailer.end_wait(id, false);
            Ok(Done::Finished)
        }
    }
}

async fn send_single_notice(jobs: &Jobs, single: &SingleNotice) -> anyhow::Result<Done> {
    match &single.notice.recipient {
        Recipient::Mail(address) => send_email(jobs, single, address).await,
        Recipient::DirectMessage(person) => send_direct_message(jobs, single, *person).await,
    }
}

async fn send_direct_message(
    jobs: &Jobs,
    single: &SingleNotice,
    person: UserId,
) -> anyhow::Result<Done> {
    let refused = get_mailbox_refusal(&single.notice);
    let facts = NoticeFacts {
        kind: single.notice.kind,
        request: &single.request,
        token: single.token.as_ref(),
        provider: jobs.config().provider_name(&single.request.content.provider),
        can_enable: can_enable(jobs, single),
        actor: single.notice.actor,
        by_operator: single.notice.by_operator,
        recipient: person,
        changes: &list_changes(jobs, single),
        old_secret_until: find_old_secret_end(single),
        refused: refused.as_ref().map(|(address, said)| (address, said.as_str())),
        card_refusal: single.notice.detail["code"]
            .as_u64()
            .and_then(|code| u32::try_from(code).ok()),
    };
    // Only the name is known of a person who never used the bot.
    let language =
        single.people.locale(person).map_or_else(|| choose_language(jobs, single), Language::of);
    let message = render_notice(&facts, language);
    match single.telling {
        None => post(jobs, &single.notice, person, &message).await,
        Some(Telling::Later) => Ok(Done::Again(OLDER_FIRST)),
        Some(Telling::Outdated) if may_be_posted(single, Utc::now()) => {
            // Under the same nonce it is found; once noted it is deleted, since something newer stands.
            post_as(jobs, &single.notice, person, &message.silent(), true).await
        }
        Some(Telling::Outdated | Telling::Needless) => drop_needless(jobs, &single.notice).await,
        Some(Telling::Edit(place)) => edit(jobs, &single.notice, (person, place), &message).await,
        Some(Telling::New) => post_as(jobs, &single.notice, person, &message, true).await,
        Some(Telling::Silent) => {
            post_as(jobs, &single.notice, person, &message.silent(), true).await
        }
    }
}

/// Whether a message may stand that nobody noted: Discord took it, and the process was stopped before it knew. A
/// notice that is outdated as soon as it is due was not posted, and would only ring; a process that was stopped
/// loses its jobs later than that.
fn may_be_posted(single: &SingleNotice, now: DateTime<Utc>) -> bool {
    let content = &single.request.content;
    let is_told_at_once = single.notice.kind != NoticeKind::Approved
        || content.issuer == IssuerKind::Manual
        || content.kind.is_task();
    let age = now - single.notice.created_at;
    is_told_at_once && age > SENT_WITHIN && age < NONCE_HOLDS
}

/// Shows a notice in the message that stands. An edit rings nowhere, and may be repeated.
async fn edit(
    jobs: &Jobs,
    notice: &Notice,
    (person, place): (UserId, Place),
    message: &Message,
) -> anyhow::Result<Done> {
    match jobs.rest.edit_message(place.into(), message).await {
        Ok(_) => {
            let said = format!("message {}, edited", place.1);
            let outcome = NoticeOutcome::Sent(&said);
            send::end_notice_at(&jobs.workflow, notice, outcome, Some(place)).await?;
            Ok(Done::Finished)
        }
        Err(error @ RestError::Refused { .. }) => {
            tracing::info!(%error, "a direct message is posted again");
            post_as(jobs, notice, person, message, true).await
        }
        Err(error) => retry_later(error, "a direct message could not be edited"),
    }
}

/// Sends the direct message of a notice, and stores the outcome.
pub(super) async fn post(
    jobs: &Jobs,
    notice: &Notice,
    person: UserId,
    message: &Message,
) -> anyhow::Result<Done> {
    post_as(jobs, notice, person, message, false).await
}

/// The same; what is of the course of a request is kept in mind, since something newer will replace it.
async fn post_as(
    jobs: &Jobs,
    notice: &Notice,
    person: UserId,
    message: &Message,
    is_of_course: bool,
) -> anyhow::Result<Done> {
    let nonce = format!("n{}", notice.id);
    match jobs.send_direct(person, message, &nonce).await? {
        Ok(place) => {
            let said = format!("message {}", place.id);
            let outcome = NoticeOutcome::Sent(&said);
            let place = is_of_course.then_some((place.channel_id, place.id));
            send::end_notice_at(&jobs.workflow, notice, outcome, place).await?;
        }
        Err(error) if is_out_of_reach(&error) => {
            send::end_notice(&jobs.workflow, notice, NoticeOutcome::Refused(&error.to_string()))
                .await?;
        }
        Err(error) => return retry_later(error, "a direct message could not be sent"),
    }
    Ok(Done::Finished)
}

async fn send_email(
    jobs: &Jobs,
    single: &SingleNotice,
    address: &EmailAddress,
) -> anyhow::Result<Done> {
    let Some(kind) = choose_email_kind(single.notice.kind, single.is_first) else {
        return drop_needless(jobs, &single.notice).await;
    };
    let language = choose_language(jobs, single);
    let written =
        compose::write_email(kind, &build_token_facts(jobs, single, address).await, language)?;
    deliver(jobs, &single.notice, address, (language, written)).await
}

/// Ends a notice of which nothing is left to tell.
pub(super) async fn drop_needless(jobs: &Jobs, notice: &Notice) -> anyhow::Result<Done> {
    send::end_notice(&jobs.workflow, notice, NoticeOutcome::Needless).await?;
    jobs.mailer.end_wait(notice.id, false);
    Ok(Done::Finished)
}

/// Hands the email of a notice to the mail server, and stores the outcome.
pub(super) async fn deliver(
    jobs: &Jobs,
    notice: &Notice,
    address: &EmailAddress,
    (language, written): (Language, EmailText),
) -> anyhow::Result<Done> {
    let (to, date) = (address.clone(), notice.created_at);
    let about = Subject::Notice(notice.id);
    let letter = Email { to, about, date, language, written };
    match jobs.mailer.send(&letter).await {
        Ok(accepted) => {
            let said = format!("{} {}", accepted.message_id, accepted.reply);
            send::end_notice(&jobs.workflow, notice, NoticeOutcome::Sent(&said)).await?;
            if jobs.mailer.end_wait(notice.id, true) {
                send::retry_emails(&jobs.workflow, TRIED_JUST_NOW).await?;
            }
            Ok(Done::Finished)
        }
        Err(error) if error.fault == Fault::Mailbox => refuse(jobs, notice, &error).await,
        Err(error) if error.is_put_off() => postpone(jobs, notice, error).await,
        Err(error) => {
            // Since when a mailbox put it off does not count: meanwhile nobody asked the mailbox.
            send::forget_postponement(&jobs.workflow, notice).await?;
            Ok(Done::Again(jobs.mailer.wait(notice.id, &error)))
        }
    }
}

/// A mailbox that asks to try later is tried less and less often. After some days that counts as a refusal where
/// the server says it of the mailbox; all else waits until somebody mends it.
async fn postpone(jobs: &Jobs, notice: &Notice, error: SendError) -> anyhow::Result<Done> {
    let lasts = send::postpone_notice(&jobs.workflow, notice).await?;
    if lasts >= PUT_OFF_LIMIT {
        return match error.fault_if_it_lasts {
            Fault::Mailbox => refuse(jobs, notice, &error).await,
            Fault::Ours | Fault::Temporary => Ok(Done::Again(jobs.mailer.wait(notice.id, &error))),
        };
    }
    jobs.mailer.end_wait(notice.id, false);
    if lasts >= PUT_OFF_OFTEN {
        return Ok(Done::Again(PUT_OFF_PAUSE));
    }
    Err(error.into())
}

async fn refuse(jobs: &Jobs, notice: &Notice, error: &SendError) -> anyhow::Result<Done> {
    send::end_notice(&jobs.workflow, notice, NoticeOutcome::Refused(&error.said)).await?;
    jobs.mailer.end_wait(notice.id, false);
    Ok(Done::Finished)
}

/// The changes, with scopes as the catalogue or the request names them.
fn list_changes(jobs: &Jobs, single: &SingleNotice) -> Vec<Change> {
    let content = &single.request.content;
    let versions = [
        content.target.as_ref().map(|target| target.was.settings.api_version),
        Some(content.settings.api_version),
    ];
    let catalogue = jobs.config().provider(&content.provider).map(|provider| &provider.catalogue);
    change::read_changes(&single.notice.detail, |id| {
        let resolved = content.scopes.iter().find(|scope| scope.id == *id);
        let listed = || {
            let versions = versions.iter().flatten();
            let scope =
                versions.filter_map(|version| catalogue?.version(*version)?.scope(id)).next();
            scope.map_or_else(|| id.to_string(), ToString::to_string)
        };
        resolved.map_or_else(listed, |scope| format!("{} {}", scope.method, scope.path))
    })
}

/// Until when the secret before a reset works, but not longer than its token.
fn find_old_secret_end(single: &SingleNotice) -> Option<DateTime<Utc>> {
    let seconds = single.notice.detail["overlap_seconds"].as_i64().filter(|left| *left > 0)?;
    let until = single.notice.created_at + TimeDelta::seconds(seconds);
    let ends = single.token.as_ref().and_then(|token| token.expires_at);
    Some(ends.map_or(until, |ends| ends.min(until)))
}

/// The mailbox that refused, and the answer of its server.
pub(super) fn get_mailbox_refusal(notice: &Notice) -> Option<(EmailAddress, String)> {
    let said = notice.detail["said"].as_str().unwrap_or_default().to_owned();
    Some((notice.detail["to"]["mail"].as_str()?.parse().ok()?, said))
}

/// What developers are told by mail.
fn choose_email_kind(kind: NoticeKind, is_first: bool) -> Option<EmailKind> {
    match kind {
        NoticeKind::Created => Some(EmailKind::Created),
        NoticeKind::Collected if is_first => Some(EmailKind::CreatedAndCollected),
        NoticeKind::Collected => Some(EmailKind::Collected),
        NoticeKind::Lapsed => Some(EmailKind::Lapsed),
        NoticeKind::Disabled => Some(EmailKind::Disabled),
        NoticeKind::Leaked => Some(EmailKind::Leaked),
        NoticeKind::Changed => Some(EmailKind::Changed),
        NoticeKind::Narrowed => Some(EmailKind::Narrowed),
        NoticeKind::Renewed => Some(EmailKind::Renewed),
        NoticeKind::SecretUnsure => Some(EmailKind::SecretUnsure),
        NoticeKind::RenewalLapsed => Some(EmailKind::RenewalLapsed),
        NoticeKind::Reset => Some(EmailKind::Reset),
        NoticeKind::Enabled => Some(EmailKind::Enabled),
        NoticeKind::Deleted => Some(EmailKind::Deleted),
        NoticeKind::TokenExpired => Some(EmailKind::Expired),
        NoticeKind::Approved
        | NoticeKind::Returned
        | NoticeKind::Denied
        | NoticeKind::Expired
        | NoticeKind::Failed
        | NoticeKind::CardRefused
        | NoticeKind::Withdrawn
        | NoticeKind::Voided
        | NoticeKind::Replaced
        | NoticeKind::MailboxRefused
        | NoticeKind::MailboxRefusedForSeveral
        | NoticeKind::SeveralExpired
        | NoticeKind::Expiring
        | NoticeKind::Announced
        | NoticeKind::Disowned => None,
    }
}

/// Whether the provider offers *Enable*.
fn can_enable(jobs: &Jobs, single: &SingleNotice) -> bool {
    let provider = jobs.config().provider(&single.request.content.provider);
    provider.is_some_and(|provider| provider.issuer.offers(RequestKind::Enable))
}

/// The provider's language.
fn choose_language(jobs: &Jobs, single: &SingleNotice) -> Language {
    let provider = jobs.config().provider(&single.request.content.provider);
    provider.map_or(Language::EnglishUs, |provider| provider.locale)
}

async fn build_token_facts(
    jobs: &Jobs,
    single: &SingleNotice,
    reader: &EmailAddress,
) -> TokenFacts {
    let (content, token) = (&single.request.content, single.token.as_ref());
    // Scopes may have been removed from the token since that request.
    let has = |scope: &&ResolvedScope| token.is_none_or(|token| token.has_scope(&scope.id));
    let scopes = content.scopes.iter().filter(has);
    let names = single.approvers.iter().map(|person| single.people.name(*person));
    TokenFacts {
        token_name: token.map_or(&content.settings.name, |token| &token.settings.name).clone(),
        provider_name: jobs.config().provider_name(&content.provider).to_owned(),
        api_version: content.settings.api_version.get(),
        account_sid: token.map(|token| token.account_sid.clone()),
        description: content.settings.description.clone(),
        requester_name: single.people.name(single.request.requester),
        approver_names: names.collect(),
        contact_name: single.people.name(content.settings.contact),
        scopes: scopes.map(|scope| (scope.method.to_string(), scope.path.to_string())).collect(),
        expires: match token.and_then(|token| token.expires_at) {
            Some(at) => Expiry::At(at),
            None => Expiry::AfterCollection { days: content.lifetime_days },
        },
        at: single.notice.created_at,
        time_zone: jobs.config().mail.time_zone,
        actor_name: single.notice.actor.map(|actor| single.people.name(actor)),
        changes: list_changes(jobs, single),
        former_contact_name: content
            .target
            .as_ref()
            .map(|target| single.people.name(target.was.settings.contact)),
        old_secret_until: find_old_secret_end(single),
        is_named: token.is_none_or(|token| token.settings.developer_emails.contains(reader)),
        guild_name: get_guild_name(jobs).await,
    }
}

/// Discord is asked once; if it doesn't answer, the email leaves the name out.
pub(super) async fn get_guild_name(jobs: &Jobs) -> Option<String> {
    let ask = async || jobs.rest.guild(jobs.config().discord.guild_id).await;
    let asked = jobs.guild_name.get_or_try_init(async || ask().await.map(|guild| guild.name)).await;
    asked.ok().cloned()
}
