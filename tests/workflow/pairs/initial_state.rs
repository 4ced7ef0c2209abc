//! The states of a token before two things happen at once.

use countersign::domain::form::{ContactFacts, Form};
use countersign::domain::ids::{DraftId, ReportId};
use countersign::domain::request::Request;
use countersign::domain::request_kind::RequestKind;
use countersign::workflow::delivery::deliver;
use countersign::workflow::request::draft::{self, SubmittedForm};
use countersign::workflow::request::edit_draft::DraftEdit;
use countersign::workflow::request::{begin_change, fulfil};
use countersign::workflow::token::end;
use countersign::workflow::token::leak::{self, LeakLookup};

use super::acts::{Act, TokenUnderTest, admin_for, by_hand, finder, name_of};
use crate::support::{AKI, BEN, Fixture, person};
use crate::token_steps::{
    carry_out, confirm, delivery_of, give_approvals, reveal_secret, task_of, token_of,
};

/// A provider whose tokens an admin makes by hand.
const BY_HAND: &str = "press";

/// What has happened to the token before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InitialState {
    /// In use; the secret of a reset waits for its owner, and an edit has one of two approvals.
    Waiting,
    /// In use, without an open request.
    Quiet,
    /// In use; a change of this kind has its approvals and takes effect next.
    Ready(RequestKind),
    /// Disabled, without an open request.
    Off,
    /// Disabled; the secret of an *Enable* waits for its owner.
    Returning,
    /// In use; an admin must do this at the provider.
    ByHand(RequestKind),
}

impl InitialState {
    /// All actions that are possible then; each races with each.
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

    /// Prepares a token for these actions; deadlines are reached.
    pub async fn laid<'a>(self, fixture: &'a Fixture, acts: &[Act]) -> TokenUnderTest<'a> {
        let owner = fixture.newcomer();
        let mut table = in_use(fixture, owner, self.provider()).await;
        if self.is_off() {
            end::disable(&fixture.workflow, &fixture.actor(AKI, true), table.token).await.unwrap();
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
            Self::Waiting => self.wait(&mut table, acts).await,
            Self::Quiet | Self::Off => {}
            Self::Ready(kind) => {
                let open = ask(&table, owner, Act::Submit(kind)).await;
                give_approvals(fixture, &open).await;
                confirm(fixture, open.id).await;
                table.open = Some(open);
            }
            Self::Returning => {
                let open = ask(&table, owner, Act::Submit(RequestKind::Enable)).await;
                give_approvals(fixture, &open).await;
                carry_out(fixture, open.id).await;
                table.delivery = delivery_of(fixture, open.id).await;
            }
            Self::ByHand(kind) => table.open = Some(is_up_to_a_person(&table, kind).await),
        }
        time_has_come(&table, acts).await;
        table
    }

    async fn wait(self, table: &mut TokenUnderTest<'_>, acts: &[Act]) {
        let (fixture, owner) = (table.fixture, table.owner);
        let reset = ask(table, owner, Act::Submit(RequestKind::Reset)).await;
        give_approvals(fixture, &reset).await;
        carry_out(fixture, reset.id).await;
        table.delivery = delivery_of(fixture, reset.id).await;
        let edit = ask(table, owner, Act::Submit(RequestKind::Edit)).await;
        fixture.approve(AKI, &edit, edit.digest).await.unwrap();
        let again = draft::begin_edit(&fixture.workflow, &fixture.member(owner), edit.id, None)
            .await
            .unwrap()
            .draft
            .id;
        let step = DraftEdit::Expires(Some(30));
        draft::edit(&fixture.workflow, &fixture.member(owner), again, step).await.unwrap();
        table.again = Some(again);
        if acts.contains(&Act::Confirm) || acts.contains(&Act::Issue) {
            fixture.approve(BEN, &edit, edit.digest).await.unwrap();
        }
        if acts.contains(&Act::Issue) {
            confirm(fixture, edit.id).await;
        }
        table.open = Some(edit);
    }
}

