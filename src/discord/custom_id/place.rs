//! Where a button stands, as far as its answer depends on it.

use std::fmt::Display;
use std::str::FromStr;

use super::encoding::Argument;
use crate::workflow::token::list::ListQuery;

/// What a button of a token's panel is about, with the list that the panel was opened from: `7`, or
/// `7:0:30::Reports`. The list goes from button to button, so that *Back* is never lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromList<T> {
    /// What the button is about.
    pub what: T,
    list: Option<ListQuery>,
}

impl<T> FromList<T> {
    /// The name in the query is cut where the longest of these ids has no room for it; then *Back* leads
    /// to a list of more tokens.
    pub fn new(what: T, list: Option<&ListQuery>) -> Self {
        Self { what, list: list.map(ListQuery::shortened) }
    }

    /// The list that the panel was opened from, if there was one.
    pub fn list(&self) -> Option<&ListQuery> {
        self.list.as_ref()
    }
}

impl<T: Argument> Argument for FromList<T> {
    fn encode(&self) -> String {
        let what = self.what.encode();
        match &self.list {
            Some(list) => format!("{what}:{}", list.encode()),
            None => what,
        }
    }

    fn decode(text: &str) -> Option<Self> {
        let Some((what, list)) = text.split_once(':') else {
            return Some(Self { what: T::decode(text)?, list: None });
        };
        let list = ListQuery::decode(list)?;
        Some(Self::new(T::decode(what)?, Some(&list)))
    }
}

/// The message that a button stands on: the answer takes its place, and keeps the rest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A card, or a message that is over with the press.
    Alone,
    /// A page of `/token pending`.
    Pending(u8),
    /// The last page of *Details*.
    Details,
    /// The message that shows a secret.
    Secret,
}

/// What a button is about, and where it stands: `7`, `7p2`, `7d`, `7s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Placed<T> {
    /// What the button is about.
    pub what: T,
    /// Where it stands.
    pub place: Place,
}

impl<T> Placed<T> {
    /// It stands here.
    pub fn new(what: T, place: Place) -> Self {
        Self { what, place }
    }
}

impl<T: Display + FromStr> Argument for Placed<T> {
    fn encode(&self) -> String {
        let what = &self.what;
        match self.place {
            Place::Alone => what.to_string(),
            Place::Pending(page) => format!("{what}p{page}"),
            Place::Details => format!("{what}d"),
            Place::Secret => format!("{what}s"),
        }
    }

    fn decode(text: &str) -> Option<Self> {
        let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (what, place) = text.split_at_checked(end)?;
        let place = match place {
            "" => Place::Alone,
            "d" => Place::Details,
            "s" => Place::Secret,
            page => Place::Pending(page.strip_prefix('p')?.parse().ok()?),
        };
        Some(Self { what: what.parse().ok()?, place })
    }
}
