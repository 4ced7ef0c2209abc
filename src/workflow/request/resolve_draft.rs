//! The content that a draft asks for, and whether it can be requested.

use chrono::{DateTime, Utc};

use crate::config::{PolicySettings, Provider};
use crate::domain::change::{self, ChangeEffect};
use crate::domain::content::{Content, Target, UnresolvedContent};
use crate::domain::draft::Draft;
use crate::domain::form::ContactFacts;
use crate::domain::issuer::IssuerKind;
use crate::domain::policy;
use crate::domain::request_kind::RequestKind;
use crate::domain::settings::TokenSettings;
use crate::domain::token::Token;
use crate::store::requests::Terms;

use crate::workflow::refusal::Refusal;

const DAY: u64 = 24 * 60 * 60;

/// The longest lifetime that the policy allows, in days.
pub(in crate::workflow) fn get_longest_lifetime(policy: &PolicySettings) -> u16 {
    u16::try_from(policy.max_lifetime.as_secs() / DAY).unwrap_or(u16::MAX)
}

/// This lifetime in days, if the policy allows it; otherwise the longest that it offers.
pub(in crate::workflow) fn fit_lifetime(days: u16, policy: &PolicySettings) -> u16 {
    if days <= get_longest_lifetime(policy) {
        return days;
    }
    let longest = policy.lifetimes_in_days().last().copied();
    longest.and_then(|days| u16::try_from(days).ok()).unwrap_or(days)
}

/// Whether the lifetime begins when the content takes effect; otherwise the token keeps its end.
pub(in crate::workflow) fn begins_to_live(content: &Content) -> bool {
    content.target.as_ref().is_none_or(|target| target.lives_anew)
}

/// How many approvals a content takes at its provider today.
pub(in crate::workflow) fn count_required_approvals(provider: &Provider, content: &Content) -> u8 {
    let today = provider.catalogue.version(content.settings.api_version);
    policy::approvals_required(provider.approvals, content, today)
}

/// The terms by which a request with so many approvals is decided today.
pub(in crate::workflow) fn build_terms(policy: &PolicySettings, approvals_required: u8) -> Terms {
    Terms {
        approvals_required,
        requester_approval_counts: policy.count_requester,
        ttl: policy.request_ttl,
    }
}

/// The content that a draft asks for, resolved against today's catalogue and policy.
pub(in crate::workflow) fn build_content(
    draft: &Draft,
    provider: &Provider,
    policy: &PolicySettings,
    token: Option<&Token>,
) -> Result<Content, Refusal> {
    let kept = token.filter(|_| draft.kind.keeps_settings());
    let settings = kept.map_or_else(
        || build_settings(draft, provider, token),
        |token| Ok(token.settings.clone()),
    )?;
    if kept.map_or(draft.scopes.is_empty(), |token| token.scopes.is_empty()) {
        return Err(Refusal::NothingChosen);
    }
    let version = provider.catalogue.version(settings.api_version);
    let version = version.ok_or(match kept {
        Some(_) => Refusal::VersionGone,
        None => Refusal::FormHasProblems,
    })?;
    let keeps_expiry = token.filter(|_| match draft.kind {
        RequestKind::Extend => false,
        kind => kind.keeps_settings() || draft.keeps_expiry,
    });
    let target = token.map(|token| Target {
        lives_anew: keeps_expiry.is_none(),
        overlap_seconds: match draft.kind {
            RequestKind::Reset => draft.overlap_seconds,
            _ => 0,
        },
        ..Target::of(token)
    });
    let unresolved = UnresolvedContent {
        provider: provider.id.clone(),
        issuer: provider.issuer.facts(),
        kind: draft.kind,
        settings,
        lifetime_days: keeps_expiry.map_or(draft.lifetime_days, |token| token.lifetime_days),
        target,
    };
    let content = match kept {
        Some(token) => Content::with_scopes(unresolved, token.scopes.clone()),
        None => Content::new(unresolved, version, &draft.scopes)
            .map_err(|unknown| Refusal::UnknownScopes(unknown.0))?,
    };
    let most = get_longest_lifetime(policy);
    if begins_to_live(&content) && content.lifetime_days > most {
        return Err(Refusal::LivesTooLong { most });
    }
    Ok(content)
}

/// The form's settings, checked again.
fn build_settings(
    draft: &Draft,
    provider: &Provider,
    token: Option<&Token>,
) -> Result<TokenSettings, Refusal> {
    if !draft.problems.is_empty() {
        return Err(Refusal::FormHasProblems);
    }
    // The contact was checked with Discord when the form came in.
    let contact = ContactFacts { is_bot: false, is_member: true };
    let settings =
        draft.form.check(&provider.catalogue, contact).map_err(|_| Refusal::FormHasProblems)?;
    match token {
        Some(token)
            if !draft.kind.takes_version(settings.api_version, token.settings.api_version) =>
        {
            Err(match draft.kind {
                RequestKind::Upgrade => Refusal::NotNewer,
                _ => Refusal::FormHasProblems,
            })
        }
        _ => Ok(settings),
    }
}

/// The effect on the token, if the content can be requested: it must change something.
pub(in crate::workflow) fn check_effect(
    content: &Content,
    token: &Token,
    is_open: bool,
    now: DateTime<Utc>,
) -> Result<ChangeEffect, Refusal> {
    match content.kind {
        RequestKind::Extend => match token.expires_at {
            Some(ends) if !change::extends_lifetime(content, now) => {
                Err(Refusal::NotLater { ends })
            }
            _ => Ok(ChangeEffect::Widens),
        },
        RequestKind::Edit => {
            if content.issuer == IssuerKind::Http {
                check_keeps_access(content, token)?;
            }
            match change::classify(content, now) {
                ChangeEffect::Nothing if is_open => Err(Refusal::AsksForNothing),
                ChangeEffect::Nothing => Err(Refusal::TokenUnchanged),
                reach => Ok(reach),
            }
        }
        _ => Ok(ChangeEffect::Widens),
    }
}

/// No upstream can change the lifetime of a token, and few can its scopes.
fn check_keeps_access(content: &Content, token: &Token) -> Result<(), Refusal> {
    let keeps = content.settings.api_version == token.settings.api_version
        && (content.can_change_scopes() || content.scopes == token.scopes)
        && content.target.as_ref().is_some_and(|target| !target.lives_anew);
    if keeps { Ok(()) } else { Err(Refusal::NotOffered) }
}
