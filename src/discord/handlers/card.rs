//! The card's buttons and the forms behind them.

use super::route::CardPress;
use super::{Handlers, Visit};
use crate::discord::reply::Reply;
use crate::discord::views::{self, answers};
use crate::domain::ids::RequestId;
use crate::workflow::Outcome;
use crate::workflow::refusal::Refusal;

impl Handlers {
    pub(super) async fn card(
        &self,
        visit: &Visit<'_>,
        id: RequestId,
        press: &CardPress,
    ) -> Outcome<Reply> {
        let (workflow, actor, language) = (&self.workflow, &visit.actor, visit.language);
        Ok(Reply::private(match press {
            CardPress::Approve(shown) => {
                let approved = workflow.approve(actor, id, *shown).await?;
                answers::approved(&approved, language)
            }
            CardPress::OpenDeny => {
                let request = workflow.look_to_deny(actor, id).await?;
                return Ok(Reply::Modal(answers::deny_form(&request, language)));
            }
            CardPress::Deny(submission) => {
                let reason = answers::read_reason(submission).ok_or(Refusal::NotUnderstood)?;
                answers::denied(&workflow.deny(actor, id, reason).await?, language)
            }
            CardPress::AllScopes => {
                let request = workflow.read_all(actor, id).await?;
                let provider = workflow.config.provider(&request.content.provider);
                return Ok(Reply::Private(views::scopes::all(&request, provider, language)));
            }
            CardPress::Edit => {
                let changed = workflow.begin_edit(actor, id).await?;
                self.panel_of(visit, &changed)?
            }
            CardPress::Withdraw => {
                answers::withdrawn(&workflow.withdraw(actor, id).await?, language)
            }
            CardPress::OpenFulfil(shown) => {
                let request = workflow.look_to_fulfil(actor, id, *shown).await?;
                return Ok(Reply::Modal(answers::fulfil_form(&request, language)));
            }
            CardPress::Fulfil(shown, submission) => {
                let (account_sid, secret) =
                    answers::read_credentials(submission).ok_or(Refusal::NotUnderstood)?;
                let request = workflow.fulfil(actor, id, *shown, account_sid, secret).await?;
                answers::fulfilled(&request, language)
            }
            CardPress::TryAgain(failure) => {
                answers::retried(&workflow.try_again(actor, id, *failure).await?, language)
            }
            CardPress::Done(shown) => {
                answers::done(&workflow.done(actor, id, *shown).await?, language)
            }
        }))
    }
}
