//! A token stops working: at once where its issuer can, else when a person says that they did it.

use serde_json::{Value, json};
use sqlx::{Postgres, Transaction};

use crate::domain::content::Content;
use crate::domain::delivery::{Delivery, DeliveryState};
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, RequestId, TokenId, UserId};
use crate::domain::notice::{NoticeKind, Recipient};
use crate::domain::operator::Operator;
use crate::domain::permission::Action;
use crate::domain::policy;
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::domain::token::{Token, TokenState};
use crate::queue::{self, Job};
use crate::store::events::{self, Asked};
use crate::store::expiries::{self, Expiry};
use crate::store::{approvals, deliveries, now, requests, secrets, tokens};

use super::record::{became, everyone_of, others, request_event, tell};
use super::refusal::Refusal;
use super::switch_off_upstream::Means;
use super::{Actor, Outcome, Workflow};

/// How a token stops working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Off {
    /// For now; its name stays taken.
    Disabled,
    /// For now: somebody found its secret, which is told in other words, and to more people.
    Leaked,
    /// For now, by whoever runs this program.
    ByOperator,
    /// For good.
    Deleted,
    /// For good: its time is up.
    Expired,
    /// For good: nobody collected it, which is told in other words.
    Lapsed,
}

impl Off {
    pub(super) fn kind(self) -> RequestKind {
        match self {
            Self::Deleted | Self::Lapsed => RequestKind::Delete,
            Self::Disabled | Self::Leaked | Self::ByOperator | Self::Expired => {
                RequestKind::Disable
            }
        }
    }

    fn at_once(self) -> TokenState {
        match self {
            Self::Disabled | Self::Leaked | Self::ByOperator => TokenState::Disabled,
            Self::Deleted | Self::Lapsed => TokenState::Deleted,
            Self::Expired => TokenState::Expired,
        }
    }

    fn by_a_person(self) -> TokenState {
        match self {
            Self::Deleted | Self::Lapsed => TokenState::Deleting,
            Self::Disabled | Self::Leaked | Self::ByOperator | Self::Expired => {
                TokenState::Disabling
            }
        }
    }

    /// What the audit log says of it beside what happened.
    fn detail(self) -> Value {
        match self {
            Self::Leaked => json!({ "reported_as_leaked": true }),
            Self::ByOperator => json!({ "by": "operator" }),
            Self::Expired => json!({ "because": "expired" }),
            Self::Lapsed => json!({ "because": "never_collected" }),
            Self::Disabled | Self::Deleted => json!({}),
        }
    }
}

