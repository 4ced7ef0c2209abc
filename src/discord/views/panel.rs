//! Step 3, the panel: what is chosen so far, and the selects to choose scopes with.
//!
//! - `lead`: its title, and what can be done here. `details`: what is chosen so far. `rows`: the selects
//!   and buttons under it.
//! - `refusal`: why it can't be submitted as it is.
//! - `problems`: what stands there instead while the form has problems.
//! - `outcome`: what comes into the panel's place.

mod details;
mod intro;
mod outcome;
mod problems;
mod refusal;
mod rows;

use crate::config::Provider;
use crate::discord::message::{Message, page_of_options};
use crate::discord::sanitize;
use crate::domain::catalogue::{Category, CategoryId, ScopeId, Version};
use crate::domain::draft::Draft;
use crate::locale::{Language, text};
use crate::workflow::request::check_name::NameAnswer;
use crate::workflow::request::draft::{DraftView, NeedsReview};

use super::formatting::{format_moment, join_within};

pub use outcome::{
    render_cancelled, render_edit_cancelled, render_submitted, render_too_few_admins,
};

/// What the select *Expires* carries where a token's end stays as it is.
pub const KEEP: &str = "keep";

/// What a list of scopes that fell away may take of the message's text.
const SCOPES_ROOM: usize = 300;

/// Everything that a panel shows.
#[derive(Debug, Clone, Copy)]
pub struct Panel<'a> {
    /// The draft, and what the last step did to it.
    pub changed: &'a DraftView,
    /// Its provider.
    pub provider: &'a Provider,
}

/// The panel; where the form has problems, they and *Correct* stand in its place.
#[must_use]
pub fn render_panel(panel: &Panel<'_>, language: Language) -> Message {
    let draft = &panel.changed.draft;
    match panel.provider.catalogue.version(draft.form.api_version) {
        Some(version) if draft.problems.is_empty() => render_choices(panel, version, language),
        _ => problems::render_problems(panel, language),
    }
}

/// The category that is shown: the chosen one where the version has it, else the first; for a change
/// the first of which the token has something.
#[must_use]
pub fn find_shown_category<'a>(draft: &Draft, provider: &'a Provider) -> Option<&'a CategoryId> {
    let version = provider.catalogue.version(draft.form.api_version)?;
    find_category(draft, version).map(|category| &category.id)
}

/// The scopes that the select shows on a page of a category; empty where there is no such category.
#[must_use]
pub fn list_shown_scopes(
    draft: &Draft,
    provider: &Provider,
    category: &CategoryId,
    page: u16,
) -> Vec<ScopeId> {
    let version = provider.catalogue.version(draft.form.api_version);
    let Some(category) = version.and_then(|version| version.category(category)) else {
        return Vec::new();
    };
    let (scopes, _) = page_of_options(&category.scopes, page.into());
    scopes.iter().map(|scope| scope.id.clone()).collect()
}

fn find_category<'a>(draft: &Draft, version: &'a Version) -> Option<&'a Category> {
    let chosen = draft.place.category.as_ref().and_then(|category| version.category(category));
    // A change starts from the scopes that the token has.
    let has_some = |category: &&Category| count_chosen(draft, category) > 0;
    let filled = draft.token.and_then(|_| version.categories.iter().find(has_some));
    chosen.or(filled).or(version.categories.first())
}

/// How many scopes of a category are chosen.
fn count_chosen(draft: &Draft, category: &Category) -> usize {
    category.scopes.iter().filter(|scope| draft.scopes.contains(&scope.id)).count()
}

fn render_choices(panel: &Panel<'_>, version: &Version, language: Language) -> Message {
    let draft = &panel.changed.draft;
    let resumed = draft.is_resumed.then(|| text!(language, "panel-lead-resumed"));
    Message::titled(intro::build_title(panel, language))
        .lines(resumed)
        .line(intro::build_intro(panel, language))
        .lines(list_warnings(panel, version, language))
        .lines(refusal::explain_refusal(panel, language))
        .separator()
        .lines(details::list_fields(panel, language))
        .line(details::describe_expiry(panel, language))
        .lines(details::describe_overlap(panel, language))
        .lines(details::list_scopes(draft, version, language))
        .line(describe_lapse(draft, language))
        .rows(rows::build_rows(panel, version, language))
        .ephemeral()
}

/// What the person must know before they go on.
fn list_warnings(panel: &Panel<'_>, version: &Version, language: Language) -> Vec<String> {
    let DraftView { draft, dropped, name, needs_review, .. } = panel.changed;
    let mut warnings = Vec::new();
    warnings.extend(needs_review.map(|why| match why {
        NeedsReview::TokenChanged => text!(language, "panel-refreshed"),
        NeedsReview::PanelOutdated => text!(language, "panel-outdated"),
    }));
    let wanted = sanitize::inline(&draft.form.name);
    match name {
        NameAnswer::Free => {}
        NameAnswer::Taken => {
            warnings.push(text!(language, "panel-name-taken", name = wanted));
        }
        NameAnswer::Unsaid { until } => {
            let when = format_moment(*until, language);
            warnings.push(text!(language, "panel-name-unsaid", name = wanted, when = when));
        }
    }
    if !dropped.is_empty() {
        let number = version.version.to_string();
        let scopes = join_scopes(dropped, panel.provider, language);
        warnings.push(text!(language, "panel-dropped", version = number, scopes = scopes));
    }
    let unknown = draft.scopes.iter().filter(|scope| version.scope(scope).is_none());
    let unknown: Vec<ScopeId> = unknown.cloned().collect();
    if !unknown.is_empty() {
        let scopes = join_scopes(&unknown, panel.provider, language);
        warnings.push(text!(language, "panel-unknown", scopes = scopes));
    }
    warnings.into_iter().map(|warning| format!("\u{26A0}\u{FE0F} {warning}")).collect()
}

/// Scopes that the version doesn't have, as people read them where another version still has them.
fn join_scopes(scopes: &[ScopeId], provider: &Provider, language: Language) -> String {
    let name = |id: &ScopeId| {
        let known = provider.catalogue.versions().iter().find_map(|version| version.scope(id));
        sanitize::code(&known.map_or_else(|| id.to_string(), ToString::to_string))
    };
    let names: Vec<String> = scopes.iter().map(name).collect();
    join_within(&names, &text!(language, "list-separator"), SCOPES_ROOM, language)
}

/// Whether the old secret can live on for a while beside a new one.
fn swaps_at_collection(panel: &Panel<'_>) -> bool {
    panel.changed.token.as_ref().is_some_and(|token| token.issuer.swaps_at_collection())
}

fn describe_lapse(draft: &Draft, language: Language) -> String {
    let lapses = text!(language, "panel-lapses", when = format_moment(draft.expires_at, language));
    format!("-# {lapses}")
}

#[cfg(test)]
mod tests;
