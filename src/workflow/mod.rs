//! The workflows, in one folder for each subject. Each function is one transaction of `store::tx`, in which
//! state, event, notices, cards and jobs change together or not at all. No workflow calls the outside or
//! knows a view.
//!
//! - [`request`]: from the form to what was asked for. [`token`]: a token's life after that.
//! - [`delivery`]: a secret reaches its owner. [`upstream`]: an API that makes and ends tokens is called.
//! - [`notice`]: people are told. [`departure`]: somebody left. [`recover`]: the database was restored.
//! - [`sweep`]: finds what is due and has no job. [`health`]: what is stuck. [`refusal`]: why something is
//!   refused. `access`: who may do what to which token or request.
//!
//! Each function returns its result or a [`Failure`]: a refusal, which the person is told, or a fault,
//! which is logged. Functions that read for a job have no refusals.
//!
//! Locks are taken in one order: draft, token, request, delivery.

mod access;
pub mod delivery;
pub mod departure;
pub mod health;
pub mod notice;
pub mod recover;
pub mod refusal;
pub mod request;
pub mod sweep;
pub mod token;
pub mod upstream;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::{Config, Provider};
use crate::domain::catalogue::ProviderId;
use crate::domain::delivery::Delivery;
use crate::domain::draft::Draft;
use crate::domain::ids::{DeliveryId, DraftId, InteractionId, RequestId, RoleId, UserId};
use crate::domain::permission::{Action, Relationship, allows};
use crate::domain::token::Token;
use crate::keyring::Keyring;
use crate::store::approvals::RequestWithApprovals;
use crate::store::pool::{self, Pool};
use crate::store::tx::{Press, PressedBy, Tx, TxSettings};
use crate::store::{hand_over, interactions, locks};

use refusal::{Gone, Refusal};

/// What workflows need. Cheap to clone.
#[derive(Clone)]
pub struct Workflow {
    /// The database, as the application's role.
    pub pool: Pool,
    /// The configuration.
    pub config: Arc<Config>,
    /// Seals and opens secrets.
    pub keyring: Arc<Keyring>,
    tx_settings: Arc<TxSettings>,
}

/// Who acts, as the interaction says.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// Their roles; none outside of the configured guild.
    pub roles: Option<BTreeSet<RoleId>>,
    /// Discord's code of their language.
    pub locale: String,
    /// The interaction.
    pub interaction: InteractionId,
}

/// The failure of a workflow.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A refusal, which the person is told.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// A fault, which is logged and told with a reference.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

impl Failure {
    /// Whether the failure is only that another session kept a lock for too long.
    fn is_lock(&self) -> bool {
        matches!(self, Self::Fault(error) if locks::is_lock_timeout(error.as_ref()))
    }
}

