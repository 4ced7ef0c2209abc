//! Notices that a transaction sends, each of one of its events or of an earlier one.

use crate::domain::ids::{EventId, RequestId, TokenId};
use crate::domain::job::JobKind;
use crate::domain::notice::{CREATION_WAITS, NoticeKind, Recipient};

/// An event, which may be written with the commit only.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) enum EventRef {
    /// It is written.
    Written(EventId),
    /// Its place among the events of this transaction, from 0.
    Noted(usize),
}

/// A message that is due with the commit.
#[derive(Debug)]
pub(in crate::store) struct NewNotice {
    pub event: EventRef,
    pub kind: NoticeKind,
    pub recipient: Recipient,
    pub request: Option<RequestId>,
    pub token: Option<TokenId>,
    /// Whether it is sent only where its recipient was told something else of the request's course, by a direct message
    /// that stands, or is about to.
    pub follows_others: bool,
}

impl NewNotice {
    fn job(&self) -> JobKind {
        if self.recipient.is_mail() { JobKind::SendMail } else { JobKind::SendNotice }
    }

    /// How many seconds it waits: what comes soon after a creation may tell of both.
    fn wait(&self) -> f64 {
        let waits = self.recipient.is_mail() && self.kind == NoticeKind::Created;
        if waits { CREATION_WAITS.as_seconds_f64() } else { 0.0 }
    }
}

/// Notices by column, as one statement takes them.
#[derive(Debug, Default)]
pub(in crate::store) struct NoticeColumns {
    pub events: Vec<Option<i64>>,
    /// The place of the event among those that are written with the notices, from 1; where `events` has none.
    pub places: Vec<Option<i64>>,
    pub kinds: Vec<NoticeKind>,
    pub media: Vec<&'static str>,
    pub recipients: Vec<String>,
    pub requests: Vec<Option<i64>>,
    pub tokens: Vec<Option<i64>>,
    pub follow_others: Vec<bool>,
    pub jobs: Vec<&'static str>,
    pub lanes: Vec<&'static str>,
    pub urgencies: Vec<i16>,
    /// How many seconds the job waits.
    pub waits: Vec<f64>,
}

impl NoticeColumns {
    /// `written` are the first of the transaction's events.
    pub(in crate::store) fn of(notices: &[NewNotice], written: &[EventId]) -> Self {
        let mut columns = Self::default();
        for notice in notices {
            let (event, place) = match notice.event {
                EventRef::Written(event) => (Some(event), None),
                EventRef::Noted(place) => match written.get(place) {
                    Some(event) => (Some(*event), None),
                    None => (None, i64::try_from(place + 1 - written.len()).ok()),
                },
            };
            let (medium, address) = notice.recipient.to_columns();
            let job = notice.job();
            columns.events.push(event.map(EventId::get));
            columns.places.push(place);
            columns.kinds.push(notice.kind);
            columns.media.push(medium);
            columns.recipients.push(address);
            columns.requests.push(notice.request.map(RequestId::get));
            columns.tokens.push(notice.token.map(TokenId::get));
            columns.follow_others.push(notice.follows_others);
            columns.jobs.push(job.name());
            columns.lanes.push(job.lane().name());
            columns.urgencies.push(job.urgency().rank());
            columns.waits.push(notice.wait());
        }
        columns
    }
}
