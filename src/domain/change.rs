//! The effect of a change on a token: whether it only removes something, and what it adds and removes.

use chrono::{DateTime, Duration, Utc};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::catalogue::{ApiVersion, ScopeId};
use super::content::{Content, Target};
use super::email::EmailAddress;
use super::ids::UserId;
use super::request_kind::RequestKind;
use super::token::Token;

/// How long an old secret may work beside the new one, in seconds: not at all, an hour, a day.
pub const OVERLAPS: [u32; 3] = [0, 60 * 60, 24 * 60 * 60];

/// The scopes that a change adds, removes and modifies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ScopeChanges {
    /// In the order of the catalogue.
    pub added: Vec<ScopeId>,
    /// In the order of the token's scopes.
    pub removed: Vec<ScopeId>,
    /// Scopes that the token has with another method, path or value. In the order of the catalogue.
    pub changed: Vec<ScopeId>,
}

/// Compares the scopes of a change with the token's; empty for a creation.
#[must_use]
pub fn compare_scopes(content: &Content) -> ScopeChanges {
    let Some(target) = &content.target else { return ScopeChanges::default() };
    let mut changes = ScopeChanges::default();
    for scope in &content.scopes {
        match target.was.scope(&scope.id) {
            None => changes.added.push(scope.id.clone()),
            Some(had) if !had.allows_the_same(scope) => changes.changed.push(scope.id.clone()),
            Some(_) => {}
        }
    }
    let wants = |id: &ScopeId| content.scopes.iter().any(|scope| scope.id == *id);
    let had = target.was.scopes.iter().map(|scope| &scope.id);
    changes.removed = had.filter(|id| !wants(id)).cloned().collect();
    changes
}

/// The content of an edit that changes as little as possible. If the edit only removes something, or if the
/// issuer can't change scopes, the other scopes stay as they were approved, whatever the current catalogue
/// has. Otherwise all scopes become those of the current catalogue, which takes approvals.
#[must_use]
pub fn least(content: Content, token: &Token, now: DateTime<Utc>) -> Content {
    if content.kind != RequestKind::Edit {
        return content;
    }
    let as_approved = content.as_approved_for(token);
    let only_narrows = classify(&as_approved, now) == ChangeEffect::Narrows;
    if only_narrows || !content.can_change_scopes() { as_approved } else { content }
}

/// The effect of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeEffect {
    /// The token would stay as it is.
    Nothing,
    /// It would only remove something: one press is enough.
    Narrows,
    /// It takes approvals.
    Widens,
}

/// The effect of giving a token this content now.
#[must_use]
pub fn classify(content: &Content, now: DateTime<Utc>) -> ChangeEffect {
    let Some(target) = &content.target else { return ChangeEffect::Widens };
    let ends = compare_ends(target, content.lifetime_days, now);
    let ScopeChanges { added, removed, changed } = compare_scopes(content);
    let keeps_scopes = added.is_empty() && changed.is_empty();
    if content.settings != target.was.settings || !keeps_scopes || ends == EndChange::Later {
        ChangeEffect::Widens
    } else if removed.is_empty() && ends == EndChange::Same {
        ChangeEffect::Nothing
    } else {
        ChangeEffect::Narrows
    }
}

/// Whether the token would end later than it does now. A request to extend a token changes nothing else.
#[must_use]
pub fn extends_lifetime(content: &Content, now: DateTime<Utc>) -> bool {
    let target = content.target.as_ref();
    target
        .is_some_and(|target| compare_ends(target, content.lifetime_days, now) == EndChange::Later)
}

/// When a lifetime ends that begins now.
#[must_use]
pub fn count_from(now: DateTime<Utc>, days: u16) -> DateTime<Utc> {
    now + Duration::days(days.into())
}

#[derive(PartialEq, Eq)]
enum EndChange {
    Earlier,
    Same,
    Later,
}

