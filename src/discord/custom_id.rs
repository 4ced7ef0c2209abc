//! What our buttons, selects and modals are called, and what is read back from them.
//!
//! A custom id is a claim, not a proof: anybody can send any. It says what was pressed, never who
//! may press it.

use std::fmt;
use std::str::FromStr;

use crate::domain::catalogue::{CategoryId, ProviderId};
use crate::domain::content::Digest;
use crate::domain::ids::{
    AnnouncementId, DeliveryId, DepartureId, DraftId, EventId, ReportId, RequestId, TokenId,
};
use crate::domain::request::RequestKind;
use crate::domain::token::Standing;
use crate::workflow::list::{Age, NamePart, Wanted};

/// Everything that can be pressed, chosen or submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomId {
    /// The modal of `/token request`.
    NewForm(ProviderId),
    /// The modal of *Edit details* and *Correct*.
    DetailsForm(DraftId),
    /// *Correct*.
    Correct(DraftId),
    /// *Edit details*.
    EditDetails(DraftId),
    /// The select *API category*.
    Category(DraftId),
    /// Another page of it.
    CategoryPage(DraftId, u16),
    /// The select *Scopes* with one page of one category.
    Scopes(DraftId, CategoryId, u16),
    /// Another page of it.
    ScopePage(DraftId, u16),
    /// *Whole category*.
    WholeCategory(DraftId, CategoryId),
    /// *Clear all*.
    ClearAll(DraftId),
    /// The select *Expires*.
    Expires(DraftId),
    /// *Cancel*.
    Cancel(DraftId),
    /// *Create*, or *Save* while a request is being edited, with the digest of the content that the panel
    /// shows; none where it can't be asked for.
    Create(DraftId, Option<Digest>),
    /// *Start over*.
    StartOver(DraftId),
    /// *Approve*, with the digest of what the card shows.
    Approve(RequestId, Digest),
    /// *Deny*.
    Deny(RequestId),
    /// Its modal.
    DenyForm(RequestId),
    /// *All scopes*.
    AllScopes(RequestId),
    /// *Edit*.
    EditRequest(RequestId),
    /// *Withdraw*.
    Withdraw(RequestId),
    /// *Fulfil*, with the digest of what the card shows.
    Fulfil(RequestId, Digest),
    /// Its modal.
    FulfilForm(RequestId, Digest),
    /// *Try again*, with the failure that the card tells of.
    TryAgain(RequestId, EventId),
    /// *Done*: a person did at the provider what the card shows, with the digest of that.
    Done(RequestId, Digest),
    /// The select *Overlap* of a reset.
    Overlap(DraftId),
    /// *Edit*, *Reset*, *Upgrade version*, *Enable*, *Extend*, *Duplicate* of a token.
    ChangeToken(TokenId, RequestKind),
    /// The select that opens one of the tokens of a list.
    OpenToken,
    /// Another page of a list.
    List(Wanted),
    /// Another page of what waits for somebody.
    Pending(u16),
    /// Older lines of the audit log of a token, before an event.
    TokenAudit(TokenId, EventId),
    /// The same of a request.
    RequestAudit(RequestId, EventId),
    /// *All scopes* of a token.
    TokenScopes(TokenId),
    /// *Disable* of a token.
    DisableToken(TokenId),
    /// *Delete* of a token.
    DeleteToken(TokenId),
    /// Its modal.
    DeleteForm(TokenId),
    /// The modal of `/token leak`.
    LeakForm,
    /// *Disable* of a token whose secret was found.
    DisableLeaked(ReportId),
    /// *Take over as contact*, where somebody left.
    TakeOver(DepartureId),
    /// A page of the tokens to take over.
    TakeOverPage(DepartureId, u16),
    /// The select of the tokens to take over.
    TakeOverTokens(DepartureId),
    /// *Reveal*.
    Reveal(DeliveryId),
    /// *I have stored it*.
    Stored(DeliveryId),
    /// *Not me*.
    NotMe(DeliveryId),
    /// Something on the panel of `/token announce`, or its modal.
    Announce(AnnouncementId, OnAnnouncement),
}

/// What can be pressed on the panel of an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnAnnouncement {
    /// The select with one page of tokens.
    Tokens(u32),
    /// Another page of it.
    Page(u32),
    /// *All*.
    Everything,
    /// *Choose*: not all of them.
    Choose,
    /// *Write*.
    Write,
    /// Its modal.
    Form,
    /// *Send*, with the digest of what the panel shows.
    Send(Digest),
    /// *Cancel*.
    Cancel,
}

