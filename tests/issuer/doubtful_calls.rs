//! Calls that make a token and end in doubt: before it was made, after, and never seen answered.

use std::time::Duration;

use discord_sim::MessageView;
use testkit::mock_upstream::{Answers, Call, Fault};

use super::{House, PATIENCE};

/// Everything that an answer can be but right, with whether the token was made and the states that
/// the calls must end in.
const DOUBTS: [(Answers, bool, &str); 11] = [
    (Answers::Silence, false, "absent made"),
    (Answers::Silence, true, "gone made"),
    (Answers::Status(500), false, "absent made"),
    (Answers::Status(503), true, "gone made"),
    (Answers::Status(301), false, "absent made"),
    (Answers::Cut, true, "gone made"),
    (Answers::Garbage, true, "gone made"),
    (Answers::Garbage, false, "absent made"),
    (Answers::OtherShape, true, "gone made"),
    (Answers::TooLong, true, "gone made"),
    (Answers::TooLong, false, "absent made"),
];

#[tokio::test(flavor = "multi_thread")]
async fn whatever_the_answer_there_is_one_live_token() {
    let plays = DOUBTS.map(|(answers, does, states)| async move {
        let house = match does {
            true => House::start("doubt").await,
            false => House::proven("doubt").await,
        };
        house.upstream.fails(Call::Create, [Fault { does, answers }]);
        let secret = house.has_a_token("Reports").await;
        assert_eq!(house.attempts().await, states, "{answers:?} {does}");
        house.one_lives(&secret).await;
        house.scene.ends().await;
    });
    // Two at a time: each has a bot of its own, and mostly waits.
    let mut plays = plays.into_iter();
    while let Some(one) = plays.next() {
        match plays.next() {
            Some(other) => drop(tokio::join!(one, other)),
            None => one.await,
        }
    }
}

#[tokio::test]
async fn what_is_looked_for_is_looked_for_until_there_is_an_answer() {
    let house = House::start("doubt twice").await;
    let made = |answers| Fault { does: true, answers };
    house.upstream.fails(Call::Create, [made(Answers::Cut)]);
    let not = |answers| Fault { does: false, answers };
    house.upstream.fails(Call::Find, [not(Answers::Status(500)), not(Answers::Garbage)]);
    house.upstream.fails(Call::Revoke, [not(Answers::Silence), made(Answers::Status(502))]);
    let secret = house.has_a_token("Reports").await;
    // What was revoked without an answer was seen before, and is not there after.
    assert_eq!(house.attempts().await, "gone made");
    house.one_lives(&secret).await;
    house.scene.ends().await;
}

#[tokio::test]
async fn a_refusal_is_told_without_what_nobody_may_read_and_tried_again() {
    let house = House::start("refused").await;
    let fault = Fault { does: false, answers: Answers::Status(403) };
    house.upstream.fails(Call::Create, [fault]);
    house.approved("Reports").await;
    let card = house.scene.card("can’t go on").await;
    assert!(card.contains("not with •••, and not with •••"), "{card}");
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();
    assert_eq!(house.attempts().await, "refused");
    let secret = house.tries_again(&card).await;
    assert_eq!(house.attempts().await, "refused made");
    house.one_lives(&secret).await;
    house.scene.ends().await;
}

#[tokio::test]
async fn an_upstream_that_says_later_is_asked_later() {
    let house = House::start("later").await;
    let later = |status| Fault { does: false, answers: Answers::Status(status) };
    house.upstream.fails(Call::Create, [later(429), later(408)]);
    let secret = house.has_a_token("Reports").await;
    assert_eq!(house.attempts().await, "refused refused made");
    house.one_lives(&secret).await;
    house.scene.ends().await;
}

/// An upstream at which nothing can be looked for.
fn finds_nothing(issuer: &mut toml::Table) {
    issuer.remove("find");
    issuer.insert("ids_are_unique".to_owned(), true.into());
}

