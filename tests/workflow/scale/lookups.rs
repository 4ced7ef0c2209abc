//! Everything that people and jobs look up.

use countersign::domain::event::HistorySubject;
use countersign::domain::ids::TokenId;
use countersign::domain::token::TokenStatus;
use countersign::store::{card_content, departures, requests, tokens, warnings};
use countersign::workflow::notice::announce;
use countersign::workflow::token::history;
use countersign::workflow::token::list::{self, Age, ListQuery, NamePart};

use crate::refused;
use crate::support::{AKI, Fixture, person};

/// Is the contact of a tenth of all tokens.
const CONTACT_OF_MANY: i64 = 9_999;
/// Owns some of the old tokens, and is the contact of some.
const MEMBER: i64 = 10_003;

#[derive(Clone, Copy, Debug)]
pub enum Lookup {
    All,
    Enabled,
    Disabled,
    Expired,
    Week,
    Month,
    Older,
    Combined,
    LaterPage,
    RarePart,
    CommonPart,
    NoPart,
    ShortPart,
    ShortWord,
    CommonLetter,
    NoWord,
    Proposed,
    ProposedToMember,
    TypedName,
    NoSuchName,
    OfMember,
    Pending,
    PendingOfMember,
    Announced,
    AllAnnounced,
    LeftAsContactOfMany,
    Due,
    EndingSoon,
    OneToken,
    History,
    Card,
}

impl Lookup {
    pub const ALL: [Self; 31] = [
        Self::All,
        Self::Enabled,
        Self::Disabled,
        Self::Expired,
        Self::Week,
        Self::Month,
        Self::Older,
        Self::Combined,
        Self::LaterPage,
        Self::RarePart,
        Self::CommonPart,
        Self::NoPart,
        Self::ShortPart,
        Self::ShortWord,
        Self::CommonLetter,
        Self::NoWord,
        Self::Proposed,
        Self::ProposedToMember,
        Self::TypedName,
        Self::NoSuchName,
        Self::OfMember,
        Self::Pending,
        Self::PendingOfMember,
        Self::Announced,
        Self::AllAnnounced,
        Self::LeftAsContactOfMany,
        Self::Due,
        Self::EndingSoon,
        Self::OneToken,
        Self::History,
        Self::Card,
    ];

    pub async fn at(self, fixture: &Fixture) {
        let admin = fixture.actor(AKI, true);
        let member = fixture.member(MEMBER);
        let workflow = &fixture.workflow;
        match self {
            Self::Proposed => {
                list::search_tokens(workflow, &admin, "Rep", &TokenStatus::ALL, 25).await.unwrap();
            }
            Self::ProposedToMember => {
                list::search_tokens(workflow, &member, "wag", &TokenStatus::LISTED, 25)
                    .await
                    .unwrap();
            }
            Self::TypedName => {
                let found = list::find_token_by_name(
                    workflow,
                    &admin,
                    "Ledger of weather 507",
                    &TokenStatus::LISTED,
                )
                .await;
                assert_eq!(found.unwrap(), some_token());
            }
            Self::NoSuchName => {
                refused(
                    list::find_token_by_name(workflow, &admin, "Report", &TokenStatus::ALL).await,
                );
            }
            Self::OfMember => {
                drop(list::get_page(workflow, &member, ListQuery::default()).await.unwrap())
            }
            Self::Pending => drop(list::get_pending(workflow, &admin, 0).await.unwrap()),
            Self::PendingOfMember => drop(list::get_pending(workflow, &member, 0).await.unwrap()),
            Self::OneToken => drop(list::get_token(workflow, &admin, some_token()).await.unwrap()),
            Self::History => {
                let about = HistorySubject::Token(some_token());
                drop(history::list_events(workflow, &admin, about, None).await.unwrap());
            }
            Self::Announced | Self::AllAnnounced => self.announce(fixture).await,
            Self::LeftAsContactOfMany | Self::Due | Self::EndingSoon | Self::Card => {
                self.works(fixture).await;
            }
            _ => {
                let found = list::get_page(workflow, &admin, self.list()).await.unwrap().tokens;
                let nothing = matches!(self, Self::NoPart | Self::ShortPart | Self::NoWord);
                assert_eq!(found.is_empty(), nothing, "{self:?}");
            }
        }
    }

