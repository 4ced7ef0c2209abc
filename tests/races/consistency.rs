//! Whether state, approvals, events, card and direct messages agree.

use std::collections::BTreeMap;

use discord_sim::{MessageView, Person};
use sqlx::Row as _;

use super::support::{Asked, Fixture};

/// What the database has of one request.
#[derive(Debug)]
pub struct RequestRecord {
    pub state: String,
    pub required: i16,
    pub approvals: i64,
    pub struck: i64,
    pub events: Vec<String>,
    pub token: Option<String>,
    pub delivery: Option<String>,
    pub sealed: bool,
    pub reveals: i64,
    pub standing: i64,
}

const STORIES: &str = "
    select r.content::jsonb ->> 'name' as name, r.state, r.approvals_required,
        (select count(distinct person) from approvals where request_id = r.id and struck_at is null) as approvals,
        (select count(*) from approvals where request_id = r.id and struck_at is not null) as struck,
        array(select kind from events where request_id = r.id order by id) as events,
        t.state as token, d.state as delivery, d.sealed_secret is not null as sealed,
        (select count(*) from reveals where delivery_id = d.id) as reveals,
        (select count(*) from reveals where delivery_id = d.id
            and (hidden_at is null or sealed_interaction_token is not null)) as standing
    from requests r left join tokens t on t.request_id = r.id left join deliveries d on d.token_id = t.id";

impl RequestRecord {
    pub fn happened(&self, kind: &str) -> usize {
        self.events.iter().filter(|event| *event == kind).count()
    }
}

/// All requests by name, after each was compared with what people see.
pub async fn stories(fixture: &Fixture, all: &[Asked]) -> BTreeMap<String, RequestRecord> {
    fixture.settle().await;
    let mut connection = fixture.setup.connect().await.unwrap();
    sqlx::query("set search_path = countersign").execute(&mut connection).await.unwrap();
    let rows = sqlx::query(STORIES).fetch_all(&mut connection).await.unwrap();
    let mut stories: BTreeMap<String, RequestRecord> = BTreeMap::new();
    for row in rows {
        let story = RequestRecord {
            state: row.get("state"),
            required: row.get("approvals_required"),
            approvals: row.get("approvals"),
            struck: row.get("struck"),
            events: row.get("events"),
            token: row.get("token"),
            delivery: row.get("delivery"),
            sealed: row.get("sealed"),
            reveals: row.get("reveals"),
            standing: row.get("standing"),
        };
        assert!(stories.insert(row.get("name"), story).is_none(), "two requests of one name");
    }
    let cards = fixture.ben.channel("approvals").unwrap();
    let dms = fixture.of_requesters(Person::dms);
    for asked in all {
        let story = &stories[&asked.name];
        one_story(story, &asked.name);
        on_the_card(story, &asked.name, &cards);
        in_messages(story, &asked.name, &dms[&asked.requester.id()]);
    }
    stories
}

fn one_story(story: &RequestRecord, name: &str) {
    for (state, kind) in [
        ("denied", "request_denied"),
        ("withdrawn", "request_withdrawn"),
        ("expired", "request_expired"),
        ("done", "token_issued"),
    ] {
        let wanted = usize::from(story.state == state);
        assert_eq!(story.happened(kind), wanted, "{name}: {kind} in {story:#?}");
    }
    assert_eq!(story.token.is_some(), story.state == "done", "{name}: {story:#?}");
    let put = story.happened("approval_given") as i64;
    assert_eq!(put, story.approvals + story.struck, "{name}: {story:#?}");
    let approved = matches!(story.state.as_str(), "done" | "issuing" | "approved");
    assert_eq!(
        story.happened("request_approved"),
        story.happened("request_returned") + usize::from(approved),
        "{name}: {story:#?}"
    );
    let enough = story.approvals >= i64::from(story.required);
    assert_eq!(approved, enough, "{name}: {story:#?}");
    let disowned = story.delivery.as_deref() == Some("disowned");
    assert_eq!(story.token.as_deref() == Some("disabled"), disowned, "{name}: {story:#?}");
    assert_eq!(story.happened("delivery_disowned"), usize::from(disowned), "{name}: {story:#?}");
    let collected = usize::from(story.reveals > 0);
    assert_eq!(story.happened("token_collected"), collected, "{name}: {story:#?}");
    let due = matches!(story.delivery.as_deref(), Some("waiting" | "pressed"));
    assert_eq!(story.sealed, due, "{name}: {story:#?}");
}

fn on_the_card(story: &RequestRecord, name: &str, cards: &[MessageView]) {
    // A message that calls the admins to it is none.
    let of_it = |card: &&MessageView| card.contains(name) && card.offers("Details");
    let cards: Vec<_> = cards.iter().filter(of_it).collect();
    let [card] = cards[..] else { panic!("{name} has {} cards", cards.len()) };
    let pending = format!("{} of {} approvals", story.approvals, story.required);
    let said = match (story.state.as_str(), story.token.as_deref()) {
        ("pending", _) => pending.as_str(),
        ("denied", _) => "Denied by",
        ("withdrawn", _) => "was withdrawn",
        ("expired", _) => "expired",
        (_, Some("disabled")) => "It is disabled",
        (_, Some("active")) => "Collected",
        (_, Some("issued")) => "Issued",
        other => panic!("{name} ended as {other:?}"),
    };
    assert!(card.contains(said), "{said} is not on {card} of {story:#?}");
    let open = matches!(story.state.as_str(), "pending");
    assert_eq!(card.offers("Approve"), open, "{card}");
}

fn in_messages(story: &RequestRecord, name: &str, dms: &[MessageView]) {
    // Whoever approved is alerted of *Not me* besides, if it is their own request too.
    let is_of_it = |dm: &&MessageView| {
        !dm.is_ephemeral() && dm.contains(name) && !dm.contains("Not me: the token")
    };
    let dms: Vec<_> = dms.iter().filter(is_of_it).collect();
    let told = |said: &str| dms.iter().filter(|dm| dm.contains(said)).count();
    let is_told = ["request_denied", "request_returned", "request_expired", "delivery_announced"]
        .iter()
        .any(|event| story.happened(event) > 0);
    assert!(dms.len() <= usize::from(is_told), "{name}: {story:#?} {dms:#?}");
    let is_waiting = matches!(story.delivery.as_deref(), Some("waiting" | "pressed"));
    let is_announced = story.happened("delivery_announced") > 0;
    for (said, times) in [
        ("is approved", false),
        ("was denied", story.state == "denied"),
        ("did not get enough approvals in time", story.state == "expired"),
        ("Your token", is_announced && is_waiting),
        ("The secret of", is_announced && !is_waiting),
    ] {
        assert_eq!(told(said), usize::from(times), "{name}: {said}: {story:#?} {dms:#?}");
    }
}
