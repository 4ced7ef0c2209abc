//! A call that makes a token at an upstream, and its state.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::ids::{AttemptId, RequestId};

listed! {
/// The state of a call that creates a token at an upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum AttemptState {
    /// It may still be running.
    Calling,
    /// Its token is ours.
    Made,
    /// The upstream made none.
    Refused,
    /// Its outcome is unknown; the upstream is searched for its token.
    Doubtful,
    /// The token was not found in time; the upstream is searched once more.
    Absent,
    /// The token does not exist, or no longer exists.
    Gone,
    /// Only a person can search for the token.
    Unresolved,
}
}

impl AttemptState {
    /// Its name in the audit log.
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
    /// Its id in the database.
    pub id: AttemptId,
    /// The request that the call was made for.
    pub request: RequestId,
    /// The marker by which the token is found at the upstream.
    pub marker: String,
    /// What `create` and `find` were in the configuration then, in one word.
    pub configuration: String,
    /// Its state.
    pub state: AttemptState,
    /// Whether the token must exist, if the call created one.
    pub is_settled: bool,
    /// Whether its token was seen to be gone after it was revoked.
    pub is_revoked: bool,
    /// Whether the upstream showed its token right before a call that ends it.
    pub was_shown: bool,
    /// Whether the upstream has accepted such a call since.
    pub was_accepted: bool,
}

/// How an upstream's answers differ from its configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum UpstreamDoubt {
    /// `find` doesn't show what `create` has just made.
    NotShown {
        /// What it is known by.
        marker: String,
    },
    /// `find` shows it under another name.
    OtherName {
        /// What it was to be known by.
        marker: String,
        /// The name that it has there.
        name: String,
    },
    /// `find` shows it as not working.
    ShownDead {
        /// What it is known by.
        marker: String,
    },
    /// `find` can't be read.
    Unreadable {
        /// Why.
        why: String,
    },
    /// What a call may have made that nobody saw answered is not shown, and that proves nothing by now; another
    /// was made meanwhile.
    Stray {
        /// What it would be known by.
        marker: String,
    },
    /// What `create` says of the token's end can't be read.
    EndUnreadable {
        /// The value of the answer.
        value: String,
    },
}

impl UpstreamDoubt {
    /// What kind it is, as the audit log has it.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self {
            Self::NotShown { .. } => "not_shown",
            Self::OtherName { .. } => "other_name",
            Self::ShownDead { .. } => "shown_dead",
            Self::Unreadable { .. } => "unreadable",
            Self::Stray { .. } => "stray",
            Self::EndUnreadable { .. } => "end_unreadable",
        }
    }
}

/// Why an upstream could not do what was asked. A request's reason holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UpstreamProblem {
    /// The upstream refused, with this text.
    Refused(String),
    /// It is unknown whether a token with this marker exists.
    Unsure(String),
    /// The same: a token of this marker isn't shown, where the upstream has never shown a new one so far.
    Unproven(String),
    /// The same: it can't be looked for, or not be revoked, for this reason.
    Stray {
        /// What it would be known by.
        marker: String,
        /// Why.
        why: String,
    },
    /// The outcome was unknown several times, the last time too; no token is left.
    Repeated(String),
    /// It is unknown whether the old secret still works.
    Renewing(String),
    /// It is unknown whether a disabled token works again; why.
    Enabling(String),
    /// It is unknown whether a token was changed in place; why.
    Changing(String),
    /// The upstream has been unreachable for a long time.
    Away(String),
    /// It has asked to wait for a long time; its words.
    Waits(String),
    /// A token that is to end was not there to begin with: what it was known by.
    NotThere(String),
    /// A token that must end is there under this name.
    Renamed(String),
    /// The marker or id of a token that must end is there with another id.
    Moved(String),
    /// A token that is to end is not on the part of the list that can be read: what it was known by.
    TooLong(String),
    /// Its end couldn't be seen, for this reason.
    Unclear(String),
}

