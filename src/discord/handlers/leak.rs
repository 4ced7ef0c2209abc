//! `/token leak`: somebody found a secret.

use secrecy::SecretString;

use super::{Handlers, Visit};
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::domain::ids::ReportId;
use crate::workflow::Outcome;

impl Handlers {
    /// The text that was found came in.
    pub(super) async fn look_up_leak(
        &self,
        visit: &Visit<'_>,
        found: &SecretString,
    ) -> Outcome<Reply> {
        let looked = self.workflow.look_up_leak(&visit.actor, found).await?;
        let config = &self.workflow.config;
        Ok(Reply::private(views::leak::looked(&looked, config, visit.language)))
    }

    /// *Disable* below the answer.
    pub(super) async fn disable_leaked(
        &self,
        visit: &Visit<'_>,
        report: ReportId,
    ) -> Outcome<Reply> {
        let stopped = self.workflow.disable_leaked(&visit.actor, report).await?;
        Ok(Reply::Update(views::leak::stopped(&stopped, visit.language)))
    }
}
