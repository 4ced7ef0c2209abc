//! What keeps emails from being taken, as this process has seen it: for `/readyz` and the log. Each email that
//! waits for it is known by its notice, so that it is told and logged once, and ends with the last of them.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::refusal::{Enhanced, Stage};
use crate::domain::ids::NoticeId;

/// The first pause; each further one is as long as the email has waited.
const FIRST_PAUSE: Duration = Duration::from_secs(2);

/// The longest pause while nothing is taken at all, and for an email that was refused by itself, which is
/// more work for the server.
const LONGEST_PAUSE: Duration = Duration::from_secs(5 * 60);
const LONGEST_PAUSE_OF_ONE: Duration = Duration::from_secs(30 * 60);

/// How much later than planned an email may be tried. After that another process has sent it, or nobody must.
const GRACE: Duration = Duration::from_secs(10 * 60);

/// How many causes are told at a time.
const CAUSES_TOLD: usize = 3;

/// What a refusal is recognised by when it comes again; the words may have another number each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Cause {
    pub(super) stage: Stage,
    pub(super) code: Option<u16>,
    pub(super) enhanced: Option<Enhanced>,
}

impl Cause {
    /// Whether every email is refused by it, because nothing was said of a recipient.
    pub(super) fn is_for_all(self) -> bool {
        self.stage < Stage::Recipient
    }
}

/// What is known of a cause.
#[derive(Debug)]
struct Explained {
    said: String,
    cure: &'static str,
    emails: usize,
}

/// An email that waits.
#[derive(Debug)]
struct Waiting {
    cause: Cause,
    since: Instant,
    /// Until when it should have been tried again.
    until: Instant,
}

/// What keeps emails from being taken.
#[derive(Debug, Default)]
pub(super) struct Troubles(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    emails: HashMap<NoticeId, Waiting>,
    causes: BTreeMap<Cause, Explained>,
}

impl Troubles {
    /// Notes why an email waits. Returns for how long, more each time.
    pub(super) fn add(
        &self,
        notice: NoticeId,
        cause: Cause,
        (said, cure): (&str, &'static str),
    ) -> Duration {
        let now = Instant::now();
        let mut known = self.known(now);
        let since = known.remove(notice).unwrap_or(now);
        let longest = if cause.is_for_all() { LONGEST_PAUSE } else { LONGEST_PAUSE_OF_ONE };
        let pause = now.duration_since(since).clamp(FIRST_PAUSE, longest);
        known.emails.insert(notice, Waiting { cause, since, until: now + pause + GRACE });
        let explained = known.causes.entry(cause).or_insert_with(|| {
            tracing::warn!(said, cure, "emails are not taken; they wait until this is mended");
            Explained { said: said.to_owned(), cure, emails: 0 }
        });
        // What was said last is told: of one cause the words may change.
        (explained.said, explained.cure) = (said.to_owned(), cure);
        explained.emails += 1;
        known.forget_needless_causes();
        pause
    }

    /// An email is taken, or nobody waits for it any longer. Returns whether that shows that something was
    /// mended, so that others that wait have a chance: it was refused before, or all were.
    pub(super) fn end(&self, notice: NoticeId, was_taken: bool) -> bool {
        let mut known = self.known(Instant::now());
        let mut is_mended = known.remove(notice).is_some() && was_taken;
        if was_taken {
            let for_all: Vec<NoticeId> = known
                .emails
                .iter()
                .filter(|(_, waiting)| waiting.cause.is_for_all())
                .map(|(notice, _)| *notice)
                .collect();
            for other in for_all {
                is_mended |= known.remove(other).is_some();
            }
        }
        known.forget_needless_causes();
        is_mended
    }

    /// What an operator has to know; nothing where no email waits.
    pub(super) fn describe(&self) -> Option<String> {
        self.describe_by(|cause| format!("{}; {}", cause.said, cause.cure))
    }

    /// The same without the words of a server.
    pub(super) fn describe_cures(&self) -> Option<String> {
        self.describe_by(|cause| cause.cure.to_owned())
    }

    fn describe_by(&self, describe: impl Fn(&Explained) -> String) -> Option<String> {
        let known = self.known(Instant::now());
        let causes = known.causes.values().take(CAUSES_TOLD);
        let told: Vec<String> = causes
            .map(|cause| {
                let noun = if cause.emails == 1 { "email waits" } else { "emails wait" };
                format!("{} {noun}: {}", cause.emails, describe(cause))
            })
            .collect();
        (!told.is_empty()).then(|| told.join(" | "))
    }

    /// What is known now, without emails that somebody else has sent.
    fn known(&self, now: Instant) -> MutexGuard<'_, Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gone: Vec<NoticeId> = known
            .emails
            .iter()
            .filter(|(_, waiting)| waiting.until < now)
            .map(|(notice, _)| *notice)
            .collect();
        for notice in &gone {
            known.remove(*notice);
        }
        if !gone.is_empty() {
            known.forget_needless_causes();
        }
        known
    }
}

