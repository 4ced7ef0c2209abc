//! `/token audit`: a history, its evidence, and both as a file.

use super::{Context, Handlers};
use crate::discord::interaction::Command;
use crate::discord::reply::Reply;
use crate::discord::views::audit;
use crate::domain::event::HistorySubject;
use crate::domain::ids::EventId;
use crate::workflow::Outcome;
use crate::workflow::token::history::{self, History};

impl Handlers {
    pub(super) async fn show_audit_log(
        &self,
        context: &Context<'_>,
        command: &Command,
    ) -> Outcome<Reply> {
        let about = self.find_audited(context, command).await?;
        let history = self.read_history(context, about, None).await?;
        Ok(Reply::private(audit::render_history(&history, context.language)))
    }

    pub(super) async fn show_older_events(
        &self,
        context: &Context<'_>,
        about: impl Into<HistorySubject>,
        before: EventId,
    ) -> Outcome<Reply> {
        let history = self.read_history(context, about.into(), Some(before)).await?;
        Ok(Reply::Update(audit::render_history(&history, context.language)))
    }

    pub(super) async fn show_evidence(
        &self,
        context: &Context<'_>,
        about: impl Into<HistorySubject>,
        before: EventId,
    ) -> Outcome<Reply> {
        let history = self.read_history(context, about.into(), Some(before)).await?;
        Ok(Reply::Update(audit::render_evidence(&history, context.language)))
    }

    pub(super) async fn export_history(
        &self,
        context: &Context<'_>,
        about: impl Into<HistorySubject>,
    ) -> Outcome<Reply> {
        let about = about.into();
        let exported = history::export(&self.workflow, &context.actor, about).await?;
        Ok(Reply::private(audit::render_export(about, exported, context.language)))
    }

    async fn read_history(
        &self,
        context: &Context<'_>,
        about: HistorySubject,
        before: Option<EventId>,
    ) -> Outcome<History> {
        history::list_events(&self.workflow, &context.actor, about, before).await
    }
}