fn compare_ends(target: &Target, days: u16, now: DateTime<Utc>) -> EndChange {
    let then = count_from(now, days);
    match target.was.expires_at {
        _ if !target.lives_anew => EndChange::Same,
        Some(was) if then < was => EndChange::Earlier,
        // A token without an end was not collected yet; this gives it an end.
        _ => EndChange::Later,
    }
}

/// One effect of a change, as people are told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The name, before and after.
    Name(String, String),
    /// What it is for.
    Description(String, String),
    /// Its API version.
    ApiVersion(ApiVersion, ApiVersion),
    /// The contact, before and after.
    Contact(UserId, UserId),
    /// Addresses that are added.
    DevelopersAdded(Vec<EmailAddress>),
    /// Addresses that are removed.
    DevelopersRemoved(Vec<EmailAddress>),
    /// Scopes that were added.
    ScopesAdded(Vec<String>),
    /// Scopes that were removed.
    ScopesRemoved(Vec<String>),
    /// Scopes that open something else now: each before and after.
    ScopesChanged(Vec<(String, String)>),
    /// When it ends.
    End(Option<DateTime<Utc>>, Option<DateTime<Utc>>),
}

/// Reads the changes from an event, in the order of the form. Scopes and end are those that the token got,
/// not those that were requested. `shown` gives the form of a scope that people read.
#[must_use]
pub fn read_changes(detail: &Value, shown: impl Fn(&ScopeId) -> String) -> Vec<Change> {
    let content: Option<Content> = read(&detail["content"]);
    let mut changes = content.as_ref().map(compare_settings).unwrap_or_default();
    let ScopeChanges { added, removed, .. } = match &content {
        Some(content) => compare_scopes(content),
        None => ScopeChanges {
            removed: read(&detail["removed"]).unwrap_or_default(),
            ..ScopeChanges::default()
        },
    };
    let names = |ids: Vec<ScopeId>| (!ids.is_empty()).then(|| ids.iter().map(&shown).collect());
    changes.extend(names(added).map(Change::ScopesAdded));
    changes.extend(names(removed).map(Change::ScopesRemoved));
    let changed = content.as_ref().map(list_changed_scopes).unwrap_or_default();
    changes.extend((!changed.is_empty()).then_some(Change::ScopesChanged(changed)));
    let (before, after) = (read(&detail["expires_before"]), read(&detail["expires_after"]));
    changes.extend((before != after).then_some(Change::End(before, after)));
    changes
}

/// Scopes with the id of one of the token's scopes, but another meaning: before and after.
fn list_changed_scopes(content: &Content) -> Vec<(String, String)> {
    let Some(target) = &content.target else { return Vec::new() };
    let pairs = content.scopes.iter().filter_map(|scope| {
        let had = target.was.scope(&scope.id).filter(|had| !had.allows_the_same(scope))?;
        Some((had.to_string(), scope.to_string()))
    });
    pairs.collect()
}

fn compare_settings(content: &Content) -> Vec<Change> {
    let Some(target) = &content.target else { return Vec::new() };
    let (was, mut changes) = (&target.was, Vec::new());
    if was.settings.name != content.settings.name {
        changes.push(Change::Name(was.settings.name.clone(), content.settings.name.clone()));
    }
    if was.settings.description != content.settings.description {
        changes.push(Change::Description(
            was.settings.description.clone(),
            content.settings.description.clone(),
        ));
    }
    if was.settings.api_version != content.settings.api_version {
        changes.push(Change::ApiVersion(was.settings.api_version, content.settings.api_version));
    }
    if was.settings.contact != content.settings.contact {
        changes.push(Change::Contact(was.settings.contact, content.settings.contact));
    }
    let missing = |from: &[EmailAddress], among: &[EmailAddress]| -> Vec<EmailAddress> {
        from.iter().filter(|address| !among.contains(address)).cloned().collect()
    };
    let (old, new) = (&was.settings.developer_emails, &content.settings.developer_emails);
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
