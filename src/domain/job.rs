//! Background jobs.
//!
//! A job is only a hint and carries ids. Its handler locks the row, reads the state and does what the state
//! requires. So a job may run twice or too early without harm, and [`Job::Sweep`] finds what a lost job
//! should have done.

use super::ids::{
    AttemptId, DeliveryId, DepartureId, EventId, NoticeId, RequestId, TokenId, UserId,
};

/// Jobs that wait for each other only: each lane has places of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Neither sends an email nor calls an API.
    Main,
    /// Sends an email: a mail server that hangs delays only emails.
    Mails,
    /// May call a provider's API: one that hangs delays only such jobs.
    Upstreams,
}

impl Lane {
    /// Every lane.
    pub const ALL: [Self; 3] = [Self::Main, Self::Mails, Self::Upstreams];

    /// Its name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Mails => "mails",
            Self::Upstreams => "upstreams",
        }
    }
}

/// Who waits for a job. Of those that are due, the first in this order go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// A secret is on a screen.
    Secret,
    /// People wait for what comes of their decision.
    Decision,
    /// People look at it.
    Card,
    /// Sends notices.
    Message,
    /// No one waits for it.
    Upkeep,
    /// Ends something that expired.
    Lapse,
}

impl Urgency {
    /// Every urgency, in order.
    pub const ALL: [Self; 6] =
        [Self::Secret, Self::Decision, Self::Card, Self::Message, Self::Upkeep, Self::Lapse];

    /// Its place in the order, from 0.
    #[must_use]
    pub const fn rank(self) -> i16 {
        self as i16
    }
}

/// The id of what a job is about, in the database; 0 where it is about nothing in particular.
macro_rules! subject {
    () => {
        0
    };
    ($id:expr) => {
        $id.get()
    };
}

