//! Carries out the transitions of a delivery.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::Error;

use super::{Press, Tx};
use crate::domain::delivery::Delivery;
use crate::domain::event::EventKind;
use crate::domain::ids::{
    ChannelId, DeliveryId, EventId, InteractionId, MessageId, RequestId, UserId,
};
use crate::domain::job::Job;
use crate::domain::notice::Recipient;
use crate::domain::token::Token;
use crate::domain::transitions::{DeliveryFollowUp, DeliveryTransition};
use crate::keyring::Sealed;
use crate::store::deliveries::{NewReveal, PressedDelivery};
use crate::store::events::NewEvent;
use crate::store::jobs::Due;
use crate::store::lookups::Lookup;
use crate::store::notices::EventRef;
use crate::store::{deliveries, reveals, undecodable};

use super::log::build_event;

/// A delivery with its token, both locked by the caller.
type LockedDelivery<'a> = (&'a Token, &'a Delivery);

/// Who gets the notice of a step, and the request that it is about.
type NoticeTarget = Option<(RequestId, Vec<Recipient>)>;

impl Tx {
    /// *Reveal*: takes the right to show the secret for `lease`; until then no one else gets it. Stores the message before it
    /// shows the secret. `None` if another press holds the right, or nothing is left to show.
    pub async fn press_delivery(
        &mut self,
        about: LockedDelivery<'_>,
        lease: Duration,
        (interaction_token, visible_for): (&Sealed, Duration),
    ) -> sqlx::Result<Option<PressedDelivery>> {
        let (press, delivery) = (self.press.ok_or(Error::RowNotFound)?, about.1);
        let reveal = NewReveal { interaction: press.interaction, interaction_token, visible_for };
        let pressed = deliveries::press(self, delivery.id, lease, &reveal).await?;
        if let Some(PressedDelivery { hide_at, .. }) = &pressed {
            let transition = match delivery.first_pressed_at {
                None => DeliveryTransition::Press,
                Some(_) => DeliveryTransition::PressAgain,
            };
            self.follow_transition(about, transition, json!({}), None, Some(*hide_at)).await?;
        }
        Ok(pressed)
    }

    /// Discord refused the message with the secret: the owner may press again at once.
    pub async fn release_delivery(&mut self, delivery: DeliveryId) -> sqlx::Result<()> {
        deliveries::release(self, delivery).await
    }

    /// Ends a delivery; its encrypted secret is erased. `told` get the notice, with the request.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] if the delivery is in another state.
    pub async fn end_delivery(
        &mut self,
        about: LockedDelivery<'_>,
        transition: DeliveryTransition,
        detail: Value,
        told: NoticeTarget,
    ) -> sqlx::Result<()> {
        let delivery = about.1;
        let to = transition.row().next(delivery.state).ok_or(Error::RowNotFound)?;
        deliveries::end(self, delivery, to).await?;
        if transition == DeliveryTransition::Disown {
            reveals::hide_now(self, delivery.id).await?;
        }
        self.follow_transition(about, transition, detail, told, None).await
    }

    /// The owner's direct message reached them.
    pub async fn note_announcement(
        &mut self,
        about: LockedDelivery<'_>,
        (channel, message): (ChannelId, MessageId),
    ) -> sqlx::Result<()> {
        deliveries::note_announced(self, about.1.id, channel, message).await?;
        // What they were told before is deleted.
        self.look_up(Lookup::Course { request: about.1.request, person: about.1.owner });
        self.note_delivery(about, DeliveryTransition::Announce, json!({})).await
    }

    /// Discord refused the owner's direct message.
    pub async fn note_refused_message(&mut self, about: LockedDelivery<'_>) -> sqlx::Result<()> {
        deliveries::note_dm_refused(self, about.1.id).await?;
        self.note_delivery(about, DeliveryTransition::RefuseDirectMessage, json!({})).await
    }

    /// The owner has stored the secret: the messages that show it are deleted now, if any is left.
    pub async fn note_stored(&mut self, about: LockedDelivery<'_>) -> sqlx::Result<()> {
        if reveals::hide_now(self, about.1.id).await? {
            self.note_delivery(about, DeliveryTransition::Store, json!({})).await?;
        }
        Ok(())
    }

    /// Makes the message that answered one press due for deletion now, if it is left.
    pub async fn hide_reveal(
        &mut self,
        delivery: DeliveryId,
        press: InteractionId,
    ) -> sqlx::Result<()> {
        if reveals::hide_one_now(self, delivery, press).await? {
            self.enqueue(Job::DeleteReveal { delivery }, Due::Now);
        }
        Ok(())
    }

