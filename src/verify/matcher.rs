//! Which scope a request needs: its method and path, held against the whole catalogue of an API
//! version, literal segments before parameters.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::domain::catalogue::{Method, PathTemplate, ScopeId, Version};

use super::path::RequestPath;

/// The parameter that stands for the token's own public id.
const ACCOUNT_SID: &str = "AccountSID";

/// All scopes of one API version, ready to be asked.
pub struct Matcher {
    /// By the method's place in [`Method::ALL`].
    as_written: [matchit::Router<usize>; Method::ALL.len()],
    /// The same in small letters: some services route without regard to case.
    folded: [matchit::Router<usize>; Method::ALL.len()],
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
    /// and with it nobody gets in.
    #[must_use]
    pub fn new(version: &Version) -> Self {
        let mut matcher = Self {
            as_written: Default::default(),
            folded: Default::default(),
            scopes: Vec::new(),
            places: HashMap::new(),
        };
        for (at, scope) in version.scopes().enumerate() {
            let (method, path) = (scope.method as usize, scope.path.as_str());
            matcher.scopes.push(scope.id.clone());
            matcher.places.entry((scope.method, scope.path.clone())).or_insert(at);
            if matcher.as_written[method].insert(path, at).is_ok() {
                // Two paths that differ by case alone: the second reads as the first, and is
                // refused below.
                let _ = matcher.folded[method].insert(path.to_ascii_lowercase(), at);
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
    /// or without regard to case. `None` where there is none, or where readings differ.
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
        let mut room = [0; 256];
        let small = fold(path.decoded(), &mut room);
        let folded = self.folded[method as usize].at(&small).ok()?;
        let account_sid = found.params.get(ACCOUNT_SID);
        (*folded.value == scope).then_some(RequiredScope { scope, account_sid })
    }
}

/// In small letters; most paths are short, and take no memory.
fn fold<'a>(path: &str, room: &'a mut [u8; 256]) -> Cow<'a, str> {
    let Some(small) = room.get_mut(..path.len()).filter(|_| path.is_ascii()) else {
        return Cow::Owned(path.to_lowercase());
    };
    small.copy_from_slice(path.as_bytes());
    small.make_ascii_lowercase();
    // ASCII is UTF-8, so that nothing is replaced.
    String::from_utf8_lossy(small)
}

#[cfg(test)]
mod tests;
