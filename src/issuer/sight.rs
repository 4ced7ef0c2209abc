//! What was seen of a token at its upstream, the answer to the call that ends it, and the rule of
//! when its end is believed. The whole rule is [`judge`]; docs/http-issuer.md has it as a table.

use super::answer::{Answer, NotDone};
use super::ending::Ended;

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
    /// It isn't there, and everything was read; or the upstream says so in the words that the configuration
    /// names.
    Absent,
    /// The look for it by its id was answered 404 or 410 in the upstream's own form, in words of which nobody
    /// knows what they are about.
    Missing(String),
    /// It isn't on what was read, and there is more.
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
    /// 202: it will be done.
    Accepted,
    /// 404 or 410 in the words that the configuration names for a token that isn't there.
    NotThere,
    /// 404 or 410 in the upstream's own form, JSON with what `error` names: something isn't there, in these
    /// words. It may be another thing than the token.
    Gone(String),
    /// No, in these words.
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
    /// It was seen right before a call that ends it and that the upstream did not accept: moments ago.
    pub was_seen: bool,
    /// The upstream accepted a call that ends it for good, moments ago, and has not shown it to work since.
    pub was_accepted: bool,
    /// The upstream said when it would end by itself, and that is past.
    pub has_ended_itself: bool,
    /// The upstream showed it to be off, and may take it for a while longer: no further call is needed.
    pub is_off: bool,
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
    /// Of an answer; `NotNow` was not carried out, so that it is as if nobody knew.
    pub fn of(answer: Answer<Ended>) -> Self {
        match answer {
            Ok(Ended::Done) => Self::Done,
            Ok(Ended::Accepted) => Self::Accepted,
            Ok(Ended::NotThere) => Self::NotThere,
            Err(NotDone::Refused { status: status @ Some(404 | 410), words: words @ Some(_) }) => {
                Self::Gone(super::describe_refusal(status, words))
            }
            Err(NotDone::Refused { status, words }) => {
                Self::Refused(super::describe_refusal(status, words))
            }
            Err(NotDone::NotNow(_)) => {
                Self::Doubtful("it can't be reached, or asks us to wait".to_owned())
            }
            Err(NotDone::Doubtful(why)) => Self::Doubtful(why),
        }
    }

    /// Whether the upstream took it on: only then a look tells anything.
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::Done | Self::Accepted | Self::NotThere)
    }
}

impl Sight {
    /// It is there.
    #[must_use]
    pub fn is_there(&self) -> bool {
        matches!(self, Self::Alive | Self::Dead)
    }

    fn is_gone(&self) -> bool {
        matches!(self, Self::Absent | Self::Missing(_))
    }

    /// Its id or its marker is there, and not both at one token.
    fn is_another(&self) -> bool {
        matches!(self, Self::OtherName(_) | Self::OtherId)
    }
}

/// Whether the upstream showed it, now or right before a call that it did not accept.
fn was_shown(before: &Sight, known: Known) -> bool {
    before.is_there() || (before.is_gone() && known.was_seen)
}

/// Whether nothing is left to be done: it isn't there, and that was brought about or announced; or it was seen to be
/// off, and still is. One that was only disabled is not deleted by that.
fn is_over(before: &Sight, known: Known) -> bool {
    let stays_off = known.is_off && (!known.for_good || known.was_accepted);
    match before {
        Sight::Absent => known.was_accepted || known.has_ended_itself || stays_off,
        Sight::Missing(_) | Sight::Dead => stays_off,
        _ => false,
    }
}

/// Whether a call that names the id may go out after this sight: the id may be another token's by now. What was
/// there moments ago, and whose end was not accepted, counts as alive: the call is repeated, as nobody has its id.
#[must_use]
pub fn may_call(before: &Sight, known: Known) -> bool {
    !is_over(before, known) && (known.ids_are_unique || was_shown(before, known))
}

/// When a token's end is believed: where the upstream showed the token right before the call, accepted the call,
/// and shows the token no longer after; or, where ids are unique, by its yes to the call.
#[must_use]
pub fn judge(before: &Sight, said: &Said, after: &Sight, known: Known) -> Verdict {
    let was_shown = was_shown(before, known);
    match said {
        Said::NotCalled if is_over(before, known) => Verdict::Off,
        Said::NotCalled => by_sight(before),
        Said::Refused(words) => Verdict::Person(Doubt::Refused(words.clone())),
        _ if *after == Sight::Alive => by_sight(after),
        Said::Doubtful(why) => Verdict::Again(why.clone()),
        Said::Accepted if *after == Sight::Absent && was_shown => Verdict::Off,
        Said::Accepted => Verdict::Again("it was taken on (202), and is not seen done".to_owned()),
        Said::Done if was_shown || known.ids_are_unique => after_done(after, known),
        Said::Done => by_sight(before),
        Said::NotThere if known.ids_are_unique && !after.is_another() => Verdict::Off,
        Said::NotThere if was_shown && (after.is_gone() || *after == Sight::Dead) => Verdict::Off,
        Said::NotThere => by_sight(after),
        // The list was read whole and no longer holds it: two say the same.
        Said::Gone(_) if before.is_there() && *after == Sight::Absent => Verdict::Off,
        Said::Gone(words) => Verdict::Person(Doubt::Refused(words.clone())),
    }
}

/// What is seen after a yes.
fn after_done(after: &Sight, known: Known) -> Verdict {
    match after {
        Sight::Absent | Sight::Missing(_) | Sight::Dead => Verdict::Off,
        // Nobody can look, and the id is no other token's.
        Sight::Unseen | Sight::Partial | Sight::Refused(_) if known.ids_are_unique => Verdict::Off,
        after => by_sight(after),
    }
}

/// Why a sight leaves it unclear.
fn by_sight(sight: &Sight) -> Verdict {
    match sight {
        Sight::Unclear(why) => Verdict::Again(why.clone()),
        Sight::Alive | Sight::Dead => Verdict::Again("it is still there".to_owned()),
        Sight::Absent | Sight::Missing(_) | Sight::Unseen => Verdict::Person(Doubt::NotThere),
        Sight::OtherName(name) => Verdict::Person(Doubt::OtherName(name.clone())),
        Sight::OtherId => Verdict::Person(Doubt::OtherId),
        Sight::Partial => Verdict::Person(Doubt::TooLong),
        Sight::Refused(words) => Verdict::Person(Doubt::Refused(words.clone())),
    }
}

#[cfg(test)]
mod tests;
