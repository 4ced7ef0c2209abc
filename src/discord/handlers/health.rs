//! `/token health`: whether all works, what is stuck, and what to do.

use super::{Context, Handlers};
use crate::discord::interaction::Command;
use crate::discord::part_status::{PartStatus, ProcessPart};
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::workflow::health::{self, Health};
use crate::workflow::{Failure, Outcome};

impl Handlers {
    pub(super) async fn show_health(
        &self,
        context: &Context<'_>,
        _command: &Command,
    ) -> Outcome<Reply> {
        let providers = health::list_providers(&self.workflow, &context.actor)?;
        let mut parts = (self.read_parts)().await;
        let health = match health::inspect(&self.workflow, providers.clone()).await {
            // Then that is what there is to say.
            Err(Failure::Fault(error)) => {
                tracing::error!(error = format!("{error:#}"), "what is stuck can't be read");
                note_fault(&mut parts);
                Health { providers, ..Health::default() }
            }
            health => health?,
        };
        let config = &self.workflow.config;
        Ok(Reply::private(views::health::render_health(&health, &parts, config, context.language)))
    }
}

/// The database could not be read, whatever it said a moment ago.
fn note_fault(parts: &mut [PartStatus]) {
    let database = parts.iter_mut().filter(|status| status.part == ProcessPart::Database);
    for status in database {
        status
            .trouble
            .get_or_insert_with(|| "it could not be read, and the log says why".to_owned());
    }
}
