//! Path templates: `/Agencies/{AccountSID}/Jobs`.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest path template: with its method it stands in a card beside others.
pub const PATH_LIMIT: usize = 200;

/// The parameter that stands for the token's own Account SID.
pub const ACCOUNT_SID: &str = "AccountSID";

/// A path whose whole segments may be parameters. Matching is `matchit`'s; the templates here are
/// those that it understands without escapes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathTemplate(String);

/// Why text is no [`PathTemplate`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPath {
    /// Its first character is another.
    #[error("a path starts with \"/\"")]
    NoSlash,
    /// Over [`PATH_LIMIT`].
    #[error("a path has at most {PATH_LIMIT} characters")]
    TooLong,
    /// `//`, or a slash at the end.
    #[error("a segment is empty: write no \"//\", and no \"/\" at the end")]
    EmptySegment,
    /// `.` or `..`.
    #[error("\".\" and \"..\" are no segments: clients resolve them before they ask")]
    DotSegment,
    /// `?` or `#`.
    #[error("a path has no query and no fragment: end it before \"{0}\"")]
    QueryOrFragment(char),
    /// One brace without the other, or a parameter that is a part of its segment.
    #[error("braces enclose a whole segment, as in \"/{{Id}}/\"")]
    Braces,
    /// Not a name.
    #[error("a parameter is named with letters, digits and \"_\", and starts with no digit")]
    ParameterName,
    /// One name stands for two segments.
    #[error("the parameter {{{0}}} is there twice: name one of them otherwise")]
    DuplicateParameter(String),
    /// What would have to be percent-encoded, or is.
    #[error("\"{0}\" can't stand in a path: letters, digits and -._~!$&'()*+,;=:@ can")]
    Character(char),
}

impl PathTemplate {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names of its parameters, without braces, from left to right.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter_map(parameter)
    }

    /// A parameter that reads like [`ACCOUNT_SID`] and is spelled otherwise, such as `accountsid` or
    /// `Account_Sid`. To the gate it would be any parameter, which takes every account's id.
    pub fn misspelled_account_sid(&self) -> Option<&str> {
        let letters = |name: &str| name.chars().filter(|char| *char != '_').collect::<String>();
        let reads_like = |name: &&str| letters(name).eq_ignore_ascii_case(ACCOUNT_SID);
        self.parameters().filter(|name| *name != ACCOUNT_SID).find(reads_like)
    }
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn check_segment(segment: &str) -> Result<(), InvalidPath> {
    if segment.is_empty() {
        return Err(InvalidPath::EmptySegment);
    }
    if segment == "." || segment == ".." {
        return Err(InvalidPath::DotSegment);
    }
    let literal = match parameter(segment) {
        Some(name) if name.contains(['{', '}']) => return Err(InvalidPath::Braces),
        Some(name) => {
            let starts =
                name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
            let known = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            return if starts && known { Ok(()) } else { Err(InvalidPath::ParameterName) };
        }
        None => segment,
    };
    // RFC 3986's `pchar` without percent-encoding, which would let one path be written in two ways.
    let known = |char: char| char.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@".contains(char);
    match literal.chars().find(|char| !known(*char)) {
        None => Ok(()),
        Some('{' | '}') => Err(InvalidPath::Braces),
        Some(char) => Err(InvalidPath::Character(char)),
    }
}

impl TryFrom<String> for PathTemplate {
    type Error = InvalidPath;
    fn try_from(text: String) -> Result<Self, InvalidPath> {
        text.parse()
    }
}

impl FromStr for PathTemplate {
    type Err = InvalidPath;
    fn from_str(text: &str) -> Result<Self, InvalidPath> {
        let rest = text.strip_prefix('/').ok_or(InvalidPath::NoSlash)?;
        if text.chars().count() > PATH_LIMIT {
            return Err(InvalidPath::TooLong);
        }
        if let Some(char) = text.chars().find(|char| matches!(char, '?' | '#')) {
            return Err(InvalidPath::QueryOrFragment(char));
        }
        if !rest.is_empty() {
            rest.split('/').try_for_each(check_segment)?;
        }
        let path = Self(text.to_owned());
        let mut seen = HashSet::new();
        let twice = path.parameters().find(|name| !seen.insert(*name)).map(str::to_owned);
        twice.map_or(Ok(path), |name| Err(InvalidPath::DuplicateParameter(name)))
    }
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<PathTemplate> for String {
    fn from(path: PathTemplate) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn right_paths() {
        for right in ["/", "/Agencies/{AccountSID}/Jobs", "/a/{Id_or_Handle}", "/v1.0/a:b/~c"] {
            assert_eq!(right.parse::<PathTemplate>().unwrap().as_str(), right);
        }
        let path: PathTemplate = "/a/{B}/c/{d_1}".parse().unwrap();
        assert_eq!(path.parameters().collect::<Vec<_>>(), ["B", "d_1"]);
    }

    #[test]
    fn wrong_paths() {
        use InvalidPath::*;
        let longest = format!("/{}", "a".repeat(PATH_LIMIT));
        for (wrong, why) in [
            ("", NoSlash),
            ("a", NoSlash),
            ("{a}", NoSlash),
            (longest.as_str(), TooLong),
            ("//", EmptySegment),
            ("/a/", EmptySegment),
            ("/a//b", EmptySegment),
            ("/a/./b", DotSegment),
            ("/..", DotSegment),
            ("/a?b=c", QueryOrFragment('?')),
            ("/a#b", QueryOrFragment('#')),
            ("/{a", Braces),
            ("/a}", Braces),
            ("/a{b}", Braces),
            ("/{a}.json", Braces),
            ("/{{a}}", Braces),
            ("/{a}{b}", Braces),
            ("/{}", ParameterName),
            ("/{*rest}", ParameterName),
            ("/{1a}", ParameterName),
            ("/{a-b}", ParameterName),
            ("/{a}/b/{a}", DuplicateParameter("a".into())),
            ("/a b", Character(' ')),
            ("/a%20b", Character('%')),
            ("/ä", Character('ä')),
            ("/a\n", Character('\n')),
            ("/a`", Character('`')),
        ] {
            assert_eq!(wrong.parse::<PathTemplate>(), Err(why), "{wrong:?}");
        }
    }

    #[test]
    fn other_spellings_of_the_account_are_found() {
        let found = |path: &str| {
            let path: PathTemplate = path.parse().unwrap();
            path.misspelled_account_sid().map(str::to_owned)
        };
        for name in ["accountsid", "AccountSid", "ACCOUNTSID", "account_sid", "_Account__SID_"] {
            assert_eq!(found(&format!("/a/{{{name}}}/b")).as_deref(), Some(name));
            assert_eq!(found(&format!("/a/{{AccountSID}}/{{{name}}}")).as_deref(), Some(name));
        }
        for right in ["/{AccountSID}", "/{AccountId}", "/{SID}/{Account}", "/accountsid", "/"] {
            assert_eq!(found(right), None, "{right}");
        }
    }

    proptest! {
        /// Whatever is taken, the router takes too, and it finds what it was given.
        #[test]
        fn the_router_takes_what_is_taken(text in "/([a{}/.:_?%é]|\\{[ab_1]{0,2}\\}|/[ab]){0,6}") {
            if let Ok(path) = text.parse::<PathTemplate>() {
                let mut router = matchit::Router::new();
                prop_assert!(router.insert(path.as_str(), ()).is_ok());
                let concrete = path.as_str().replace(['{', '}'], "");
                let found = router.at(&concrete).unwrap();
                prop_assert_eq!(found.params.len(), path.parameters().count());
            }
        }
    }
}
