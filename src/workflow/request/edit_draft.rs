//! The actions in the panel of a draft: which ones each kind offers, and what they do.

use crate::config::{HttpIssuerSettings, Provider, UpdateField};
use crate::domain::catalogue::{CategoryId, ScopeId};
use crate::domain::change::OVERLAPS;
use crate::domain::draft::Draft;
use crate::domain::request_kind::RequestKind;

/// An action in the panel.
#[derive(Debug, Clone)]
pub enum DraftEdit {
    /// Another category is shown.
    Category(CategoryId),
    /// Another page of categories is shown.
    CategoryPage(u16),
    /// Another page of scopes is shown.
    ScopePage(u16),
    /// The options that are chosen now among those on one page of a category.
    Scopes {
        /// The scopes on the page.
        shown: Vec<ScopeId>,
        /// The chosen ones among them.
        chosen: Vec<ScopeId>,
    },
    /// All scopes of a category.
    WholeCategory(CategoryId),
    /// No scope at all.
    ClearAll,
    /// Another lifetime; none keeps the token's end.
    Expires(Option<u16>),
    /// Another overlap of the old and the new secret, in seconds.
    Overlap(u32),
}

/// Whether the token must keep its scopes and its end, because its upstream can't change them.
#[must_use]
pub fn changes_details_only(draft: &Draft, provider: &Provider) -> bool {
    let can_change = |upstream: &HttpIssuerSettings| upstream.updates(UpdateField::Scopes);
    keeps_end(draft, provider) && !provider.issuer.http().is_some_and(can_change)
}

/// Whether the token must keep its end, because no upstream can change that.
#[must_use]
pub fn keeps_end(draft: &Draft, provider: &Provider) -> bool {
    draft.kind == RequestKind::Edit && provider.issuer.http().is_some()
}

/// Whether the panel of such a draft offers this action; only a forged press does anything else.
pub(in crate::workflow) fn is_offered(
    draft: &Draft,
    provider: &Provider,
    step: &DraftEdit,
) -> bool {
    let kind = draft.kind;
    let details_only = changes_details_only(draft, provider);
    match step {
        DraftEdit::Overlap(_) => {
            kind == RequestKind::Reset && provider.issuer.facts().kind.swaps_at_collection()
        }
        DraftEdit::Expires(None) => {
            matches!(kind, RequestKind::Edit | RequestKind::Upgrade) && !keeps_end(draft, provider)
        }
        DraftEdit::Expires(Some(_)) => !kind.renews_the_secret() && !keeps_end(draft, provider),
        _ => !kind.keeps_settings() && !details_only,
    }
}

/// Applies an action; values that the catalogue or the policy doesn't have change nothing.
pub(in crate::workflow) fn apply_edit(
    draft: &mut Draft,
    provider: &Provider,
    step: DraftEdit,
    lifetimes: &[u64],
) {
    let Some(version) = provider.catalogue.version(draft.form.api_version) else { return };
    match step {
        DraftEdit::Category(category) => {
            if version.category(&category).is_some() {
                draft.place.category = Some(category);
                draft.place.scope_page = 0;
            }
        }
        DraftEdit::CategoryPage(page) => draft.place.category_page = page,
        DraftEdit::ScopePage(page) => draft.place.scope_page = page,
        DraftEdit::Scopes { shown, chosen } => {
            draft.scopes.retain(|scope| !shown.contains(scope));
            let known = chosen.into_iter().filter(|scope| shown.contains(scope));
            draft.scopes.extend(known.filter(|scope| version.scope(scope).is_some()));
        }
        DraftEdit::WholeCategory(category) => {
            let all = version.category(&category).map(|category| category.scopes.as_slice());
            for scope in all.unwrap_or_default() {
                if !draft.scopes.contains(&scope.id) {
                    draft.scopes.push(scope.id.clone());
                }
            }
        }
        DraftEdit::ClearAll => draft.scopes.clear(),
        DraftEdit::Expires(Some(days)) => {
            if lifetimes.contains(&u64::from(days)) {
                draft.lifetime_days = days;
                draft.keeps_expiry = false;
            }
        }
        DraftEdit::Expires(None) => draft.keeps_expiry = true,
        DraftEdit::Overlap(seconds) => {
            if OVERLAPS.contains(&seconds) {
                draft.overlap_seconds = seconds;
            }
        }
    }
}
