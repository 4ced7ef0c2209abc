//! Calls that make a token and end in doubt: before the token was made, after that, and without an answer.

use std::time::Duration;

use discord_sim::MessageView;
use testkit::mock_upstream::{Answers, Call, Fault};

use super::{Fixture, PATIENCE};

/// Every wrong answer, with whether the token was made and the states in which the calls must end.
const DOUBTS: [(Answers, bool, &str); 18] = [
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
    (Answers::Page(403), true, "gone made"),
    (Answers::Page(403), false, "absent made"),
    (Answers::Empty(401), true, "gone made"),
    (Answers::Empty(429), true, "gone made"),
    (Answers::Status(408), true, "gone made"),
    (Answers::Status(408), false, "absent made"),
    (Answers::Status(425), true, "gone made"),
];

#[tokio::test(flavor = "multi_thread")]
async fn one_token_works_whatever_the_upstream_answers() {
    let plays = DOUBTS.map(|(answers, does, states)| async move {
        let fixture = match does {
            true => Fixture::start("doubt").await,
            false => Fixture::proven("doubt").await,
        };
        fixture.upstream.fail(Call::Create, [Fault { does, answers }]);
        let secret = fixture.create_token("Reports").await;
        assert_eq!(fixture.attempts().await, states, "{answers:?} {does}");
        fixture.one_lives(&secret).await;
        fixture.team.finish().await;
    });
    // Two at a time: each has its own bot, and mostly waits.
    let mut plays = plays.into_iter();
    while let Some(one) = plays.next() {
        match plays.next() {
            Some(other) => drop(tokio::join!(one, other)),
            None => one.await,
        }
    }
}

