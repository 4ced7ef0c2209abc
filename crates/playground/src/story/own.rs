//! Act one: Rin requests a token that Countersign creates itself.

use anyhow::{Result, ensure};

use super::narrator::{Narrator, credentials};
use discord_sim::{MessageView, Person};

const DEVELOPER: &str = "dev@orchard.example";

pub(super) async fn play(story: &Narrator<'_>) -> Result<()> {
    story.act("Act one: a token of our own");
    let (rin, aki, chiyo) = (story.person("rin")?, story.person("aki")?, story.person("chiyo")?);
    request(story, &rin).await?;
    two_approvals(story, &aki, &chiyo).await?;

    story.tell("With the second approval the token is created, and Rin is told.");
    let ready = story.dm(&rin, "is ready").await?;
    story.card(&aki, "Issued").await?;

    story.tell("Aki, though an admin, tries to press Rin's Reveal: nobody else can.");
    let reveal = ready.custom_id("Reveal")?;
    let refused = aki.forge_press(&ready, &reveal, 2, &[]).await?.private()?;
    story.show(&aki, &refused);
    ensure!(!refused.contains("cst_"), "somebody else saw the secret");

    story.tell("Rin presses Reveal.");
    let secret = reveal_secret(story, &rin, &ready).await?;
    story.tell("The developer gets one mail of both.");
    story.mail(DEVELOPER, "was created and collected").await?;
    story.collected_card(&aki, "Harvest reports").await?;
    story.is_nowhere_else(&secret).await
}

async fn request(story: &Narrator<'_>, rin: &Person) -> Result<()> {
    story.tell("Rin types /token request.");
    let mut modal = rin.type_command("/token request provider:orchard").await?.modal()?;
    modal.fill("Token name", "Harvest reports")?;
    modal.fill("Description", "Reads harvests every night for the yield report.")?;
    modal.fill("Developer emails", "dev@orchard")?;
    story.show_modal(rin, &modal);

    story.tell("An address is mistyped. Nothing that Rin typed is lost.");
    let wrong = modal.submit().await?.private()?;
    story.show(rin, &wrong);
    let mut modal = rin.click(&wrong, "Correct").await?.modal()?;
    modal.fill("Developer emails", DEVELOPER)?;
    let panel = modal.submit().await?.message()?;

    story.tell("Rin ticks scopes.");
    rin.select(&panel, "API category", &["Harvests"]).await?.message()?;
    let reads =
        ["GET /Orchards/{AccountSID}/Harvests", "GET /Orchards/{AccountSID}/Harvests/{HarvestId}"];
    rin.select(&panel, "Scopes", &reads).await?.message()?;
    let panel = rin.refresh(&panel)?;
    story.show(rin, &panel);

    story.tell("Rin presses Create.");
    let submitted = rin.click(&panel, "Create").await?.message()?;
    story.show(rin, &submitted);
    Ok(())
}

async fn two_approvals(story: &Narrator<'_>, aki: &Person, chiyo: &Person) -> Result<()> {
    story.tell("The admins see the card.");
    let card = story.card(aki, "0 of 2 approvals").await?;
    story.tell("Aki approves.");
    let one = aki.click(&card, "Approve").await?.private()?;
    story.show(aki, &one);
    let card = story.card(chiyo, "1 of 2 approvals").await?;
    story.tell("Aki presses once more: nobody's approval counts twice.");
    let twice = aki.click(&card, "Approve").await?.private()?;
    story.show(aki, &twice);
    story.tell("Chiyo, who reads Japanese, approves.");
    let two = chiyo.click(&card, "Approve").await?.private()?;
    story.show(chiyo, &two);
    Ok(())
}

async fn reveal_secret(story: &Narrator<'_>, rin: &Person, ready: &MessageView) -> Result<String> {
    let shown = rin.click(ready, "Reveal").await?.private()?;
    story.show(rin, &shown);
    let (account_sid, secret) = credentials(&shown)?;
    ensure!(account_sid.starts_with("CS") && account_sid.len() == 26, "{account_sid} is no SID");
    ensure!(secret.starts_with("cst_") && secret.len() == 42, "this is no secret of ours");
    story.tell("Rin stores it and says so; the message is gone.");
    rin.click(&shown, "I have stored it").await?.gone()?;
    let said = rin.wait_for_private("The message that revealed the secret").await?;
    story.show(rin, &said);
    story.tell("The message that had the button is a receipt now.");
    let receipt = rin.wait_for_text(ready, "revealed it on").await?;
    story.show(rin, &receipt);
    ensure!(!receipt.contains(&secret), "the secret was shown twice");
    ensure!(!receipt.offers("Reveal"), "it can be pressed again");
    Ok(secret)
}
