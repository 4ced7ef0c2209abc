//! Leaves one direct message of each request: what a requester was told before goes once a newer one stands.

use super::handler::{Jobs, retry_later};
use crate::discord::rest::RestError;
use crate::domain::ids::RequestId;
use crate::queue::Done;
use crate::workflow::notice::course;

pub(super) async fn delete_old_messages(jobs: &Jobs, request: RequestId) -> anyhow::Result<Done> {
    for old in course::list_outdated(&jobs.workflow, request).await? {
        match jobs.rest.delete_message(old.place.into()).await {
            Ok(()) => {}
            Err(error @ RestError::Refused { .. }) => {
                tracing::info!(%error, "an old direct message stays");
            }
            Err(error) => return retry_later(error, "an old direct message could not be deleted"),
        }
        course::note_deleted(&jobs.workflow, old.shown).await?;
    }
    Ok(Done::Finished)
}
