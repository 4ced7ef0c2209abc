//! `/token show` and the panel of a token: what can be asked for, and what takes one press.

use super::{Context, Handlers, first_chosen};
use crate::discord::interaction::{Command, Submission};
use crate::discord::message::Message;
use crate::discord::reply::Reply;
use crate::discord::views::{
    self,
    token::{PanelExtras, TokenFacts},
};
use crate::domain::ids::TokenId;
use crate::domain::request_kind::RequestKind;
use crate::workflow::Outcome;
use crate::workflow::refusal::Refusal;
use crate::workflow::request::begin_change;
use crate::workflow::token::end;
use crate::workflow::token::list::{self, ListQuery, VisibleToken};

impl Handlers {
    pub(super) async fn show_token(
        &self,
        context: &Context<'_>,
        command: &Command,
    ) -> Outcome<Reply> {
        let id = self.find_named_token(context, command).await?;
        Ok(Reply::private(self.build_token_panel(context, id, PanelExtras::default()).await?))
    }

    pub(super) async fn open_chosen_token(
        &self,
        context: &Context<'_>,
        values: &[String],
    ) -> Outcome<Reply> {
        self.show_token_again(context, first_chosen(values)?).await
    }

    pub(super) async fn open_listed_token(
        &self,
        context: &Context<'_>,
        wanted: ListQuery,
        values: &[String],
    ) -> Outcome<Reply> {
        let extras = PanelExtras { back: Some(wanted), ..PanelExtras::default() };
        let id = first_chosen(values)?;
        Ok(Reply::Update(self.build_token_panel(context, id, extras).await?))
    }

    pub(super) async fn show_token_again(
        &self,
        context: &Context<'_>,
        id: TokenId,
    ) -> Outcome<Reply> {
        Ok(Reply::Update(self.build_token_panel(context, id, PanelExtras::default()).await?))
    }

    /// A token's panel, in the place of what it was pressed on.
    pub(super) async fn build_token_panel(
        &self,
        context: &Context<'_>,
        id: TokenId,
        extras: PanelExtras,
    ) -> Outcome<Message> {
        let seen = list::get_token(&self.workflow, &context.actor, id).await?;
        let facts = self.token_facts(&seen);
        Ok(views::token::render_panel(&facts, &extras, context.language))
    }

    fn token_facts<'a>(&'a self, seen: &'a VisibleToken) -> TokenFacts<'a> {
        TokenFacts {
            token: &seen.token,
            uses: &seen.uses,
            provider: self.workflow.config.provider(&seen.token.provider),
            open_change: seen.open_change.as_deref(),
        }
    }

    pub(super) async fn begin_token_change(
        &self,
        context: &Context<'_>,
        id: TokenId,
        kind: RequestKind,
    ) -> Outcome<Reply> {
        let changed = begin_change::open_draft(&self.workflow, &context.actor, id, kind).await?;
        Ok(Reply::Update(self.draft_panel(context, &changed)?))
    }

    pub(super) async fn show_token_scopes(
        &self,
        context: &Context<'_>,
        id: TokenId,
    ) -> Outcome<Reply> {
        let seen = list::get_token(&self.workflow, &context.actor, id).await?;
        Ok(Reply::Private(views::token::render_all(&self.token_facts(&seen), context.language)))
    }

    /// *Disable* is one press from *Duplicate*, and the way back takes approvals: so it is asked first.
    pub(super) async fn ask_to_disable_token(
        &self,
        context: &Context<'_>,
        id: TokenId,
    ) -> Outcome<Reply> {
        let token = end::get_token_to_disable(&self.workflow, &context.actor, id).await?;
        let provider = self.workflow.config.provider(&token.provider);
        Ok(Reply::Update(views::token::render_disable_question(&token, provider, context.language)))
    }

    pub(super) async fn disable_token(&self, context: &Context<'_>, id: TokenId) -> Outcome<Reply> {
        let token = end::disable(&self.workflow, &context.actor, id).await?;
        let provider = self.workflow.config.provider(&token.provider);
        let done = views::token::describe_switched_off(&token, provider, context.language);
        let extras = PanelExtras { done: Some(done), ..PanelExtras::default() };
        Ok(Reply::Update(self.build_token_panel(context, id, extras).await?))
    }

    pub(super) async fn open_delete_form(
        &self,
        context: &Context<'_>,
        id: TokenId,
    ) -> Outcome<Reply> {
        let token = end::get_token_to_delete(&self.workflow, &context.actor, id).await?;
        Ok(Reply::Modal(views::token::render_delete_form(&token, context.language)))
    }

    pub(super) async fn delete_token(
        &self,
        context: &Context<'_>,
        id: TokenId,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let typed = views::token::parse_name(submission).ok_or(Refusal::NotUnderstood)?;
        let token = end::delete(&self.workflow, &context.actor, id, typed).await?;
        let provider = self.workflow.config.provider(&token.provider);
        let done = views::token::render_switched_off(&token, provider, context.language);
        Ok(Reply::Update(done))
    }
}
