//! Letters about several tokens: what ends soon or has, and what an admin has to say.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::locale::{Language, text};

use super::{EmailContent, EmailText, line, moment, paragraphs};

/// What an email of what ends soon, or has, may say.
#[derive(Debug, Clone)]
pub struct EndingFacts {
    /// The tokens, at least one, the earliest end first.
    pub tokens: Vec<EndingToken>,
    /// When it was due.
    pub at: DateTime<Utc>,
    /// The time zone of times in it.
    pub time_zone: Tz,
    /// The guild's name.
    pub guild_name: Option<String>,
}

/// One token that ends soon, or has.
#[derive(Debug, Clone)]
pub struct EndingToken {
    /// Its name.
    pub name: String,
    /// The provider's name.
    pub provider_name: String,
    /// Who asked for it.
    pub requester_name: String,
    /// Who approve it.
    pub approver_names: Vec<String>,
    /// The primary contact.
    pub contact_name: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

/// One token that an announcement is about.
#[derive(Debug, Clone)]
pub struct AnnouncedToken {
    /// Its name.
    pub name: String,
    /// Who asked for it.
    pub requester_name: String,
    /// Who approve it.
    pub approver_names: Vec<String>,
}

/// What an email of an admin's may say.
#[derive(Debug, Clone)]
pub struct AnnouncementFacts {
    /// As the admin typed it.
    pub subject: String,
    /// The same.
    pub body: String,
    /// Who wrote it.
    pub author_name: String,
    /// The provider's name.
    pub provider_name: String,
    /// The recipient's tokens.
    pub tokens: Vec<AnnouncedToken>,
    /// The guild's name.
    pub guild_name: Option<String>,
}

/// Warns of what ends soon.
pub fn ending(facts: &EndingFacts, language: Language) -> Result<EmailText, minijinja::Error> {
    let count = facts.tokens.len();
    let token = facts.tokens.first().map_or_else(String::new, |first| line(&first.name));
    let items = facts.tokens.iter().map(|token| {
        let day = |at: DateTime<Utc>| at.with_timezone(&facts.time_zone).date_naive();
        let days = (day(token.expires_at) - day(facts.at)).num_days();
        text!(
            language,
            "mail-ending-item",
            token = line(&token.name),
            provider = line(&token.provider_name),
            when = moment(token.expires_at, facts.time_zone, language),
            days = days,
            requester = line(&token.requester_name),
            approvers = join_names(&token.approver_names, language),
            contact = line(&token.contact_name)
        )
    });
    written(
        EmailContent {
            subject: text!(language, "mail-ending-subject", count = count, token = token.as_str()),
            title: text!(language, "mail-ending-title", count = count, token = token.as_str()),
            lead: text!(language, "mail-ending-lead", count = count),
            items_title: text!(language, "mail-ending-items", count = count),
            items: items.collect(),
            todo: text!(language, "mail-ending-todo"),
            ..empty(facts.guild_name.as_deref(), language)
        },
        language,
    )
}

/// Tells of several tokens that expired at about the same time.
pub fn expired(facts: &EndingFacts, language: Language) -> Result<EmailText, minijinja::Error> {
    let count = facts.tokens.len();
    let token = facts.tokens.first().map_or_else(String::new, |first| line(&first.name));
    let items = facts.tokens.iter().map(|token| {
        text!(
            language,
            "mail-several-expired-item",
            token = line(&token.name),
            provider = line(&token.provider_name),
            when = moment(token.expires_at, facts.time_zone, language),
            requester = line(&token.requester_name),
            approvers = join_names(&token.approver_names, language),
            contact = line(&token.contact_name)
        )
    });
    let title = text!(language, "mail-several-expired-title", count = count, token = token);
    written(
        EmailContent {
            subject: title.clone(),
            title,
            lead: text!(language, "mail-several-expired-lead"),
            items_title: text!(language, "mail-several-expired-items"),
            items: items.collect(),
            todo: text!(language, "mail-several-expired-todo"),
            ..empty(facts.guild_name.as_deref(), language)
        },
        language,
    )
}

/// Carries an admin's words.
pub fn announcement(
    facts: &AnnouncementFacts,
    language: Language,
) -> Result<EmailText, minijinja::Error> {
    let (provider, author) = (line(&facts.provider_name), line(&facts.author_name));
    let subject = line(&facts.subject);
    let items = facts.tokens.iter().map(|token| {
        text!(
            language,
            "mail-announced-item",
            token = line(&token.name),
            requester = line(&token.requester_name),
            approvers = join_names(&token.approver_names, language)
        )
    });
    written(
        EmailContent {
            subject: text!(
                language,
                "mail-announced-subject",
                provider = provider.as_str(),
                subject = subject.as_str()
            ),
            title: subject,
            lead: text!(
                language,
                "mail-announced-lead",
                author = author.as_str(),
                provider = provider
            ),
            body: paragraphs(&facts.body),
            items_title: text!(language, "mail-announced-items", count = facts.tokens.len()),
            items: items.collect(),
            todo: text!(language, "mail-announced-todo", author = author),
            ..empty(facts.guild_name.as_deref(), language)
        },
        language,
    )
}

fn join_names(names: &[String], language: Language) -> String {
    let names: Vec<String> = names.iter().map(|name| line(name)).collect();
    names.join(&text!(language, "list-separator"))
}

fn empty(guild: Option<&str>, language: Language) -> EmailContent {
    let reason = match guild {
        Some(guild) => text!(language, "mail-reason-many", guild = line(guild)),
        None => text!(language, "mail-reason-many-without-guild"),
    };
    EmailContent {
        subject: String::new(),
        title: String::new(),
        lead: String::new(),
        body: String::new(),
        rows: Vec::new(),
        items_title: String::new(),
        items: Vec::new(),
        scopes_title: String::new(),
        scopes: Vec::new(),
        todo: String::new(),
        unexpected: String::new(),
        reason,
    }
}

fn written(content: EmailContent, language: Language) -> Result<EmailText, minijinja::Error> {
    let (text, html) = (content.as_text(), content.as_html(language)?);
    Ok(EmailText { subject: content.subject, text, html })
}

#[cfg(test)]
mod tests;
