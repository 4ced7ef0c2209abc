use std::collections::BTreeSet;
use std::fmt::Write as _;

use insta::assert_snapshot;
use proptest::prelude::*;
use proptest::strategy::Union;

use super::*;
use crate::domain::token::TokenStatus;
use crate::workflow::token::list::{Age, NamePart};

/// Discord's limit for a custom id.
const LIMIT: usize = 100;

/// What an argument can be, and the longest that it can be.
trait Sample: Sized + Clone + std::fmt::Debug + 'static {
    fn any() -> BoxedStrategy<Self>;
    fn longest() -> Self;
}

macro_rules! sample_ids {
    ($($type:ty),+) => {
        $(impl Sample for $type {
            fn any() -> BoxedStrategy<Self> {
                (1..=i64::MAX).prop_map(|id| Self::new(id).unwrap()).boxed()
            }
            fn longest() -> Self {
                Self::new(i64::MAX).unwrap()
            }
        })+
    };
}
sample_ids!(
    AnnouncementId,
    DeliveryId,
    DepartureId,
    DraftId,
    EventId,
    ReportId,
    RequestId,
    TokenId
);

macro_rules! sample_numbers {
    ($($type:ty),+) => {
        $(impl Sample for $type {
            fn any() -> BoxedStrategy<Self> {
                any::<Self>().boxed()
            }
            fn longest() -> Self {
                Self::MAX
            }
        })+
    };
}
sample_numbers!(u16, u32);

impl<T: Sample + Argument> Sample for FromList<T> {
    fn any() -> BoxedStrategy<Self> {
        (T::any(), prop::option::of(ListQuery::any()))
            .prop_map(|(what, list)| Self::new(what, list.as_ref()))
            .boxed()
    }
    fn longest() -> Self {
        Self::new(T::longest(), Some(&ListQuery::longest()))
    }
}

impl<T: Sample> Sample for Placed<T> {
    fn any() -> BoxedStrategy<Self> {
        let place = prop_oneof![
            Just(Place::Alone),
            any::<u8>().prop_map(Place::Pending),
            Just(Place::Details),
            Just(Place::Secret),
        ];
        (T::any(), place).prop_map(|(what, place)| Self::new(what, place)).boxed()
    }
    fn longest() -> Self {
        Self::new(T::longest(), Place::Pending(u8::MAX))
    }
}

impl Sample for ProviderId {
    fn any() -> BoxedStrategy<Self> {
        "[a-z0-9-]{1,32}".prop_map(|id| id.parse().unwrap()).boxed()
    }
    fn longest() -> Self {
        "p".repeat(32).parse().unwrap()
    }
}

impl Sample for CategoryId {
    fn any() -> BoxedStrategy<Self> {
        "[A-Za-z0-9_-]{1,40}".prop_map(|id| id.parse().unwrap()).boxed()
    }
    fn longest() -> Self {
        "x".repeat(40).parse().unwrap()
    }
}

impl Sample for Digest {
    fn any() -> BoxedStrategy<Self> {
        any::<u64>().prop_map(|seed| Self::of(&seed.to_le_bytes())).boxed()
    }
    fn longest() -> Self {
        Self::of(b"content")
    }
}

impl Sample for RequestKind {
    fn any() -> BoxedStrategy<Self> {
        prop::sample::select(Self::ALL.to_vec()).boxed()
    }
    fn longest() -> Self {
        Self::ALL.into_iter().max_by_key(|kind| kind.as_str().len()).unwrap()
    }
}

impl Sample for ListQuery {
    fn any() -> BoxedStrategy<Self> {
        let age = prop::option::of(prop::sample::select(Age::ALL.to_vec()));
        let standing = prop::option::of(prop::sample::select(TokenStatus::ALL.to_vec()));
        let name = prop_oneof![".{0,80}", "[:a🚀]{0,80}"];
        (name, age, standing, any::<u16>())
            .prop_map(|(name, age, standing, page)| Self {
                name: NamePart::of(&name),
                age,
                standing,
                page,
            })
            .boxed()
    }
    fn longest() -> Self {
        let standing = TokenStatus::LISTED.into_iter().max_by_key(|name| name.as_str().len());
        Self {
            name: NamePart::of(&"a🚀".repeat(50)),
            age: Some(Age::Older),
            standing,
            page: u16::MAX,
        }
    }
}

macro_rules! define_samples {
    ($(
        $pattern:literal $variant:ident $(($($argument:ident: $type:ty),+))?
        $control:ident $location:ident $deferral:ident $handler:ident $($answers_itself:ident)? $name:literal;
    )+) => {
        /// For each row, all its ids.
        fn any_of_each_row() -> Vec<BoxedStrategy<CustomId>> {
            vec![$(
                (Just(()), $($(<$type as Sample>::any(),)+)?)
                    .prop_map(|((), $($($argument,)+)?)| CustomId::$variant $(($($argument),+))?)
                    .boxed()
            ),+]
        }

        /// For each row, its longest id.
        fn longest_of_each_row() -> Vec<CustomId> {
            vec![$(CustomId::$variant $(($(<$type as Sample>::longest()),+))?),+]
        }
    };
}
for_each_custom_id!(define_samples);

/// Messages that were sent years ago carry these ids. A change of a row has to be on purpose.
#[test]
fn all_rows() {
    let mut rows = String::new();
    for ControlRow { pattern, control, route, handler } in CustomId::ROWS {
        let Route { name, location, deferral } = route;
        writeln!(rows, "{pattern} {control:?} {location:?} {deferral:?} {handler} {name}").unwrap();
    }
    assert_snapshot!(rows);
}