/// A token of the oldest version, collected, whose secret two strangers found.
async fn in_use<'a>(fixture: &'a Fixture, owner: i64, provider: &str) -> TokenUnderTest<'a> {
    let provider = provider.parse().unwrap();
    let catalogue = &fixture.workflow.config.provider(&provider).unwrap().catalogue;
    let oldest = catalogue.versions().iter().min_by_key(|version| version.version).unwrap();
    let form = Form {
        name: name_of(owner),
        description: "Nightly reports".into(),
        api_version: oldest.version,
        contact: person(owner),
        developer_emails: "dev@example.com".into(),
    };
    let contact = ContactFacts { is_bot: false, is_member: true };
    let filled = SubmittedForm { form, contact, contact_name: None };
    let asked = draft::submit_form(&fixture.workflow, &fixture.member(owner), &provider, filled)
        .await
        .unwrap();
    let all = DraftEdit::WholeCategory(oldest.categories[0].id.clone());
    draft::edit(&fixture.workflow, &fixture.member(owner), asked.draft.id, all).await.unwrap();
    let created =
        fixture.submit_for_approvals(&fixture.member(owner), asked.draft.id).await.unwrap().request;
    give_approvals(fixture, &created).await;
    carry_out(fixture, created.id).await;
    if provider.as_str() == BY_HAND {
        let (sid, secret) = by_hand(owner, 0);
        let shown = created.digest;
        let admin = fixture.actor(AKI, true);
        fulfil::enter_secret(&fixture.workflow, &admin, created.id, shown, &sid, secret)
            .await
            .unwrap();
    }
    let token = token_of(fixture, created.id).await;
    let delivery = delivery_of(fixture, created.id).await;
    let secret = reveal_secret(fixture, owner, delivery).await.unwrap().secret;
    deliver::note_reveal_accepted(&fixture.workflow, delivery).await.unwrap();
    let mut reports: Vec<ReportId> = Vec::new();
    for who in [1, 2] {
        let looked =
            leak::look_up(&fixture.workflow, &fixture.member(finder(who)), &secret).await.unwrap();
        if let LeakLookup::Known(known) = looked {
            reports.extend(known.report);
        }
    }
    let (drafts, open, again) = (Vec::new(), None, None);
    TokenUnderTest { fixture, owner, token, open, delivery, again, drafts, reports }
}

/// A draft for what the act submits.
async fn draft(table: &TokenUnderTest<'_>, by: i64, act: Act) -> DraftId {
    let fixture = table.fixture;
    let kind = if let Act::Submit(kind) = act { kind } else { RequestKind::Edit };
    let begun =
        begin_change::open_draft(&fixture.workflow, &fixture.member(by), table.token, kind, None)
            .await
            .unwrap();
    let draft = begun.draft;
    let step = match act {
        Act::Submit(RequestKind::Edit) => {
            let provider = fixture.workflow.config.provider(&draft.provider).unwrap();
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
        draft::edit(&fixture.workflow, &fixture.member(by), draft.id, step).await.unwrap();
    }
    draft.id
}

/// The same, submitted.
async fn ask(table: &TokenUnderTest<'_>, by: i64, act: Act) -> Request {
    let draft = draft(table, by, act).await;
    table.fixture.submit_for_approvals(&table.fixture.member(by), draft).await.unwrap().request
}

/// A change or a task that waits for an admin at the provider.
async fn is_up_to_a_person(table: &TokenUnderTest<'_>, kind: RequestKind) -> Request {
    let (fixture, owner) = (table.fixture, table.owner);
    let admin = fixture.actor(AKI, true);
    match kind {
        RequestKind::Disable => {
            drop(end::disable(&fixture.workflow, &admin, table.token).await.unwrap())
        }
        RequestKind::Delete => {
            drop(end::delete(&fixture.workflow, &admin, table.token, &table.name()).await.unwrap());
        }
        RequestKind::Narrow => {
            let draft = draft(table, owner, Act::Narrow).await;
            fixture.press_create(&fixture.member(owner), draft).await.unwrap();
        }
        changes => {
            let open = ask(table, owner, Act::Submit(changes)).await;
            give_approvals(fixture, &open).await;
            carry_out(fixture, open.id).await;
        }
    }
    let id = task_of(fixture, table.token).await;
    let mut connection = fixture.workflow.pool.acquire().await.unwrap();
    countersign::store::requests::get(&mut connection, id).await.unwrap().unwrap()
}

async fn time_has_come(table: &TokenUnderTest<'_>, acts: &[Act]) {
    for act in acts {
        let (row, id) = match act {
            Act::Expire => ("tokens", table.token.get()),
            Act::RequestLapses => ("requests", table.open.as_ref().unwrap().id.get()),
            Act::DeliveryLapses => ("deliveries", table.delivery.get()),
            _ => continue,
        };
        table.fixture.as_owner(row, &format!("expires_at = now() where id = {id}")).await;
    }
}