impl fmt::Display for OnAnnouncement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tokens(page) => write!(f, "tokens:{page}"),
            Self::Page(page) => write!(f, "page:{page}"),
            Self::Everything => f.write_str("all"),
            Self::Choose => f.write_str("choose"),
            Self::Write => f.write_str("write"),
            Self::Form => f.write_str("form"),
            Self::Send(digest) => write!(f, "send:{digest}"),
            Self::Cancel => f.write_str("cancel"),
        }
    }
}

fn read_announcement(parts: &[&str]) -> Result<OnAnnouncement, UnknownCustomId> {
    Ok(match parts {
        ["tokens", page] => OnAnnouncement::Tokens(read(page)?),
        ["page", page] => OnAnnouncement::Page(read(page)?),
        ["all"] => OnAnnouncement::Everything,
        ["choose"] => OnAnnouncement::Choose,
        ["write"] => OnAnnouncement::Write,
        ["form"] => OnAnnouncement::Form,
        ["send", digest] => OnAnnouncement::Send(read(digest)?),
        ["cancel"] => OnAnnouncement::Cancel,
        _ => return Err(UnknownCustomId),
    })
}

/// The longest part of a name that a list is asked for, in characters.
pub const LIST_NAME: usize = 50;

/// A custom id that no message of ours carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a button or form that this version does not know")]
pub struct UnknownCustomId;

impl fmt::Display for CustomId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NewForm(provider) => write!(f, "new-form:{provider}"),
            Self::DetailsForm(draft) => write!(f, "details-form:{draft}"),
            Self::Correct(draft) => write!(f, "correct:{draft}"),
            Self::EditDetails(draft) => write!(f, "edit-details:{draft}"),
            Self::Category(draft) => write!(f, "category:{draft}"),
            Self::CategoryPage(draft, page) => write!(f, "category-page:{draft}:{page}"),
            Self::Scopes(draft, category, page) => write!(f, "scopes:{draft}:{category}:{page}"),
            Self::ScopePage(draft, page) => write!(f, "scope-page:{draft}:{page}"),
            Self::WholeCategory(draft, category) => write!(f, "whole-category:{draft}:{category}"),
            Self::ClearAll(draft) => write!(f, "clear-all:{draft}"),
            Self::Expires(draft) => write!(f, "expires:{draft}"),
            Self::Cancel(draft) => write!(f, "cancel:{draft}"),
            Self::Create(draft, None) => write!(f, "create:{draft}"),
            Self::Create(draft, Some(digest)) => write!(f, "create:{draft}:{digest}"),
            Self::StartOver(draft) => write!(f, "start-over:{draft}"),
            Self::Approve(request, digest) => write!(f, "approve:{request}:{digest}"),
            Self::Deny(request) => write!(f, "deny:{request}"),
            Self::DenyForm(request) => write!(f, "deny-form:{request}"),
            Self::AllScopes(request) => write!(f, "all-scopes:{request}"),
            Self::EditRequest(request) => write!(f, "edit:{request}"),
            Self::Withdraw(request) => write!(f, "withdraw:{request}"),
            Self::Fulfil(request, digest) => write!(f, "fulfil:{request}:{digest}"),
            Self::FulfilForm(request, digest) => write!(f, "fulfil-form:{request}:{digest}"),
            Self::TryAgain(request, failure) => write!(f, "try-again:{request}:{failure}"),
            Self::Done(request, digest) => write!(f, "done:{request}:{digest}"),
            Self::Overlap(draft) => write!(f, "overlap:{draft}"),
            Self::ChangeToken(token, kind) => write!(f, "change:{token}:{}", kind.as_str()),
            Self::OpenToken => f.write_str("open-token"),
            Self::List(wanted) => {
                let age = wanted.age.map_or("", Age::as_str);
                let standing = wanted.standing.map_or("", Standing::as_str);
                write!(f, "list:{}:{age}:{standing}:{}", wanted.page, wanted.name.as_str())
            }
            Self::Pending(page) => write!(f, "pending:{page}"),
            Self::TokenAudit(token, before) => write!(f, "token-audit:{token}:{before}"),
            Self::RequestAudit(request, before) => write!(f, "request-audit:{request}:{before}"),
            Self::TokenScopes(token) => write!(f, "token-scopes:{token}"),
            Self::DisableToken(token) => write!(f, "disable:{token}"),
            Self::DeleteToken(token) => write!(f, "delete:{token}"),
            Self::DeleteForm(token) => write!(f, "delete-form:{token}"),
            Self::LeakForm => f.write_str("leak-form"),
            Self::DisableLeaked(report) => write!(f, "leak-disable:{report}"),
            Self::TakeOver(departure) => write!(f, "take-over:{departure}"),
            Self::TakeOverPage(departure, page) => write!(f, "take-over-page:{departure}:{page}"),
            Self::TakeOverTokens(departure) => write!(f, "take-over-tokens:{departure}"),
            Self::Reveal(delivery) => write!(f, "reveal:{delivery}"),
            Self::Stored(delivery) => write!(f, "stored:{delivery}"),
            Self::NotMe(delivery) => write!(f, "not-me:{delivery}"),
            Self::Announce(draft, on) => write!(f, "announce:{draft}:{on}"),
        }
    }
}