#[tokio::test]
async fn a_look_up_is_repeated_until_it_is_answered() {
    let fixture = Fixture::start("doubt twice").await;
    let made = |answers| Fault { does: true, answers };
    fixture.upstream.fail(Call::Create, [made(Answers::Cut)]);
    let not = |answers| Fault { does: false, answers };
    fixture.upstream.fail(Call::Find, [not(Answers::Status(500)), not(Answers::Garbage)]);
    fixture.upstream.fail(Call::Revoke, [not(Answers::Silence), not(Answers::Status(502))]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(fixture.attempts().await, "gone made");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_refusal_is_shown_without_secrets_and_can_be_retried() {
    let fixture = Fixture::start("refused").await;
    let fault = Fault { does: false, answers: Answers::Status(403) };
    fixture.upstream.fail(Call::Create, [fault]);
    fixture.approved("Reports").await;
    let card = fixture.team.card("An admin has to act before").await;
    assert!(card.contains("not with •••, and not with •••"), "{card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.attempts().await, "refused");
    let secret = fixture.press_try_again(&card).await;
    assert_eq!(fixture.attempts().await, "refused made");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn retry_after_is_respected() {
    let fixture = Fixture::start("later").await;
    let later = |status| Fault { does: false, answers: Answers::Status(status) };
    fixture.upstream.fail(Call::Create, [later(429), later(429)]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(fixture.attempts().await, "refused refused made");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// Not after two seconds, as without a word of how long.
#[tokio::test]
async fn an_upstream_that_says_when_is_asked_then() {
    let fixture = Fixture::start("a date").await;
    let wait = Answers::Wait(Duration::from_secs(9));
    fixture.upstream.fail(Call::Create, [Fault { does: false, answers: wait }]);
    fixture.approved("Reports").await;
    fixture.wait_for_call(Call::Create).await;
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(fixture.upstream.count(Call::Create), 1);
    let ready = fixture.ready().await;
    let secret = fixture.collect_secret(&ready).await;
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn what_an_upstream_says_while_it_says_later_is_read_on_the_card() {
    let fixture = Fixture::start("quota").await;
    fixture.upstream.say("the quota of this key is used up");
    let later = Fault { does: false, answers: Answers::Status(429) };
    fixture.upstream.fail(Call::Create, [later; 20]);
    fixture.approved("Reports").await;
    let aki = fixture.team.aki.patient(Duration::from_secs(100));
    let card = aki.wait_for_message("approvals", "told us to wait").await.unwrap();
    assert!(card.contains("the quota of this key is used up"), "{card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    fixture.upstream.recover(Call::Create);
    let secret = fixture.press_try_again(&card).await;
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// Where the configuration says nothing of `error`, JSON is the API's own, and a page is not.
#[tokio::test]
async fn a_refusal_without_words_is_one_if_it_is_json() {
    let wordless = |issuer: &mut toml::Table| {
        issuer["create"]["response"].as_table_mut().unwrap().remove("error");
    };
    let fixture = Fixture::with("wordless", wordless).await;
    let no = |answers| Fault { does: false, answers };
    fixture.upstream.fail(Call::Create, [no(Answers::Status(409))]);
    fixture.approved("Reports").await;
    let card = fixture.team.card("An admin has to act before").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.attempts().await, "refused");
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::Page(409) }]);
    let secret = fixture.press_try_again(&card).await;
    assert_eq!(fixture.attempts().await, "refused gone made");
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

/// A person reads what may be there, and not that nothing is.
#[tokio::test]
async fn where_nothing_can_be_found_a_page_is_no_refusal() {
    let fixture = Fixture::with("page, no find", configure_no_find).await;
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::Page(403) }]);
    fixture.approved("Reports").await;
    let card = fixture.team.card("a token may exist").await;
    let stray = fixture.upstream.newest();
    assert!(card.contains(&stray.comment) && !card.contains("nothing was created"), "{card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.attempts().await, "unresolved");
    fixture.team.finish().await;
}

/// An upstream that can't be searched.
fn configure_no_find(issuer: &mut toml::Table) {
    issuer.remove("find");
    issuer.insert("ids_are_unique".to_owned(), true.into());
}

/// The answer to a request's call is lost; the request's card, which names what may exist.
async fn end_in_doubt(fixture: &Fixture) -> MessageView {
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::Cut }]);
    fixture.approved("Reports").await;
    let card = fixture.team.card("a token may exist").await;
    let stray = fixture.upstream.tokens().remove(0);
    assert!(card.contains(&stray.comment), "{card}");
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    card
}

#[tokio::test]
async fn without_find_an_admin_looks() {
    let fixture = Fixture::with("no find", configure_no_find).await;
    let card = end_in_doubt(&fixture).await;
    assert_eq!(fixture.attempts().await, "unresolved");
    assert_eq!(fixture.team.count("select count(*) from countersign.tokens").await, 0);
    fixture.press_try_again(&card).await;
    assert_eq!(fixture.attempts().await, "unresolved made");
    fixture.team.finish().await;
}

/// Two admins read of a refusal. One of them has it tried again, and that ends in doubt; then the other
/// presses.
#[tokio::test]
async fn try_again_needs_the_failure_on_the_card() {
    let fixture = Fixture::with("two failures", configure_no_find).await;
    let refused = Fault { does: false, answers: Answers::Status(403) };
    let lost = Fault { does: true, answers: Answers::Cut };
    fixture.upstream.fail(Call::Create, [refused, lost]);
    fixture.approved("Reports").await;
    let first = fixture.team.card("An admin has to act before").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    fixture.team.aki.click(&first, "Try again").await.unwrap().private().unwrap();
    let second = fixture.team.card("a token may exist").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();

    let pressed = fixture.team.ben.click_outdated(&first, "Try again").await.unwrap();
    let pressed = pressed.private().unwrap();
    assert!(pressed.contains("has changed since this card was shown"), "{pressed}");
    fixture.team.setup.settle().await.unwrap();
    let made = fixture.upstream.tokens().len();
    assert_eq!((fixture.attempts().await.as_str(), made), ("refused unresolved", 1));
    // An admin who has read what may exist continues.
    fixture.press_try_again(&second).await;
    assert_eq!(fixture.attempts().await, "refused unresolved made");
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_possible_stray_stays_on_the_card_of_an_ended_request() {
    let fixture = Fixture::with("left in doubt", configure_no_find).await;
    let card = end_in_doubt(&fixture).await;
    let mut modal = fixture.team.ben.click(&card, "Deny").await.unwrap().modal().unwrap();
    modal.fill("Reason", "Not there").unwrap();
    modal.submit().await.unwrap().private().unwrap();
    fixture.team.rin.wait_for_dm("was denied").await.unwrap();
    let over = fixture.team.last_card("Denied by").await;
    let stray = fixture.upstream.tokens().remove(0);
    assert!(over.contains("one may exist") && over.contains(&stray.comment), "{over}");
    fixture.team.finish().await;
}

#[tokio::test]
async fn repeated_doubtful_answers_end_the_attempts() {
    let fixture = Fixture::start("never right").await;
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::OtherShape }; 3]);
    fixture.approved("Reports").await;
    fixture.team.card("gave no clear answer several times").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(fixture.attempts().await, "gone gone gone");
    assert_eq!(fixture.upstream.tokens(), []);
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_late_stray_is_found_and_revoked() {
    let fixture = Fixture::proven("stray").await;
    fixture.upstream.fail(Call::Create, [Fault { does: false, answers: Answers::Silence }]);
    let secret = fixture.create_token("Reports").await;
    assert_eq!(fixture.attempts().await, "absent made");
    let mut connection = fixture.team.setup.connect().await.unwrap();
    let marker: String =
        sqlx::query_scalar("select marker from countersign.attempts where state = 'absent'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
    fixture.upstream.make(&marker);
    fixture.look_again().await;
    let gone = async {
        while fixture.attempts().await != "gone made" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap();
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}

#[tokio::test]
async fn a_process_killed_during_a_call_leaves_one_working_token() {
    for does in [false, true] {
        let fixture = Fixture::proven("killed").await;
        fixture.upstream.fail(Call::Create, [Fault { does, answers: Answers::Silence }]);
        fixture.approved("Reports").await;
        fixture.wait_for_call(Call::Create).await;
        fixture.team.setup.bot.kill().await.unwrap();
        assert_eq!(fixture.attempts().await, "calling");
        fixture.team.setup.bot.serve().await.unwrap();
        let ready = fixture.ready().await;
        let secret = fixture.collect_secret(&ready).await;
        let states = if does { "gone made" } else { "absent made" };
        assert_eq!(fixture.attempts().await, states);
        fixture.one_lives(&secret).await;
        fixture.team.finish().await;
    }
}

/// The request waits for approvals again in the meantime; the token that may exist is not forgotten.
#[tokio::test]
async fn a_call_that_cannot_be_looked_up_is_reported_before_another_is_sent() {
    let fixture = Fixture::with("killed, no find", |issuer| {
        issuer.remove("find");
        issuer.insert("ids_are_unique".to_owned(), true.into());
    })
    .await;
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::Silence }]);
    fixture.approved("Reports").await;
    fixture.wait_for_call(Call::Create).await;
    fixture.team.setup.bot.kill().await.unwrap();
    fixture.team.setup.bot.serve().await.unwrap();
    let stricter = |config: &mut toml::Table| {
        let providers = config["providers"].as_array_mut().unwrap();
        providers
            .last_mut()
            .unwrap()
            .as_table_mut()
            .unwrap()
            .insert("approvals".to_owned(), 3.into());
    };
    fixture.team.setup.restart_with(stricter).await.unwrap();
    let aki = fixture.team.aki.patient(PATIENCE);
    let card = aki.wait_for_message("approvals", "2 of 3 approvals").await.unwrap();
    fixture.team.rin.wait_for_dm("needs approvals again").await.unwrap();
    fixture.team.approve(&fixture.team.chiyo, &card).await;
    fixture.team.card("a token may exist").await;
    fixture.team.rin.wait_for_dm("could not be carried out").await.unwrap();
    assert_eq!(
        (fixture.attempts().await.as_str(), fixture.upstream.tokens().len()),
        ("unresolved", 1)
    );
    fixture.team.finish().await;
}

/// Removing the provider from the configuration and putting it back changes nothing about that.
#[tokio::test]
async fn a_call_is_looked_for_when_its_provider_is_back() {
    let fixture = Fixture::start("killed, gone").await;
    fixture.upstream.fail(Call::Create, [Fault { does: true, answers: Answers::Silence }]);
    fixture.approved("Reports").await;
    fixture.wait_for_call(Call::Create).await;
    fixture.team.setup.bot.kill().await.unwrap();
    fixture.team.setup.bot.serve().await.unwrap();
    let without = |config: &mut toml::Table| {
        config["providers"].as_array_mut().unwrap().pop();
    };
    let whole = fixture.team.setup.restart_with(without).await.unwrap();
    let rin = fixture.team.rin.patient(PATIENCE);
    rin.wait_for_dm("could not be carried out").await.unwrap();
    fixture.team.setup.settle().await.unwrap();
    fixture.team.setup.restart_with(|config| *config = whole).await.unwrap();
    let card = fixture.team.last_card("Try again").await;
    let secret = fixture.press_try_again(&card).await;
    fixture.one_lives(&secret).await;
    fixture.team.finish().await;
}
