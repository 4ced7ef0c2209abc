//! How often a card is edited: Discord allows few edits.

use std::time::{Duration, Instant};

use super::Team;

const EDITS: &str = "PATCH /channels/{channel_id}/messages/{message_id}";

/// How long a card waits for what Countersign does by itself.
const SOON: Duration = Duration::from_millis(500);

fn count_edits(team: &Team) -> usize {
    let arrivals = team.setup.discord.points().arrivals();
    arrivals.iter().filter(|arrival| arrival.label == EDITS).count()
}

#[tokio::test]
async fn a_card_is_edited_once_for_what_goes_on_by_itself() {
    let team = Team::start("few edits").await;
    team.ask(&team.rin, "Reports").await;
    let card = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &card).await;
    let card = team.card("1 of 2 approvals").await;
    team.setup.settle().await.unwrap();

    let (before, start) = (count_edits(&team), Instant::now());
    team.approve(&team.ben, &card).await;
    team.rin.wait_for_dm("is ready").await.unwrap();
    team.last_card("Issued").await;
    // It is approved, checked, issued and announced. Where that takes longer, it is shown in between.
    let in_between = usize::try_from(start.elapsed().as_millis() / SOON.as_millis()).unwrap();
    let edits = count_edits(&team) - before;
    assert!((1..=1 + in_between).contains(&edits), "{edits} edits in {:?}", start.elapsed());
    team.finish().await;
}
