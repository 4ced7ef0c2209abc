//! What a change comes to: whether it narrows only, and what it adds and takes away.

use chrono::{DateTime, Duration, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::catalogue::{ApiVersion, ScopeId};
use super::content::{Content, Target, Was};
use super::email::EmailAddress;
use super::ids::UserId;

/// How long an old secret may live beside the new one, in seconds: not at all, an hour, a day.
pub const OVERLAPS: [u32; 3] = [0, 60 * 60, 24 * 60 * 60];

/// Scopes that a change adds and takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeChanges {
    /// In the order of the catalogue.
    pub added: Vec<ScopeId>,
    /// In the order in which the token has them.
    pub removed: Vec<ScopeId>,
}

/// What a change does to the scopes; nothing for a creation.
#[must_use]
pub fn scopes(content: &Content) -> ScopeChanges {
    let Some(target) = &content.target else { return ScopeChanges::default() };
    let wanted = || content.scopes.iter().map(|scope| &scope.id);
    let had = &target.was.scopes;
    ScopeChanges {
        added: wanted().filter(|id| !had.contains(id)).cloned().collect(),
        removed: had.iter().filter(|id| !wanted().any(|wanted| wanted == *id)).cloned().collect(),
    }
}

/// What an edit comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The token would be what it is.
    Nothing,
    /// It would only lose something: one press suffices.
    Narrows,
    /// It takes approvals.
    Widens,
}

/// What bringing a token to this content comes to at this moment.
#[must_use]
pub fn reach(content: &Content, now: DateTime<Utc>) -> Reach {
    let Some(target) = &content.target else { return Reach::Widens };
    let ends = ends(target, content.lifetime_days, now);
    let ScopeChanges { added, removed } = scopes(content);
    if !keeps_settings(content, &target.was) || !added.is_empty() || ends == End::Later {
        Reach::Widens
    } else if removed.is_empty() && ends == End::Same {
        Reach::Nothing
    } else {
        Reach::Narrows
    }
}

/// Whether the token would end later than it does now. Who extends a token asks for nothing else.
#[must_use]
pub fn extends(content: &Content, now: DateTime<Utc>) -> bool {
    let target = content.target.as_ref();
    target.is_some_and(|target| ends(target, content.lifetime_days, now) == End::Later)
}

#[derive(PartialEq, Eq)]
enum End {
    Earlier,
    Same,
    Later,
}

fn ends(target: &Target, days: u16, now: DateTime<Utc>) -> End {
    let then = now + Duration::days(days.into());
    match target.was.expires_at {
        _ if !target.lives_anew => End::Same,
        Some(was) if then < was => End::Earlier,
        // One that has no end yet, since nobody has collected it, is given one.
        _ => End::Later,
    }
}

fn keeps_settings(content: &Content, was: &Was) -> bool {
    content.name == was.name
        && content.description == was.description
        && content.api_version == was.api_version
        && content.contact == was.contact
        && content.developer_emails == was.developer_emails
}

/// One thing that a change did to a token, as people are told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Its name, before and after.
    Name(String, String),
    /// What it is for.
    Description(String, String),
    /// Its API version.
    ApiVersion(ApiVersion, ApiVersion),
    /// Who hears of what happens to it.
    Contact(UserId, UserId),
    /// Who is mailed from now on.
    DevelopersAdded(Vec<EmailAddress>),
    /// Who is mailed no more.
    DevelopersRemoved(Vec<EmailAddress>),
    /// What it opens now.
    ScopesAdded(Vec<String>),
    /// What it opens no more.
    ScopesRemoved(Vec<String>),
    /// When it ends.
    End(Option<DateTime<Utc>>, Option<DateTime<Utc>>),
}

/// What an event of a change tells, in the order of the form. Scopes and end are as they came to be,
/// not as they were wished for; `shown` says what people call a scope.
#[must_use]
pub fn told_by(detail: &Value, shown: impl Fn(&ScopeId) -> String) -> Vec<Change> {
    let content: Option<Content> = read(&detail["content"]);
    let mut changes = content.as_ref().map(settings).unwrap_or_default();
    let ScopeChanges { added, removed } = match &content {
        Some(content) => scopes(content),
        None => ScopeChanges {
            added: Vec::new(),
            removed: read(&detail["removed"]).unwrap_or_default(),
        },
    };
    let names = |ids: Vec<ScopeId>| (!ids.is_empty()).then(|| ids.iter().map(&shown).collect());
    changes.extend(names(added).map(Change::ScopesAdded));
    changes.extend(names(removed).map(Change::ScopesRemoved));
    let (before, after) = (read(&detail["expires_before"]), read(&detail["expires_after"]));
    changes.extend((before != after).then_some(Change::End(before, after)));
    changes
}

fn settings(content: &Content) -> Vec<Change> {
    let Some(target) = &content.target else { return Vec::new() };
    let (was, mut changes) = (&target.was, Vec::new());
    if was.name != content.name {
        changes.push(Change::Name(was.name.clone(), content.name.clone()));
    }
    if was.description != content.description {
        changes.push(Change::Description(was.description.clone(), content.description.clone()));
    }
    if was.api_version != content.api_version {
        changes.push(Change::ApiVersion(was.api_version, content.api_version));
    }
    if was.contact != content.contact {
        changes.push(Change::Contact(was.contact, content.contact));
    }
    let missing = |from: &[EmailAddress], among: &[EmailAddress]| -> Vec<EmailAddress> {
        from.iter().filter(|address| !among.contains(address)).cloned().collect()
    };
    let (old, new) = (&was.developer_emails, &content.developer_emails);
    let (added, removed) = (missing(new, old), missing(old, new));
    changes.extend((!added.is_empty()).then_some(Change::DevelopersAdded(added)));
    changes.extend((!removed.is_empty()).then_some(Change::DevelopersRemoved(removed)));
    changes
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

#[cfg(test)]
mod tests;
