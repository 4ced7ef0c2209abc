//! What was seen of a token at its upstream, the answer to the call that ends it, and the rule of
//! when its end is believed. The whole rule is [`judge`]; docs/http-issuer.md has it as a table.

use super::answer::{Answer, NotDone};

/// The result of looking for one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// It is there, with its marker and id (its id alone if ids are unique), and works.
    Alive,
    /// It is there, marked as not working.
    Dead,
    /// Its id has another name: it was renamed, or the id now belongs to another token.
    OtherName(String),
    /// Its marker has another id.
    OtherId,
    /// It is not there, and everything was read.
    Absent,
    /// It is not on what was read, and there is more.
    Partial,
    /// The answer can't be read, or there was none; the reason.
    Unclear(String),
    /// The upstream refuses to show it; its text.
    Refused(String),
    /// There is no call for it.
    Unseen,
}

/// The answer to the call that ends a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// 200 to 299, without an error in it.
    Done,
    /// 404 or 410 in the upstream's own form: JSON with `error`.
    Gone,
    /// Refused, with this text.
    Refused(String),
    /// Unclear, with the reason.
    Doubtful(String),
    /// It was not called.
    NotCalled,
}

/// What is known besides the current sight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// The upstream never reuses an id.
    pub ids_are_unique: bool,
    /// It was seen shortly before, right before a call that ends it and had no clear answer.
    pub was_seen: bool,
    /// The upstream gave its end, and that is past.
    pub has_ended_itself: bool,
    /// It must be deleted, not only disabled.
    pub for_good: bool,
}

/// The decision about a token that must end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It has ended.
    Off,
    /// Unclear so far, with the reason.
    Again(String),
    /// An admin must look.
    Person(Doubt),
}

/// Why an admin must look for a token that must end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// It was not there to begin with.
    NotThere,
    /// Its id bears another name.
    OtherName(String),
    /// Its marker has another id.
    OtherId,
    /// The list is longer than we read.
    TooLong,
    /// The upstream refused.
    Refused(String),
}

impl Said {
    /// From an answer; `NotNow` was not carried out, so it counts as unclear.
    pub fn of(answer: Answer<()>) -> Self {
        match answer {
            Ok(()) => Self::Done,
            Err(NotDone::Refused { status: Some(404 | 410), words: Some(_) }) => Self::Gone,
            Err(NotDone::Refused { status, words }) => {
                Self::Refused(super::describe_refusal(status, words))
            }
            Err(NotDone::NotNow(_)) => {
                Self::Doubtful("it can't be reached, or asks us to wait".to_owned())
            }
            Err(NotDone::Doubtful(why)) => Self::Doubtful(why),
        }
    }
}

/// Whether a call with the id may be sent after this sight: the id may now belong to another token.
#[must_use]
pub fn may_call(before: &Sight, known: Known) -> bool {
    let is_ended = *before == Sight::Absent && (known.was_seen || known.has_ended_itself);
    !is_ended && (known.ids_are_unique || matches!(before, Sight::Alive | Sight::Dead))
}

/// When a token's end is believed: where the upstream showed the token right before the call and shows it no
/// longer after; or, where ids are unique, by the answer to the call.
#[must_use]
pub fn judge(before: &Sight, said: &Said, after: &Sight, known: Known) -> Verdict {
    let was_there = matches!(before, Sight::Alive | Sight::Dead)
        || (*before == Sight::Absent && (known.was_seen || known.has_ended_itself));
    // A token that was only disabled before is not known to be deleted by a call without a clear answer.
    let is_denied = known.for_good
        && (matches!(said, Said::Refused(_) | Said::NotCalled)
            || (*before == Sight::Dead && matches!(said, Said::Doubtful(_))));
    match after {
        Sight::Absent if was_there => Verdict::Off,
        Sight::Dead if was_there && !is_denied => Verdict::Off,
        Sight::Alive if !matches!(said, Said::Refused(_)) => {
            Verdict::Again("it is still there".to_owned())
        }
        _ if known.ids_are_unique => by_answer(said),
        _ if !was_there => by_sight(before),
        Sight::Alive | Sight::Dead => by_answer(said),
        Sight::Unclear(_) if matches!(said, Said::Refused(_)) => by_answer(said),
        _ => by_sight(after),
    }
}

/// What the answer to a call with a unique id means.
fn by_answer(said: &Said) -> Verdict {
    match said {
        Said::Done | Said::Gone => Verdict::Off,
        Said::Refused(words) => Verdict::Person(Doubt::Refused(words.clone())),
        Said::Doubtful(why) => Verdict::Again(why.clone()),
        Said::NotCalled => Verdict::Again("it was not asked".to_owned()),
    }
}

/// Why a sight leaves it unclear.
fn by_sight(sight: &Sight) -> Verdict {
    match sight {
        Sight::Unclear(why) => Verdict::Again(why.clone()),
        Sight::Alive | Sight::Dead => Verdict::Again("it is still there".to_owned()),
        Sight::Absent | Sight::Unseen => Verdict::Person(Doubt::NotThere),
        Sight::OtherName(name) => Verdict::Person(Doubt::OtherName(name.clone())),
        Sight::OtherId => Verdict::Person(Doubt::OtherId),
        Sight::Partial => Verdict::Person(Doubt::TooLong),
        Sight::Refused(words) => Verdict::Person(Doubt::Refused(words.clone())),
    }
}

#[cfg(test)]
mod tests;
