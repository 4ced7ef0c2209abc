//! `/token health`: whether all works, what is stuck, and what to do.

use super::{Context, Handlers};
use crate::discord::interaction::Command;
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::workflow::{Outcome, health};

impl Handlers {
    pub(super) async fn show_health(
        &self,
        context: &Context<'_>,
        _command: &Command,
    ) -> Outcome<Reply> {
        let health = health::inspect(&self.workflow, &context.actor).await?;
        let parts = (self.read_parts)().await;
        let config = &self.workflow.config;
        Ok(Reply::private(views::health::render_health(&health, &parts, config, context.language)))
    }
}
