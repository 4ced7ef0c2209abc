//! *Take over as contact*, where somebody left.

use std::collections::BTreeSet;

use super::{Handlers, Visit};
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::domain::ids::{DepartureId, TokenId};
use crate::workflow::Outcome;
use crate::workflow::refusal::Refusal;

impl Handlers {
    /// The button: at once where there is one token, else they choose.
    pub(super) async fn take_over(&self, visit: &Visit<'_>, id: DepartureId) -> Outcome<Reply> {
        let all = self.workflow.look_to_take_over(&visit.actor, id, 0).await?;
        if let [only] = &all.tokens[..] {
            return self.take_over_these(visit, id, BTreeSet::from([only.id])).await;
        }
        Ok(Reply::private(views::leaving::choice(&all, id, visit.language)))
    }

    /// Another page of what there is to choose from.
    pub(super) async fn take_over_page(
        &self,
        visit: &Visit<'_>,
        id: DepartureId,
        page: u16,
    ) -> Outcome<Reply> {
        let all = self.workflow.look_to_take_over(&visit.actor, id, page).await?;
        Ok(Reply::Update(views::leaving::choice(&all, id, visit.language)))
    }

    /// The select: which of them.
    pub(super) async fn take_over_chosen(
        &self,
        visit: &Visit<'_>,
        id: DepartureId,
        chosen: &[String],
    ) -> Outcome<Reply> {
        let wanted: Result<BTreeSet<TokenId>, _> = chosen.iter().map(|id| id.parse()).collect();
        let wanted = wanted.map_err(|_| Refusal::NotUnderstood)?;
        self.take_over_these(visit, id, wanted).await
    }

    async fn take_over_these(
        &self,
        visit: &Visit<'_>,
        id: DepartureId,
        wanted: BTreeSet<TokenId>,
    ) -> Outcome<Reply> {
        let taken = self.workflow.take_over(&visit.actor, id, &wanted).await?;
        let mut message = views::leaving::taken_over(&taken, visit.language);
        // Whoever left may have been one of them.
        if let Some(request) = taken.asked.iter().max_by_key(|request| request.approvals_required)
            && let Some(warning) = self.too_few_admins(visit, request).await
        {
            message.content = format!("{}\n\n{}", message.content, warning.content);
        }
        Ok(Reply::Update(message))
    }
}