impl Known {
    /// Returns since when it waited. Its cause stays, since it may get the next email at once.
    fn remove(&mut self, notice: NoticeId) -> Option<Instant> {
        let waiting = self.emails.remove(&notice)?;
        if let Some(cause) = self.causes.get_mut(&waiting.cause) {
            cause.emails = cause.emails.saturating_sub(1);
        }
        Some(waiting.since)
    }

    fn forget_needless_causes(&mut self) {
        let before = self.causes.len();
        self.causes.retain(|_, cause| cause.emails > 0);
        if before > 0 && self.causes.is_empty() {
            tracing::info!("no email waits any longer for something to be mended");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(id: i64) -> NoticeId {
        NoticeId::new(id).unwrap()
    }

    fn cause(stage: Stage) -> Cause {
        Cause { stage, code: Some(554), enhanced: None }
    }

    #[test]
    fn what_keeps_emails_is_told_until_the_last_has_gone() {
        let troubles = Troubles::default();
        assert_eq!(troubles.describe(), None);
        for id in [1, 2, 2] {
            troubles.add(notice(id), cause(Stage::Message), ("554 no", "mend it"));
        }
        troubles.add(notice(3), cause(Stage::Recipient), ("550 not here", "ask"));
        assert_eq!(
            troubles.describe().unwrap(),
            "1 email waits: 550 not here; ask | 2 emails wait: 554 no; mend it"
        );
        assert!(!troubles.end(notice(9), true), "one that was never refused shows nothing");
        assert!(troubles.end(notice(1), true));
        assert!(!troubles.end(notice(2), false), "it was given up");
        assert!(troubles.end(notice(3), true));
        assert_eq!(troubles.describe(), None);
    }

    #[test]
    fn what_is_told_of_a_cause_is_what_was_said_last() {
        let troubles = Troubles::default();
        for said in ["503 later", "429 slow down"] {
            troubles.add(notice(1), cause(Stage::Login), (said, "wait"));
        }
        assert_eq!(troubles.describe().unwrap(), "1 email waits: 429 slow down; wait");
    }

    #[test]
    fn any_email_that_goes_ends_what_is_for_all() {
        let troubles = Troubles::default();
        troubles.add(notice(1), cause(Stage::Sender), ("550 no", "mend it"));
        troubles.add(notice(2), cause(Stage::Message), ("554 no", "mend it"));
        assert!(troubles.end(notice(3), true));
        assert_eq!(troubles.describe().unwrap(), "1 email waits: 554 no; mend it");
        assert!(!troubles.end(notice(4), true), "once");
    }

    #[test]
    fn pauses_grow_with_the_time_that_an_email_waits() {
        let troubles = Troubles::default();
        let add = |stage| troubles.add(notice(1), cause(stage), ("554 no", "mend it"));
        let waited = |seconds| {
            let mut known = troubles.0.lock().unwrap();
            let waiting = known.emails.get_mut(&notice(1)).unwrap();
            waiting.since = Instant::now() - Duration::from_secs(seconds);
        };
        assert_eq!(add(Stage::Message), FIRST_PAUSE);
        waited(100);
        assert_eq!(add(Stage::Message).as_secs(), 100);
        waited(100_000);
        assert_eq!(add(Stage::Message), LONGEST_PAUSE_OF_ONE);
        assert_eq!(add(Stage::Login), LONGEST_PAUSE);
    }

    #[test]
    fn what_another_process_has_sent_is_forgotten() {
        let troubles = Troubles::default();
        troubles.add(notice(1), cause(Stage::Message), ("554 no", "mend it"));
        for waiting in troubles.0.lock().unwrap().emails.values_mut() {
            waiting.until = Instant::now() - Duration::from_secs(1);
        }
        assert_eq!(troubles.describe(), None);
    }
}
