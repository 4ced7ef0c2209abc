//! The only way to change anything: state, event, notices, cards and jobs change together in one
//! transaction, or not at all.
//!
//! A workflow names a transition (`domain::transitions`), and [`Tx`] carries out the whole row. The
//! functions that change a state, write an event, mark a card or enqueue a job are private to `store`, so
//! that no workflow can do one of them alone.

mod attempt;
mod delivery;
mod issue;
mod log;
mod member;
mod notice;
mod request;
mod token;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::PgConnection;
use tracing::Span;

use super::approvals::RequestWithApprovals;
use super::at_commit::Leftovers;
use super::events::NewEvent;
use super::hand_over::HandOver;
use super::jobs::{Due, RequestedJobs};
use super::lookups::Lookup;
use super::notices::{NewNotice, NoticeColumns};
use super::pool::{Pool, Transaction};
use super::{approvals, at_commit, deliveries, drafts, interactions, pool};
use crate::domain::catalogue::ProviderId;
use crate::domain::delivery::Delivery;
use crate::domain::draft::Draft;
use crate::domain::ids::{
    ChannelId, DeliveryId, DraftId, EventId, InteractionId, RequestId, UserId,
};
use crate::domain::job::Job;
use crate::domain::token::Token;
use crate::domain::transitions::{ActorKind, CardChange};
use crate::traces;

pub use issue::{IssuedSecret, SealSecret};
pub use log::{Cause, LogEntry};
pub use member::UnreadableRow;
pub use notice::{SharedNotices, TokenEvent};
pub use token::EndTokenStep;

/// What transactions need of the configuration.
#[derive(Debug, Default)]
pub struct TxSettings {
    /// Where each provider's cards are.
    pub approval_channels: BTreeMap<ProviderId, ChannelId>,
    /// How long after the submission admins are reminded.
    pub remind_after: Duration,
    /// How long a request waits for approvals.
    pub request_ttl: Duration,
}

/// The press that a transaction carries out.
#[derive(Debug, Clone, Copy)]
pub struct Press {
    /// Who pressed.
    pub person: UserId,
    /// The interaction.
    pub interaction: InteractionId,
}

/// Who pressed, as Discord describes them.
#[derive(Debug, Clone, Copy)]
pub struct PressedBy<'a> {
    /// Their name.
    pub name: &'a str,
    /// Discord's code of their language.
    pub locale: &'a str,
    /// Whether they are a member of the guild, so that they are back if they had left.
    pub is_member: bool,
    /// Somebody whom the press names, and that person's name.
    pub names: Option<(UserId, &'a str)>,
}

/// A transaction. Nothing is kept unless it is committed. It derefs to a connection.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction,
    settings: Arc<TxSettings>,
    press: Option<Press>,
    /// The cards that must be rendered after the commit, each once.
    cards: BTreeMap<RequestId, (Option<ChannelId>, Duration)>,
    /// The jobs that are requested with the commit, each once.
    jobs: RequestedJobs,
    /// What is looked for with the commit, each once.
    lookups: BTreeSet<Lookup>,
    /// The events; they go into the log after the commit.
    events: Vec<NewEvent>,
    /// Those of them that are written already, because something needs their ids; and what came before them.
    written: Vec<EventId>,
    /// What is told of events, with the commit.
    notices: Vec<NewNotice>,
    hand_over: HandOver,
    /// Ends with it.
    _span: Span,
}

impl Deref for Tx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

impl Tx {
    /// Begins a transaction for something that Countersign does by itself.
    pub async fn begin(pool: &Pool, settings: &Arc<TxSettings>) -> sqlx::Result<Self> {
        let span = traces::begin_transaction();
        let inner = pool.begin().await?;
        let hand_over = pool.hand_over().clone();
        let settings = settings.clone();
        let (press, cards, jobs, lookups) = Default::default();
        let (events, written, notices) = Default::default();
        Ok(Self {
            inner,
            settings,
            press,
            cards,
            jobs,
            lookups,
            events,
            written,
            notices,
            hand_over,
            _span: span,
        })
    }

    /// Begins a transaction for a press, which is noted with who pressed; `None` if the same press was carried out
    /// before.
    pub async fn begin_press(
        pool: &Pool,
        settings: &Arc<TxSettings>,
        press: Press,
        by: PressedBy<'_>,
    ) -> sqlx::Result<Option<Self>> {
        let mut tx = Self::begin(pool, settings).await?;
        let noted = interactions::note_press(&mut tx, press, by).await?;
        if !noted.is_first {
            return Ok(None);
        }
        tx.follow_press(press, by, noted.had_left).await?;
        Ok(Some(tx))
    }

    /// The same for a press on a draft, which is locked until the transaction ends. `None` also if it is gone.
    pub async fn begin_press_on_draft(
        pool: &Pool,
        settings: &Arc<TxSettings>,
        press: Press,
        by: PressedBy<'_>,
        id: DraftId,
    ) -> sqlx::Result<Option<(Self, Draft)>> {
        let mut tx = Self::begin(pool, settings).await?;
        let locked = drafts::lock_for_press(&mut tx, press, by, id).await?;
        tx.follow_lock(press, by, locked).await
    }

