//! What can happen to a token, and who does it.

use countersign::domain::ids::{DeliveryId, DraftId, ReportId, RequestId, TokenId};
use countersign::domain::request::Request;
use countersign::domain::request_kind::RequestKind;
use countersign::workflow::delivery::{deliver, reveal};
use countersign::workflow::request::{decide, fulfil, issue, lapse, review};
use countersign::workflow::token::{end, expire, leak};
use secrecy::SecretString;

use super::initial_state::InitialState;
use crate::support::{AKI, BEN, CHIYO, Fixture};
use crate::token_steps::{carry_out, confirm, interaction_token, may};

/// One action of a person, or one effect of time, on the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The last approval to the open change.
    Approve,
    /// Discord confirmed that its approvals are admins'.
    Confirm,
    /// It takes effect.
    Issue,
    Withdraw,
    Deny,
    /// The open change gets another content.
    EditAgain,
    /// The open change was not decided in time.
    RequestLapses,
    /// A change is submitted whose draft was begun before.
    Submit(RequestKind),
    /// Something is removed from it with one press.
    Narrow,
    Disable,
    Delete,
    Expire,
    /// Someone who found its secret disables it.
    Leak,
    /// The new secret that waits is revealed.
    Reveal,
    /// *Not me*, for the latest secret.
    NotMe,
    /// It was not revealed in time.
    DeliveryLapses,
    /// An admin pastes the secret from the provider's page.
    Fulfil,
    /// An admin did what was requested at the provider.
    Done,
}

/// A token, and everything that the two actions need.
pub struct TokenUnderTest<'a> {
    pub fixture: &'a Fixture,
    pub owner: i64,
    pub token: TokenId,
    /// The open change or task.
    pub open: Option<Request>,
    /// Of the latest secret.
    pub delivery: DeliveryId,
    /// Another content for the open change.
    pub again: Option<DraftId>,
    /// For each action that submits something, and for each of two people who do.
    pub drafts: Vec<(Act, usize, DraftId)>,
    /// For each of two who found the secret.
    pub reports: Vec<ReportId>,
}

/// An admin who does nothing but this.
pub fn admin_for(act: Act, who: usize) -> i64 {
    let place = match act {
        Act::Submit(kind) => 1 + RequestKind::ALL.iter().position(|one| *one == kind).unwrap(),
        _ => 0,
    };
    100 + 10 * i64::try_from(place).unwrap() + i64::try_from(who).unwrap()
}

/// A member who has nothing to do with the token, but found its secret.
pub fn finder(who: usize) -> i64 {
    900_000 + i64::try_from(who).unwrap()
}

impl TokenUnderTest<'_> {
    /// Carries out the action, as the first or the second of two; a refusal is a valid outcome.
    pub async fn acts(&self, act: Act, who: usize) {
        let (fixture, workflow) = (self.fixture, &self.fixture.workflow);
        let owner = fixture.member(self.owner);
        let admin = fixture.actor([AKI, BEN, CHIYO][who], true);
        match act {
            Act::Submit(_) | Act::Narrow => {
                let by = fixture.actor(admin_for(act, who), true);
                let mine = |(of, by, _): &&(Act, usize, DraftId)| *of == act && *by == who;
                let (_, _, draft) = self.drafts.iter().find(mine).unwrap();
                may(fixture.press_create(&by, *draft).await);
            }
            Act::Disable => may(end::disable(workflow, &admin, self.token).await),
            Act::Delete => may(end::delete(workflow, &admin, self.token, &self.name()).await),
            Act::Expire => may(expire::end_if_due(workflow, self.token).await),
            Act::Leak => {
                let finder = fixture.member(finder(who));
                may(leak::disable_token(workflow, &finder, self.reports[who - 1]).await);
            }
            Act::Reveal => {
                may(reveal::open_secret(workflow, &owner, self.delivery, &interaction_token())
                    .await);
            }
            Act::NotMe => may(deliver::disown(workflow, &owner, self.delivery).await),
            Act::DeliveryLapses => may(deliver::end_if_due(workflow, self.delivery).await),
            Act::Approve
            | Act::Confirm
            | Act::Issue
            | Act::Withdraw
            | Act::Deny
            | Act::EditAgain
            | Act::RequestLapses
            | Act::Fulfil
            | Act::Done => self.act_on_open(act, who).await,
        }
    }

    async fn act_on_open(&self, act: Act, who: usize) {
        let (fixture, workflow) = (self.fixture, &self.fixture.workflow);
        let admin = fixture.actor([AKI, BEN, CHIYO][who], true);
        let open = self.open.as_ref().unwrap();
        let (id, shown) = (open.id, open.digest);
        match act {
            Act::Approve => may(decide::approve(workflow, &admin, id, shown).await),
            Act::Confirm => confirm(fixture, id).await,
            Act::Issue => may(issue::carry_out(workflow, id, &mut |_| true).await),
            Act::Withdraw => {
                let requester = fixture.actor(open.requester.get(), true);
                may(decide::withdraw(workflow, &requester, id).await);
            }
            Act::Deny => may(decide::deny(workflow, &admin, id, "No").await),
            Act::EditAgain => {
                may(fixture.press_create(&fixture.member(self.owner), self.again.unwrap()).await);
            }
            Act::RequestLapses => may(lapse::end_if_due(workflow, id).await),
            Act::Fulfil => {
                let (sid, secret) = by_hand(self.owner, who);
                may(fulfil::enter_secret(workflow, &admin, id, shown, &sid, secret).await);
            }
            Act::Done => may(fulfil::complete_task(workflow, &admin, id, shown).await),
            other => unreachable!("{other:?} is about no open change"),
        }
    }

    pub fn name(&self) -> String {
        name_of(self.owner)
    }

    /// Runs the jobs that are due, and returns the final state.
    pub async fn finish(&self, setting: InitialState) -> String {
        // The open change is reviewed until nothing changes.
        for _ in 0..3 {
            for id in self.open_changes().await {
                review::recheck_request(&self.fixture.workflow, id).await.unwrap();
                if !setting.is_by_hand() {
                    carry_out(self.fixture, id).await;
                }
            }
        }
        super::final_state::left(self.fixture, self.token, self.owner).await
    }

    /// A task to switch it off is different: nothing voids it.
    async fn open_changes(&self) -> Vec<RequestId> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "select id from requests where token_id = $1 and kind not in ('disable', 'delete')
                 and state in ('pending', 'approved', 'issuing', 'failed')",
        )
        .bind(self.token.get())
        .fetch_all(&mut *self.fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap();
        ids.into_iter().map(|id| RequestId::new(id).unwrap()).collect()
    }
}

pub fn name_of(owner: i64) -> String {
    format!("Token of {owner}")
}

/// What the provider's page shows: always the same account, and another secret each time.
pub fn by_hand(owner: i64, which: usize) -> (String, SecretString) {
    (format!("IR{owner}"), SecretString::from(format!("secret {owner} {which}").replace(' ', "-")))
}
