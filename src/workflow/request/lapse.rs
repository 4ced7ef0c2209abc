//! Nobody decided a request in time.

use crate::domain::ids::RequestId;
use crate::domain::request::RequestState;
use crate::domain::transitions::RequestTransition;
use crate::store::requests;
use crate::store::tx::Cause;
use crate::workflow::{Outcome, Workflow};

/// Ends a request that was not decided in time.
pub async fn end_if_due(workflow: &Workflow, id: RequestId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else { return Ok(()) };
    if request.state != RequestState::Pending || !requests::is_expired(&mut tx, id).await? {
        return Ok(());
    }
    tx.move_request(&mut request, RequestTransition::Lapse, Cause::none()).await?;
    tx.commit().await?;
    Ok(())
}
