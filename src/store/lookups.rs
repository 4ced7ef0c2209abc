//! What a transaction has looked for as it commits: there is a job for each row that is found. So a step
//! needs no statement of its own for what mostly doesn't exist.

use std::time::Duration;

use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{ChannelId, RequestId, TokenId, UserId};
use crate::domain::job::JobKind;

/// What is looked for, in the state in which the transaction leaves it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lookup {
    /// Departures of which a message tells the admins: the message is edited.
    Departures { provider: ProviderId, person: UserId },
    /// The open change of a token: it is checked again.
    OpenChange(TokenId),
    /// A token's latest deliveries whose owners were told of them and that have nothing left to reveal: their messages
    /// say what became of the token.
    Receipts(TokenId),
    /// The request that made a token's newest secret, unless it is the one that created the token: its card is
    /// rendered.
    Renewal {
        token: TokenId,
        /// Where the card is to be.
        channel: Option<ChannelId>,
        /// How long the rendering waits.
        wait: Duration,
    },
    /// The letters of a token's creation that were put off: they are sent.
    LettersOfCreation(TokenId),
    /// What stands of the messages to a person about the course of a request: it is deleted.
    Course { request: RequestId, person: UserId },
}

impl Lookup {
    /// The job that is requested for what is found.
    const fn job(&self) -> JobKind {
        match self {
            Self::Departures { .. } => JobKind::TellDeparture,
            Self::OpenChange(_) => JobKind::ReviewChange,
            Self::Receipts(_) => JobKind::Deliver,
            Self::LettersOfCreation(_) => JobKind::SendMail,
            Self::Renewal { .. } => JobKind::RenderCard,
            Self::Course { .. } => JobKind::TidyMessages,
        }
    }

    /// The token or the request that it is about.
    fn about(&self) -> Option<i64> {
        match self {
            Self::OpenChange(token)
            | Self::Receipts(token)
            | Self::LettersOfCreation(token)
            | Self::Renewal { token, .. } => Some(token.get()),
            Self::Course { request, .. } => Some(request.get()),
            Self::Departures { .. } => None,
        }
    }
}

/// Lookups by column, as one statement takes them.
#[derive(Debug, Default)]
pub(super) struct LookupColumns<'a> {
    pub kinds: Vec<&'static str>,
    pub about: Vec<Option<i64>>,
    pub people: Vec<Option<i64>>,
    pub providers: Vec<Option<&'a str>>,
    pub channels: Vec<Option<i64>>,
    pub lanes: Vec<&'static str>,
    pub urgencies: Vec<i16>,
    /// How many seconds the job waits.
    pub waits: Vec<f64>,
}

impl<'a> LookupColumns<'a> {
    pub(super) fn of(lookups: impl IntoIterator<Item = &'a Lookup>) -> Self {
        let mut columns = Self::default();
        for lookup in lookups {
            let job = lookup.job();
            let (mut person, mut provider, mut channel, mut wait) = (None, None, None, 0.0);
            match lookup {
                Lookup::Departures { provider: at, person: who } => {
                    (provider, person) = (Some(at.as_str()), Some(who.get()));
                }
                Lookup::Renewal { channel: place, wait: soon, .. } => {
                    (channel, wait) = (place.map(ChannelId::get), soon.as_secs_f64());
                }
                Lookup::Course { person: who, .. } => person = Some(who.get()),
                Lookup::OpenChange(_) | Lookup::Receipts(_) | Lookup::LettersOfCreation(_) => {}
            }
            columns.kinds.push(job.name());
            columns.about.push(lookup.about());
            columns.people.push(person);
            columns.providers.push(provider);
            columns.channels.push(channel);
            columns.lanes.push(job.lane().name());
            columns.urgencies.push(job.urgency().rank());
            columns.waits.push(wait);
        }
        columns
    }
}
