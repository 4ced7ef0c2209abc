//! Tells an owner by direct message that a secret is waiting for them.

use super::handler::{Jobs, is_out_of_reach, retry_later};
use crate::discord::views::delivery;
use crate::domain::ids::DeliveryId;
use crate::locale::Language;
use crate::queue::Done;
use crate::workflow::delivery::deliver;

pub(super) async fn announce_delivery(jobs: &Jobs, id: DeliveryId) -> anyhow::Result<Done> {
    let Some(due) = deliver::get_unannounced(&jobs.workflow, id).await? else {
        return Ok(Done::Finished);
    };
    let provider = jobs.config().provider_name(&due.token.provider);
    let message =
        delivery::render_ready(&due.token, &due.delivery, provider, Language::of(&due.locale));
    match jobs.send_direct(due.delivery.owner, &message, &format!("d{id}")).await? {
        Ok(place) => {
            deliver::note_announced(&jobs.workflow, id, place.channel_id, place.id).await?;
            Ok(Done::Finished)
        }
        Err(error) if is_out_of_reach(&error) => {
            tracing::info!(%error, "the owner takes no direct messages; /token collect remains");
            deliver::note_announcement_refused(&jobs.workflow, id).await?;
            Ok(Done::Finished)
        }
        Err(error) => retry_later(error, "the owner could not be told that a secret waits"),
    }
}
