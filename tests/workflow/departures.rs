//! People who left: what depends on them, and how much of it an admin can take over.

use std::collections::BTreeSet;

use countersign::domain::ids::{ChannelId, DepartureId, MessageId, TokenId};
use countersign::domain::policy::Tally;
use countersign::domain::request_kind::RequestKind;
use countersign::store::departures;
use countersign::workflow::departure;
use countersign::workflow::refusal::Refusal;
use countersign::workflow::request::decide;
use countersign::workflow::token::end;

use crate::support::{AKI, BEN, Fixture, RIN, person};
use crate::token_steps::{ask, is_in_use, renew_secret};
use crate::{refused, scale};

/// The contact of a tenth of the old tokens.
const CONTACT: i64 = 9_999;

async fn departure(fixture: &Fixture) -> DepartureId {
    DepartureId::new(fixture.count("select max(id) from departures").await).unwrap()
}

#[tokio::test]
async fn all_tokens_can_be_taken_over_however_many_there_are() {
    let fixture = Fixture::new("take over many").await;
    scale::fill(&fixture, 2_000).await;
    departure::note_absence(&fixture.workflow, person(CONTACT)).await.unwrap();
    let id = departure(&fixture).await;
    let all = async || {
        let mut all: BTreeSet<TokenId> = BTreeSet::new();
        for page in 0.. {
            let aki = fixture.actor(AKI, true);
            let found = departure::list_tokens(&fixture.workflow, &aki, id, page).await.unwrap();
            assert!(found.tokens.len() <= 25);
            for token in &found.tokens {
                assert!(all.insert(token.id), "{} stands on two pages", token.id);
            }
            if !found.more {
                break;
            }
        }
        all
    };
    let before = all().await;
    let there =
        "select count(*) from tokens where contact = 9999 and state in ('active', 'disabled')";
    assert_eq!(before.len() as i64, fixture.count(there).await);
    assert!(before.len() > 150, "{}", before.len());

    // Tokens with such a request can't be chosen.
    let wanted: BTreeSet<TokenId> = before.iter().copied().take(3).collect();
    let taken =
        departure::take_over_tokens(&fixture.workflow, &fixture.actor(AKI, true), id, &wanted)
            .await
            .unwrap();
    assert_eq!((taken.asked.len(), taken.refused.len()), (3, 0));
    let after = all().await;
    assert_eq!(before.difference(&after).copied().collect::<BTreeSet<_>>(), wanted);
    let beyond =
        departure::list_tokens(&fixture.workflow, &fixture.actor(AKI, true), id, 9_999).await;
    assert_eq!(refused(beyond), Refusal::NothingToDo);
}

#[tokio::test]
async fn a_person_with_a_secret_to_collect_is_a_dependent() {
    let fixture = Fixture::new("collect left").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    assert!(
        !departure::has_dependents(&fixture.workflow, person(AKI)).await.unwrap(),
        "what is done hangs on nobody"
    );

    renew_secret(&fixture, AKI, token, RequestKind::Reset).await;
    assert!(departure::has_dependents(&fixture.workflow, person(AKI)).await.unwrap());

    departure::note_absence(&fixture.workflow, person(AKI)).await.unwrap();
    let id = departure(&fixture).await;
    let told = departure::get_departure_to_report(&fixture.workflow, id).await.unwrap().unwrap();
    assert_eq!(told.hanging.to_collect[0].id, token);
    assert!(told.hanging.owned.is_empty() && told.hanging.approvals.is_empty());

    // Reported once, and recorded once.
    for _ in 0..2 {
        let place = (ChannelId::new(1).unwrap(), MessageId::new(2).unwrap());
        departure::note_reported(&fixture.workflow, id, place).await.unwrap();
    }
    assert_eq!(fixture.count("select count(*) from events where kind = 'departure_told'").await, 1);
}

#[tokio::test]
async fn pending_approvals_depend_on_their_approvers() {
    let fixture = Fixture::new("approvals hang").await;
    let request = fixture.submit(RIN, "Reports").await;
    assert!(!departure::has_dependents(&fixture.workflow, person(AKI)).await.unwrap());
    fixture.approve(AKI, &request, request.digest).await.unwrap();
    assert!(departure::has_dependents(&fixture.workflow, person(AKI)).await.unwrap());
    departure::note_absence(&fixture.workflow, person(AKI)).await.unwrap();
    let told = departure::get_departure_to_report(&fixture.workflow, departure(&fixture).await)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(told.hanging.approvals[0].id, request.id);

    // A provider that is not configured has no admins to tell, so no job is enqueued.
    fixture.as_owner("departures", "noticed_at = now() - interval '2 minutes'").await;
    let mut connection = fixture.workflow.pool.acquire().await.unwrap();
    let provider = fixture.workflow.config.providers[0].id.clone();
    assert_eq!(departures::list_unreported(&mut connection, &[provider]).await.unwrap().len(), 1);
    let another = ["elsewhere".parse().unwrap()];
    assert!(departures::list_unreported(&mut connection, &another).await.unwrap().is_empty());
}

/// Taking over shows names, not what the tokens may do; and the catalogue may have changed in the meantime.
#[tokio::test]
async fn taking_over_is_no_approval() {
    let mut fixture = Fixture::new("take over shown").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    fixture.edit_catalogue(
        "method = \"GET\"\npath = \"/Orchards/{AccountSID}/Trees\"",
        "method = \"DELETE\"\npath = \"/Orchards/{AccountSID}/Everything\"",
    );
    departure::note_absence(&fixture.workflow, person(RIN)).await.unwrap();
    let id = departure(&fixture).await;
    let wanted = BTreeSet::from([token]);
    let taken =
        departure::take_over_tokens(&fixture.workflow, &fixture.actor(AKI, true), id, &wanted)
            .await
            .unwrap();
    let request = &taken.asked[0];
    assert_eq!(fixture.count("select count(*) from approvals where struck_at is null").await, 2);
    let ben = fixture.approve(BEN, request, request.digest).await.unwrap();
    assert_eq!(ben.tally, Tally { have: 1, need: 2 });
    let aki = fixture.approve(AKI, request, request.digest).await.unwrap();
    assert!(aki.tally.is_enough());
}

/// A scope that takes three approvals from now on also takes them for a new secret of an older token.
#[tokio::test]
async fn a_new_secret_takes_what_todays_catalogue_asks_for() {
    let mut fixture = Fixture::new("stricter").await;
    let (token, _) = is_in_use(&fixture, RIN, "Reports").await;
    let path = "path = \"/Orchards/{AccountSID}/Trees\"";
    fixture.edit_catalogue(path, &format!("{path}\nsensitive = true\napprovals = 3"));
    for kind in [RequestKind::Reset, RequestKind::Extend] {
        let request = ask(&fixture, RIN, token, kind).await;
        assert_eq!(request.approvals_required, 3, "{kind:?}");
        decide::withdraw(&fixture.workflow, &fixture.actor(RIN, true), request.id).await.unwrap();
    }
    end::disable(&fixture.workflow, &fixture.actor(AKI, true), token).await.unwrap();
    assert_eq!(ask(&fixture, RIN, token, RequestKind::Enable).await.approvals_required, 3);
}