/// The answer to a request's call is lost; its card, which names what may be there.
async fn ends_in_doubt(house: &House) -> MessageView {
    house.upstream.fails(Call::Create, [Fault { does: true, answers: Answers::Cut }]);
    house.approved("Reports").await;
    let card = house.scene.card("a token may be there").await;
    let stray = house.upstream.tokens().remove(0);
    assert!(card.contains(&stray.comment), "{card}");
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();
    card
}

#[tokio::test]
async fn where_nothing_can_be_found_a_person_looks() {
    let house = House::with("no find", finds_nothing).await;
    let card = ends_in_doubt(&house).await;
    assert_eq!(house.attempts().await, "unresolved");
    assert_eq!(house.scene.count("select count(*) from countersign.tokens").await, 0);
    house.tries_again(&card).await;
    assert_eq!(house.attempts().await, "unresolved made");
    house.scene.ends().await;
}

/// Two admins read of a refusal. One has it tried again, and that ends in doubt; the other presses then.
#[tokio::test]
async fn nobody_tries_again_after_a_failure_that_they_have_not_read_of() {
    let house = House::with("two failures", finds_nothing).await;
    let refused = Fault { does: false, answers: Answers::Status(403) };
    let lost = Fault { does: true, answers: Answers::Cut };
    house.upstream.fails(Call::Create, [refused, lost]);
    house.approved("Reports").await;
    let first = house.scene.card("can’t go on").await;
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();
    house.scene.aki.clicks(&first, "Try again").await.unwrap().private().unwrap();
    house.scene.rin.sees_dm("is approved").await.unwrap();
    let second = house.scene.card("a token may be there").await;
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();

    let pressed = house.scene.ben.clicks_as_it_was(&first, "Try again").await.unwrap();
    let pressed = pressed.private().unwrap();
    assert!(pressed.contains("was changed since this card was drawn"), "{pressed}");
    house.scene.stage.settles().await.unwrap();
    let made = house.upstream.tokens().len();
    assert_eq!((house.attempts().await.as_str(), made), ("refused unresolved", 1));
    // Whoever read what may be there goes on.
    house.tries_again(&second).await;
    assert_eq!(house.attempts().await, "refused unresolved made");
    house.scene.ends().await;
}

#[tokio::test]
async fn what_nobody_looked_for_stays_on_the_card_of_a_request_that_is_over() {
    let house = House::with("left in doubt", finds_nothing).await;
    let card = ends_in_doubt(&house).await;
    let mut modal = house.scene.ben.clicks(&card, "Deny").await.unwrap().modal().unwrap();
    modal.fill("Reason", "Not there").unwrap();
    modal.submit().await.unwrap().private().unwrap();
    house.scene.rin.sees_dm("was denied").await.unwrap();
    let over = house.scene.last_card("Denied by").await;
    let stray = house.upstream.tokens().remove(0);
    assert!(over.contains("one may be there") && over.contains(&stray.comment), "{over}");
    house.scene.ends().await;
}

#[tokio::test]
async fn an_answer_that_is_never_right_ends_after_a_few() {
    let house = House::start("never right").await;
    house.upstream.fails(Call::Create, [Fault { does: true, answers: Answers::OtherShape }; 3]);
    house.approved("Reports").await;
    house.scene.card("ended in doubt several times").await;
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();
    assert_eq!(house.attempts().await, "gone gone gone");
    assert_eq!(house.upstream.tokens(), []);
    house.scene.ends().await;
}