impl Workflow {
    /// *Disable*.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn disable(&self, actor: &Actor, id: TokenId) -> Outcome<Token> {
        let mut transaction = self.begin(actor).await?;
        let action = Action::NarrowToken;
        let token = self.lock_token_for(&mut transaction, actor, action, id).await?;
        if !token.state.allows(RequestKind::Disable) {
            return Err(Refusal::TokenIs(token.state).into());
        }
        let provider = self.config.provider(&token.provider);
        if provider.is_some_and(|found| !found.issuer.offers(RequestKind::Disable)) {
            return Err(Refusal::NotOffered.into());
        }
        let token = self.switch_off(&mut transaction, Some(actor), &token, Off::Disabled).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// A token for the form of *Delete*, before anything changes.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn look_to_delete(&self, actor: &Actor, id: TokenId) -> Outcome<Token> {
        let mut connection = self.pool.acquire().await?;
        let token = tokens::get(&mut connection, id).await?.ok_or(Refusal::Gone)?;
        self.must_be_allowed_to(actor, Action::NarrowToken, &token)?;
        if token.state.allows(RequestKind::Delete) {
            Ok(token)
        } else {
            Err(Refusal::TokenIs(token.state).into())
        }
    }

    /// *Delete*, confirmed by typing the token's name.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn delete(&self, actor: &Actor, id: TokenId, typed: &str) -> Outcome<Token> {
        let mut transaction = self.begin(actor).await?;
        let action = Action::NarrowToken;
        let token = self.lock_token_for(&mut transaction, actor, action, id).await?;
        if !token.state.allows(RequestKind::Delete) {
            return Err(Refusal::TokenIs(token.state).into());
        }
        if typed.trim() != token.name {
            return Err(Refusal::NotItsName.into());
        }
        let token = self.switch_off(&mut transaction, Some(actor), &token, Off::Deleted).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Whoever runs this program disables a token.
    ///
    /// # Errors
    /// Refusals and faults.
    pub async fn disable_by_operator(&self, id: TokenId, operator: &Operator) -> Outcome<Token> {
        self.disable_at_the_machine(id, operator, None).await
    }

    /// The same, and why where there is more to say of that.
    pub(super) async fn disable_at_the_machine(
        &self,
        id: TokenId,
        operator: &Operator,
        because: Option<&str>,
    ) -> Outcome<Token> {
        let mut transaction = self.transaction().await?;
        let token = tokens::lock(&mut transaction, id).await?.ok_or(Refusal::Gone)?;
        if !token.state.allows(RequestKind::Disable) {
            return Err(Refusal::TokenIs(token.state).into());
        }
        let off = Off::ByOperator;
        let mut detail = off.detail();
        detail["operator"] = json!(operator);
        if let Some(because) = because {
            detail["because"] = json!(because);
        }
        let token = self.switch_off_as(&mut transaction, None, &token, (off, detail)).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Off at once where the issuer can, or where it was off before; else a person must do it, and a
    /// card of its own asks for it. Gives the token as it is then.
    pub(super) async fn switch_off(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: Option<&Actor>,
        token: &Token,
        off: Off,
    ) -> Outcome<Token> {
        self.switch_off_as(transaction, actor, token, (off, off.detail())).await
    }

    async fn switch_off_as(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: Option<&Actor>,
        token: &Token,
        (off, detail): (Off, Value),
    ) -> Outcome<Token> {
        if token.state.allows(off.kind()) || is_ended_by(off, token.state) {
            let means = self.means(transaction, token, off).await?;
            let ends_at_once = means == Means::Ourselves;
            // What time alone asks for is for the owner; whoever runs this program acts for nobody.
            let by_time = matches!(off, Off::Expired | Off::Lapsed);
            let asked = Asked { person: by_time.then_some(token.owner), detail };
            let event = if ends_at_once {
                let asked = (token.request, asked);
                self.end_token(transaction, actor, token, off.at_once(), asked).await?
            } else {
                self.ask_to_switch_off(transaction, actor, token, (off, means, asked)).await?
            };
            match off {
                Off::Leaked => tell_leak(transaction, event, actor, token).await?,
                Off::Lapsed => {}
                _ if ends_at_once => {
                    tell_end(transaction, event, (actor, None), (token, off.at_once())).await?;
                }
                _ => {}
            }
            self.review_open_change(transaction, token).await?;
        }
        self.show_of(transaction, token).await?;
        Ok(tokens::lock(transaction, token.id).await?.ok_or(Refusal::Gone)?)
    }

    async fn ask_to_switch_off(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: Option<&Actor>,
        token: &Token,
        (off, means, asked): (Off, Means, Asked),
    ) -> Outcome<EventId> {
        let to = off.by_a_person();
        let event = self.end_token(transaction, actor, token, to, (token.request, asked)).await?;
        // Not before: whoever is asked to switch a token off is asked for as long as it waits for that.
        self.drop_task(transaction, token, "superseded").await?;
        if means == Means::Upstream {
            queue::enqueue(transaction, Job::SwitchOff { token: token.id }, None).await?;
            return Ok(event);
        }
        let on_behalf_of = actor.map_or(token.owner, |actor| actor.user);
        let content = Content::task(off.kind(), token);
        self.ask_a_person(transaction, actor, &content, on_behalf_of).await?;
        Ok(event)
    }

    /// Whoever was to switch it off is not to any more.
    pub(super) async fn drop_task(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        token: &Token,
        reason: &'static str,
    ) -> Outcome<()> {
        let Some(id) = requests::open_task(transaction, token.id).await? else { return Ok(()) };
        let task = requests::lock(transaction, id).await?.ok_or(Refusal::Gone)?;
        let to = RequestState::Withdrawn;
        requests::change_state(transaction, &task, to, None, Some(reason)).await?;
        let kind = EventKind::RequestWithdrawn;
        request_event(transaction, &task, kind, None, json!({ "reason": reason })).await?;
        Ok(self.show(transaction, &task).await?)
    }

    /// *Done* on what a person was asked to switch off or delete.
    pub(super) async fn switched_off(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: &Actor,
        task: &Request,
    ) -> Outcome<()> {
        let id = task.token().ok_or(Refusal::NothingToDo)?;
        let token = tokens::lock(transaction, id).await?.ok_or(Refusal::NothingToDo)?;
        let asked = events::asked_to_end(transaction, token.id).await?;
        self.is_off(transaction, Some(actor), &token, (task.id, asked)).await?;
        requests::change_state(transaction, task, RequestState::Done, None, None).await?;
        Ok(())
    }

    /// What was being switched off is off, and everyone hears of it; `asked` has the request that this
    /// came of, and who wanted it.
    pub(super) async fn is_off(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: Option<&Actor>,
        token: &Token,
        asked: (RequestId, Asked),
    ) -> Outcome<()> {
        let to = match token.state {
            TokenState::Disabling => {
                let now = now(transaction).await?;
                let is_past = token.expires_at.is_some_and(|at| at <= now);
                if is_past { TokenState::Expired } else { TokenState::Disabled }
            }
            TokenState::Deleting => TokenState::Deleted,
            _ => return Err(Refusal::NothingToDo.into()),
        };
        // Whoever only found the secret learns nothing of the token.
        let is_reported = asked.1.detail["reported_as_leaked"] == true;
        let wanted_by = asked.1.person.filter(|_| !is_reported);
        let event = self.end_token(transaction, actor, token, to, asked).await?;
        tell_end(transaction, event, (actor, wanted_by), (token, to)).await?;
        self.show_of(transaction, token).await
    }

    /// It is off, or going off.
    async fn end_token(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        actor: Option<&Actor>,
        token: &Token,
        to: TokenState,
        (request, asked): (RequestId, Asked),
    ) -> Outcome<EventId> {
        let due = deliveries::due_of(transaction, token.id).await?;
        tokens::change_state(transaction, token, to).await?;
        let is = tokens::lock(transaction, token.id).await?.ok_or(Refusal::Gone)?;
        let kind = match to {
            TokenState::Deleting => EventKind::TokenDeleting,
            TokenState::Deleted => EventKind::TokenDeleted,
            TokenState::Expired => EventKind::TokenExpired,
            TokenState::Disabling => EventKind::TokenDisabling,
            _ => EventKind::TokenDisabled,
        };
        let did = [actor.map(|actor| actor.user), asked.person];
        let event = became(transaction, (Some(token), &is), request, kind, actor, asked).await?;
        let is_off = !matches!(to, TokenState::Deleting | TokenState::Disabling);
        let voided = due.filter(|delivery| is_off && !did.contains(&Some(delivery.owner)));
        if let Some(delivery) = voided {
            tell_voided(transaction, event, token, &delivery).await?;
        }
        Ok(event)
    }

    /// Lets the card of a token's request be rendered, and that of whichever made its newest secret.
    pub(super) async fn show_of(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        token: &Token,
    ) -> Outcome<()> {
        let renewal = requests::renewal_of(transaction, token.id).await?;
        for id in [Some(token.request), renewal].into_iter().flatten() {
            if let Some(request) = requests::get(transaction, id).await? {
                self.show(transaction, &request).await?;
            }
        }
        Ok(())
    }
}

