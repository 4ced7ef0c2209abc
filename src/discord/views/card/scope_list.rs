//! Scopes as people read them, and lists that are cut between two of their pieces, never within.

use crate::config::Provider;
use crate::discord::message::units;
use crate::discord::sanitize;
use crate::domain::catalogue::Method;
use crate::domain::change;
use crate::domain::content::Content;
use crate::domain::scope::ResolvedScope;
use crate::locale::{Language, text};

/// What a scope can do, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    /// The catalogue calls it sensitive.
    Sensitive,
    /// Not `GET`: it may change something.
    Writing,
    /// The rest.
    Reading,
}

impl Power {
    fn of(scope: &ResolvedScope) -> Self {
        match (scope.sensitive, scope.method) {
            (true, _) => Self::Sensitive,
            (false, Method::Get) => Self::Reading,
            (false, _) => Self::Writing,
        }
    }

    fn format_heading(self, language: Language) -> String {
        match self {
            Self::Sensitive => text!(language, "card-scopes-sensitive"),
            Self::Writing => text!(language, "card-scopes-writing"),
            Self::Reading => text!(language, "card-scopes-reading"),
        }
    }
}

/// What a change does to a scope of its content, in the order of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Novelty {
    /// The token does not have it.
    Added,
    /// The token has it, with another method or path.
    Changed,
    /// The token has it.
    Kept,
}

/// A scope as the token has it, where it could do something else so far.
pub fn find_before<'a>(scope: &ResolvedScope, content: &'a Content) -> Option<&'a ResolvedScope> {
    let had = content.target.as_ref()?.was.scope(&scope.id)?;
    (!had.allows_the_same(scope)).then_some(had)
}

/// A scope that becomes another, before and after. Its value is shown where only that differs.
pub fn format_before_after(
    before: &ResolvedScope,
    after: &ResolvedScope,
    language: Language,
) -> String {
    let only_the_value = (before.method, &before.path) == (after.method, &after.path);
    let show = |scope: &ResolvedScope| match only_the_value {
        true => sanitize::code(&format!("{scope} = {}", scope.value)),
        false => format_method_and_path(scope),
    };
    text!(language, "card-before-after", before = show(before), after = show(after))
}

/// One piece for each scope, the strongest first and marked, by category among their like.
pub fn sort_by_power(
    content: &Content,
    provider: Option<&Provider>,
    language: Language,
) -> Vec<String> {
    let added = change::compare_scopes(content).added;
    let novelty = |scope: &ResolvedScope| match find_before(scope, content) {
        _ if added.contains(&scope.id) => Novelty::Added,
        Some(_) => Novelty::Changed,
        None => Novelty::Kept,
    };
    let place = |scope: &ResolvedScope| (novelty(scope), Power::of(scope));
    let mut sorted: Vec<&ResolvedScope> = content.scopes.iter().collect();
    sorted.sort_by_key(|scope| place(scope));
    let mut pieces = Vec::with_capacity(sorted.len());
    for alike in sorted.chunk_by(|one, other| place(one) == place(other)) {
        let mut listed = list_categories(content, provider, alike, |scope| {
            let shown = match find_before(scope, content) {
                Some(before) => format_before_after(before, scope, language),
                None => format_method_and_path(scope),
            };
            format!("{}{shown}", choose_mark(scope))
        });
        if let (Some(first), Some(piece)) = (alike.first(), listed.first_mut()) {
            let heading = Power::of(first).format_heading(language);
            let heading = match novelty(first) {
                Novelty::Added => text!(language, "card-scopes-added", heading = heading),
                Novelty::Changed => text!(language, "card-scopes-changed", heading = heading),
                Novelty::Kept => heading,
            };
            *piece = format!("__**{heading}**__\n{piece}");
        }
        pieces.extend(listed);
    }
    pieces
}

/// One piece for each scope in the order of the catalogue, which is that of the provider's page.
pub fn group_by_category(
    content: &Content,
    provider: Option<&Provider>,
    show: impl Fn(&ResolvedScope) -> String,
) -> Vec<String> {
    list_categories(content, provider, &content.scopes.iter().collect::<Vec<_>>(), show)
}

/// One piece for each scope; the first of a category has its name above it.
fn list_categories(
    content: &Content,
    provider: Option<&Provider>,
    scopes: &[&ResolvedScope],
    show: impl Fn(&ResolvedScope) -> String,
) -> Vec<String> {
    let version = provider.and_then(|found| found.catalogue.version(content.settings.api_version));
    let mut last = None;
    let shown = scopes.iter().map(|scope| {
        let category = scope.id.category();
        if last.replace(category) == Some(category) {
            return show(scope);
        }
        let known = version.and_then(|version| version.category_of(&scope.id));
        let name = known.map_or(category, |category| &category.name);
        format!("**{}**\n{}", sanitize::inline(name), show(scope))
    });
    shown.collect()
}

/// What stands before a scope that can do more than read.
pub fn choose_mark(scope: &ResolvedScope) -> &'static str {
    match Power::of(scope) {
        Power::Sensitive => "🔴 ",
        Power::Writing => "✏️ ",
        Power::Reading => "",
    }
}

/// What the marks mean.
pub fn build_legend(language: Language) -> String {
    [Power::Sensitive, Power::Writing].map(|power| power.format_heading(language)).join(" · ")
}

/// `METHOD path`, ready to copy.
pub fn format_method_and_path(scope: &ResolvedScope) -> String {
    sanitize::code(&format!("{} {}", scope.method, scope.path))
}

/// What of a list fits, with a last piece that tells of the rest.
#[derive(Debug)]
pub struct Fitted {
    /// The pieces, and what tells of the rest.
    pub pieces: Vec<String>,
    /// How many of the list are among them.
    pub shown: usize,
}

/// The length of pieces with a line end after each, in UTF-16 code units.
pub fn count_length(pieces: &[String]) -> usize {
    pieces.iter().map(|piece| units(piece) + 1).sum()
}

/// Takes from the front of a list what fits in `room`; `more` tells of how many don't.
pub fn fit_within(list: &[String], room: usize, more: impl Fn(usize) -> String) -> Fitted {
    if count_length(list) <= room {
        return Fitted { pieces: list.to_vec(), shown: list.len() };
    }
    // No smaller number is longer.
    let mut left = room.saturating_sub(units(&more(list.len())) + 1);
    let mut pieces = Vec::new();
    for piece in list {
        let Some(rest) = left.checked_sub(units(piece) + 1) else { break };
        left = rest;
        pieces.push(piece.clone());
    }
    let shown = pieces.len();
    pieces.push(more(list.len() - shown));
    Fitted { pieces, shown }
}

/// Joins pieces with line ends into as few texts of at most `most` code units as it takes, in their
/// order. A piece that is longer stands alone.
pub fn pack_parts<'a>(pieces: impl IntoIterator<Item = &'a String>, most: usize) -> Vec<String> {
    let mut packed: Vec<String> = Vec::new();
    let mut length = 0;
    for piece in pieces {
        let needs = units(piece) + 1;
        match packed.last_mut().filter(|_| length + needs <= most) {
            Some(text) => {
                text.push('\n');
                text.push_str(piece);
                length += needs;
            }
            // Nothing begins with an empty line.
            None if piece.is_empty() => {}
            None => {
                packed.push(piece.clone());
                length = needs - 1;
            }
        }
    }
    for text in &mut packed {
        text.truncate(text.trim_end_matches('\n').len());
    }
    packed
}
