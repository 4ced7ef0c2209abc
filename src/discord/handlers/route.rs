//! Which press an interaction is, told by its name alone: no claim in it is believed yet.

use crate::discord::custom_id::{CustomId, OnAnnouncement};
use crate::discord::interaction::{Command, Component, Kind, Submission};
use crate::discord::reply::Deferral;
use crate::discord::views;
use crate::domain::catalogue::{CategoryId, ProviderId};
use crate::domain::content::Digest;
use crate::domain::ids::{
    AnnouncementId, DeliveryId, DepartureId, DraftId, EventId, ReportId, RequestId, TokenId,
};
use crate::domain::request::RequestKind;
use crate::store::events::About;
use crate::workflow::list::Wanted;
use secrecy::SecretString;

/// An interaction with its place in this program.
pub(super) struct Route {
    name: &'static str,
    deferral: Deferral,
    pub(super) press: Press,
}

/// What was pressed, sent or submitted.
pub(super) enum Press {
    /// A slash command.
    Command(Command),
    /// An option of a command is being typed.
    Propose(Proposal),
    /// One of the tokens of a list was chosen.
    OpenToken(String),
    /// Another page of a list.
    List(Wanted),
    /// Another page of what waits for somebody.
    Pending(u16),
    /// Older lines of the audit log.
    Audit(About, EventId),
    /// The modal of `/token request`.
    NewForm(ProviderId, Submission),
    /// Something on a draft's panel, or its modal.
    Draft(DraftId, DraftPress),
    /// *Create*, or *Save*, with the digest of the content that the panel shows.
    Create(DraftId, Option<Digest>),
    /// Something on a request's card, or a modal of it.
    Card(RequestId, CardPress),
    /// *Reveal*.
    Reveal(DeliveryId),
    /// *I have stored it*.
    Stored(DeliveryId),
    /// *Not me*.
    NotMe(DeliveryId),
    /// The modal of `/token leak`: what was found.
    Leak(SecretString),
    /// *Disable* below the answer.
    DisableLeaked(ReportId),
    /// *Take over as contact*.
    TakeOver(DepartureId),
    /// Another page of the tokens to choose from.
    TakeOverPage(DepartureId, u16),
    /// Of these tokens.
    TakeOverTokens(DepartureId, Vec<String>),
    /// Something on a token's panel, or a modal of it.
    Token(TokenId, TokenPress),
    /// Something on the panel of an announcement, with what a select carries.
    Announce(AnnouncementId, OnAnnouncement, Vec<String>),
    /// What was written there.
    Announcement(AnnouncementId, Submission),
    /// Nothing that this version knows.
    Unknown,
}

/// An option of a command that is being typed.
pub(super) struct Proposal {
    /// The subcommand.
    pub(super) command: String,
    /// The option.
    pub(super) option: String,
    /// What stands there so far.
    pub(super) typed: String,
}

/// Something on a draft's panel.
pub(super) enum DraftPress {
    /// *Edit details* or *Correct*.
    OpenForm,
    /// What came of it.
    Form(Submission),
    /// A category was chosen.
    Category(String),
    /// Another page of categories.
    CategoryPage(u16),
    /// What is chosen now on one page of a category.
    Scopes(CategoryId, u16, Vec<String>),
    /// Another page of scopes.
    ScopePage(u16),
    /// *Whole category*.
    WholeCategory(CategoryId),
    /// *Clear all*.
    ClearAll,
    /// A lifetime was chosen.
    Expires(String),
    /// An overlap was chosen.
    Overlap(String),
    /// *Cancel*.
    Cancel,
    /// *Start over*.
    StartOver,
}

/// Something on a token's panel.
pub(super) enum TokenPress {
    /// A change is to be asked for.
    Change(RequestKind),
    /// *All scopes*.
    AllScopes,
    /// *Disable*.
    Disable,
    /// *Delete*.
    OpenDelete,
    /// Its modal.
    Delete(Submission),
}

/// Something on a request's card.
pub(super) enum CardPress {
    /// *Approve*, with the digest of what the card shows.
    Approve(Digest),
    /// *Deny*.
    OpenDeny,
    /// Its modal.
    Deny(Submission),
    /// *All scopes*.
    AllScopes,
    /// *Edit*.
    Edit,
    /// *Withdraw*.
    Withdraw,
    /// *Fulfil*, with the digest of what the card shows.
    OpenFulfil(Digest),
    /// Its modal.
    Fulfil(Digest, Submission),
    /// *Try again*, with the failure that the card tells of.
    TryAgain(EventId),
    /// *Done*, with the digest of what the card shows.
    Done(Digest),
}

