//! What can be done with a token now: what a panel has buttons for, and what a press is checked against.

use chrono::{DateTime, Utc};

use crate::config::{PolicySettings, Provider};
use crate::domain::change;
use crate::domain::permission::{Action, allows};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::Token;

use crate::workflow::Actor;
use crate::workflow::refusal::Refusal;

/// Whether a token as it is, at its provider as that is, takes this kind of change. Without a provider, a
/// token can still be ended if Countersign does it alone.
pub(in crate::workflow) fn check_kind(
    token: &Token,
    provider: Option<&Provider>,
    policy: &PolicySettings,
    kind: RequestKind,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if !token.state.allows(kind) {
        return Err(Refusal::TokenIs(token.state));
    }
    let ends = matches!(kind, RequestKind::Disable | RequestKind::Delete);
    let Some(provider) = provider else {
        let alone = ends && token.issuer.narrows_at_once();
        return if alone { Ok(()) } else { Err(Refusal::UnknownProvider) };
    };
    if !provider.issuer.offers(kind) {
        return Err(Refusal::NotOffered);
    }
    let version = token.settings.api_version;
    match kind {
        RequestKind::Upgrade if provider.catalogue.newest().version <= version => {
            Err(Refusal::NothingNewer)
        }
        RequestKind::Edit | RequestKind::Reset | RequestKind::Enable | RequestKind::Extend
            if provider.catalogue.version(version).is_none() =>
        {
            Err(Refusal::VersionGone)
        }
        RequestKind::Extend => match token.expires_at {
            Some(ends) if list_extensions(policy, ends, now).is_empty() => {
                Err(Refusal::NotLater { ends })
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// The lifetimes of the policy, in days, with which a token that ends then would end later.
pub(in crate::workflow) fn list_extensions(
    policy: &PolicySettings,
    ends: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Vec<u64> {
    let mut all = policy.lifetimes_in_days();
    all.retain(|days| u16::try_from(*days).is_ok_and(|days| change::count_from(now, days) > ends));
    all
}

/// What this person can do with a token now: what a panel has buttons for. `is_open` tells whether another
/// change of it waits.
#[must_use]
pub fn list_offered(
    actor: &Actor,
    token: &Token,
    (provider, policy): (Option<&Provider>, &PolicySettings),
    is_open: bool,
    now: DateTime<Utc>,
) -> Vec<RequestKind> {
    let relationship = actor.relationship_to(provider, token);
    let is_offered = |kind: RequestKind| {
        let allowed = match kind {
            RequestKind::Create | RequestKind::Narrow => false,
            RequestKind::Duplicate => {
                allows(Action::ReadToken, relationship) && allows(Action::Ask, relationship)
            }
            RequestKind::Disable | RequestKind::Delete => allows(Action::NarrowToken, relationship),
            _ => !is_open && allows(Action::ChangeToken, relationship),
        };
        allowed && check_kind(token, provider, policy, kind, now).is_ok()
    };
    RequestKind::ALL.into_iter().filter(|kind| is_offered(*kind)).collect()
}
