//! Scopes as people read them, and lists that are cut between two of their pieces, never within.

use crate::config::Provider;
use crate::discord::message::{join_within, units};
use crate::discord::sanitize;
use crate::domain::catalogue::Method;
use crate::domain::change;
use crate::domain::content::Content;
use crate::domain::request_kind::RequestKind;
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
}

/// How many scopes are all written by method and path. Of more, those that only read are counted.
pub const NAMED: usize = 5;
/// What counts by category may take.
const COUNTS_ROOM: usize = 500;

/// The scopes of a card.
pub struct Listed {
    /// A line or more each.
    pub pieces: Vec<String>,
    /// Whether some that are decided about are only counted.
    pub is_counted: bool,
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

/// The scopes that a request is about, the strongest first: those that can do more than read by method
/// and path, the others too where there are few. Of a change, those that change; what a token has already
/// was approved, and is counted.
pub fn list_scopes(content: &Content, provider: Option<&Provider>, language: Language) -> Listed {
    if matches!(content.kind, RequestKind::Disable | RequestKind::Delete) {
        return Listed { pieces: Vec::new(), is_counted: false };
    }
    let all: Vec<&ResolvedScope> = content.scopes.iter().collect();
    // A new secret gives all of them anew.
    if content.target.is_none() || content.kind.renews_the_secret() {
        return list_compactly(content, provider, &all, language);
    }
    let (mut listed, kept) = list_changed_scopes(content, provider, language);
    if !kept.is_empty() {
        let counts = count_by_category(content, provider, &kept, language);
        listed.pieces.push(text!(language, "card-scopes-kept", list = counts));
    }
    listed
}

/// The scopes that a change brings, turns into others and removes, under headings; and those that it leaves.
pub fn list_changed_scopes<'a>(
    content: &'a Content,
    provider: Option<&Provider>,
    language: Language,
) -> (Listed, Vec<&'a ResolvedScope>) {
    let added = change::compare_scopes(content).added;
    let is_added = |scope: &&ResolvedScope| added.contains(&scope.id);
    let (new, had): (Vec<&ResolvedScope>, Vec<_>) = content.scopes.iter().partition(is_added);
    let (changed, kept): (Vec<&ResolvedScope>, Vec<_>) =
        had.into_iter().partition(|scope| find_before(scope, content).is_some());
    let mut listed = list_compactly(content, provider, &new, language);
    head(&mut listed.pieces, &text!(language, "card-scopes-added"));
    let mut others: Vec<String> = changed
        .into_iter()
        .filter_map(|scope| {
            let before = find_before(scope, content)?;
            Some(format!("{}{}", choose_mark(scope), format_before_after(before, scope, language)))
        })
        .collect();
    head(&mut others, &text!(language, "card-scopes-changed"));
    listed.pieces.extend(others);
    listed.pieces.extend(super::change::list_removed(content, provider, language));
    (listed, kept)
}

/// Puts a heading above what begins.
fn head(pieces: &mut [String], heading: &str) {
    if let Some(first) = pieces.first_mut() {
        *first = format!("**{heading}**\n{first}");
    }
}

fn list_compactly(
    content: &Content,
    provider: Option<&Provider>,
    scopes: &[&ResolvedScope],
    language: Language,
) -> Listed {
    let mut sorted = scopes.to_vec();
    sorted.sort_by_key(|scope| Power::of(scope));
    let is_few = sorted.len() <= NAMED;
    let is_named = |scope: &&ResolvedScope| is_few || Power::of(scope) != Power::Reading;
    let (named, counted): (Vec<&ResolvedScope>, Vec<_>) = sorted.into_iter().partition(is_named);
    let mut pieces: Vec<String> =
        named.into_iter().map(|scope| render_line(scope, language)).collect();
    if !counted.is_empty() {
        pieces.push(count_by_category(content, provider, &counted, language));
    }
    Listed { pieces, is_counted: !counted.is_empty() }
}

fn render_line(scope: &ResolvedScope, language: Language) -> String {
    let warning = match Power::of(scope) {
        Power::Sensitive => format!("**{}** ", text!(language, "panel-sensitive")),
        Power::Writing | Power::Reading => String::new(),
    };
    // In small print: a phone's screen has to hold the card.
    format!("-# {}{warning}{}", choose_mark(scope), format_method_and_path(scope))
}

/// "Trees: 2 × GET, Harvests: 1 × GET".
fn count_by_category(
    content: &Content,
    provider: Option<&Provider>,
    scopes: &[&ResolvedScope],
    language: Language,
) -> String {
    let version = provider.and_then(|found| found.catalogue.version(content.settings.api_version));
    let key = |scope: &&ResolvedScope| (scope.id.category().to_owned(), scope.method.to_string());
    let mut keys: Vec<(String, String)> = Vec::new();
    for scope in scopes {
        if !keys.contains(&key(scope)) {
            keys.push(key(scope));
        }
    }
    let counts = keys.into_iter().map(|(id, method)| {
        let alike = |scope: &&&ResolvedScope| key(scope) == (id.clone(), method.clone());
        let alike: Vec<_> = scopes.iter().filter(alike).collect();
        let known = version.and_then(|version| version.category_of(&alike.first()?.id));
        let name = sanitize::inline(known.map_or(&id, |category| &category.name));
        let count = alike.len();
        text!(language, "card-scopes-counted", category = name, count = count, method = method)
    });
    let counts: Vec<String> = counts.collect();
    join_within(&counts, &text!(language, "list-separator"), COUNTS_ROOM, language)
}

/// One piece for each scope in the order of the catalogue, which is that of the provider's page; the first of a
/// category has its name above it.
pub fn group_by_category(
    content: &Content,
    provider: Option<&Provider>,
    show: impl Fn(&ResolvedScope) -> String,
) -> Vec<String> {
    let version = provider.and_then(|found| found.catalogue.version(content.settings.api_version));
    let mut last = None;
    let shown = content.scopes.iter().map(|scope| {
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
    let (sensitive, writing) =
        (text!(language, "card-scopes-sensitive"), text!(language, "card-scopes-writing"));
    format!("{sensitive} · {writing}")
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
pub fn count_length<'a>(pieces: impl IntoIterator<Item = &'a String>) -> usize {
    pieces.into_iter().map(|piece| units(piece) + 1).sum()
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