impl Route {
    pub(super) fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Command(command) => {
                // It opens a form, or shows what was begun.
                Self::new("command", Deferral::Impossible, Press::Command(command.clone()))
            }
            Kind::Autocomplete { command, focused } => {
                let (option, typed) = focused.clone();
                let command = command.path.last().cloned().unwrap_or_default();
                let proposal = Proposal { command, option, typed };
                Self::new("propose", Deferral::Impossible, Press::Propose(proposal))
            }
            Kind::Component(component) => Self::of_component(component),
            Kind::Modal(submission) => Self::of_submission(submission),
        }
    }

    fn of_component(component: &Component) -> Self {
        let Ok(id) = component.custom_id.parse::<CustomId>() else { return Self::unknown() };
        Self::on_a_draft(&id, component)
            .or_else(|| Self::on_a_card(&id))
            .or_else(|| Self::on_the_rest(id, component))
            // Modals are submitted, not pressed.
            .unwrap_or_else(Self::unknown)
    }

    /// Something on a draft's panel.
    fn on_a_draft(id: &CustomId, component: &Component) -> Option<Self> {
        let chosen = || component.values.first().cloned().unwrap_or_default();
        Some(match id.clone() {
            CustomId::Correct(draft) | CustomId::EditDetails(draft) => {
                Self::form("edit_details", draft, DraftPress::OpenForm)
            }
            CustomId::Category(draft) => Self::panel(draft, DraftPress::Category(chosen())),
            CustomId::CategoryPage(draft, page) => {
                Self::panel(draft, DraftPress::CategoryPage(page))
            }
            CustomId::Scopes(draft, category, page) => {
                Self::panel(draft, DraftPress::Scopes(category, page, component.values.clone()))
            }
            CustomId::ScopePage(draft, page) => Self::panel(draft, DraftPress::ScopePage(page)),
            CustomId::WholeCategory(draft, category) => {
                Self::panel(draft, DraftPress::WholeCategory(category))
            }
            CustomId::ClearAll(draft) => Self::panel(draft, DraftPress::ClearAll),
            CustomId::Overlap(draft) => Self::panel(draft, DraftPress::Overlap(chosen())),
            CustomId::Expires(draft) => Self::panel(draft, DraftPress::Expires(chosen())),
            CustomId::Cancel(draft) => Self::panel(draft, DraftPress::Cancel),
            CustomId::StartOver(draft) => Self::form("start_over", draft, DraftPress::StartOver),
            CustomId::Create(draft, shown) => {
                Self::new("create", Deferral::Update, Press::Create(draft, shown))
            }
            _ => return None,
        })
    }

    /// Something on a request's card.
    fn on_a_card(id: &CustomId) -> Option<Self> {
        use CardPress as On;
        Some(match id.clone() {
            CustomId::Approve(request, digest) => {
                Self::card("approve", request, On::Approve(digest))
            }
            CustomId::Deny(request) => Self::card_form("open_deny", request, On::OpenDeny),
            CustomId::AllScopes(request) => Self::card("all_scopes", request, On::AllScopes),
            CustomId::EditRequest(request) => Self::card("edit", request, On::Edit),
            CustomId::Withdraw(request) => Self::card("withdraw", request, On::Withdraw),
            CustomId::Fulfil(request, digest) => {
                Self::card_form("open_fulfil", request, On::OpenFulfil(digest))
            }
            CustomId::TryAgain(request, failure) => {
                Self::card("try_again", request, On::TryAgain(failure))
            }
            CustomId::Done(request, digest) => Self::card("done", request, On::Done(digest)),
            _ => return None,
        })
    }

    /// Lists, tokens, deliveries, and what admins are told of.
    fn on_the_rest(id: CustomId, component: &Component) -> Option<Self> {
        let chosen = || component.values.first().cloned().unwrap_or_default();
        Some(match id {
            CustomId::OpenToken => {
                Self::new("open_token", Deferral::Private, Press::OpenToken(chosen()))
            }
            CustomId::List(wanted) => Self::new("list", Deferral::Update, Press::List(wanted)),
            CustomId::Pending(page) => Self::new("pending", Deferral::Update, Press::Pending(page)),
            CustomId::TokenAudit(token, before) => {
                let press = Press::Audit(About::Token(token), before);
                Self::new("audit", Deferral::Update, press)
            }
            CustomId::RequestAudit(request, before) => {
                let press = Press::Audit(About::Request(request), before);
                Self::new("audit", Deferral::Update, press)
            }
            CustomId::ChangeToken(token, kind) => {
                Self::token("change_token", Deferral::Private, token, TokenPress::Change(kind))
            }
            CustomId::TokenScopes(token) => {
                Self::token("token_scopes", Deferral::Private, token, TokenPress::AllScopes)
            }
            CustomId::DisableToken(token) => {
                Self::token("disable_token", Deferral::Private, token, TokenPress::Disable)
            }
            CustomId::DeleteToken(token) => {
                Self::token("open_delete", Deferral::Impossible, token, TokenPress::OpenDelete)
            }
            CustomId::DisableLeaked(report) => {
                Self::new("disable_leaked", Deferral::Update, Press::DisableLeaked(report))
            }
            CustomId::TakeOver(id) => {
                Self::new("take_over", Deferral::Private, Press::TakeOver(id))
            }
            CustomId::TakeOverPage(id, page) => {
                Self::new("take_over", Deferral::Update, Press::TakeOverPage(id, page))
            }
            CustomId::TakeOverTokens(id) => {
                let press = Press::TakeOverTokens(id, component.values.clone());
                Self::new("take_over_tokens", Deferral::Update, press)
            }
            CustomId::Reveal(id) => Self::new("reveal", Deferral::Private, Press::Reveal(id)),
            CustomId::Stored(id) => Self::new("stored", Deferral::Update, Press::Stored(id)),
            CustomId::NotMe(id) => Self::new("not_me", Deferral::Private, Press::NotMe(id)),
            CustomId::Announce(draft, on) if on != OnAnnouncement::Form => {
                Self::announce(draft, on, component)
            }
            _ => return None,
        })
    }

    fn of_submission(submission: &Submission) -> Self {
        let entered = || submission.clone();
        match submission.custom_id.parse::<CustomId>() {
            Ok(CustomId::NewForm(provider)) => {
                Self::new("new_form", Deferral::Private, Press::NewForm(provider, entered()))
            }
            Ok(CustomId::DetailsForm(draft)) => {
                let press = Press::Draft(draft, DraftPress::Form(entered()));
                // Without a message there is nothing to update.
                let deferral = submission.message.map_or(Deferral::Private, |_| Deferral::Update);
                Self::new("details_form", deferral, press)
            }
            Ok(CustomId::DenyForm(request)) => {
                Self::card("deny", request, CardPress::Deny(entered()))
            }
            Ok(CustomId::DeleteForm(token)) => {
                let press = TokenPress::Delete(entered());
                Self::token("delete_token", Deferral::Private, token, press)
            }
            Ok(CustomId::LeakForm) => match views::leak::read(submission) {
                Some(found) => Self::new("leak", Deferral::Private, Press::Leak(found)),
                None => Self::unknown(),
            },
            Ok(CustomId::FulfilForm(request, digest)) => {
                Self::card("fulfil", request, CardPress::Fulfil(digest, entered()))
            }
            Ok(CustomId::Announce(draft, OnAnnouncement::Form)) => {
                let press = Press::Announcement(draft, entered());
                let deferral = submission.message.map_or(Deferral::Private, |_| Deferral::Update);
                Self::new("announcement", deferral, press)
            }
            _ => Self::unknown(),
        }
    }

    fn announce(draft: AnnouncementId, on: OnAnnouncement, component: &Component) -> Self {
        let deferral = match on {
            OnAnnouncement::Write => Deferral::Impossible,
            _ => Deferral::Update,
        };
        let press = Press::Announce(draft, on, component.values.clone());
        Self::new("announce", deferral, press)
    }

    fn new(name: &'static str, deferral: Deferral, press: Press) -> Self {
        Self { name, deferral, press }
    }

    fn unknown() -> Self {
        Self::new("unknown", Deferral::Private, Press::Unknown)
    }

    fn panel(draft: DraftId, press: DraftPress) -> Self {
        Self::new("panel", Deferral::Update, Press::Draft(draft, press))
    }

    fn form(name: &'static str, draft: DraftId, press: DraftPress) -> Self {
        Self::new(name, Deferral::Impossible, Press::Draft(draft, press))
    }

    fn token(name: &'static str, deferral: Deferral, token: TokenId, press: TokenPress) -> Self {
        Self::new(name, deferral, Press::Token(token, press))
    }

    fn card(name: &'static str, request: RequestId, press: CardPress) -> Self {
        Self::new(name, Deferral::Private, Press::Card(request, press))
    }

    fn card_form(name: &'static str, request: RequestId, press: CardPress) -> Self {
        Self::new(name, Deferral::Impossible, Press::Card(request, press))
    }

    /// What logs and metrics call it.
    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    /// The request that it claims to be about.
    pub(super) fn request(&self) -> Option<RequestId> {
        match self.press {
            Press::Card(request, _) => Some(request),
            _ => None,
        }
    }

    /// What becomes of the answer if it takes long.
    pub(super) fn deferral(&self) -> Deferral {
        self.deferral
    }

    /// Whether it works in direct messages: what its owner does with a delivery.
    pub(super) fn works_outside_the_guild(&self) -> bool {
        matches!(self.press, Press::Reveal(_) | Press::Stored(_) | Press::NotMe(_))
    }
}