/// A job is one line: its name, what it is about, its name in the database, its lane and its urgency.
macro_rules! jobs {
    ($($(#[$doc:meta])* $job:ident $({ $field:ident: $id:ident })? $kind:literal $lane:ident $urgency:ident,)+) => {
        /// A kind of job, without what one is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum JobKind {
            $($(#[$doc])* $job,)+
        }

        impl JobKind {
            /// Its name in the database, logs and metrics.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$job => $kind,)+
                }
            }

            /// The lane that it runs in.
            #[must_use]
            pub const fn lane(self) -> Lane {
                match self {
                    $(Self::$job => Lane::$lane,)+
                }
            }

            /// When it goes, of all that are due.
            #[must_use]
            pub const fn urgency(self) -> Urgency {
                match self {
                    $(Self::$job => Urgency::$urgency,)+
                }
            }
        }

        /// Something to be done in the background.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Job {
            $($(#[$doc])* $job $({ $field: $id })?,)+
        }

        impl Job {
            /// Every kind of job that this version knows.
            pub const KINDS: &[&'static str] = &[$($kind),+];

            const fn get_kind(&self) -> JobKind {
                match self {
                    $(Self::$job { .. } => JobKind::$job,)+
                }
            }

            /// What kind of job this is, for the database, logs and metrics.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                self.get_kind().name()
            }

            /// The id of what the job is about, 0 where it is about nothing in particular.
            #[must_use]
            pub fn id(&self) -> i64 {
                match self {
                    $(Self::$job $({ $field })? => subject!($($field)?),)+
                }
            }

            /// The job of this kind and id. `None` where there is no such kind, or it is about no such id.
            #[must_use]
            pub fn from_parts(kind: &str, id: i64) -> Option<Self> {
                let job = match kind {
                    $($kind => Self::$job $({ $field: $id::new(id).ok()? })?,)+
                    _ => return None,
                };
                (job.id() == id).then_some(job)
            }

            /// The lane that it runs in.
            #[must_use]
            pub const fn lane(&self) -> Lane {
                self.get_kind().lane()
            }

            /// When it goes, of all that are due.
            #[must_use]
            pub const fn urgency(&self) -> Urgency {
                self.get_kind().urgency()
            }
        }
    };
}

jobs! {
    /// Make the request's card show the request as it is now.
    RenderCard { request: RequestId } "render_card" Main Card,
    /// Ask Discord whether the people who approved are still admins, then go on.
    ConfirmApprovals { request: RequestId } "confirm_approvals" Main Decision,
    /// Create the token, or carry out the change.
    Issue { request: RequestId } "issue" Upstreams Decision,
    /// Check an open change again after its token changed.
    ReviewChange { request: RequestId } "review_change" Main Decision,
    /// End a token whose time is up.
    ExpireToken { token: TokenId } "expire_token" Main Decision,
    /// Have a token's upstream switch it off.
    SwitchOff { token: TokenId } "switch_off" Upstreams Decision,
    /// Look once more for what an upstream may have made.
    LookForStray { attempt: AttemptId } "look_for_stray" Upstreams Decision,
    /// Tell the owner that a secret waits.
    Deliver { delivery: DeliveryId } "deliver" Main Decision,
    /// Send one direct message to one person.
    SendNotice { notice: NoticeId } "send_notice" Main Message,
    /// Send one mail to one person.
    SendMail { notice: NoticeId } "send_mail" Mails Message,
    /// Delete what a requester was told before the message that stands.
    TidyMessages { request: RequestId } "tidy_messages" Main Upkeep,
    /// Remind the admins of a request that waits.
    RemindAdmins { request: RequestId } "remind_admins" Main Lapse,
    /// Call the admins to a request whose card was only edited, and now waits for them.
    CallAdmins { request: RequestId } "call_admins" Main Message,
    /// Tell a provider's admins that a token may be in the wrong person's possession.
    AlertAdmins { event: EventId } "alert_admins" Main Message,
    /// End a request that was not decided.
    LapseRequest { request: RequestId } "lapse_request" Main Lapse,
    /// End a delivery that was not collected.
    LapseDelivery { delivery: DeliveryId } "lapse_delivery" Main Lapse,
    /// Delete the message that shows a secret.
    DeleteReveal { delivery: DeliveryId } "delete_reveal" Main Secret,
    /// Warn people of tokens that end soon, once a day.
    WarnOfEnds "warn_of_ends" Main Upkeep,
    /// Tell people of what expired.
    TellOfExpiries "tell_of_expiries" Main Upkeep,
    /// Ask Discord whether a person with tokens or requests is still a member.
    CheckMember { person: UserId } "check_member" Main Message,
    /// Tell the admins who left.
    TellDeparture { departure: DepartureId } "tell_departure" Main Message,
    /// Tell a provider's admins what was stopped after a restore.
    TellRecovery { event: EventId } "tell_recovery" Main Message,
    /// Tell a provider's admins that its upstream's answers differ from the configuration.
    TellDoubt { event: EventId } "tell_doubt" Main Message,
    /// Find what is due and has no job. Enqueued by the queue itself, every 30 s.
    Sweep "sweep" Main Upkeep,
}

impl Job {
    /// Sends a notice, by mail or by direct message.
    #[must_use]
    pub fn send(notice: NoticeId, is_mail: bool) -> Self {
        if is_mail { Self::SendMail { notice } } else { Self::SendNotice { notice } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_its_kind_and_id() {
        for kind in Job::KINDS {
            let about = [0, 7].map(|id| Job::from_parts(kind, id));
            assert!(about.iter().flatten().count() == 1, "{kind} is about something, or nothing");
            let job = about.into_iter().flatten().next().unwrap();
            assert_eq!(Job::from_parts(job.kind(), job.id()), Some(job));
            assert_eq!(job.kind(), *kind);
        }
        assert_eq!(Job::from_parts("issue", -1), None);
        assert_eq!(Job::from_parts("of_a_newer_version", 7), None);
    }
}
