//! Members who leave and come back, and what a recovery does to their tokens and requests.

use serde_json::{Value, json};

use super::log::build_event;
use super::{LogEntry, Tx};
use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, DepartureId, MessageId, RequestId, TokenId, UserId};
use crate::domain::job::Job;
use crate::domain::transitions::CardChange;
use crate::store::events::NewEvent;
use crate::store::jobs::Due;
use crate::store::lookups::Lookup;
use crate::store::{departures, recovery};

/// What was ended without being read.
#[derive(Debug)]
pub struct UnreadableRow {
    /// The provider in the row.
    pub provider: String,
    request: RequestId,
    token: Option<TokenId>,
}

impl Tx {
    /// Records that a person with tokens or requests at a provider is no longer a member; its admins will be
    /// told.
    pub async fn note_departure(
        &mut self,
        person: UserId,
        provider: &ProviderId,
    ) -> sqlx::Result<()> {
        let Some(departure) = departures::note(self, person, provider).await? else {
            return Ok(());
        };
        self.log_member(EventKind::MemberLeft, provider, person);
        self.enqueue(Job::TellDeparture { departure }, Due::Now);
        Ok(())
    }

    /// Records that a person is a member; if they had left, they are back.
    pub async fn note_return(&mut self, person: UserId) -> sqlx::Result<()> {
        for (departure, provider) in departures::end(self, person).await? {
            self.log_member(EventKind::MemberReturned, &provider, person);
            self.enqueue(Job::TellDeparture { departure }, Due::Now);
        }
        Ok(())
    }

    /// What depends on these people changed: the messages about those of them who left are edited.
    pub(super) fn show_departures(
        &mut self,
        provider: &ProviderId,
        people: impl IntoIterator<Item = UserId>,
    ) {
        for person in people {
            self.look_up(Lookup::Departures { provider: provider.clone(), person });
        }
    }

    /// Records that the admins were told of a departure.
    pub async fn note_departure_told(
        &mut self,
        id: DepartureId,
        place: (ChannelId, MessageId),
    ) -> sqlx::Result<()> {
        if let Some((person, provider)) = departures::note_reported(self, id, place).await? {
            self.log_member(EventKind::DepartureTold, &provider, person);
        }
        Ok(())
    }

    /// Members leave and come back without a press.
    fn log_member(&mut self, kind: EventKind, provider: &ProviderId, person: UserId) {
        let detail = json!({ "person": person });
        self.note_event(build_event(None, kind, provider, detail));
    }

    /// Records a recovery from an older dump; the provider's admins are told what was stopped.
    pub async fn log_recovery(&mut self, provider: &ProviderId, detail: Value) -> sqlx::Result<()> {
        let line = LogEntry { kind: EventKind::DatabaseRestored, provider, detail };
        let event = self.log(line).await?;
        self.enqueue(Job::TellRecovery { event }, Due::Now);
        Ok(())
    }

    /// Disables a token whose row can't be read, and does nothing else: it must not keep working.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] if the token is not enabled.
    pub async fn disable_unread(&mut self, id: TokenId) -> sqlx::Result<UnreadableRow> {
        let (provider, request) = recovery::disable_unread(self, id).await?;
        Ok(UnreadableRow { provider, request, token: Some(id) })
    }

    /// Withdraws a request whose row can't be read, and does nothing else.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] if the request is over.
    pub async fn withdraw_unread(&mut self, id: RequestId) -> sqlx::Result<UnreadableRow> {
        let provider = recovery::withdraw_unread(self, id).await?;
        Ok(UnreadableRow { provider, request: id, token: None })
    }

    /// Writes the event of what was ended without being read, and has its card rendered. It is a step of
    /// its own, so that its failure can't prevent the end.
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
        self.append_event(event).await?;
        self.mark_card(ended.request, &provider, CardChange::Now);
        Ok(())
    }
}
