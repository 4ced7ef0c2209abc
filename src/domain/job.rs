//! Background jobs.
//!
//! A job is only a hint and carries ids. Its handler locks the row, reads the state and does what the state
//! requires. So a job may run twice or too early without harm, and [`Job::Sweep`] finds what a lost job
//! should have done.

use serde::{Deserialize, Serialize};

use super::ids::{
    AttemptId, DeliveryId, DepartureId, EventId, NoticeId, RequestId, TokenId, UserId,
};

/// Something to be done in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Make the request's card show the request as it is now.
    RenderCard { request: RequestId },
    /// Ask Discord whether the people who approved are still admins, then go on.
    ConfirmApprovals { request: RequestId },
    /// Create the token, or carry out the change.
    Issue { request: RequestId },
    /// Check an open change again after its token changed.
    ReviewChange { request: RequestId },
    /// End a token whose time is up.
    ExpireToken { token: TokenId },
    /// Have a token's upstream switch it off.
    SwitchOff { token: TokenId },
    /// Look once more for what an upstream may have made.
    LookForStray { attempt: AttemptId },
    /// Tell the owner that a secret waits.
    Deliver { delivery: DeliveryId },
    /// Send one direct message to one person.
    SendNotice { notice: NoticeId },
    /// Send one mail to one person.
    SendMail { notice: NoticeId },
    /// Remind the admins of a request that waits.
    RemindAdmins { request: RequestId },
    /// End a request that nobody decided.
    LapseRequest { request: RequestId },
    /// End a delivery that nobody pressed.
    LapseDelivery { delivery: DeliveryId },
    /// Delete the message that shows a secret.
    DeleteReveal { delivery: DeliveryId },
    /// Warn people of tokens that end soon, once a day.
    WarnOfEnds,
    /// Tell people of what expired.
    TellOfExpiries,
    /// Ask Discord whether a person with tokens or requests is still a member.
    CheckMember { person: UserId },
    /// Tell the admins who left.
    TellDeparture { departure: DepartureId },
    /// Tell a provider's admins what was stopped after a restore.
    TellRecovery { event: EventId },
    /// Tell a provider's admins that its upstream answers otherwise than the configuration says.
    TellDoubt { event: EventId },
    /// Find what is due and has no job. Enqueued by the queue itself, every 30 s.
    Sweep,
}

impl Job {
    /// Sends a notice, by mail or by direct message.
    #[must_use]
    pub fn send(notice: NoticeId, is_mail: bool) -> Self {
        if is_mail { Self::SendMail { notice } } else { Self::SendNotice { notice } }
    }

    /// What kind of job this is, for logs and metrics.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.parts().0
    }

    /// The id of what the job is about, 0 where it is about nothing in particular.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.parts().1
    }

    fn parts(&self) -> (&'static str, i64) {
        match self {
            Self::RenderCard { request } => ("render_card", request.get()),
            Self::ConfirmApprovals { request } => ("confirm_approvals", request.get()),
            Self::Issue { request } => ("issue", request.get()),
            Self::ReviewChange { request } => ("review_change", request.get()),
            Self::ExpireToken { token } => ("expire_token", token.get()),
            Self::SwitchOff { token } => ("switch_off", token.get()),
            Self::LookForStray { attempt } => ("look_for_stray", attempt.get()),
            Self::Deliver { delivery } => ("deliver", delivery.get()),
            Self::SendNotice { notice } => ("send_notice", notice.get()),
            Self::SendMail { notice } => ("send_mail", notice.get()),
            Self::RemindAdmins { request } => ("remind_admins", request.get()),
            Self::LapseRequest { request } => ("lapse_request", request.get()),
            Self::LapseDelivery { delivery } => ("lapse_delivery", delivery.get()),
            Self::DeleteReveal { delivery } => ("delete_reveal", delivery.get()),
            Self::WarnOfEnds => ("warn_of_ends", 0),
            Self::TellOfExpiries => ("tell_of_expiries", 0),
            Self::CheckMember { person } => ("check_member", person.get()),
            Self::TellDeparture { departure } => ("tell_departure", departure.get()),
            Self::TellRecovery { event } => ("tell_recovery", event.get()),
            Self::TellDoubt { event } => ("tell_doubt", event.get()),
            Self::Sweep => ("sweep", 0),
        }
    }

    /// Jobs with the same key become one.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}:{}", self.kind(), self.id())
    }

    /// Whether it sends a mail. Mails have workers of their own, so that a mail server that hangs delays
    /// only mails.
    #[must_use]
    pub fn is_mail(&self) -> bool {
        matches!(self, Self::SendMail { .. })
    }

    /// Whether it may call somebody's API: one that hangs keeps such jobs waiting, and nothing else.
    #[must_use]
    pub fn calls_upstreams(&self) -> bool {
        matches!(self, Self::Issue { .. } | Self::SwitchOff { .. } | Self::LookForStray { .. })
    }

    /// The order of execution when many jobs wait; lower goes first.
    #[must_use]
    pub fn priority(&self) -> i32 {
        match self {
            Self::DeleteReveal { .. } => -20,
            Self::ConfirmApprovals { .. }
            | Self::Issue { .. }
            | Self::ReviewChange { .. }
            | Self::ExpireToken { .. }
            | Self::SwitchOff { .. }
            | Self::LookForStray { .. }
            | Self::Deliver { .. } => -10,
            Self::RenderCard { .. } => 0,
            Self::SendNotice { .. }
            | Self::SendMail { .. }
            | Self::CheckMember { .. }
            | Self::TellDeparture { .. }
            | Self::TellRecovery { .. }
            | Self::TellDoubt { .. } => 10,
            Self::Sweep | Self::WarnOfEnds | Self::TellOfExpiries => 15,
            Self::RemindAdmins { .. } | Self::LapseRequest { .. } | Self::LapseDelivery { .. } => {
                20
            }
        }
    }
}
