//! A requester found two contents with the same short digest (2^25 hashes on their own machine), shows the
//! harmless one, and submits the other after it was approved.

use discord_sim::{MessageView, Person};

use super::Team;
use super::pair::{HARMLESS, NAME, POWERFUL, SEARCH_ANEW};

const BUTTON: u64 = 2;
const APPROVALS: &str = "select count(*) from countersign.approvals where struck_at is null";
const TOKENS: &str = "select count(*) from countersign.tokens";
/// Why a press on an older card is refused, and one with a button that no card has.
const OLDER: &str = "has changed since this card was shown";
const UNKNOWN: &str = "another version of the bot";

/// What the card calls the digest.
fn digest_on(card: &MessageView) -> String {
    let text = card.sources().join("\n");
    let (_, digest) = text.split_once("Digest `").unwrap();
    digest.split('`').next().unwrap().to_owned()
}

async fn fill_description(rin: &Person, panel: &MessageView, description: &str) -> MessageView {
    let mut form = rin.click(panel, "Edit details").await.unwrap().modal().unwrap();
    form.fill("Description", description).unwrap();
    form.submit().await.unwrap().message().unwrap()
}

#[tokio::test]
async fn an_old_card_approves_nothing_though_the_short_digest_is_the_same() {
    let team = Team::start("collision").await;
    let rin = &team.rin;
    let panel = team.panel(rin, "orchard", NAME).await;
    let panel = fill_description(rin, &panel, HARMLESS).await;
    let list = ["GET /Orchards/{AccountSID}/Trees"];
    let panel = rin.select(&panel, "Scopes", &list).await.unwrap().message().unwrap();
    let submitted = rin.click(&panel, "Create").await.unwrap().message().unwrap();
    let harmless = team.card("0 of 2 approvals").await;
    team.approve(&team.aki, &harmless).await;
    let first_press = team.setup.discord.last_interaction(&team.aki).unwrap();
    let harmless = team.card("1 of 2 approvals").await;

    let panel = rin.click(&submitted, "Edit").await.unwrap().message().unwrap();
    let panel = fill_description(rin, &panel, POWERFUL).await;
    let panel = rin.click(&panel, "Whole category").await.unwrap().message().unwrap();
    rin.click(&panel, "Save").await.unwrap().message().unwrap();
    let powerful = team.card("DELETE /Orchards").await;
    assert_eq!(digest_on(&harmless), digest_on(&powerful), "{SEARCH_ANEW}");

    // Both admins press what they saw before the edit, and the press from before it is repeated.
    let mut told = Vec::new();
    for admin in [&team.ben, &team.aki] {
        let pressed = admin.click_outdated(&harmless, "Approve").await;
        told.push(pressed.unwrap().private().unwrap().text().to_owned());
    }
    team.setup.discord.replay(&first_press);
    let short = format!("approve:1:{}", digest_on(&harmless));
    for admin in [&team.aki, &team.ben] {
        let forged = admin.forge_press(&powerful, &short, BUTTON, &[]).await.unwrap();
        told.push(forged.private().unwrap().text().to_owned());
    }
    team.setup.settle().await.unwrap();
    let [approvals, tokens] = [team.count(APPROVALS).await, team.count(TOKENS).await];
    assert_eq!([approvals, tokens], [0, 0], "approvals that count, and tokens: {told:#?}");
    for (told, why) in told.iter().zip([OLDER, OLDER, UNKNOWN, UNKNOWN]) {
        assert!(told.contains(why), "{told}");
    }

    // The card of the current content accepts approvals.
    team.approve(&team.ben, &powerful).await;
    team.card("1 of 2 approvals").await;
    team.finish().await;
}