    /// The same for a press on a request.
    pub async fn begin_press_on_request(
        pool: &Pool,
        settings: &Arc<TxSettings>,
        press: Press,
        by: PressedBy<'_>,
        id: RequestId,
    ) -> sqlx::Result<Option<(Self, RequestWithApprovals)>> {
        let mut tx = Self::begin(pool, settings).await?;
        let locked = approvals::lock_for_press(&mut tx, press, by, id).await?;
        tx.follow_lock(press, by, locked).await
    }

    /// The same for a press on a delivery, whose token is locked as well.
    pub async fn begin_press_on_delivery(
        pool: &Pool,
        settings: &Arc<TxSettings>,
        press: Press,
        by: PressedBy<'_>,
        id: DeliveryId,
    ) -> sqlx::Result<Option<(Self, (Token, Delivery))>> {
        let mut tx = Self::begin(pool, settings).await?;
        let locked = deliveries::lock_for_press(&mut tx, press, by, id).await?;
        tx.follow_lock(press, by, locked).await
    }

    /// Does what goes with a press that was noted as it locked something.
    async fn follow_lock<T>(
        mut self,
        press: Press,
        by: PressedBy<'_>,
        locked: Option<(T, bool)>,
    ) -> sqlx::Result<Option<(Self, T)>> {
        let Some((found, had_left)) = locked else { return Ok(None) };
        self.follow_press(press, by, had_left).await?;
        Ok(Some((self, found)))
    }

    /// Does what goes with a press that was noted.
    async fn follow_press(
        &mut self,
        press: Press,
        by: PressedBy<'_>,
        had_left: bool,
    ) -> sqlx::Result<()> {
        self.press = Some(press);
        if by.is_member && had_left { self.note_return(press.person).await } else { Ok(()) }
    }

    /// Commits, with the events, the jobs that were requested, and the rendering of the cards that changed.
    ///
    /// # Errors
    /// If the commit fails, nothing is kept.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        let cards = std::mem::take(&mut self.cards);
        for (request, (_, wait)) in &cards {
            self.enqueue(Job::RenderCard { request: *request }, Due::In(*wait));
        }
        let left = Leftovers {
            events: &self.events[self.written.len()..],
            notices: NoticeColumns::of(&self.notices, &self.written),
            cards: cards.into_iter().map(|(request, (channel, _))| (request, channel)).collect(),
            jobs: std::mem::take(&mut self.jobs),
            lookups: std::mem::take(&mut self.lookups),
        };
        let mut own = self.hand_over.begin();
        at_commit::write(&mut self.inner, &left, &mut own).await?;
        own.note_sent();
        let committed = self.inner.commit().await;
        match &committed {
            Ok(()) => own.hand_over(),
            // Nobody knows whether it did.
            Err(error) if pool::is_lost(error) => drop(own),
            Err(_) => own.forget(),
        }
        committed?;
        self.events.iter().for_each(log::log_committed);
        Ok(())
    }

    /// Rolls the transaction back.
    pub async fn rollback(self) -> sqlx::Result<()> {
        self.inner.rollback().await
    }

    /// Posts the card of a request that has none, because its provider was not configured.
    pub fn post_missing_card(&mut self, request: RequestId, provider: &ProviderId) {
        self.mark_card(request, provider, CardChange::Now);
    }

    /// Asks Discord whether a person is still a member.
    pub fn check_member(&mut self, person: UserId) {
        self.enqueue(Job::CheckMember { person }, Due::Now);
    }

    /// Who pressed; none if Countersign acts by itself.
    #[must_use]
    pub fn person(&self) -> Option<UserId> {
        self.press.map(|press| press.person)
    }

    /// Has a card rendered again; what happens last says how soon.
    fn mark_card(&mut self, request: RequestId, provider: &ProviderId, change: CardChange) {
        if let Some(wait) = change.wait() {
            self.cards.insert(request, (self.get_channel(provider), wait));
        }
    }

    /// Where a provider's cards are; `None` if it is no longer configured.
    fn get_channel(&self, provider: &ProviderId) -> Option<ChannelId> {
        self.settings.approval_channels.get(provider).copied()
    }

    /// Requests a job; of several requests the last one counts.
    fn enqueue(&mut self, job: Job, due: Due) {
        self.jobs.insert((job.kind(), job.id()), (job, due));
    }

    /// Has the rows looked for that a step concerns, with the commit.
    fn look_up(&mut self, lookup: Lookup) {
        self.lookups.insert(lookup);
    }

    /// The press that counts for a row; none if Countersign acts by itself.
    fn press_for(&self, by: ActorKind) -> Option<Press> {
        self.press.filter(|_| by != ActorKind::Countersign)
    }
}
