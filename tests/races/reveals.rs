//! Two presses of one delivery at once.

use discord_sim::{MessageView, Person, Seen};

use super::consistency::{RequestRecord, stories};
use super::support::{Asked, Fixture, race};
use super::tally::{Tally, batches};
use super::{BATCH, head_start, told};

/// How many code blocks a person was shown: two are a secret with its Account SID.
fn shows_a_secret(seen: &MessageView) -> bool {
    seen.json().to_string().contains("cst_")
}

/// How many private messages show the secret of each token now.
fn still_shown(fixture: &Fixture, all: &[Asked]) -> Vec<usize> {
    let seen = fixture.of_requesters(Person::private_messages);
    let of = |asked: &Asked| {
        let seen = seen[&asked.requester.id()].iter();
        seen.filter(|message| message.contains(&asked.name) && shows_a_secret(message)).count()
    };
    all.iter().map(of).collect()
}

fn delivery(story: &RequestRecord) -> (&str, i64, i64) {
    (story.delivery.as_deref().unwrap_or_default(), story.reveals, story.standing)
}

#[tokio::test]
async fn two_reveals_at_once() {
    let (fixture, mut tally) = (Fixture::open("Reveals", "").await, Tally::of("Reveal twice"));
    for (size, label) in batches("Reveals", BATCH) {
        let ready = fixture.ready(size, &label).await;
        let shown = race(&ready, async |(asked, dm)| {
            let press = || asked.requester.click_outdated(dm, "Reveal");
            let (one, two) = tokio::join!(press(), press());
            [one, two].map(|seen| shows_a_secret(&seen.and_then(Seen::message).unwrap()))
        })
        .await;
        let all: Vec<Asked> = ready.into_iter().map(|(asked, _)| asked).collect();
        let stories = stories(&fixture, &all).await;
        for ((asked, shown), still) in all.iter().zip(shown).zip(still_shown(&fixture, &all)) {
            assert_ne!(shown[0], shown[1], "{}: one press shows it", asked.name);
            assert_eq!(still, 1, "{}", asked.name);
            assert_eq!(delivery(&stories[&asked.name]), ("accepted", 1, 1), "{}", asked.name);
            tally.counts(if shown[0] { "by the first press" } else { "by the second" });
        }
    }
    fixture.close().await;
    tally.print_tally();
}

/// *Not me* always wins in the end: the token is disabled, and no one sees the secret any longer.
#[tokio::test]
async fn not_me_against_reveal() {
    let fixture = Fixture::open("Against", "").await;
    let mut tally = Tally::of("Not me against Reveal");
    for (size, label) in batches("Against", BATCH) {
        let ready = fixture.ready(size, &label).await;
        race(&ready, async |(asked, dm)| {
            let disown = async {
                // Between the press and what shows the secret.
                head_start(&asked.name, 0).await;
                head_start(&asked.name, 0).await;
                told(asked.requester.click_outdated(dm, "Not me").await)
            };
            let reveal = asked.requester.click_outdated(dm, "Reveal");
            let (said, revealed) = tokio::join!(disown, reveal);
            assert!(said.contains("is disabled"), "{said}");
            // Seeing nothing counts as a refusal, an unanswered press does not.
            revealed.unwrap();
        })
        .await;
        let all: Vec<Asked> = ready.into_iter().map(|(asked, _)| asked).collect();
        let stories = stories(&fixture, &all).await;
        for (asked, still) in all.iter().zip(still_shown(&fixture, &all)) {
            let (state, reveals, standing) = delivery(&stories[&asked.name]);
            assert_eq!((state, standing), ("disowned", 0), "{}", asked.name);
            assert_eq!(still, 0, "{}", asked.name);
            tally.counts(match reveals {
                0 => "never shown",
                1 => "shown and hidden",
                _ => panic!("{} was shown {reveals} times", asked.name),
            });
        }
    }
    fixture.close().await;
    tally.print_tally();
}

#[tokio::test]
async fn not_me_against_stored() {
    let fixture = Fixture::open("Stored", "").await;
    let mut tally = Tally::of("Not me against I have stored it");
    for (size, label) in batches("Stored", BATCH) {
        let ready = fixture.ready(size, &label).await;
        race(&ready, async |(asked, dm)| {
            let shown = asked.requester.click_outdated(dm, "Reveal").await;
            let shown = shown.unwrap().message().unwrap();
            assert!(shows_a_secret(&shown), "{shown}");
            let disown = async {
                head_start(&asked.name, 1).await;
                asked.requester.click_outdated(&shown, "Not me").await
            };
            let stored = async {
                head_start(&asked.name, 0).await;
                asked.requester.click_outdated(&shown, "I have stored it").await
            };
            let (disowned, stored) = tokio::join!(disown, stored);
            let said = told(disowned);
            assert!(said.contains("is disabled"), "{said}");
            stored.unwrap();
        })
        .await;
        let all: Vec<Asked> = ready.into_iter().map(|(asked, _)| asked).collect();
        let stories = stories(&fixture, &all).await;
        for (asked, still) in all.iter().zip(still_shown(&fixture, &all)) {
            assert_eq!(delivery(&stories[&asked.name]), ("disowned", 1, 0), "{}", asked.name);
            assert_eq!(still, 0, "{}", asked.name);
            tally.counts("off and hidden");
        }
    }
    fixture.close().await;
    tally.print_tally();
}
