//! What can happen, and the table that it happens at.

use countersign::domain::ids::{DeliveryId, DraftId, RequestId, TokenId};
use countersign::domain::request::{Request, RequestKind};
use countersign::workflow::draft::Step;

use crate::desk::{AKI, BEN, CHIYO, Desk};
use crate::steps::{
    confirm, delivery_of, draft, interaction_token, may, opens, takes_effect, token_of,
};

/// One thing that somebody does, or that time does, to the token at the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The last hand to the open edit.
    Approve,
    /// Discord said that its hands are admins'.
    Confirm,
    /// It takes effect.
    Issue,
    Withdraw,
    Deny,
    /// The open edit gets another content.
    EditAgain,
    /// Nobody decided on the open edit in time.
    RequestLapses,
    /// Another change is submitted, whose draft was begun before.
    SubmitAnother,
    Narrow,
    Disable,
    Delete,
    Expire,
    /// The new secret of a reset is revealed.
    Reveal,
    NotMe,
    /// Nobody revealed it in time.
    DeliveryLapses,
}

impl Act {
    pub const ALL: [Self; 15] = [
        Self::Approve,
        Self::Confirm,
        Self::Issue,
        Self::Withdraw,
        Self::Deny,
        Self::EditAgain,
        Self::RequestLapses,
        Self::SubmitAnother,
        Self::Narrow,
        Self::Disable,
        Self::Delete,
        Self::Expire,
        Self::Reveal,
        Self::NotMe,
        Self::DeliveryLapses,
    ];
}

/// A token in use, with the new secret of a reset waiting for its owner, an open edit with one of two
/// hands, and the drafts of what may be asked for.
pub struct Table<'a> {
    desk: &'a Desk,
    owner: i64,
    pub token: TokenId,
    edit: Request,
    delivery: DeliveryId,
    /// For each of two who do the same: of an extension, and of a narrowing.
    another: [DraftId; 2],
    narrower: [DraftId; 2],
    again: DraftId,
}

impl<'a> Table<'a> {
    /// Sets a table for these acts: what time does has come.
    pub async fn set(desk: &'a Desk, acts: &[Act]) -> Self {
        let owner = desk.newcomer();
        let name = format!("Token of {owner}");
        let created = desk.submits(owner, &name).await;
        opens(desk, &created).await;
        let token = token_of(desk, created.id).await;
        let table = |edit, delivery, again, another, narrower| Self {
            desk,
            owner,
            token,
            edit,
            delivery,
            another,
            narrower,
            again,
        };
        let delivery = delivery_of(desk, created.id).await;
        desk.workflow.press(&desk.member(owner), delivery, &interaction_token()).await.unwrap();
        desk.workflow.accepted(delivery).await.unwrap();

        let mut another = Vec::new();
        let mut narrower = Vec::new();
        for admin in [AKI, BEN] {
            another.push(draft(desk, admin, token, RequestKind::Extend, None).await);
        }
        for admin in [CHIYO, CHIYO + 1] {
            let few = Some(1);
            narrower.push(draft(desk, admin, token, RequestKind::Edit, few).await);
        }
        let reset = draft(desk, owner, token, RequestKind::Reset, None).await;
        let reset = desk.waits_for_hands(&desk.member(owner), reset).await.unwrap().request;
        opens(desk, &reset).await;
        let delivery = delivery_of(desk, reset.id).await;

        let edit = draft(desk, owner, token, RequestKind::Edit, None).await;
        let more = desk.workflow.config.providers[0].catalogue.newest().categories[1].id.clone();
        let step = Step::WholeCategory(more);
        desk.workflow.step(&desk.member(owner), edit, step).await.unwrap();
        let edit = desk.waits_for_hands(&desk.member(owner), edit).await.unwrap().request;
        desk.approves(AKI, &edit, &edit.digest.short()).await.unwrap();
        let again = desk.workflow.begin_edit(&desk.member(owner), edit.id).await.unwrap().draft.id;
        let step = Step::Expires(Some(30));
        desk.workflow.step(&desk.member(owner), again, step).await.unwrap();

        if acts.contains(&Act::Confirm) || acts.contains(&Act::Issue) {
            desk.approves(BEN, &edit, &edit.digest.short()).await.unwrap();
        }
        if acts.contains(&Act::Issue) {
            confirm(desk, edit.id).await;
        }
        let another = [another[0], another[1]];
        let narrower = [narrower[0], narrower[1]];
        let table = table(edit, delivery, again, another, narrower);
        table.time_has_come(acts).await;
        table
    }

    async fn time_has_come(&self, acts: &[Act]) {
        for act in acts {
            let (token, edit, delivery) = (self.token, self.edit.id, self.delivery);
            let (table, id) = match act {
                Act::Expire => ("tokens", token.get()),
                Act::RequestLapses => ("requests", edit.get()),
                Act::DeliveryLapses => ("deliveries", delivery.get()),
                _ => continue,
            };
            self.desk.as_owner(table, &format!("expires_at = now() where id = {id}")).await;
        }
    }

    /// Does it, as the first or the second of two; a refusal is an end like any other.
    pub async fn acts(&self, act: Act, who: usize) {
        let (desk, workflow) = (self.desk, &self.desk.workflow);
        let (owner, edit) = (desk.member(self.owner), self.edit.id);
        let admin = desk.actor([AKI, BEN, CHIYO][who], true);
        match act {
            Act::Approve => {
                let shown = self.edit.digest.short();
                may(workflow.approve(&admin, edit, &shown, |_| false).await);
            }
            Act::Confirm => confirm(desk, edit).await,
            Act::Issue => may(workflow.issue(edit).await),
            Act::Withdraw => may(workflow.withdraw(&owner, edit).await),
            Act::Deny => may(workflow.deny(&admin, edit, "No").await),
            Act::EditAgain => may(workflow.submit(&owner, self.again).await),
            Act::RequestLapses => may(workflow.lapse_request(edit).await),
            Act::SubmitAnother => {
                let by = desk.actor([AKI, BEN][who - 1], true);
                may(workflow.submit(&by, self.another[who - 1]).await);
            }
            Act::Narrow => {
                let by = desk.actor([CHIYO, CHIYO + 1][who - 1], true);
                may(workflow.submit(&by, self.narrower[who - 1]).await);
            }
            Act::Disable => may(workflow.disable(&admin, self.token).await),
            Act::Delete => {
                let name = format!("Token of {}", self.owner);
                may(workflow.delete(&admin, self.token, &name).await);
            }
            Act::Expire => may(workflow.expire_token(self.token).await),
            Act::Reveal => may(workflow.press(&owner, self.delivery, &interaction_token()).await),
            Act::NotMe => may(workflow.disown(&owner, self.delivery).await),
            Act::DeliveryLapses => may(workflow.lapse_delivery(self.delivery).await),
        }
    }

    /// Lets the jobs run that are due, and says what is left.
    pub async fn ends(&self) -> String {
        // The open change is reviewed until nothing comes of that any more.
        for _ in 0..3 {
            for id in self.open_changes().await {
                self.desk.workflow.review_change(id).await.unwrap();
                takes_effect(self.desk, id).await;
            }
        }
        super::table::left(self.desk, self.token).await
    }

    async fn open_changes(&self) -> Vec<RequestId> {
        let ids: Vec<i64> = sqlx::query_scalar(
            "select id from requests where token_id = $1
                 and state in ('pending', 'approved', 'issuing', 'failed')",
        )
        .bind(self.token.get())
        .fetch_all(&self.desk.workflow.pool)
        .await
        .unwrap();
        ids.into_iter().map(|id| RequestId::new(id).unwrap()).collect()
    }
}
