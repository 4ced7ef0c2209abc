//! Whether a list can be believed that doesn't show a token.

use crate::domain::ids::AttemptId;
use crate::issuer::{Answer, Upstream};
use crate::jobs::Jobs;
use crate::workflow::upstream::calls;

/// Whether `find` shows one of the newest tokens that live and were made by the same configuration, besides that of
/// this call. None if there are no others.
pub(super) async fn is_shown(
    jobs: &Jobs,
    upstream: &Upstream<'_>,
    attempt: AttemptId,
) -> anyhow::Result<Answer<Option<bool>>> {
    let witnesses = calls::get_witnesses(&jobs.workflow, attempt).await?;
    for witness in &witnesses {
        let listing = match upstream.find(witness).await {
            Ok(listing) => listing,
            Err(not_done) => return Ok(Err(not_done)),
        };
        let id = witness.upstream_id.as_deref().unwrap_or_default();
        if listing.sight(id, upstream.settings().ids_are_unique).is_there() {
            return Ok(Ok(Some(true)));
        }
    }
    Ok(Ok((!witnesses.is_empty()).then_some(false)))
}
