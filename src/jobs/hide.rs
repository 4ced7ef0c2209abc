//! Deletes the ephemeral messages that show a secret, when their time is up.

use anyhow::Context as _;

use crate::discord::rest::{Rest, RestError};
use crate::domain::ids::DeliveryId;
use crate::queue::Done;
use crate::workflow::Workflow;
use crate::workflow::delivery::reveal;

/// Deletes the messages of a delivery that are due. A message that Discord refuses to delete can never be
/// deleted, since the interaction's token lives for 15 minutes; that token is wiped in any case.
pub(super) async fn delete_revealed_messages(
    workflow: &Workflow,
    rest: &Rest,
    delivery: DeliveryId,
) -> anyhow::Result<Done> {
    for due in reveal::get_messages_to_hide(workflow, delivery).await? {
        let mut deleted = false;
        if let Some(token) = due.interaction_token {
            match rest.delete_original(&token).await {
                Ok(()) => deleted = true,
                Err(RestError::Refused { code, .. }) => {
                    tracing::warn!(%delivery, ?code, "a message with a secret could not be deleted");
                }
                Err(error) => return Err(error).context("a message with a secret still stands"),
            }
        }
        reveal::note_hidden_message(workflow, delivery, due.reveal, deleted).await?;
    }
    Ok(Done::Finished)
}
