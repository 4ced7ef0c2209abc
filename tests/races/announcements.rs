//! One admin presses *Send* many times at once, on two replicas: no more is sent than the policy allows one
//! admin in a day.

use discord_sim::{MessageView, Person, Seen};
use futures_util::future::join_all;

use super::support::Fixture;
use super::tally::Tally;

/// What the policy lets one admin send.
const LIMIT: i64 = 3;

/// So many write and send at once, all as the same person. Four more would be refused as too many
/// interactions.
const LANES: usize = 3;

/// How often each of them starts again, and how often they press *Send* at once then.
const ROUNDS: usize = 10;
const PRESSES: usize = 4;

fn message(seen: anyhow::Result<Seen>) -> Option<MessageView> {
    seen.and_then(Seen::message).ok()
}

/// Writes to all people. Returns the panel, unless another lane sent the draft in the meantime.
async fn write(admin: &Person) -> Option<MessageView> {
    let panel = message(admin.type_command("/token announce provider:orchard").await)?;
    let panel = if panel.offers("All") {
        message(admin.click_outdated(&panel, "All").await)?
    } else {
        panel
    };
    let mut form = admin.click_outdated(&panel, "Write").await.ok()?.modal().ok()?;
    form.fill("Subject", "Hello").ok()?.fill("Text", "Version 2 ends on Friday").ok()?;
    message(form.submit().await)
}

/// How often one lane was told that it is sent, and how often that the limit is reached.
async fn send(admin: &Person) -> (i64, i64) {
    let (mut sent, mut enough) = (0, 0);
    for _ in 0..ROUNDS {
        let Some(panel) = write(admin).await else { continue };
        let Some(send) = panel.buttons().into_iter().find(|label| label.starts_with("Send to"))
        else {
            continue;
        };
        let Ok(custom_id) = panel.custom_id(&send) else { continue };
        let presses = (0..PRESSES).map(|_| admin.forge_press(&panel, &custom_id, 2, &[]));
        for told in join_all(presses).await.into_iter().filter_map(message) {
            sent += i64::from(told.contains("Sending the announcement"));
            enough += i64::from(told.contains("You have sent"));
        }
    }
    (sent, enough)
}

#[tokio::test]
async fn many_announcements_at_once() {
    let fixture = Fixture::open("Announce", &format!("announcements_per_day = {LIMIT}")).await;
    fixture.ready(1, "Announced").await;
    let mut tally = Tally::of("Send many times at once");
    let lanes = join_all((0..LANES).map(|_| send(&fixture.ben))).await;
    fixture.settle().await;
    let sent = "select count(*) from countersign.announcements";
    let told: i64 = lanes.iter().map(|(sent, _)| sent).sum();
    let enough: i64 = lanes.iter().map(|(_, enough)| enough).sum();
    assert_eq!(fixture.setup.count(sent).await.unwrap(), LIMIT, "{lanes:?}");
    assert!(told <= LIMIT && enough > 0, "{lanes:?}");
    for (outcome, times) in [("sent", told), ("told that it is enough", enough)] {
        (0..times).for_each(|_| tally.counts(outcome));
    }
    // The other one has sent none yet.
    let (told, _) = send(&fixture.dan).await;
    assert!((1..=LIMIT).contains(&told), "{told}");
    fixture.close().await;
    tally.print_tally();
}
