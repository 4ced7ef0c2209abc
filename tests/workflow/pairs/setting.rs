//! How the table is laid before two things happen at once.

use countersign::domain::form::{ContactFacts, Form};
use countersign::domain::ids::{DraftId, ReportId};
use countersign::domain::request::Request;
use countersign::domain::request_kind::RequestKind;
use countersign::workflow::delivery::deliver;
use countersign::workflow::request::draft::{self, FilledForm};
use countersign::workflow::request::edit_draft::DraftEdit;
use countersign::workflow::request::{begin_change, fulfil};
use countersign::workflow::token::end;
use countersign::workflow::token::leak::{self, LeakLookup};

use super::acts::{Act, Table, admin_for, by_hand, finder, name_of};
use crate::support::{AKI, BEN, Desk, person};
use crate::token_steps::{
    confirm, delivery_of, gets_its_approvals, reveals, takes_effect, task_of, token_of,
};

/// A provider whose tokens an admin makes by hand.
const BY_HAND: &str = "press";

/// What has happened to the token before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// In use; the secret of a reset waits for its owner, and an edit has one of two approvals.
    Waiting,
    /// In use, and nobody has asked for anything.
    Quiet,
    /// In use; a change of this kind has its approvals and takes effect next.
    Ready(RequestKind),
    /// Switched off, and nobody has asked for anything.
    Off,
    /// Switched off; the secret of an *Enable* waits for its owner.
    Returning,
    /// In use; an admin is to do this at the provider.
    ByHand(RequestKind),
}

impl Setting {
    /// All that may happen then, for races of each with each.
    pub fn acts(self) -> Vec<Act> {
        use RequestKind::{Duplicate, Edit, Enable, Extend, Reset, Upgrade};
        let ends = [Act::Disable, Act::Delete, Act::Expire];
        let on_open: &[Act] = match self {
            Self::Waiting => &[
                Act::Approve,
                Act::Confirm,
                Act::Issue,
                Act::Withdraw,
                Act::Deny,
                Act::EditAgain,
                Act::RequestLapses,
                Act::Submit(Extend),
                Act::Narrow,
                Act::Leak,
                Act::Reveal,
                Act::NotMe,
                Act::DeliveryLapses,
            ],
            Self::Quiet => &[
                Act::Submit(Edit),
                Act::Submit(Reset),
                Act::Submit(Upgrade),
                Act::Submit(Extend),
                Act::Submit(Duplicate),
                Act::Narrow,
                Act::Leak,
                Act::NotMe,
            ],
            Self::Ready(_) => &[Act::Issue, Act::Withdraw, Act::Narrow, Act::Leak],
            Self::Off => {
                &[Act::Submit(Enable), Act::Submit(Edit), Act::Submit(Duplicate), Act::NotMe]
            }
            Self::Returning => &[Act::Submit(Enable), Act::Reveal, Act::NotMe, Act::DeliveryLapses],
            Self::ByHand(Reset) => &[Act::Fulfil, Act::Withdraw],
            Self::ByHand(_) => &[Act::Done, Act::Withdraw, Act::Submit(Extend)],
        };
        on_open.iter().chain(&ends).copied().collect()
    }

    pub fn is_by_hand(self) -> bool {
        matches!(self, Self::ByHand(_))
    }

    fn is_off(self) -> bool {
        matches!(self, Self::Off | Self::Returning | Self::Ready(RequestKind::Enable))
    }

    fn provider(self) -> &'static str {
        if self.is_by_hand() { BY_HAND } else { "orchard" }
    }

    /// Lays the table for these acts: what time does has come.
    pub async fn laid<'a>(self, desk: &'a Desk, acts: &[Act]) -> Table<'a> {
        let owner = desk.newcomer();
        let mut table = in_use(desk, owner, self.provider()).await;
        if self.is_off() {
            end::disable(&desk.workflow, &desk.actor(AKI, true), table.token).await.unwrap();
        }
        for act in acts {
            for who in [1, 2] {
                if matches!(act, Act::Submit(_) | Act::Narrow) {
                    let by = admin_for(*act, who);
                    table.drafts.push((*act, who, draft(&table, by, *act).await));
                }
            }
        }
        match self {
            Self::Waiting => self.waits(&mut table, acts).await,
            Self::Quiet | Self::Off => {}
            Self::Ready(kind) => {
                let open = asks(&table, owner, Act::Submit(kind)).await;
                gets_its_approvals(desk, &open).await;
                confirm(desk, open.id).await;
                table.open = Some(open);
            }
            Self::Returning => {
                let open = asks(&table, owner, Act::Submit(RequestKind::Enable)).await;
                gets_its_approvals(desk, &open).await;
                takes_effect(desk, open.id).await;
                table.delivery = delivery_of(desk, open.id).await;
            }
            Self::ByHand(kind) => table.open = Some(is_up_to_a_person(&table, kind).await),
        }
        time_has_come(&table, acts).await;
        table
    }

    async fn waits(self, table: &mut Table<'_>, acts: &[Act]) {
        let (desk, owner) = (table.desk, table.owner);
        let reset = asks(table, owner, Act::Submit(RequestKind::Reset)).await;
        gets_its_approvals(desk, &reset).await;
        takes_effect(desk, reset.id).await;
        table.delivery = delivery_of(desk, reset.id).await;
        let edit = asks(table, owner, Act::Submit(RequestKind::Edit)).await;
        desk.approves(AKI, &edit, edit.digest).await.unwrap();
        let again =
            draft::begin_edit(&desk.workflow, &desk.member(owner), edit.id).await.unwrap().draft.id;
        let step = DraftEdit::Expires(Some(30));
        draft::edit(&desk.workflow, &desk.member(owner), again, step).await.unwrap();
        table.again = Some(again);
        if acts.contains(&Act::Confirm) || acts.contains(&Act::Issue) {
            desk.approves(BEN, &edit, edit.digest).await.unwrap();
        }
        if acts.contains(&Act::Issue) {
            confirm(desk, edit.id).await;
        }
        table.open = Some(edit);
    }
}

