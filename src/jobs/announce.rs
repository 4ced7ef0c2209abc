//! Tells an owner by direct message that a secret is waiting for them, and later what became of it.

use chrono::{TimeDelta, Utc};

use super::handler::{Jobs, is_out_of_reach, retry_later};
use crate::discord::interaction::MessageRef;
use crate::discord::rest::{ErrorCode, RestError};
use crate::discord::views::delivery;
use crate::domain::ids::DeliveryId;
use crate::locale::Language;
use crate::queue::Done;
use crate::workflow::delivery::deliver::{self, WaitingDelivery};

/// How long it may take to open a direct message before the card says so. It is tried further.
const OPENED_SOON: TimeDelta = TimeDelta::minutes(1);

pub(super) async fn announce_delivery(jobs: &Jobs, id: DeliveryId) -> anyhow::Result<Done> {
    let Some(told) = deliver::get_to_tell(&jobs.workflow, id).await? else {
        return Ok(Done::Finished);
    };
    let language = Language::of(&told.locale);
    let due = &told.due;
    if let Some(place) = due.delivery.message {
        return show_receipt(jobs, due, language, place.into()).await;
    }
    let provider = jobs.config().provider_name(&due.token.provider);
    // Where it is over, Discord finds the message that a stopped process sent by its nonce, and what is noted
    // then has it become a receipt. If there was none, the receipt is a message of its own: nobody can know that
    // beforehand, and it comes once, since it is noted as well.
    let message = if due.delivery.state.is_waiting() {
        delivery::render_ready(due, provider, language)
    } else {
        delivery::render_receipt(&due.token, &due.delivery, language)
    };
    let to = (due.delivery.owner, told.direct_channel);
    match jobs.send_direct_at(to, &message, &format!("d{id}")).await? {
        Ok(place) => {
            deliver::note_announced(&jobs.workflow, id, place.channel_id, place.id).await?;
            Ok(Done::Finished)
        }
        Err(error) if is_out_of_reach(&error) => {
            tracing::info!(%error, "the owner takes no direct messages; /token collect remains");
            deliver::note_announcement_refused(&jobs.workflow, id).await?;
            Ok(Done::Finished)
        }
        Err(error) => {
            if needs_another_way(&error, Utc::now() - due.delivery.created_at) {
                deliver::note_announcement_refused(&jobs.workflow, id).await?;
            }
            retry_later(error, "the owner could not be told that a secret waits")
        }
    }
}

/// Whether the card should name another way to a secret that has waited for so long.
fn needs_another_way(error: &RestError, waited: TimeDelta) -> bool {
    match error.code() {
        Some(ErrorCode::Quarantined) => true,
        Some(ErrorCode::OpeningDmsTooFast) => waited >= OPENED_SOON,
        _ => false,
    }
}

/// Nothing is left to reveal, so the message says what became of the secret.
async fn show_receipt(
    jobs: &Jobs,
    due: &WaitingDelivery,
    language: Language,
    place: MessageRef,
) -> anyhow::Result<Done> {
    let message = delivery::render_receipt(&due.token, &due.delivery, language);
    match jobs.rest.edit_message(place, &message).await {
        Ok(_) => Ok(Done::Finished),
        Err(error @ RestError::Refused { .. }) => {
            // It is gone, or too old to be edited as often. What its buttons do is decided elsewhere.
            tracing::info!(%error, "a direct message could not become a receipt");
            Ok(Done::Finished)
        }
        Err(error) => retry_later(error, "a direct message could not become a receipt"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_names_another_way_once_messages_stay_closed() {
        let refused = |code: u32| RestError::Refused {
            status: 403,
            code: code.into(),
            message: String::new(),
        };
        let seconds = TimeDelta::seconds;
        assert!(needs_another_way(&refused(20_026), seconds(0)));
        assert!(!needs_another_way(&refused(40_003), seconds(59)));
        assert!(needs_another_way(&refused(40_003), seconds(60)));
        assert!(!needs_another_way(&RestError::TimedOut, seconds(3_600)));
    }
}
