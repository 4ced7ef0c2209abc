//! People leave and come back, and a restored database takes something of everybody.

use serde_json::{Value, json};

use super::{LogEntry, Tx};
use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::{DepartureId, RequestId, TokenId, UserId};
use crate::domain::job::Job;
use crate::store::events::{self, NewEvent};
use crate::store::{departures, recovery};

/// What was ended without being read.
#[derive(Debug)]
pub struct UnreadableRow {
    /// Of which provider, as the row says.
    pub provider: String,
    request: RequestId,
    token: Option<TokenId>,
}

impl Tx {
    /// Somebody on whom something hangs at a provider is no member any more: its admins are to hear of it.
    pub async fn note_departure(
        &mut self,
        person: UserId,
        provider: &ProviderId,
    ) -> sqlx::Result<()> {
        let Some(departure) = departures::note(self, person, provider).await? else {
            return Ok(());
        };
        self.log_member(EventKind::MemberLeft, provider, person).await?;
        self.enqueue(Job::TellDeparture { departure }, None).await
    }

    /// Somebody is in the guild: if they had left, they are back.
    pub async fn note_return(&mut self, person: UserId) -> sqlx::Result<()> {
        for provider in departures::end(self, person).await? {
            self.log_member(EventKind::MemberReturned, &provider, person).await?;
        }
        Ok(())
    }

    /// The admins were told of a departure.
    pub async fn note_departure_told(&mut self, id: DepartureId) -> sqlx::Result<()> {
        if let Some((person, provider)) = departures::note_reported(self, id).await? {
            self.log_member(EventKind::DepartureTold, &provider, person).await?;
        }
        Ok(())
    }

    /// Nobody's press makes somebody leave or come back.
    async fn log_member(
        &mut self,
        kind: EventKind,
        provider: &ProviderId,
        person: UserId,
    ) -> sqlx::Result<()> {
        let detail = json!({ "person": person });
        self.log_by(None, LogEntry { kind, provider, detail }).await.map(drop)
    }

    /// The database was restored from an older dump: the admins of a provider hear what that took of them.
    pub async fn log_recovery(&mut self, provider: &ProviderId, detail: Value) -> sqlx::Result<()> {
        let line = LogEntry { kind: EventKind::DatabaseRestored, provider, detail };
        let event = self.log(line).await?;
        self.enqueue(Job::TellRecovery { event }, None).await
    }

    /// Disables a token whose row can't be read, and nothing else: it must not go on opening anything.
    ///
    /// # Errors
    /// A token that is not on is [`sqlx::Error::RowNotFound`].
    pub async fn disable_unread(&mut self, id: TokenId) -> sqlx::Result<UnreadableRow> {
        let (provider, request) = recovery::disable_unread(self, id).await?;
        Ok(UnreadableRow { provider, request, token: Some(id) })
    }

    /// Withdraws a request whose row can't be read, and nothing else.
    ///
    /// # Errors
    /// A request that is over is [`sqlx::Error::RowNotFound`].
    pub async fn withdraw_unread(&mut self, id: RequestId) -> sqlx::Result<UnreadableRow> {
        let provider = recovery::withdraw_unread(self, id).await?;
        Ok(UnreadableRow { provider, request: id, token: None })
    }

    /// Writes the event of what was ended unread, and lets its card be rendered: apart, so that nothing that is
    /// in their way keeps it from being ended.
    pub async fn log_unread(
        &mut self,
        ended: &UnreadableRow,
        mut detail: Value,
    ) -> sqlx::Result<()> {
        let Ok(provider) = ended.provider.parse::<ProviderId>() else { return Ok(()) };
        detail["unread"] = json!(true);
        let kind = match ended.token {
            Some(_) => EventKind::TokenDisabled,
            None => EventKind::RequestWithdrawn,
        };
        let event = NewEvent {
            request: Some(ended.request),
            token: ended.token,
            ..NewEvent::new(kind, &provider, detail)
        };
        events::append(self, &event).await?;
        self.mark_card(ended.request, &provider);
        Ok(())
    }
}
