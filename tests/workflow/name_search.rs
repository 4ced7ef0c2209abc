//! Tokens are found by their names, in whole or in part, however many others there are.

use countersign::domain::ids::TokenId;
use countersign::domain::token::TokenStatus;
use countersign::workflow::refusal::Refusal;
use countersign::workflow::token::list::{self, ListQuery, NamePart};

use crate::support::{AKI, Fixture, RIN};
use crate::token_steps::is_issued;
use crate::{refused, scale};

/// A thousand old tokens; those with the greater numbers are older.
async fn fixture(label: &str) -> Fixture {
    let fixture = Fixture::new(label).await;
    scale::fill(&fixture, 1_000).await;
    fixture
}

/// Gives a token another name, and optionally another state.
async fn is_called(fixture: &Fixture, which: &str, name: &str, besides: &str) {
    let change = format!("name = {name}, name_key = lower({name}){besides} where {which}");
    fixture.as_owner("tokens", &change).await;
}

fn token(id: i64) -> TokenId {
    TokenId::new(id).unwrap()
}

#[tokio::test]
async fn short_names_and_parts_are_found_among_all() {
    let fixture = fixture("short names").await;
    for (id, name) in [(900, "経理"), (901, "日次監査レポート"), (902, "BI"), (903, "a-b 1.2")]
    {
        is_called(&fixture, &format!("id = {id}"), &format!("'{name}'"), "").await;
    }
    let aki = fixture.actor(AKI, true);
    for (part, id) in
        [("経理", 900), ("理", 900), ("監査", 901), ("査レ", 901), ("A-B", 903), ("b 1", 903)]
    {
        let wanted = ListQuery { name: NamePart::of(part), ..ListQuery::default() };
        let found = list::get_page(&fixture.workflow, &aki, wanted).await.unwrap().tokens;
        let ids: Vec<TokenId> = found.iter().map(|token| token.id).collect();
        assert_eq!(ids, [token(id)], "{part}");
    }
    let nothing = ListQuery { name: NamePart::of("監理"), ..ListQuery::default() };
    assert!(list::get_page(&fixture.workflow, &aki, nothing).await.unwrap().tokens.is_empty());
    // A hundred newer names contain "bi"; the exact name comes first.
    let proposed =
        list::search_tokens(&fixture.workflow, &aki, "bi", &TokenStatus::LISTED, 25).await.unwrap();
    assert_eq!((proposed[0].id, proposed.len()), (token(902), 25));
}

#[tokio::test]
async fn a_whole_name_is_found_by_its_key_and_live_ones_first() {
    let fixture = fixture("whole names").await;
    let aki = fixture.actor(AKI, true);
    let called = async |name: &str| {
        list::find_token_by_name(&fixture.workflow, &aki, name, &TokenStatus::LISTED).await
    };
    is_called(&fixture, "id <= 40", "'Reports (' || id || ')'", "").await;
    is_called(&fixture, "id = 900", "'Reports'", ", state = 'active'").await;
    is_called(&fixture, "id in (500, 501)", "'Reports'", ", state = 'expired'").await;
    is_called(&fixture, "id = 400", "'Reports'", ", state = 'deleted'").await;
    let unknown = |name: &str| Refusal::NoSuchToken { name: name.into() };
    for typed in ["Reports", " reports ", "ＲＥＰＯＲＴＳ"] {
        assert_eq!(called(typed).await.unwrap(), token(900), "{typed:?}");
    }
    assert_eq!(refused(called("Report").await), unknown("Report"));
    assert_eq!(refused(called(" ").await), unknown(""));
    // Another member finds nothing by that name.
    let stranger = fixture.member(fixture.newcomer());
    let found =
        list::find_token_by_name(&fixture.workflow, &stranger, "Reports", &TokenStatus::ALL).await;
    assert_eq!(refused(found), unknown("Reports"));

    fixture.as_owner("tokens", "state = 'deleted' where id = 900").await;
    let several = Refusal::SeveralCalled { name: "Reports".into() };
    assert_eq!(refused(called("Reports").await), several);
    fixture.as_owner("tokens", "state = 'deleted' where id = 501").await;
    assert_eq!(called("Reports").await.unwrap(), token(500));
    fixture.as_owner("tokens", "state = 'deleted' where id = 500").await;
    assert_eq!(refused(called("Reports").await), unknown("Reports"));
    let history =
        list::find_token_by_name(&fixture.workflow, &aki, "Reports", &TokenStatus::ALL).await;
    assert_eq!(refused(history), several);
}

#[tokio::test]
async fn a_token_has_the_key_of_the_request_that_it_is_what_it_says() {
    let fixture = Fixture::new("name keys").await;
    is_issued(&fixture, RIN, "Straße").await;
    let keys = "select count(*) from tokens where name_key = 'strasse'";
    assert_eq!(fixture.count(keys).await, 1);
    assert_eq!(
        fixture.attack("update tokens set name_key = 'other'").await.as_deref(),
        Some("42501")
    );
}
