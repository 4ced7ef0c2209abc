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

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use tracing::Instrument as _;

use super::{cards, interactions, jobs};
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{ChannelId, InteractionId, RequestId, UserId};
use crate::domain::job::Job;
use crate::domain::transitions::ActorKind;

pub use issue::{IssuedSecret, SealSecret};
use log::CommittedEvent;
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

/// A transaction. Nothing is kept unless it is committed. It derefs to a connection.
#[derive(Debug)]
pub struct Tx {
    inner: Transaction<'static, Postgres>,
    settings: Arc<TxSettings>,
    press: Option<Press>,
    /// The cards that must be rendered after the commit, each once.
    cards: BTreeMap<RequestId, Option<ChannelId>>,
    /// What goes into the log after the commit.
    events: Vec<CommittedEvent>,
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
    ///
    /// It begins in a task of its own: if the caller is dropped during `BEGIN`, sqlx forgets about it, and
    /// would reuse the connection with the transaction still open.
    pub async fn begin(pool: &PgPool, settings: &Arc<TxSettings>) -> sqlx::Result<Self> {
        let pool = pool.clone();
        let begun = tokio::spawn(async move { pool.begin().await }.in_current_span()).await;
        let inner =
            begun.unwrap_or_else(|error| Err(sqlx::Error::Io(std::io::Error::other(error))))?;
        let settings = settings.clone();
        Ok(Self { inner, settings, press: None, cards: BTreeMap::new(), events: Vec::new() })
    }

    /// Begins a transaction for a press; `None` if the same press was carried out before.
    pub async fn begin_press(
        pool: &PgPool,
        settings: &Arc<TxSettings>,
        press: Press,
    ) -> sqlx::Result<Option<Self>> {
        let mut tx = Self::begin(pool, settings).await?;
        tx.press = Some(press);
        let seen = interactions::note(&mut tx, press.interaction).await?;
        Ok((seen == interactions::Occurrence::First).then_some(tx))
    }

    /// Commits, and enqueues the rendering of the cards that changed.
    ///
    /// # Errors
    /// If the commit fails, nothing is kept.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        for (request, channel) in std::mem::take(&mut self.cards) {
            match channel {
                Some(channel) => cards::mark_outdated(&mut self, request, channel).await?,
                // The request's channel is gone; the existing card is rendered where it is.
                None => cards::mark_existing_outdated(&mut self, request).await?,
            }
            self.enqueue(Job::RenderCard { request }, None).await?;
        }
        self.inner.commit().await?;
        self.events.iter().for_each(CommittedEvent::log);
        Ok(())
    }

    /// Rolls the transaction back.
    pub async fn rollback(self) -> sqlx::Result<()> {
        self.inner.rollback().await
    }

    /// Posts the card of a request that has none, because its provider was not configured.
    pub fn post_missing_card(&mut self, request: RequestId, provider: &ProviderId) {
        self.mark_card(request, provider);
    }

    /// Asks Discord whether a person is still a member.
    pub async fn check_member(&mut self, person: UserId) -> sqlx::Result<()> {
        self.enqueue(Job::CheckMember { person }, None).await
    }

    /// Who pressed; none if Countersign acts by itself.
    #[must_use]
    pub fn person(&self) -> Option<UserId> {
        self.press.map(|press| press.person)
    }

    fn mark_card(&mut self, request: RequestId, provider: &ProviderId) {
        let channel = self.settings.approval_channels.get(provider).copied();
        self.cards.insert(request, channel);
    }

    async fn enqueue(&mut self, job: Job, at: Option<DateTime<Utc>>) -> sqlx::Result<()> {
        jobs::enqueue(self, job, at).await
    }

    /// The press that counts for a row; none if Countersign acts by itself.
    fn press_for(&self, by: ActorKind) -> Option<Press> {
        self.press.filter(|_| by != ActorKind::Countersign)
    }
}