impl UpstreamProblem {
    /// Reads the trouble from a request's reason, if an upstream caused it.
    #[must_use]
    pub fn of(reason: &str) -> Option<Self> {
        let (kind, words) = reason.split_once(": ")?;
        let words = words.to_owned();
        Some(match kind {
            "upstream_refused" => Self::Refused(words),
            "upstream_unsure" => Self::Unsure(words),
            "upstream_unproven" => Self::Unproven(words),
            "upstream_stray" => {
                let (marker, why) = words.split_once(' ')?;
                Self::Stray { marker: marker.to_owned(), why: why.to_owned() }
            }
            "upstream_repeated" => Self::Repeated(words),
            "upstream_renewing" => Self::Renewing(words),
            "upstream_enabling" => Self::Enabling(words),
            "upstream_changing" => Self::Changing(words),
            "upstream_away" => Self::Away(words),
            "upstream_waits" => Self::Waits(words),
            "upstream_not_there" => Self::NotThere(words),
            "upstream_renamed" => Self::Renamed(words),
            "upstream_moved" => Self::Moved(words),
            "upstream_too_long" => Self::TooLong(words),
            "upstream_unclear" => Self::Unclear(words),
            _ => return None,
        })
    }

    /// What it is about: an upstream's words, a reason, or a marker.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Refused(words)
            | Self::Unsure(words)
            | Self::Unproven(words)
            | Self::Stray { why: words, .. }
            | Self::Repeated(words)
            | Self::Renewing(words)
            | Self::Enabling(words)
            | Self::Changing(words)
            | Self::Away(words)
            | Self::Waits(words)
            | Self::NotThere(words)
            | Self::Renamed(words)
            | Self::Moved(words)
            | Self::TooLong(words)
            | Self::Unclear(words) => words,
        }
    }

    /// The marker of a token that may be there and belongs to no one.
    #[must_use]
    pub fn stray(&self) -> Option<&str> {
        match self {
            Self::Unsure(marker) | Self::Unproven(marker) | Self::Stray { marker, .. } => {
                Some(marker)
            }
            _ => None,
        }
    }
}

impl fmt::Display for UpstreamProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, words) = match self {
            Self::Stray { marker, why } => return write!(f, "upstream_stray: {marker} {why}"),
            Self::Refused(words) => ("refused", words),
            Self::Unsure(marker) => ("unsure", marker),
            Self::Unproven(marker) => ("unproven", marker),
            Self::Repeated(why) => ("repeated", why),
            Self::Renewing(why) => ("renewing", why),
            Self::Enabling(why) => ("enabling", why),
            Self::Changing(why) => ("changing", why),
            Self::Away(why) => ("away", why),
            Self::Waits(words) => ("waits", words),
            Self::NotThere(marker) => ("not_there", marker),
            Self::Renamed(name) => ("renamed", name),
            Self::Moved(marker) => ("moved", marker),
            Self::TooLong(marker) => ("too_long", marker),
            Self::Unclear(why) => ("unclear", why),
        };
        write!(f, "upstream_{kind}: {words}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_survive_storage() {
        let words = || "403: no: never".to_owned();
        for trouble in [
            UpstreamProblem::Refused(words()),
            UpstreamProblem::Unsure(words()),
            UpstreamProblem::Unproven(words()),
            UpstreamProblem::Stray { marker: "countersign-1-ab".to_owned(), why: words() },
            UpstreamProblem::Repeated(words()),
            UpstreamProblem::Renewing(words()),
            UpstreamProblem::Enabling(words()),
            UpstreamProblem::Changing(words()),
            UpstreamProblem::Away(words()),
            UpstreamProblem::Waits(words()),
            UpstreamProblem::NotThere(words()),
            UpstreamProblem::Renamed(words()),
            UpstreamProblem::Moved(words()),
            UpstreamProblem::TooLong(words()),
            UpstreamProblem::Unclear(words()),
        ] {
            assert_eq!(trouble.words(), words());
            assert_eq!(UpstreamProblem::of(&trouble.to_string()), Some(trouble));
        }
        assert_eq!(UpstreamProblem::of("provider_gone"), None);
    }
}