impl FromStr for CustomId {
    type Err = UnknownCustomId;

    fn from_str(text: &str) -> Result<Self, UnknownCustomId> {
        if let Some(wanted) = text.strip_prefix("list:") {
            return read_list(wanted).map(Self::List);
        }
        let parts: Vec<&str> = text.split(':').collect();
        Ok(match parts[..] {
            ["new-form", provider] => Self::NewForm(read(provider)?),
            ["details-form", draft] => Self::DetailsForm(read(draft)?),
            ["correct", draft] => Self::Correct(read(draft)?),
            ["edit-details", draft] => Self::EditDetails(read(draft)?),
            ["category", draft] => Self::Category(read(draft)?),
            ["category-page", draft, page] => Self::CategoryPage(read(draft)?, read(page)?),
            ["scopes", draft, category, page] => {
                Self::Scopes(read(draft)?, read(category)?, read(page)?)
            }
            ["scope-page", draft, page] => Self::ScopePage(read(draft)?, read(page)?),
            ["whole-category", draft, category] => {
                Self::WholeCategory(read(draft)?, read(category)?)
            }
            ["clear-all", draft] => Self::ClearAll(read(draft)?),
            ["expires", draft] => Self::Expires(read(draft)?),
            ["cancel", draft] => Self::Cancel(read(draft)?),
            ["create", draft] => Self::Create(read(draft)?, None),
            ["create", draft, digest] => Self::Create(read(draft)?, Some(read(digest)?)),
            ["start-over", draft] => Self::StartOver(read(draft)?),
            ["approve", request, digest] => Self::Approve(read(request)?, read(digest)?),
            ["deny", request] => Self::Deny(read(request)?),
            ["deny-form", request] => Self::DenyForm(read(request)?),
            ["all-scopes", request] => Self::AllScopes(read(request)?),
            ["edit", request] => Self::EditRequest(read(request)?),
            ["withdraw", request] => Self::Withdraw(read(request)?),
            ["fulfil", request, digest] => Self::Fulfil(read(request)?, read(digest)?),
            ["fulfil-form", request, digest] => Self::FulfilForm(read(request)?, read(digest)?),
            ["try-again", request, failure] => Self::TryAgain(read(request)?, read(failure)?),
            ["done", request, digest] => Self::Done(read(request)?, read(digest)?),
            ["overlap", draft] => Self::Overlap(read(draft)?),
            ["change", token, kind] => {
                Self::ChangeToken(read(token)?, RequestKind::of(kind).ok_or(UnknownCustomId)?)
            }
            ["open-token"] => Self::OpenToken,
            ["pending", page] => Self::Pending(read(page)?),
            ["token-audit", token, before] => Self::TokenAudit(read(token)?, read(before)?),
            ["request-audit", request, before] => Self::RequestAudit(read(request)?, read(before)?),
            ["token-scopes", token] => Self::TokenScopes(read(token)?),
            ["disable", token] => Self::DisableToken(read(token)?),
            ["delete", token] => Self::DeleteToken(read(token)?),
            ["delete-form", token] => Self::DeleteForm(read(token)?),
            ["leak-form"] => Self::LeakForm,
            ["leak-disable", report] => Self::DisableLeaked(read(report)?),
            ["take-over", departure] => Self::TakeOver(read(departure)?),
            ["take-over-page", departure, page] => {
                Self::TakeOverPage(read(departure)?, read(page)?)
            }
            ["take-over-tokens", departure] => Self::TakeOverTokens(read(departure)?),
            ["reveal", delivery] => Self::Reveal(read(delivery)?),
            ["stored", delivery] => Self::Stored(read(delivery)?),
            ["not-me", delivery] => Self::NotMe(read(delivery)?),
            ["announce", draft, ref on @ ..] => {
                Self::Announce(read(draft)?, read_announcement(on)?)
            }
            _ => return Err(UnknownCustomId),
        })
    }
}

