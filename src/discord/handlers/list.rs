//! `/token list`, `pending` and `help`, and the other pages of their answers.

use super::command_options::read_filter;
use super::{Context, Handlers};
use crate::discord::interaction::Command;
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::workflow::Outcome;
use crate::workflow::token::list::{self, ListQuery};

impl Handlers {
    pub(super) async fn list_tokens(
        &self,
        context: &Context<'_>,
        command: &Command,
    ) -> Outcome<Reply> {
        Ok(Reply::private(self.build_list(context, read_filter(command)?).await?))
    }

    pub(super) async fn show_list_page(
        &self,
        context: &Context<'_>,
        wanted: ListQuery,
    ) -> Outcome<Reply> {
        Ok(Reply::Update(self.build_list(context, wanted).await?))
    }

    async fn build_list(&self, context: &Context<'_>, wanted: ListQuery) -> Outcome<Message> {
        let listed = list::get_page(&self.workflow, &context.actor, wanted).await?;
        Ok(views::list::render_list(&listed, &self.workflow.config, context.language))
    }

    pub(super) async fn list_pending(
        &self,
        context: &Context<'_>,
        _command: &Command,
    ) -> Outcome<Reply> {
        Ok(Reply::private(self.build_pending(context, 0, None).await?))
    }

    pub(super) async fn show_pending_page(
        &self,
        context: &Context<'_>,
        page: u16,
    ) -> Outcome<Reply> {
        let page = u8::try_from(page).unwrap_or(u8::MAX);
        Ok(Reply::Update(self.build_pending(context, page, None).await?))
    }

    /// A page of `/token pending`, with what was just done there.
    pub(super) async fn build_pending(
        &self,
        context: &Context<'_>,
        page: u8,
        done: Option<String>,
    ) -> Outcome<Message> {
        let pending = list::get_pending(&self.workflow, &context.actor, page).await?;
        Ok(views::list::render_pending(&pending, done, &self.workflow.config, context.language))
    }

    pub(super) async fn show_help(
        &self,
        context: &Context<'_>,
        _command: &Command,
    ) -> Outcome<Reply> {
        Ok(Reply::private(views::help::render_help(&self.workflow.config, context.language)))
    }
}
