//! `/token show` and the panel of a token: what can be asked for, and what takes one press.

use super::{Context, Handlers, first_chosen};
use crate::discord::custom_id::{CustomId, FromList};
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
        self.show_token_again(context, FromList::new(first_chosen(values)?, None)).await
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
        token: FromList<TokenId>,
    ) -> Outcome<Reply> {
        let extras = PanelExtras { back: token.list().cloned(), ..PanelExtras::default() };
        Ok(Reply::Update(self.build_token_panel(context, token.what, extras).await?))
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
            open_change: seen.open_change.as_ref(),
            offered: &seen.offered,
        }
    }

    pub(super) async fn begin_token_change(
        &self,
        context: &Context<'_>,
        id: TokenId,
        kind: FromList<RequestKind>,
    ) -> Outcome<Reply> {
        let back = CustomId::ShowToken(FromList::new(id, kind.list())).to_string();
        let (actor, back) = (&context.actor, Some(back));
        let changed = begin_change::open_draft(&self.workflow, actor, id, kind.what, back).await?;
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
        id: FromList<TokenId>,
    ) -> Outcome<Reply> {
        let token = end::get_token_to_disable(&self.workflow, &context.actor, id.what).await?;
        let provider = self.workflow.config.provider(&token.provider);
        let (list, language) = (id.list(), context.language);
        Ok(Reply::Update(views::token::render_disable_question(&token, provider, list, language)))
    }

    pub(super) async fn disable_token(
        &self,
        context: &Context<'_>,
        id: FromList<TokenId>,
    ) -> Outcome<Reply> {
        let token = end::disable(&self.workflow, &context.actor, id.what).await?;
        let provider = self.workflow.config.provider(&token.provider);
        let said = views::token::render_switched_off(&token, provider, context.language);
        Ok(Reply::Update(self.go_back(context, CustomId::ShowToken(id), said).await))
    }

    pub(super) async fn open_delete_form(
        &self,
        context: &Context<'_>,
        id: FromList<TokenId>,
    ) -> Outcome<Reply> {
        let token = end::get_token_to_delete(&self.workflow, &context.actor, id.what).await?;
        Ok(Reply::Modal(views::token::render_delete_form(&token, id.list(), context.language)))
    }

    pub(super) async fn delete_token(
        &self,
        context: &Context<'_>,
        id: FromList<TokenId>,
        submission: &Submission,
    ) -> Outcome<Reply> {
        let typed = views::token::parse_name(submission).ok_or(Refusal::NotUnderstood)?;
        let token = end::delete(&self.workflow, &context.actor, id.what, typed).await?;
        let provider = self.workflow.config.provider(&token.provider);
        let said = views::token::render_switched_off(&token, provider, context.language);
        Ok(Reply::Update(self.go_back(context, CustomId::ShowToken(id), said).await))
    }
}
