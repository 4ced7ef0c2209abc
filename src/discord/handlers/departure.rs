//! *Take over as contact*, where a member left the guild.

use std::collections::BTreeSet;

use super::{Context, Handlers, parse_chosen};
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::domain::ids::{DepartureId, TokenId};
use crate::workflow::Outcome;
use crate::workflow::departure;

impl Handlers {
    /// At once where there is one token, else they choose.
    pub(super) async fn take_over_tokens(
        &self,
        context: &Context<'_>,
        id: DepartureId,
    ) -> Outcome<Reply> {
        let all = departure::list_tokens(&self.workflow, &context.actor, id, 0).await?;
        if let [only] = &all.tokens[..] {
            return self.take_over(context, id, BTreeSet::from([only.id])).await;
        }
        Ok(Reply::private(views::departure::render_choice(&all, id, context.language)))
    }

    pub(super) async fn show_take_over_page(
        &self,
        context: &Context<'_>,
        id: DepartureId,
        page: u16,
    ) -> Outcome<Reply> {
        let all = departure::list_tokens(&self.workflow, &context.actor, id, page).await?;
        Ok(Reply::Update(views::departure::render_choice(&all, id, context.language)))
    }

    pub(super) async fn take_over_chosen_tokens(
        &self,
        context: &Context<'_>,
        id: DepartureId,
        values: &[String],
    ) -> Outcome<Reply> {
        self.take_over(context, id, parse_chosen(values)?).await
    }

    async fn take_over(
        &self,
        context: &Context<'_>,
        id: DepartureId,
        tokens: BTreeSet<TokenId>,
    ) -> Outcome<Reply> {
        let taken =
            departure::take_over_tokens(&self.workflow, &context.actor, id, &tokens).await?;
        let mut message = views::departure::render_taken_over(&taken, context.language);
        // The member who left may have been one of the admins.
        if let Some(request) = taken.asked.iter().max_by_key(|request| request.approvals_required)
            && let Some(warning) = self.warn_of_too_few_admins(context, request).await
        {
            message = message.line(warning.prose());
        }
        Ok(Reply::Update(message))
    }
}
