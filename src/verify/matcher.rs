//! Which scope a request needs: its method and path, compared with the whole catalogue of an API
//! version, literal segments before parameters.
//!
//! A trailing slash and encoded slashes are forms of a path in the catalogue: `/a/` is not `/a`,
//! and `{Id}` matches no `%2F`, `{Id%2F}` does. A path that a service could read without that difference
//! must not belong to another scope.

mod spans;

use std::borrow::Cow;
use std::collections::HashMap;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

use crate::domain::catalogue::{
    Method, PathTemplate, ScopeId, Version, may_hold_slashes, without_last_slash,
};
use crate::domain::form::name_key;
use spans::Span;

use super::path::RequestPath;

/// The parameter for the token's own public id.
const ACCOUNT_SID: &str = "AccountSID";

/// All scopes of one API version, prepared for matching.
pub struct Matcher {
    /// By the method's place in [`Method::ALL`].
    as_written: [matchit::Router<usize>; Method::ALL.len()],
    /// The same in lower case and without a trailing slash, which some services ignore;
    /// leads to the first scope of its [`shape`](PathTemplate::shape).
    folded: [matchit::Router<usize>; Method::ALL.len()],
    /// For each scope the first one whose path has the same shape: another one only if
    /// the catalogue has a path with and without a trailing slash.
    first_of_shape: Vec<usize>,
    /// Paths with a parameter that may hold slashes, by method, with the first scope of the same shape.
    spans: [Vec<(Span, usize)>; Method::ALL.len()],
    /// Their full ids, in the order of the catalogue.
    scopes: Vec<ScopeId>,
    /// Their places, by method and path.
    places: HashMap<(Method, PathTemplate), usize>,
}

/// The scope that a request needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequiredScope<'a> {
    /// Its place in the catalogue.
    pub scope: usize,
    /// The account that the path names, as it is written.
    pub account_sid: Option<&'a str>,
}

impl Matcher {
    /// Reads a version of a catalogue. A path that its configuration should have refused is left out,
    /// and nothing matches it.
    #[must_use]
    pub fn new(version: &Version) -> Self {
        let mut matcher = Self {
            as_written: Default::default(),
            folded: Default::default(),
            first_of_shape: Vec::new(),
            spans: Default::default(),
            scopes: Vec::new(),
            places: HashMap::new(),
        };
        let mut shapes = HashMap::new();
        for (at, scope) in version.scopes().enumerate() {
            let first = *shapes.entry((scope.method, scope.path.shape())).or_insert(at);
            matcher.first_of_shape.push(first);
            let (method, path) = (scope.method as usize, scope.path.as_str());
            matcher.scopes.push(scope.id.clone());
            matcher.places.entry((scope.method, scope.path.clone())).or_insert(at);
            if matcher.as_written[method].insert(path, at).is_ok() {
                // Two paths that differ by case alone: the second reads as the first, and is
                // refused below. Two that differ by their last slash alone read as one.
                let folded = scope.path.without_last_slash().to_ascii_lowercase();
                let span = Span::of(&folded);
                matcher.spans[method].extend(span.map(|span| (span, first)));
                let _ = matcher.folded[method].insert(folded, first);
            }
        }
        matcher
    }

    /// How many scopes there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.scopes.len()
    }

    /// The full id of the scope at this place.
    #[must_use]
    pub fn scope(&self, at: usize) -> Option<&ScopeId> {
        self.scopes.get(at)
    }

    /// The place of the scope with this method and path.
    #[must_use]
    pub fn find_scope_place(&self, method: Method, path: &PathTemplate) -> Option<usize> {
        self.places.get(&(method, path.clone())).copied()
    }

    /// The one scope that a request needs, whichever way its path is read: as it is written, decoded,
    /// without regard to case, to a trailing slash, or to a format (`.json`). `None` if there is none, or if
    /// readings differ.
    #[must_use]
    pub fn find_required_scope<'a>(
        &self,
        method: Method,
        path: &RequestPath<'a>,
    ) -> Option<RequiredScope<'a>> {
        let found = self.as_written[method as usize].at(path.written()).ok()?;
        let scope = *found.value;
        if path.written() != path.decoded() {
            let decoded = self.as_written[method as usize].at(path.decoded()).ok()?;
            if *decoded.value != scope {
                return None;
            }
        }
        if let Some(opened) = path.opened() {
            let is_stated =
                |(name, value): (&str, &str)| may_hold_slashes(name) || !holds_slash(value);
            // A reader that decodes first sees more segments, which no other scope may have.
            if !found.params.iter().all(is_stated)
                || self.folded(method, opened).is_some()
                || self.spans_another(method, opened, scope)
            {
                return None;
            }
        }
        let shape = self.first_of_shape[scope];
        let is_same = self.folded(method, path.decoded()) == Some(shape)
            && without_format(path.decoded())
                .and_then(|path| self.folded(method, path))
                .is_none_or(|found| found == shape);
        let account_sid = found.params.get(ACCOUNT_SID);
        is_same.then_some(RequiredScope { scope, account_sid })
    }

    /// Whether another scope's path can be read in it, with as many literal segments as `scope` has. One with fewer
    /// comes later in any router.
    fn spans_another(&self, method: Method, opened: &str, scope: usize) -> bool {
        let shape = self.first_of_shape[scope];
        let spans = &self.spans[method as usize];
        let own = spans.iter().find(|(_, first)| *first == shape);
        let literals = own.map_or(0, |(span, _)| span.count_literals());
        let mut room = [0; 256];
        let opened = fold(opened, &mut room);
        spans.iter().any(|(span, first)| {
            *first != shape && span.count_literals() >= literals && span.holds(&opened)
        })
    }

    /// The scope of a path without regard to case, or to a trailing slash.
    fn folded(&self, method: Method, path: &str) -> Option<usize> {
        let mut room = [0; 256];
        let small = fold(path, &mut room);
        self.folded[method as usize].at(&small).ok().map(|found| *found.value)
    }
}

fn holds_slash(value: &str) -> bool {
    value.contains("%2F") || value.contains("%2f")
}

/// The path without what stands behind the last dot of its last segment, which some services take for a format.
fn without_format(path: &str) -> Option<&str> {
    let (stem, format) = path.rsplit_once('.')?;
    (!format.contains('/') && !stem.ends_with('/')).then_some(stem)
}

/// As the most tolerant service reads it: without a trailing slash, in lower case, without spaces around a segment, letters of other widths and
/// forms as their plain ones, without what is invisible. Most paths are short and plain, and need no allocation.
fn fold<'a>(path: &str, room: &'a mut [u8; 256]) -> Cow<'a, str> {
    let path = without_last_slash(path);
    let is_plain = path.is_ascii() && !path.contains(' ');
    let Some(small) = room.get_mut(..path.len()).filter(|_| is_plain) else {
        let is_visible = |c: &char| c.general_category() != GeneralCategory::Format;
        let segments = path
            .split('/')
            .map(|one| name_key(&one.chars().filter(is_visible).collect::<String>()));
        return Cow::Owned(segments.collect::<Vec<_>>().join("/"));
    };
    small.copy_from_slice(path.as_bytes());
    small.make_ascii_lowercase();
    // ASCII is UTF-8, so that nothing is replaced.
    String::from_utf8_lossy(small)
}

#[cfg(test)]
mod tests;
