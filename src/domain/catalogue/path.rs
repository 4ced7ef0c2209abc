//! Path templates: `/Agencies/{AccountSID}/Jobs`.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Longest path template: a card shows it beside its method and other templates.
pub const PATH_LIMIT: usize = 200;

/// The parameter for the token's own Account SID.
pub const ACCOUNT_SID: &str = "AccountSID";

/// Behind a parameter's name: its segment may hold encoded slashes.
const ENCODED_SLASH: &str = "%2F";

/// A path whose whole segments may be parameters: `{Id}` is a segment without a slash, `{Id%2F}` one that
/// may hold encoded slashes, as in `group%2Fproject`. A slash at the end is a part of the path: `/a/` is
/// another one than `/a`. Matching is `matchit`'s; the templates here are those that it understands
/// without escapes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PathTemplate(String);

/// Why text is no [`PathTemplate`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPath {
    /// It does not begin with `/`.
    #[error("a path starts with \"/\"")]
    NoSlash,
    /// Over [`PATH_LIMIT`].
    #[error("a path has at most {PATH_LIMIT} characters")]
    TooLong,
    /// `//`.
    #[error("a segment is empty: write no \"//\"")]
    EmptySegment,
    /// `.` or `..`.
    #[error("\".\" and \"..\" are no segments: clients resolve them before they ask")]
    DotSegment,
    /// `?` or `#`.
    #[error("a path has no query and no fragment: end it before \"{0}\"")]
    QueryOrFragment(char),
    /// It has an unpaired brace, or a parameter that is only a part of its segment.
    #[error("braces enclose a whole segment, as in \"/{{Id}}/\"")]
    Braces,
    /// Not a name.
    #[error(
        "a parameter is named with letters, digits and \"_\", starts with no digit, and ends in \"%2F\" \
         only where it may hold encoded slashes, as in \"/{{Project%2F}}/\""
    )]
    ParameterName,
    /// The account with slashes in it.
    #[error("an account's id holds no slash: write {{{ACCOUNT_SID}}}")]
    AccountWithSlashes,
    /// Two segments have the same name.
    #[error("the parameter {{{0}}} is there twice: name one of them otherwise")]
    DuplicateParameter(String),
    /// It has a character that must be percent-encoded, or one that is.
    #[error("\"{0}\" can't stand in a path: letters, digits and -._~!$&'()*+,;=:@ can")]
    Character(char),
}

impl PathTemplate {
    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The names of its parameters, without braces, from left to right.
    pub fn parameters(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter_map(parameter).map(name_of)
    }

    /// Without the slash at its end; `/` stays what it is.
    pub fn without_last_slash(&self) -> &str {
        without_last_slash(&self.0)
    }

    /// What paths it is for, whatever its parameters are called and whether a slash is at its end.
    pub fn shape(&self) -> String {
        let segments =
            self.without_last_slash().split('/').map(|segment| match parameter(segment) {
                Some(inside) if may_hold_slashes(inside) => "{%2F}",
                Some(_) => "{}",
                None => segment,
            });
        segments.collect::<Vec<_>>().join("/")
    }

    /// A parameter that looks like [`ACCOUNT_SID`] but is spelled differently, such as `accountsid` or
    /// `Account_Sid`. Verification would treat it as any other parameter, and accept every account's id.
    pub fn misspelled_account_sid(&self) -> Option<&str> {
        let letters = |name: &str| name.chars().filter(|char| *char != '_').collect::<String>();
        let reads_like = |name: &&str| letters(name).eq_ignore_ascii_case(ACCOUNT_SID);
        self.parameters().filter(|name| *name != ACCOUNT_SID).find(reads_like)
    }
}

/// A path without the slash at its end; `/` stays what it is.
pub fn without_last_slash(path: &str) -> &str {
    path.strip_suffix('/').filter(|rest| !rest.is_empty()).unwrap_or(path)
}

/// Whether the text between a parameter's braces allows encoded slashes in its segment.
pub fn may_hold_slashes(inside: &str) -> bool {
    inside.ends_with(ENCODED_SLASH)
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn name_of(inside: &str) -> &str {
    inside.strip_suffix(ENCODED_SLASH).unwrap_or(inside)
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
        Some(inside) => {
            let name = name_of(inside);
            if name == ACCOUNT_SID && may_hold_slashes(inside) {
                return Err(InvalidPath::AccountWithSlashes);
            }
            let starts =
                name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
            let known = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            return if starts && known { Ok(()) } else { Err(InvalidPath::ParameterName) };
        }
        None => segment,
    };
    // RFC 3986's `pchar` without percent-encoding, with which one path could be written in two ways.
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
            rest.strip_suffix('/').unwrap_or(rest).split('/').try_for_each(check_segment)?;
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
        for right in [
            "/",
            "/Agencies/{AccountSID}/Jobs",
            "/a/{Id_or_Handle}",
            "/v1.0/a:b/~c",
            "/a/",
            "/a/{Id}/",
            "/a/{Project%2F}",
            "/a/{Project%2F}/b/{Path%2F}/",
        ] {
            assert_eq!(right.parse::<PathTemplate>().unwrap().as_str(), right);
        }
        let path: PathTemplate = "/a/{B%2F}/c/{d_1}/".parse().unwrap();
        assert_eq!(path.parameters().collect::<Vec<_>>(), ["B", "d_1"]);
        assert_eq!(path.shape(), "/a/{%2F}/c/{}");
        assert_eq!("/".parse::<PathTemplate>().unwrap().shape(), "/");
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
            ("/a//", EmptySegment),
            ("//a/", EmptySegment),
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
            ("/{a%2f}", ParameterName),
            ("/{a%2F%2F}", ParameterName),
            ("/{%2F}", ParameterName),
            ("/{%2Fa}", ParameterName),
            ("/{a%5C}", ParameterName),
            ("/{a%2F}b", Braces),
            ("/a%2Fb", Character('%')),
            ("/{AccountSID%2F}/a", AccountWithSlashes),
            ("/{a}/b/{a}", DuplicateParameter("a".into())),
            ("/{a}/b/{a%2F}", DuplicateParameter("a".into())),
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
            assert_eq!(found(&format!("/a/{{{name}%2F}}/")).as_deref(), Some(name));
        }
        for right in ["/{AccountSID}", "/{AccountId}", "/{SID}/{Account}", "/accountsid", "/"] {
            assert_eq!(found(right), None, "{right}");
        }
    }

    proptest! {
        /// The router accepts each template that is accepted here, and matches it.
        #[test]
        fn every_accepted_path_fits_into_the_router(text in "/([a{}/.:_?%é]|\\{[ab_1]{0,2}(%2F)?\\}|/[ab]){0,6}/?") {
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