#[tokio::test]
async fn a_stray_that_comes_late_is_found_and_revoked() {
    let house = House::proven("stray").await;
    house.upstream.fails(Call::Create, [Fault { does: false, answers: Answers::Silence }]);
    let secret = house.has_a_token("Reports").await;
    assert_eq!(house.attempts().await, "absent made");
    let mut connection = house.scene.stage.connect().await.unwrap();
    let marker: String =
        sqlx::query_scalar("select marker from countersign.attempts where state = 'absent'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    house.upstream.makes(&marker);
    // Ten minutes later.
    sqlx::raw_sql(
        "update countersign.attempts set look_again_at = now() where state = 'absent';
         update graphile_worker._private_jobs set run_at = now()
         where payload ->> 'kind' = 'look_for_stray'",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let gone = async {
        while house.attempts().await != "gone made" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
    house.one_lives(&secret).await;
    house.scene.ends().await;
}

#[tokio::test]
async fn whoever_is_killed_while_it_calls_leaves_one_live_token() {
    for does in [false, true] {
        let house = House::proven("killed").await;
        house.upstream.fails(Call::Create, [Fault { does, answers: Answers::Silence }]);
        house.approved("Reports").await;
        house.asks_for(Call::Create).await;
        house.scene.stage.bot.kill().await.unwrap();
        assert_eq!(house.attempts().await, "calling");
        house.scene.stage.bot.serve().await.unwrap();
        let ready = house.ready().await;
        let secret = house.collects(&ready).await;
        let states = if does { "gone made" } else { "absent made" };
        assert_eq!(house.attempts().await, states);
        house.one_lives(&secret).await;
        house.scene.ends().await;
    }
}

/// The request waits for approvals again meanwhile: what the call may have made is not forgotten over that.
#[tokio::test]
async fn a_call_that_nobody_can_look_for_is_told_of_before_another_goes_out() {
    let house = House::with("killed, no find", |issuer| {
        issuer.remove("find");
        issuer.insert("ids_are_unique".to_owned(), true.into());
    })
    .await;
    house.upstream.fails(Call::Create, [Fault { does: true, answers: Answers::Silence }]);
    house.approved("Reports").await;
    house.asks_for(Call::Create).await;
    house.scene.stage.bot.kill().await.unwrap();
    house.scene.stage.bot.serve().await.unwrap();
    let stricter = |config: &mut toml::Table| {
        let providers = config["providers"].as_array_mut().unwrap();
        providers
            .last_mut()
            .unwrap()
            .as_table_mut()
            .unwrap()
            .insert("approvals".to_owned(), 3.into());
    };
    house.scene.stage.restarts_with(stricter).await.unwrap();
    let aki = house.scene.aki.patient(PATIENCE);
    let card = aki.sees_in("approvals", "2 of 3 approvals").await.unwrap();
    house.scene.rin.sees_dm("waits again").await.unwrap();
    house.scene.approves(&house.scene.chiyo, &card).await;
    house.scene.rin.sees_dm("is approved").await.unwrap();
    house.scene.card("a token may be there").await;
    house.scene.rin.sees_dm("can’t be carried out").await.unwrap();
    assert_eq!((house.attempts().await.as_str(), house.upstream.tokens().len()), ("unresolved", 1));
    house.scene.ends().await;
}

/// A provider that is taken out and put back meanwhile changes nothing about that.
#[tokio::test]
async fn a_call_is_looked_for_when_its_provider_is_back() {
    let house = House::start("killed, gone").await;
    house.upstream.fails(Call::Create, [Fault { does: true, answers: Answers::Silence }]);
    house.approved("Reports").await;
    house.asks_for(Call::Create).await;
    house.scene.stage.bot.kill().await.unwrap();
    house.scene.stage.bot.serve().await.unwrap();
    let without = |config: &mut toml::Table| {
        config["providers"].as_array_mut().unwrap().pop();
    };
    let whole = house.scene.stage.restarts_with(without).await.unwrap();
    let rin = house.scene.rin.patient(PATIENCE);
    rin.sees_dm("can’t go on").await.unwrap();
    house.scene.stage.settles().await.unwrap();
    house.scene.stage.restarts_with(|config| *config = whole).await.unwrap();
    let card = house.scene.card("is not in the configuration any more").await;
    let secret = house.tries_again(&card).await;
    house.one_lives(&secret).await;
    house.scene.ends().await;
}