/// The name comes last, for it may hold anything.
fn read_list(text: &str) -> Result<Wanted, UnknownCustomId> {
    let parts: Vec<&str> = text.splitn(4, ':').collect();
    let [page, age, standing, name] = parts[..] else { return Err(UnknownCustomId) };
    let age = (!age.is_empty()).then(|| Age::of(age).ok_or(UnknownCustomId)).transpose()?;
    let standing = (!standing.is_empty())
        .then(|| Standing::of(standing).ok_or(UnknownCustomId))
        .transpose()?;
    Ok(Wanted { name: NamePart::of(name), age, standing, page: read(page)? })
}

fn read<T: FromStr>(text: &str) -> Result<T, UnknownCustomId> {
    text.parse().map_err(|_| UnknownCustomId)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_longest_fits_and_comes_back() {
        let draft = DraftId::new(i64::MAX).unwrap();
        let request = RequestId::new(i64::MAX).unwrap();
        let category: CategoryId = "x".repeat(40).parse().unwrap();
        let provider: ProviderId = "p".repeat(32).parse().unwrap();
        for id in [
            CustomId::Scopes(draft, category.clone(), u16::MAX),
            CustomId::WholeCategory(draft, category),
            CustomId::NewForm(provider),
            CustomId::Announce(
                AnnouncementId::new(i64::MAX).unwrap(),
                OnAnnouncement::Tokens(u32::MAX),
            ),
            CustomId::Announce(
                AnnouncementId::new(i64::MAX).unwrap(),
                OnAnnouncement::Send(Digest::of(b"words")),
            ),
            CustomId::Create(draft, None),
            CustomId::Create(draft, Some(Digest::of(b"content"))),
            CustomId::TryAgain(request, EventId::new(i64::MAX).unwrap()),
            CustomId::FulfilForm(request, Digest::of(b"content")),
            CustomId::TakeOverPage(DepartureId::new(i64::MAX).unwrap(), u16::MAX),
            of_names(&":".repeat(LIST_NAME)),
            of_names(&"🚀".repeat(LIST_NAME)),
            of_names(&"a🚀".repeat(LIST_NAME)),
        ] {
            let text = id.to_string();
            assert!(text.encode_utf16().count() <= 100, "{text}");
            assert_eq!(text.parse(), Ok(id));
        }
    }

    /// Twelve digits, which people see, name no content.
    #[test]
    fn a_digest_is_carried_whole() {
        let digest = Digest::of(b"content");
        let whole = digest.to_string();
        for name in ["approve", "fulfil", "fulfil-form", "done", "create"] {
            let id = format!("{name}:7:{whole}").parse::<CustomId>().unwrap();
            assert_eq!(id.to_string(), format!("{name}:7:{whole}"));
            for other in [
                "",
                &digest.short().to_string(),
                &whole[..63],
                &format!("{whole}0"),
                &whole.to_uppercase(),
                &whole.replacen(|digit| digit != 'x', "x", 1),
            ] {
                let read = format!("{name}:7:{other}").parse::<CustomId>();
                assert_eq!(read, Err(UnknownCustomId), "{name}:7:{other}");
            }
        }
    }

    /// The rest of it as long as it may be.
    fn of_names(name: &str) -> CustomId {
        CustomId::List(Wanted {
            name: NamePart::of(name),
            age: Some(Age::Older),
            standing: Some(Standing::Disabled),
            page: u16::MAX,
        })
    }

    #[test]
    fn what_was_typed_is_kept_as_far_as_there_is_room() {
        let whole = "経理と監査と".repeat(8);
        assert_eq!(NamePart::of(&whole).as_str(), whole);
        assert_eq!(NamePart::of(&"🚀".repeat(50)).as_str(), "🚀".repeat(37));
    }

    proptest! {
        #[test]
        fn nonsense_is_refused_or_comes_back(text in ".{0,120}") {
            if let Ok(id) = text.parse::<CustomId>() {
                prop_assert_eq!(id.to_string().parse::<CustomId>(), Ok(id));
            }
        }
    }
}
