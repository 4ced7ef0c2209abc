//! What a change comes to: whether it narrows only, and what it adds and takes away.

use chrono::{DateTime, Duration, Utc};

use super::catalogue::ScopeId;
use super::content::{Content, Target, Was};

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
    /// It takes hands.
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
        Some(was) if then >= was => End::Later,
        _ => End::Earlier,
    }
}

fn keeps_settings(content: &Content, was: &Was) -> bool {
    content.name == was.name
        && content.description == was.description
        && content.api_version == was.api_version
        && content.contact == was.contact
        && content.developer_emails == was.developer_emails
}