#[test]
fn no_two_rows_have_the_same_id() {
    let without_names = |pattern: &str| {
        let parts = pattern.split(':');
        let parts = parts.map(|part| if part.starts_with('{') { "{}" } else { part });
        parts.collect::<Vec<_>>().join(":")
    };
    let ids: BTreeSet<String> =
        CustomId::ROWS.iter().map(|row| without_names(row.pattern)).collect();
    assert_eq!(ids.len(), CustomId::ROWS.len());
}

#[test]
fn every_row_fits_at_its_longest() {
    let longest = longest_of_each_row();
    assert_eq!(longest.len(), CustomId::ROWS.len());
    for (id, row) in longest.into_iter().zip(CustomId::ROWS) {
        let text = id.to_string();
        assert!(text.encode_utf16().count() <= LIMIT, "{text}");
        assert_eq!(text.parse(), Ok(id.clone()));
        assert_eq!(id.row().pattern, row.pattern);
    }
}

#[test]
fn the_longest_names_of_lists_fit() {
    for name in [":".repeat(200), "🚀".repeat(200), "a🚀".repeat(200), "経理".repeat(200)] {
        let id = CustomId::List(ListQuery { name: NamePart::of(&name), ..ListQuery::longest() });
        let text = id.to_string();
        assert!(text.encode_utf16().count() <= LIMIT, "{text}");
        assert_eq!(text.parse(), Ok(id));
    }
}

#[test]
fn names_of_lists_are_cut_where_there_is_no_room() {
    let whole = "経理と監査と".repeat(8);
    assert_eq!(NamePart::of(&whole).as_str(), whole);
    assert_eq!(NamePart::of(&"🚀".repeat(50)).as_str(), "🚀".repeat(37));
}

/// Messages of earlier versions carry them.
#[test]
fn ids_without_a_place_or_a_list_stay_as_they_were() {
    let token = TokenId::new(7).unwrap();
    assert_eq!(CustomId::ShowToken(FromList::new(token, None)).to_string(), "token:7");
    let edit = FromList::new(RequestKind::Edit, None);
    assert_eq!(CustomId::ChangeToken(token, edit).to_string(), "change:7:edit");
    let deny = |place| CustomId::Deny(Placed::new(RequestId::new(7).unwrap(), place)).to_string();
    assert_eq!(deny(Place::Alone), "deny:7");
    assert_eq!(deny(Place::Pending(12)), "deny:7p12");
    assert_eq!(deny(Place::Details), "deny:7d");
    for id in ["deny:7p", "deny:7p256", "deny:p1", "deny:7x", "deny:7d1", "token:7:", "token:7:1"] {
        assert_eq!(id.parse::<CustomId>(), Err(UnknownCustomId), "{id}");
    }
}

/// What is opened from a list leads back to it, or, where its name is too long, to a list of more.
#[test]
fn a_panel_keeps_the_list_that_it_was_opened_from() {
    let list = |name: &str| ListQuery { name: NamePart::of(name), page: 2, ..Default::default() };
    let token = TokenId::new(7).unwrap();
    let shown = CustomId::ShowToken(FromList::new(token, Some(&list("a:b"))));
    assert_eq!(shown.to_string(), "token:7:2:::a:b");
    let long = "経理と監査と".repeat(8);
    let cut = FromList::new(token, Some(&list(&long)));
    assert!(long.starts_with(cut.list().unwrap().name.as_str()));
    assert_eq!(cut.list().unwrap().page, 2);
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

#[test]
fn malformed_ids_are_refused() {
    for id in longest_of_each_row() {
        for malformed in
            [format!("{id}:1"), format!(":{id}"), format!(" {id}"), id.to_string().to_uppercase()]
        {
            // A list's name may hold anything.
            let is_list = matches!(
                id,
                CustomId::List(_)
                    | CustomId::OpenListedToken(_)
                    | CustomId::ShowToken(_)
                    | CustomId::ChangeToken(..)
                    | CustomId::DisableToken(_)
                    | CustomId::DisableTokenNow(_)
                    | CustomId::DeleteToken(_)
                    | CustomId::DeleteForm(_)
            );
            if !is_list
                || malformed.starts_with([':', ' '])
                || malformed.starts_with(char::is_uppercase)
            {
                assert_eq!(malformed.parse::<CustomId>(), Err(UnknownCustomId), "{malformed}");
            }
        }
    }
    for id in ["", ":", "create", "create:", "create:7:", "list:3", "list:3::", "open-token:1"] {
        assert_eq!(id.parse::<CustomId>(), Err(UnknownCustomId), "{id}");
    }
}

#[test]
fn logs_name_the_request_of_its_card() {
    let request = RequestId::longest();
    for place in [Place::Alone, Place::Pending(3), Place::Details] {
        let placed = Placed::new(request, place);
        assert_eq!(CustomId::Deny(placed).request(), Some(request));
        assert_eq!(CustomId::Approve(placed, Digest::longest()).request(), Some(request));
    }
    assert_eq!(CustomId::AllScopes(request).request(), Some(request));
    assert_eq!(CustomId::RequestAudit(request, EventId::longest()).request(), None);
    assert_eq!(CustomId::OpenToken.request(), None);
}

proptest! {
    #[test]
    fn every_row_comes_back(id in Union::new(any_of_each_row())) {
        let text = id.to_string();
        prop_assert!(text.encode_utf16().count() <= LIMIT, "{}", text);
        prop_assert_eq!(text.parse::<CustomId>(), Ok(id));
    }

    #[test]
    fn other_text_is_refused_or_comes_back(text in ".{0,120}") {
        if let Ok(id) = text.parse::<CustomId>() {
            prop_assert_eq!(id.to_string().parse::<CustomId>(), Ok(id));
        }
    }
}