/// Whoever asked for a new secret hears that they can't collect it any more. Owner and contact hear of the
/// token's end.
async fn tell_voided(
    transaction: &mut Transaction<'static, Postgres>,
    event: EventId,
    token: &Token,
    delivery: &Delivery,
) -> sqlx::Result<()> {
    let hears_anyway = [token.owner, token.contact].contains(&delivery.owner);
    if delivery.state != DeliveryState::Waiting || hears_anyway {
        return Ok(());
    }
    let origin = secrets::origin(transaction, delivery.secret).await?;
    let asked = [Recipient::DirectMessage(delivery.owner)];
    let about = (Some(origin.request), Some(token.id));
    tell(transaction, event, NoticeKind::Voided, about, asked).await
}

/// Tells everyone but whoever did it, and whoever had asked for it before, who may be neither owner nor
/// contact. What expired is told a little later, with all that expires at the same time.
async fn tell_end(
    transaction: &mut Transaction<'static, Postgres>,
    event: EventId,
    (actor, wanted_by): (Option<&Actor>, Option<UserId>),
    (token, to): (&Token, TokenState),
) -> sqlx::Result<()> {
    let kind = match to {
        TokenState::Expired => {
            expiries::note(transaction, Expiry { event, token: token.id }).await?;
            return queue::enqueue(transaction, Job::TellOfExpiries, None).await;
        }
        TokenState::Deleted => NoticeKind::Deleted,
        _ => NoticeKind::Disabled,
    };
    let about = (Some(approvals::last_approved(transaction, token).await?), Some(token.id));
    let people = [token.owner, token.contact].into_iter().chain(wanted_by);
    let recipients = everyone_of(token, others(actor, people));
    tell(transaction, event, kind, about, recipients).await
}

/// Tells everyone, and those who let it be made, that a secret of it was found; also while it still
/// has to be switched off by a person.
async fn tell_leak(
    transaction: &mut Transaction<'static, Postgres>,
    event: EventId,
    actor: Option<&Actor>,
    token: &Token,
) -> sqlx::Result<()> {
    let approved = approvals::last_approved(transaction, token).await?;
    let mut people = vec![token.owner, token.contact];
    if let Some(request) = requests::get(transaction, approved).await? {
        let approvals = approvals::of(transaction, approved).await?;
        people.extend(policy::people_whose_approvals_count(&request, &approvals));
    }
    let recipients = everyone_of(token, others(actor, people));
    let about = (Some(approved), Some(token.id));
    tell(transaction, event, NoticeKind::Leaked, about, recipients).await
}

/// Whether time alone brings a token to this end, from a state in which nobody could ask for it.
fn is_ended_by(off: Off, state: TokenState) -> bool {
    off == Off::Expired && state == TokenState::Disabled
}
