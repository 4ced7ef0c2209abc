//! A call that makes a token at an upstream, and what became of it.

use std::fmt;

use super::ids::{AttemptId, RequestId};

listed! {
/// How far a call is. See product.md §7 and the migration `attempts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AttemptState {
    /// It may be under way.
    Calling,
    /// Its token is ours.
    Made,
    /// The upstream made none.
    Refused,
    /// Nobody knows; it is looked for.
    Doubtful,
    /// It was not there when its time had passed; it is looked for once more.
    Absent,
    /// It is not there, or not any more.
    Gone,
    /// Only a person can look.
    Unresolved,
}
}

impl AttemptState {
    /// What the audit log calls it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Calling => "calling",
            Self::Made => "made",
            Self::Refused => "refused",
            Self::Doubtful => "doubtful",
            Self::Absent => "absent",
            Self::Gone => "gone",
            Self::Unresolved => "unresolved",
        }
    }
}

/// A call that makes a token at an upstream.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The database's identity.
    pub id: AttemptId,
    /// The request that it was made for.
    pub request: RequestId,
    /// What its token is known by at the upstream.
    pub marker: String,
    /// How far it is.
    pub state: AttemptState,
    /// Whether what is looked for must be there by now, if it is to come.
    pub is_settled: bool,
}

/// Why an upstream could not do what was asked for, as a request's reason holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// It said no, in these words.
    Refused(String),
    /// Nobody knows whether there is a token that bears this marker.
    Unsure(String),
    /// It ended in doubt again and again, the last time so; nothing is left of it.
    Repeated(String),
    /// Whether the old secret still works is not known.
    Renewing(String),
    /// It can't be reached, or asks to wait, for long by now.
    Away(String),
}

impl Trouble {
    /// The trouble that a reason tells of, if it is one of an upstream's.
    #[must_use]
    pub fn of(reason: &str) -> Option<Self> {
        let (kind, words) = reason.split_once(": ")?;
        let words = words.to_owned();
        match kind {
            "upstream_refused" => Some(Self::Refused(words)),
            "upstream_unsure" => Some(Self::Unsure(words)),
            "upstream_repeated" => Some(Self::Repeated(words)),
            "upstream_renewing" => Some(Self::Renewing(words)),
            "upstream_away" => Some(Self::Away(words)),
            _ => None,
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, words) = match self {
            Self::Refused(words) => ("upstream_refused", words),
            Self::Unsure(marker) => ("upstream_unsure", marker),
            Self::Repeated(why) => ("upstream_repeated", why),
            Self::Renewing(why) => ("upstream_renewing", why),
            Self::Away(why) => ("upstream_away", why),
        };
        write!(f, "{kind}: {words}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_read_as_it_was_written() {
        let words = || "403: no: never".to_owned();
        for trouble in [
            Trouble::Refused(words()),
            Trouble::Unsure(words()),
            Trouble::Repeated(words()),
            Trouble::Renewing(words()),
            Trouble::Away(words()),
        ] {
            assert_eq!(Trouble::of(&trouble.to_string()), Some(trouble));
        }
        assert_eq!(Trouble::of("provider_gone"), None);
    }
}