/// Whether the database could not be asked, so that a later try may help: then the refusal of a person who waits.
#[must_use]
pub fn explain_lost_database(error: &anyhow::Error) -> Option<Refusal> {
    match error.downcast_ref::<sqlx::Error>()? {
        // There was no connection.
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => Some(Refusal::Busy),
        // Its commit may have been on the way.
        error if pool::is_lost(error) => Some(Refusal::Unsure),
        _ => None,
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// Answers somebody who waits, and begins what else comes of it afterwards.
pub async fn answer_first<T>(answer: impl Future<Output = T>) -> T {
    hand_over::begin_jobs_after(answer).await
}

/// The result of a workflow.
pub type Outcome<T> = Result<T, Failure>;

impl Actor {
    fn holds_one_of(&self, roles: &[RoleId]) -> bool {
        self.roles.as_ref().is_some_and(|held| roles.iter().any(|role| held.contains(role)))
    }

    /// The relationship of this person to a provider and to what they act on. A provider that is no longer
    /// configured has no admins, but its requests still have their requesters.
    #[must_use]
    pub fn relationship(
        &self,
        provider: Option<&Provider>,
        requester: Option<UserId>,
    ) -> Relationship {
        let in_guild = self.roles.is_some();
        let may_ask = |provider: &Provider| {
            provider.requester_roles.is_empty() || self.holds_one_of(&provider.requester_roles)
        };
        Relationship {
            in_guild,
            may_ask: in_guild && provider.is_some_and(may_ask),
            admin: provider.is_some_and(|provider| self.holds_one_of(&provider.admin_roles)),
            requester: requester == Some(self.user),
            owner: false,
            contact: false,
        }
    }

    /// The relationship of this person to a token.
    #[must_use]
    pub fn relationship_to(&self, provider: Option<&Provider>, token: &Token) -> Relationship {
        Relationship {
            owner: token.owner == self.user,
            contact: token.settings.contact == self.user,
            ..self.relationship(provider, None)
        }
    }

    /// The press, and who pressed; it may name somebody.
    fn press<'a>(&'a self, names: Option<(UserId, &'a str)>) -> (Press, PressedBy<'a>) {
        let press = Press { person: self.user, interaction: self.interaction };
        let (name, locale, is_member) = (&self.name, &self.locale, self.roles.is_some());
        (press, PressedBy { name, locale, is_member, names })
    }

    fn must_be_allowed(
        &self,
        action: Action,
        provider: Option<&Provider>,
        requester: Option<UserId>,
    ) -> Result<(), Refusal> {
        if allows(action, self.relationship(provider, requester)) {
            return Ok(());
        }
        Err(provider.map_or(Refusal::UnknownProvider, |_| Refusal::NotAllowed(action)))
    }
}

impl Workflow {
    /// The provider with this id, if it is configured.
    ///
    /// # Errors
    /// [`Refusal::UnknownProvider`].
    pub fn provider(&self, id: &ProviderId) -> Result<&Provider, Refusal> {
        self.config.provider(id).ok_or(Refusal::UnknownProvider)
    }

    /// Builds the workflows' context.
    #[must_use]
    pub fn new(pool: Pool, config: Arc<Config>, keyring: Arc<Keyring>) -> Self {
        let channels = config.providers.iter();
        let settings = TxSettings {
            approval_channels: channels
                .map(|provider| (provider.id.clone(), provider.approval_channel))
                .collect(),
            remind_after: config.policy.remind_after,
            request_ttl: config.policy.request_ttl,
        };
        Self { pool, config, keyring, tx_settings: Arc::new(settings) }
    }

    /// Begins a transaction for something that Countersign does by itself.
    async fn tx(&self) -> sqlx::Result<Tx> {
        Tx::begin(&self.pool, &self.tx_settings).await
    }

    /// Begins the transaction of an interaction; each interaction is carried out at most once.
    async fn begin(&self, actor: &Actor) -> Outcome<Tx> {
        self.begin_naming(actor, None).await
    }

    /// The same for an interaction that names somebody.
    async fn begin_naming(&self, actor: &Actor, names: Option<(UserId, &str)>) -> Outcome<Tx> {
        let (press, by) = actor.press(names);
        let begun = Tx::begin_press(&self.pool, &self.tx_settings, press, by).await?;
        Ok(begun.ok_or(Refusal::Replayed)?)
    }

    /// The same for an interaction with a draft, which is locked.
    async fn begin_on_draft(
        &self,
        actor: &Actor,
        names: Option<(UserId, &str)>,
        id: DraftId,
    ) -> Outcome<(Tx, Draft)> {
        let (press, by) = actor.press(names);
        let begun = Tx::begin_press_on_draft(&self.pool, &self.tx_settings, press, by, id).await?;
        self.must_be_there(actor, begun, Gone::Draft).await
    }

    /// The same for an interaction with a request.
    async fn begin_on_request(
        &self,
        actor: &Actor,
        id: RequestId,
    ) -> Outcome<(Tx, RequestWithApprovals)> {
        let (press, by) = actor.press(None);
        let settings = &self.tx_settings;
        let begun = Tx::begin_press_on_request(&self.pool, settings, press, by, id).await?;
        self.must_be_there(actor, begun, Gone::Request).await
    }

    /// The same for an interaction with a delivery, which is locked with its token.
    async fn begin_on_delivery(
        &self,
        actor: &Actor,
        id: DeliveryId,
    ) -> Outcome<(Tx, (Token, Delivery))> {
        let (press, by) = actor.press(None);
        let settings = &self.tx_settings;
        let begun = Tx::begin_press_on_delivery(&self.pool, settings, press, by, id).await?;
        self.must_be_there(actor, begun, Gone::Delivery).await
    }

    /// What a press locked. Where that is nothing, its own note was taken back, so one that is there is of a repeat.
    async fn must_be_there<T>(&self, actor: &Actor, begun: Option<T>, what: Gone) -> Outcome<T> {
        if let Some(begun) = begun {
            return Ok(begun);
        }
        let is_noted =
            async |connection: &mut _| interactions::is_noted(connection, actor.interaction).await;
        let is_repeat = self.pool.run(is_noted).await?;
        Err(if is_repeat { Refusal::Replayed } else { Refusal::Gone(what) }.into())
    }

    /// Remembers a refused interaction, so that a repeat is not carried out after things have changed.
    pub async fn remember_interaction(&self, interaction: InteractionId) -> Outcome<()> {
        let noted =
            self.pool.run(async |connection| interactions::note(connection, interaction).await);
        Ok(noted.await?)
    }
}
