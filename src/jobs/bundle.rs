//! Sends one person one message about several of their tokens.

use super::handler::Jobs;
use super::notice::{deliver, drop_needless, get_guild_name, get_mailbox_refusal, post};
use crate::config::Provider;
use crate::discord::message::Message;
use crate::discord::views;
use crate::discord::views::bundle::TokenFacts;
use crate::domain::announcement::AnnouncementText;
use crate::domain::notice::{NoticeKind, Recipient};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::Token;
use crate::emails::compose;
use crate::emails::{AnnouncedToken, AnnouncementFacts, EmailText, EndingFacts, EndingToken};
use crate::locale::Language;
use crate::queue::Done;
use crate::workflow::notice::send::SharedNotice;

pub(super) async fn send_shared_notice(jobs: &Jobs, bundle: &SharedNotice) -> anyhow::Result<Done> {
    let Some(first) = bundle.tokens.first() else {
        return drop_needless(jobs, &bundle.notice).await;
    };
    let provider = jobs.config().provider(&first.provider);
    let language = provider.map_or(Language::EnglishUs, |provider| provider.locale);
    match &bundle.notice.recipient {
        Recipient::Mail(address) => {
            let written = build_email(jobs, bundle, first, language).await?;
            deliver(jobs, &bundle.notice, address, (language, written)).await
        }
        Recipient::DirectMessage(person) => {
            let language = bundle.people.locale(*person).map_or(language, Language::of);
            let message = build_message(jobs, bundle, first, language);
            post(jobs, &bundle.notice, *person, &message).await
        }
    }
}

fn build_message(jobs: &Jobs, bundle: &SharedNotice, first: &Token, language: Language) -> Message {
    let name = |token| jobs.config().provider_name(token);
    let names: Vec<&str> = bundle.tokens.iter().map(|token| token.settings.name.as_str()).collect();
    if let (Some(words), Some(author)) = (&bundle.words, bundle.notice.actor) {
        let provider = name(&first.provider);
        return views::bundle::render_announcement(words, author, provider, &names, language);
    }
    if let Some((address, said)) = get_mailbox_refusal(&bundle.notice) {
        return views::bundle::render_refusing_mailbox((&address, &said), &names, language);
    }
    let tokens = bundle.tokens.iter().filter_map(|token| {
        let expires_at = token.expires_at?;
        let offers = |provider: &Provider| provider.issuer.offers(RequestKind::Extend);
        let can_live_on = jobs.config().provider(&token.provider).is_some_and(offers);
        let provider = name(&token.provider);
        Some(TokenFacts { name: &token.settings.name, provider, expires_at, can_live_on })
    });
    let tokens: Vec<TokenFacts<'_>> = tokens.collect();
    match bundle.notice.kind {
        NoticeKind::SeveralExpired => views::bundle::render_expired(&tokens, language),
        _ => views::bundle::render_ending(&tokens, language),
    }
}

fn announced(bundle: &SharedNotice, token: &Token) -> Option<AnnouncedToken> {
    let by = bundle.opened.get(&token.id)?;
    let approvers = by.approvers.iter().map(|person| bundle.people.name(*person));
    Some(AnnouncedToken {
        name: token.settings.name.clone(),
        requester_name: bundle.people.name(by.requester),
        approver_names: approvers.collect(),
    })
}

async fn build_email(
    jobs: &Jobs,
    bundle: &SharedNotice,
    first: &Token,
    language: Language,
) -> anyhow::Result<EmailText> {
    let provider = |token: &Token| jobs.config().provider_name(&token.provider).to_owned();
    let guild_name = get_guild_name(jobs).await;
    let written = match (&bundle.words, bundle.notice.actor) {
        (Some(AnnouncementText { subject, body }), Some(author)) => {
            let facts = AnnouncementFacts {
                subject: subject.clone(),
                body: body.clone(),
                author_name: bundle.people.name(author),
                provider_name: provider(first),
                tokens: bundle.tokens.iter().filter_map(|token| announced(bundle, token)).collect(),
                guild_name,
            };
            compose::announcement(&facts, language)
        }
        _ => {
            let tokens = bundle.tokens.iter().filter_map(|token| {
                let by = bundle.opened.get(&token.id)?;
                let approvers = by.approvers.iter().map(|person| bundle.people.name(*person));
                Some(EndingToken {
                    name: token.settings.name.clone(),
                    provider_name: provider(token),
                    requester_name: bundle.people.name(by.requester),
                    approver_names: approvers.collect(),
                    contact_name: bundle.people.name(token.settings.contact),
                    expires_at: token.expires_at?,
                })
            });
            let (tokens, at) = (tokens.collect(), bundle.notice.created_at);
            let time_zone = jobs.config().mail.time_zone;
            let facts = EndingFacts { tokens, at, time_zone, guild_name };
            match bundle.notice.kind {
                NoticeKind::SeveralExpired => compose::expired(&facts, language),
                _ => compose::ending(&facts, language),
            }
        }
    };
    Ok(written?)
}