    /// The options of `/token list`.
    fn list(self) -> ListQuery {
        let wanted = ListQuery::default;
        let named = |name: &str| ListQuery { name: NamePart::of(name), ..wanted() };
        let standing = |one| ListQuery { standing: Some(one), ..wanted() };
        let age = |one| ListQuery { age: Some(one), ..wanted() };
        match self {
            Self::Enabled => standing(TokenStatus::Enabled),
            Self::Disabled => standing(TokenStatus::Disabled),
            Self::Expired => standing(TokenStatus::Expired),
            Self::Week => age(Age::Week),
            Self::Month => age(Age::Month),
            Self::Older => age(Age::Older),
            Self::Combined => ListQuery {
                age: Some(Age::Older),
                standing: Some(TokenStatus::Enabled),
                ..named("ledger")
            },
            Self::LaterPage => ListQuery { page: 10, ..wanted() },
            Self::RarePart => named("quokka"),
            Self::CommonPart => named("report"),
            Self::NoPart => named("no such name"),
            Self::ShortPart => named("zq"),
            Self::ShortWord => named("会計"),
            Self::CommonLetter => named("e"),
            // Nothing in it is a trigram.
            Self::NoWord => named("1-2-3"),
            _ => wanted(),
        }
    }

    /// The panel where an admin chooses among all tokens.
    async fn announce(self, fixture: &Fixture) {
        let workflow = &fixture.workflow;
        let provider = &workflow.config.providers[0];
        let writing = announce::begin(workflow, &fixture.actor(AKI, true), provider).await.unwrap();
        let draft = writing.draft.id;
        let step = match self {
            Self::AllAnnounced => {
                countersign::workflow::notice::announce::AnnouncementEdit::Everything(true)
            }
            _ => countersign::workflow::notice::announce::AnnouncementEdit::Page(1),
        };
        let actor = fixture.actor(AKI, true);
        let writing = announce::edit(workflow, &actor, draft, step).await.unwrap();
        assert!(writing.more);
        let actor = fixture.actor(AKI, true);
        announce::cancel(workflow, &actor, draft).await.unwrap();
    }

    /// What jobs look for.
    async fn works(self, fixture: &Fixture) {
        let mut transaction = fixture.workflow.pool.begin().await.unwrap();
        match self {
            Self::LeftAsContactOfMany => {
                let (provider, left) = ("orchard".parse().unwrap(), person(CONTACT_OF_MANY));
                let all =
                    departures::get_dependents(&mut transaction, left, &provider).await.unwrap();
                assert!(all.contact_of.len() > 80);
                let versions = &fixture.workflow.config.providers[0].catalogue.versions();
                let versions: Vec<_> = versions.iter().map(|version| version.version).collect();
                let of = (left, &provider);
                departures::list_tokens_to_take_over(&mut transaction, of, &versions, (0, 26))
                    .await
                    .unwrap();
            }
            Self::Due => {
                // Of the three that are past their time, one is no longer in use.
                let due = tokens::list_due(&mut transaction).await.unwrap();
                assert!(!due.is_empty() && due.len() <= 3, "{due:?}");
                assert!(tokens::is_expired(&mut transaction, due[0]).await.unwrap());
                requests::list_due(&mut transaction).await.unwrap();
            }
            Self::Card => {
                let token = tokens::get(&mut transaction, some_token()).await.unwrap().unwrap();
                let card = card_content::read(&mut transaction, token.request).await;
                // It is found; the contents that fill the table hold no more than what is looked up.
                assert!(matches!(card, Err(sqlx::Error::Decode(_))), "{card:?}");
            }
            // The same few, however many there are.
            _ => {
                let ending = warnings::list_due(&mut transaction).await.unwrap();
                assert!((10..30).contains(&ending.len()), "{}", ending.len());
            }
        }
    }
}

pub fn some_token() -> TokenId {
    "507".parse().unwrap()
}
