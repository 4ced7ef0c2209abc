//! Step 3, the panel: what is chosen so far, and the selects to choose scopes with.

use crate::config::Provider;
use crate::discord::message::Message;
use crate::domain::catalogue::{CategoryId, ScopeId};
use crate::locale::Language;
use crate::store::drafts::Draft;
use crate::workflow::draft::Changed;
use crate::workflow::submit::Submitted;

/// Everything that a panel shows.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a> {
    /// The draft, and what the last step did to it.
    pub changed: &'a Changed,
    /// Its provider.
    pub provider: &'a Provider,
    /// The lifetimes that can be chosen, in days, shortest first.
    pub lifetimes: &'a [u64],
    /// Whether somebody asked for a token and had begun before: then *Start over* is offered.
    pub resumed: bool,
}

/// The panel; where the form has problems, they and *Correct* stand in its place.
#[must_use]
pub fn panel(panel: &Panel<'_>, language: Language) -> Message {
    todo!("{panel:?} {language:?}")
}

/// The category that is shown: the chosen one where the version has it, else the first.
#[must_use]
pub fn shown_category<'a>(draft: &Draft, provider: &'a Provider) -> Option<&'a CategoryId> {
    todo!("{draft:?} {provider:?}")
}

/// The scopes that the select shows on a page of a category; empty where there is no such category.
#[must_use]
pub fn shown_scopes(
    draft: &Draft,
    provider: &Provider,
    category: &CategoryId,
    page: u16,
) -> Vec<ScopeId> {
    todo!("{draft:?} {provider:?} {category:?} {page}")
}

/// In the panel's place: the request was submitted, or its new content saved.
#[must_use]
pub fn submitted(submitted: &Submitted, provider: &Provider, language: Language) -> Message {
    todo!("{submitted:?} {provider:?} {language:?}")
}

/// In the panel's place: the draft is gone.
#[must_use]
pub fn cancelled(language: Language) -> Message {
    todo!("{language:?}")
}

/// After *Create*: fewer people can put a hand to it than it takes. Both count everybody, the
/// requester included where their own hand counts.
#[must_use]
pub fn too_few_admins(have: u64, need: u8, language: Language) -> Message {
    todo!("{have} {need} {language:?}")
}
