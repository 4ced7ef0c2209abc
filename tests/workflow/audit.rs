//! The audit log of tokens from request to end: each step, who did it, on whose behalf, by which press, for
//! which request; and each event begins with the token as the one before left it.

use std::collections::BTreeMap;

use countersign::domain::content::Digest;
use countersign::domain::event::Event;
use countersign::domain::event::EventKind;
use countersign::domain::ids::{ChannelId, DeliveryId, MessageId, TokenId};
use countersign::domain::request_kind::RequestKind;
use countersign::domain::snapshot::Snapshot;
use countersign::store::events::{self, EventFilter};
use countersign::store::tokens;
use countersign::workflow::delivery::{deliver, reveal};
use countersign::workflow::request::fulfil;
use countersign::workflow::token::{end, expire};
use serde_json::Value;

use crate::support::{AKI, BEN, CHIYO, Fixture, RIN};
use crate::token_steps::{
    delivery_of, draft, is_made_by_hand, open_panel, renew_secret, reveal_secret, task_of, token_of,
};

/// All of it, in its order.
async fn log(fixture: &Fixture) -> Vec<Event> {
    let mut connection = fixture.workflow.pool.acquire().await.unwrap();
    events::list_after(&mut connection, 0, &EventFilter::default(), 10_000).await.unwrap()
}

/// The events of a token follow from each other, and end in its current state; each digest can be computed
/// again from an export.
pub async fn chains(fixture: &Fixture) {
    let mut is: BTreeMap<TokenId, String> = BTreeMap::new();
    for event in log(fixture).await {
        let Some(snapshot) = event.detail.get("token") else { continue };
        let (id, kind) = (event.token.unwrap(), &event.kind);
        let sorted: BTreeMap<String, Value> = serde_json::from_value(snapshot.clone()).unwrap();
        let digest = Digest::of(serde_json::to_string(&sorted).unwrap().as_bytes()).hex();
        assert_eq!(event.digest_after.as_ref(), Some(&digest), "{kind} of token {id}");
        assert_eq!(event.digest_before, is.insert(id, digest), "{kind} of token {id}");
    }
    let mut connection = fixture.workflow.pool.acquire().await.unwrap();
    let ids: Vec<i64> =
        sqlx::query_scalar("select id from tokens").fetch_all(&mut *connection).await.unwrap();
    assert_eq!(ids.len(), is.len(), "each token has events");
    for (id, digest) in is {
        let token = tokens::get(&mut connection, id).await.unwrap().unwrap();
        assert_eq!(Snapshot::of(&token).digest().hex(), digest, "token {id}");
    }
}

/// Each event in a line: what, by whom, on whose behalf, for which request. A person's event has a press.
fn told(events: &[Event]) -> Vec<String> {
    events
        .iter()
        .map(|event| {
            assert!(EventKind::of(&event.kind).is_some(), "{} is no kind", event.kind);
            assert!(event.actor.is_none() || event.interaction.is_some(), "{event:?}");
            let by = event.actor.map(|person| format!(" by {person}")).unwrap_or_default();
            let of = event.on_behalf_of.map(|person| format!(" for {person}")).unwrap_or_default();
            let request = event.request.map(|number| format!(" #{number}")).unwrap_or_default();
            format!("{}{by}{of}{request}", event.kind)
        })
        .collect()
}

fn only<'a>(events: &'a [Event], kind: &str) -> &'a Event {
    let found: Vec<&Event> = events.iter().filter(|event| event.kind == kind).collect();
    let [event] = found[..] else { panic!("{} events {kind}", found.len()) };
    event
}

/// The messages that showed a secret are deleted.
async fn is_hidden(fixture: &Fixture, delivery: DeliveryId) {
    let query = "select id from reveals where delivery_id = $1 and hidden_at is null order by id";
    let reveals: Vec<i64> = sqlx::query_scalar(query)
        .bind(delivery.get())
        .fetch_all(&mut *fixture.workflow.pool.acquire().await.unwrap())
        .await
        .unwrap();
    for reveal in reveals {
        reveal::note_hidden_message(&fixture.workflow, delivery, reveal, true).await.unwrap();
    }
}

/// Rin's token, from the first form to the secret that she has stored.
async fn is_born(fixture: &Fixture) -> TokenId {
    let request = fixture.submit(RIN, "Reports").await;
    fixture.approve(AKI, &request, request.digest).await.unwrap();
    let edited = fixture.edit_as(&fixture.member(RIN), request.id, "Weekly reports").await;
    let request = edited.unwrap().request;
    fixture.read_details(BEN, request.id).await;
    fixture.read_details(BEN, request.id).await;
    open_panel(fixture, &request).await;
    let delivery = delivery_of(fixture, request.id).await;
    let message = (ChannelId::new(5).unwrap(), MessageId::new(6).unwrap());
    deliver::note_announced(&fixture.workflow, delivery, message.0, message.1).await.unwrap();
    reveal_secret(fixture, RIN, delivery).await.unwrap();
    deliver::note_reveal_refused(&fixture.workflow, delivery).await.unwrap();
    reveal_secret(fixture, RIN, delivery).await.unwrap();
    deliver::note_reveal_accepted(&fixture.workflow, delivery).await.unwrap();
    deliver::confirm_stored(&fixture.workflow, &fixture.member(RIN), delivery).await.unwrap();
    is_hidden(fixture, delivery).await;
    token_of(fixture, request.id).await
}

