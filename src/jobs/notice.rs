//! Sends one message to one person, by mail or by direct message.

use super::handler::{Jobs, is_out_of_reach, later};
use crate::discord::views::notice::{NoticeFacts, notice};
use crate::domain::content::ResolvedScope;
use crate::domain::email::EmailAddress;
use crate::domain::ids::{NoticeId, UserId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::locale::Language;
use crate::notify::letters::{self, Expiry};
use crate::notify::{Letter, LetterKind, SendError, TokenFacts};
use crate::queue::Done;
use crate::store::notices::NoticeState;
use crate::workflow::tell::Telling;

pub(super) async fn send(jobs: &Jobs, id: NoticeId) -> anyhow::Result<Done> {
    let Some(telling) = jobs.workflow.to_tell(id).await? else { return Ok(Done::Finished) };
    match &telling.notice.recipient {
        Recipient::Mail(address) => mail(jobs, &telling, address).await,
        Recipient::DirectMessage(person) => direct_message(jobs, &telling, *person).await,
    }
}

async fn direct_message(jobs: &Jobs, telling: &Telling, person: UserId) -> anyhow::Result<Done> {
    let facts = NoticeFacts {
        kind: telling.notice.kind,
        request: &telling.request,
        token: telling.token.as_ref(),
        provider: jobs.config().provider_name(&telling.request.content.provider),
        actor: telling.notice.actor,
        by_operator: telling.notice.by_operator,
        recipient: person,
    };
    // Whoever never acted is known by name only.
    let language = telling.locale(person).map_or_else(|| language(jobs, telling), Language::of);
    let message = notice(&facts, language);
    let nonce = format!("n{}", telling.notice.id);
    match jobs.send_direct(person, &message, &nonce).await? {
        Ok(place) => {
            let said = format!("message {}", place.id);
            jobs.workflow.told(telling, NoticeState::Sent, &said).await?;
        }
        Err(error) if is_out_of_reach(&error) => {
            jobs.workflow.told(telling, NoticeState::Refused, &error.to_string()).await?;
        }
        Err(error) => return later(error, "a direct message could not be sent"),
    }
    Ok(Done::Finished)
}

async fn mail(jobs: &Jobs, telling: &Telling, address: &EmailAddress) -> anyhow::Result<Done> {
    let Some(kind) = letter_kind(telling.notice.kind) else {
        jobs.workflow.told(telling, NoticeState::Refused, "this is not told by mail").await?;
        return Ok(Done::Finished);
    };
    let language = language(jobs, telling);
    let written = letters::write(kind, &token_facts(jobs, telling).await, language)?;
    let notice = &telling.notice;
    let (to, date) = (address.clone(), notice.created_at);
    let letter = Letter { to, notice: notice.id, date, language, written };
    match jobs.mailer.send(&letter).await {
        Ok(accepted) => {
            let said = format!("{} {}", accepted.message_id, accepted.reply);
            jobs.workflow.told(telling, NoticeState::Sent, &said).await?;
        }
        Err(SendError::Permanent(said)) => {
            jobs.workflow.told(telling, NoticeState::Refused, &said).await?;
        }
        Err(error @ SendError::Temporary(_)) => return Err(error.into()),
    }
    Ok(Done::Finished)
}

/// What developers are told by mail.
fn letter_kind(kind: NoticeKind) -> Option<LetterKind> {
    match kind {
        NoticeKind::Created => Some(LetterKind::Created),
        NoticeKind::Collected => Some(LetterKind::Collected),
        NoticeKind::Lapsed => Some(LetterKind::Lapsed),
        NoticeKind::Disabled => Some(LetterKind::Disabled),
        NoticeKind::Leaked => Some(LetterKind::Leaked),
        NoticeKind::Changed => Some(LetterKind::Changed),
        NoticeKind::Narrowed => Some(LetterKind::Narrowed),
        NoticeKind::Reset => Some(LetterKind::Reset),
        NoticeKind::Enabled => Some(LetterKind::Enabled),
        NoticeKind::Deleted => Some(LetterKind::Deleted),
        NoticeKind::TokenExpired => Some(LetterKind::Expired),
        NoticeKind::Approved
        | NoticeKind::Returned
        | NoticeKind::Denied
        | NoticeKind::Expired
        | NoticeKind::Failed
        | NoticeKind::Withdrawn
        | NoticeKind::RenewalLapsed
        | NoticeKind::Disowned => None,
    }
}

/// The provider's language.
fn language(jobs: &Jobs, telling: &Telling) -> Language {
    let provider = jobs.config().provider(&telling.request.content.provider);
    provider.map_or(Language::EnglishUs, |provider| provider.locale)
}

async fn token_facts(jobs: &Jobs, telling: &Telling) -> TokenFacts {
    let (content, token) = (&telling.request.content, telling.token.as_ref());
    // Scopes may have been taken from it since that request.
    let has = |scope: &&ResolvedScope| token.is_none_or(|token| token.scopes.contains(&scope.id));
    let scopes = content.scopes.iter().filter(has);
    let names = telling.approvers.iter().map(|person| telling.name(*person));
    TokenFacts {
        token_name: token.map_or(&content.name, |token| &token.name).clone(),
        provider_name: jobs.config().provider_name(&content.provider).to_owned(),
        api_version: content.api_version.get(),
        account_sid: token.map(|token| token.account_sid.clone()),
        description: content.description.clone(),
        requester_name: telling.name(telling.request.requester),
        approver_names: names.collect(),
        contact_name: telling.name(content.contact),
        scopes: scopes.map(|scope| (scope.method.to_string(), scope.path.to_string())).collect(),
        expires: match token.and_then(|token| token.expires_at) {
            Some(at) => Expiry::At(at),
            None => Expiry::AfterCollection { days: content.lifetime_days },
        },
        at: telling.notice.created_at,
        actor_name: telling.notice.actor.map(|actor| telling.name(actor)),
        guild_name: guild_name(jobs).await,
    }
}

/// Asked of Discord once; a letter does without where Discord doesn't answer.
async fn guild_name(jobs: &Jobs) -> Option<String> {
    let ask = async || jobs.rest.guild(jobs.config().discord.guild_id).await;
    let asked = jobs.guild_name.get_or_try_init(async || ask().await.map(|guild| guild.name)).await;
    asked.ok().cloned()
}