/// A token of the oldest version, collected, whose secret two strangers found.
async fn in_use<'a>(desk: &'a Desk, owner: i64, provider: &str) -> Table<'a> {
    let provider = provider.parse().unwrap();
    let catalogue = &desk.workflow.config.provider(&provider).unwrap().catalogue;
    let oldest = catalogue.versions().iter().min_by_key(|version| version.version).unwrap();
    let form = Form {
        name: name_of(owner),
        description: "Nightly reports".into(),
        api_version: oldest.version,
        contact: person(owner),
        developer_emails: "dev@example.com".into(),
    };
    let contact = ContactFacts { is_bot: false, is_member: true };
    let filled = FilledForm { form, contact, contact_name: None };
    let asked =
        draft::submit_form(&desk.workflow, &desk.member(owner), &provider, filled).await.unwrap();
    let all = DraftEdit::WholeCategory(oldest.categories[0].id.clone());
    draft::edit(&desk.workflow, &desk.member(owner), asked.draft.id, all).await.unwrap();
    let created =
        desk.waits_for_approvals(&desk.member(owner), asked.draft.id).await.unwrap().request;
    gets_its_approvals(desk, &created).await;
    takes_effect(desk, created.id).await;
    if provider.as_str() == BY_HAND {
        let (sid, secret) = by_hand(owner, 0);
        let shown = created.digest;
        let admin = desk.actor(AKI, true);
        fulfil::enter_secret(&desk.workflow, &admin, created.id, shown, &sid, secret)
            .await
            .unwrap();
    }
    let token = token_of(desk, created.id).await;
    let delivery = delivery_of(desk, created.id).await;
    let secret = reveals(desk, owner, delivery).await.unwrap().secret;
    deliver::note_reveal_accepted(&desk.workflow, delivery).await.unwrap();
    let mut reports: Vec<ReportId> = Vec::new();
    for who in [1, 2] {
        let looked =
            leak::look_up(&desk.workflow, &desk.member(finder(who)), &secret).await.unwrap();
        if let LeakLookup::Known(known) = looked {
            reports.extend(known.report);
        }
    }
    let (drafts, open, again) = (Vec::new(), None, None);
    Table { desk, owner, token, open, delivery, again, drafts, reports }
}

/// A draft for what the act submits.
async fn draft(table: &Table<'_>, by: i64, act: Act) -> DraftId {
    let desk = table.desk;
    let kind = if let Act::Submit(kind) = act { kind } else { RequestKind::Edit };
    let begun = begin_change::open_draft(&desk.workflow, &desk.member(by), table.token, kind)
        .await
        .unwrap();
    let draft = begun.draft;
    let step = match act {
        Act::Submit(RequestKind::Edit) => {
            let provider = desk.workflow.config.provider(&draft.provider).unwrap();
            let version = provider.catalogue.version(draft.form.api_version).unwrap();
            Some(DraftEdit::WholeCategory(version.categories[1].id.clone()))
        }
        Act::Submit(RequestKind::Extend) => Some(DraftEdit::Expires(Some(180))),
        Act::Narrow => {
            let shown = draft.scopes.clone();
            Some(DraftEdit::Scopes { chosen: shown[..1].to_vec(), shown })
        }
        _ => None,
    };
    if let Some(step) = step {
        draft::edit(&desk.workflow, &desk.member(by), draft.id, step).await.unwrap();
    }
    draft.id
}

/// The same, submitted.
async fn asks(table: &Table<'_>, by: i64, act: Act) -> Request {
    let draft = draft(table, by, act).await;
    table.desk.waits_for_approvals(&table.desk.member(by), draft).await.unwrap().request
}

/// A change or a task that waits for an admin at the provider.
async fn is_up_to_a_person(table: &Table<'_>, kind: RequestKind) -> Request {
    let (desk, owner) = (table.desk, table.owner);
    let admin = desk.actor(AKI, true);
    match kind {
        RequestKind::Disable => {
            drop(end::disable(&desk.workflow, &admin, table.token).await.unwrap())
        }
        RequestKind::Delete => {
            drop(end::delete(&desk.workflow, &admin, table.token, &table.name()).await.unwrap());
        }
        RequestKind::Narrow => {
            let draft = draft(table, owner, Act::Narrow).await;
            desk.presses_create(&desk.member(owner), draft).await.unwrap();
        }
        changes => {
            let open = asks(table, owner, Act::Submit(changes)).await;
            gets_its_approvals(desk, &open).await;
            takes_effect(desk, open.id).await;
        }
    }
    let id = task_of(desk, table.token).await;
    let mut connection = desk.workflow.pool.acquire().await.unwrap();
    countersign::store::requests::get(&mut connection, id).await.unwrap().unwrap()
}

async fn time_has_come(table: &Table<'_>, acts: &[Act]) {
    for act in acts {
        let (row, id) = match act {
            Act::Expire => ("tokens", table.token.get()),
            Act::RequestLapses => ("requests", table.open.as_ref().unwrap().id.get()),
            Act::DeliveryLapses => ("deliveries", table.delivery.get()),
            _ => continue,
        };
        table.desk.as_owner(row, &format!("expires_at = now() where id = {id}")).await;
    }
}
