//! `/token leak`: somebody reports a secret that they found.

use super::{Context, Handlers};
use crate::discord::interaction::{Command, Submission};
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::domain::ids::ReportId;
use crate::workflow::Outcome;
use crate::workflow::refusal::Refusal;
use crate::workflow::token::leak;

impl Handlers {
    pub(super) async fn open_leak_form(
        &self,
        context: &Context<'_>,
        _command: &Command,
    ) -> Outcome<Reply> {
        Ok(Reply::Modal(views::leak_report::render_form(context.language)))
    }

    pub(super) async fn report_leak(
        &self,
        context: &Context<'_>,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let found = views::leak_report::parse_form(submission).ok_or(Refusal::NotUnderstood)?;
        let looked = leak::look_up(&self.workflow, &context.actor, &found).await?;
        let config = &self.workflow.config;
        Ok(Reply::private(views::leak_report::render_result(&looked, config, context.language)))
    }

    pub(super) async fn disable_leaked_token(
        &self,
        context: &Context<'_>,
        report: ReportId,
    ) -> Outcome<Reply> {
        let stopped = leak::disable_token(&self.workflow, &context.actor, report).await?;
        let config = &self.workflow.config;
        Ok(Reply::Update(views::leak_report::render_disabled(&stopped, config, context.language)))
    }
}