/// What [`is_born`] writes: 11 is Rin, 12 Aki, 13 Ben.
const BIRTH: [&str; 17] = [
    "request_submitted by 11 #1",
    "approval_given by 12 #1",
    "request_edited by 11 #1",
    "request_read by 13 #1",
    "approval_given by 12 #1",
    "approval_given by 13 #1",
    "request_approved by 13 #1",
    "request_confirmed for 11 #1",
    "token_issued for 11 #1",
    "delivery_announced for 11 #1",
    // The mail of the creation: that of the collection tells of both.
    "notice_dropped #1",
    "token_collected by 11 #1",
    "reveal_repeated by 11 #1",
    "delivery_accepted for 11 #1",
    "delivery_stored by 11 #1",
    "secret_hidden for 11 #1",
    "secret_hidden for 11 #1",
];

/// What [`each_event_has_its_actor_and_on_whose_behalf`] adds; 14 is Chiyo.
const LATER: [&str; 25] = [
    "request_submitted by 14 #2",
    "approval_given by 14 #2",
    "approval_given by 12 #2",
    "request_approved by 12 #2",
    "request_confirmed for 14 #2",
    "secret_renewed for 14 #2",
    "token_reset by 14 #2",
    "delivery_accepted for 14 #2",
    "token_narrowed by 14 #1",
    "token_disabled by 12 #1",
    "request_submitted by 11 #3",
    "approval_given by 12 #3",
    "approval_given by 13 #3",
    "request_approved by 13 #3",
    "request_confirmed for 11 #3",
    "secret_renewed for 11 #3",
    "request_submitted by 11 #4",
    "approval_given by 12 #4",
    "approval_given by 13 #4",
    "request_approved by 13 #4",
    "request_confirmed for 11 #4",
    "delivery_replaced for 11 #3",
    "secret_renewed for 11 #4",
    "token_enabled by 11 #4",
    "token_deleted by 11 #1",
];

#[tokio::test]
async fn each_event_has_its_actor_and_on_whose_behalf() {
    let fixture = Fixture::new("a life in the log").await;
    let token = is_born(&fixture).await;
    let events = log(&fixture).await;
    assert_eq!(told(&events), BIRTH);
    assert_eq!(only(&events, "request_edited").detail["struck"][0]["person"], "12");
    let stored = only(&events, "delivery_stored").interaction;
    assert_eq!(events.last().unwrap().interaction, stored, "it was this press");
    let born = events.len();

    // From here on Chiyo is the owner, and Rin the contact.
    let delivery = renew_secret(&fixture, CHIYO, token, RequestKind::Reset).await;
    reveal_secret(&fixture, CHIYO, delivery).await.unwrap();
    deliver::note_reveal_accepted(&fixture.workflow, delivery).await.unwrap();
    let narrower = draft(&fixture, CHIYO, token, RequestKind::Edit, Some(1)).await;
    fixture.press_create(&fixture.member(CHIYO), narrower).await.unwrap();
    end::disable(&fixture.workflow, &fixture.member(AKI), token).await.unwrap();
    let lost = renew_secret(&fixture, RIN, token, RequestKind::Enable).await;
    let delivery = renew_secret(&fixture, RIN, token, RequestKind::Enable).await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    end::delete(&fixture.workflow, &fixture.member(RIN), token, "Reports").await.unwrap();
    let events = &log(&fixture).await[born..];
    assert_eq!(told(events), LATER);
    assert_eq!(only(events, "delivery_replaced").detail["delivery"], lost.to_string());
    let reset = &only(events, "token_reset").detail;
    assert_eq!((&reset["owner_before"], &reset["owner_after"]), (&"11".into(), &"14".into()));
    chains(&fixture).await;
}

#[tokio::test]
async fn an_admins_task_is_on_behalf_of_the_requester() {
    let fixture = Fixture::by_hand("by hand in the log").await;
    let (token, delivery) = is_made_by_hand(&fixture, RIN, "Reports").await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    deliver::note_reveal_accepted(&fixture.workflow, delivery).await.unwrap();
    let born = log(&fixture).await.len();
    let done = async |task| {
        let request = fixture.read_details(AKI, task).await;
        fulfil::complete_task(&fixture.workflow, &fixture.member(AKI), task, request.digest)
            .await
            .unwrap();
    };
    end::disable(&fixture.workflow, &fixture.member(RIN), token).await.unwrap();
    done(task_of(&fixture, token).await).await;
    chains(&fixture).await;
    // Another one ends by time.
    let (other, delivery) = is_made_by_hand(&fixture, RIN, "Others").await;
    reveal_secret(&fixture, RIN, delivery).await.unwrap();
    let over = log(&fixture).await.len();
    fixture.as_owner("tokens", "expires_at = now() - interval '1 day' where name = 'Others'").await;
    expire::end_if_due(&fixture.workflow, other).await.unwrap();
    done(task_of(&fixture, other).await).await;

    let events = log(&fixture).await;
    let issued = only(&events[..born], "token_issued").clone();
    assert_eq!(told(&[issued]), ["token_issued by 13 for 11 #1"]);
    assert_eq!(
        told(&events[born..born + 4]),
        [
            "token_disabling by 11 #1",
            "request_submitted by 11 #2",
            "request_read by 12 #2",
            "token_disabled by 12 for 11 #2",
        ]
    );
    assert_eq!(
        told(&events[over..]),
        [
            "token_disabling for 11 #3",
            "request_submitted for 11 #4",
            "request_read by 12 #4",
            "token_expired by 12 for 11 #4",
        ]
    );
}