    /// Records that a message with the secret is deleted or out of reach, and erases its interaction's token.
    pub async fn note_hidden(&mut self, reveal: i64, deleted: bool) -> sqlx::Result<()> {
        let Some(hidden) = reveals::note_hidden(self, reveal).await? else { return Ok(()) };
        // By the owner's press if there was one; otherwise because its time was up.
        let detail = json!({
            "deleted": deleted,
            "was_asked_for": hidden.press.is_some(),
            "delivery": hidden.delivery,
        });
        let Some(kind) = DeliveryTransition::Hide.row().event else { return Ok(()) };
        let provider = hidden.provider.parse().map_err(undecodable)?;
        self.note_event(NewEvent {
            request: Some(hidden.request),
            token: Some(hidden.token),
            on_behalf_of: Some(hidden.owner),
            interaction: hidden.press,
            ..NewEvent::new(kind, &provider, detail)
        });
        Ok(())
    }

    /// Logs something that does not change the delivery's state.
    pub async fn note_delivery(
        &mut self,
        about: LockedDelivery<'_>,
        transition: DeliveryTransition,
        detail: Value,
    ) -> sqlx::Result<()> {
        self.follow_transition(about, transition, detail, None, None).await
    }

    /// Does what goes with a step of a delivery; `at` is when the follow-ups are due.
    async fn follow_transition(
        &mut self,
        about: LockedDelivery<'_>,
        transition: DeliveryTransition,
        detail: Value,
        told: NoticeTarget,
        at: Option<DateTime<Utc>>,
    ) -> sqlx::Result<()> {
        let (row, (token, delivery)) = (transition.row(), about);
        let mut logged = None;
        if let Some(kind) = row.event {
            let press = self.press_for(row.by);
            let event = delivery_event(about, (kind, press), detail);
            let event = if row.follow_ups.contains(&DeliveryFollowUp::AlertAdmins) {
                EventRef::Written(*logged.insert(self.append_event(event).await?))
            } else {
                self.note_event(event)
            };
            if let Some(((notice, _), (request, told))) = row.notice.zip(told) {
                self.notify((event, notice), (Some(request), Some(token.id)), told);
            }
        }
        for follow_up in row.follow_ups {
            self.follow_delivery(*follow_up, (delivery.id, delivery.owner), logged, at)?;
        }
        // A newer secret may have come with another request since.
        for request in [token.request, delivery.request] {
            self.mark_card(request, &token.provider, row.card);
        }
        // Whether a message stands is unknown of one that was pressed before its message was noted.
        let may_be_told = delivery.message.is_some()
            || (delivery.first_pressed_at.is_some() && delivery.dm_refused_at.is_none());
        if row.to.is_some_and(|to| !to.is_waiting()) && may_be_told {
            self.show_receipt(delivery.id);
        }
        Ok(())
    }

    /// Has the owner's message show what became of the secret.
    pub fn show_receipt(&mut self, delivery: DeliveryId) {
        self.enqueue(Job::Deliver { delivery }, Due::Now);
    }

    pub(super) fn follow_delivery(
        &mut self,
        follow_up: DeliveryFollowUp,
        (delivery, owner): (DeliveryId, UserId),
        event: Option<EventId>,
        at: Option<DateTime<Utc>>,
    ) -> sqlx::Result<()> {
        let job = match follow_up {
            DeliveryFollowUp::Deliver => Job::Deliver { delivery },
            DeliveryFollowUp::LapseDelivery => Job::LapseDelivery { delivery },
            DeliveryFollowUp::DeleteReveal => Job::DeleteReveal { delivery },
            DeliveryFollowUp::CheckMember => Job::CheckMember { person: owner },
            DeliveryFollowUp::AlertAdmins => {
                Job::AlertAdmins { event: event.ok_or(Error::RowNotFound)? }
            }
        };
        self.enqueue(job, at.map_or(Due::Now, Due::At));
        Ok(())
    }
}

/// An event on behalf of the person who gets the secret, filed under the request for which the secret was made.
fn delivery_event(
    (token, delivery): LockedDelivery<'_>,
    (kind, press): (EventKind, Option<Press>),
    mut detail: Value,
) -> NewEvent {
    detail["delivery"] = json!(delivery.id);
    NewEvent {
        request: Some(delivery.request),
        token: Some(token.id),
        on_behalf_of: Some(delivery.owner),
        ..build_event(press, kind, &token.provider, detail)
    }
}
