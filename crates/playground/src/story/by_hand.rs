//! Act two: Aki, an admin, requests a token that another admin creates by hand on impact.com's page.

use anyhow::{Result, ensure};

use super::narrator::{Narrator, credentials};
use discord_sim::Person;

const DEVELOPER: &str = "dev@agency.example";
const ACCOUNT_SID: &str = "IRexampleAGENCYsid0000000001";
const AUTH_TOKEN: &str = "example.auth-token~0123456789";

pub(super) async fn play(story: &Narrator<'_>) -> Result<()> {
    story.act("Act two: a token of impact.com's");
    let (aki, ben) = (story.person("aki")?, story.person("ben")?);
    story.tell("Aki takes no direct messages.");
    story.setup.discord.close_dms(&aki)?;
    request(story, &aki).await?;

    story.tell("By submitting, an admin gave the first approval. Ben gives the second.");
    let card = story.card(&ben, "1 of 2 approvals").await?;
    let two = ben.click(&card, "Approve").await?.private()?;
    story.show(&ben, &two);

    story.tell("impact.com has no API for this: the card shows the steps, and Ben takes them.");
    let card = story.card(&ben, "Clear all").await?;
    let mut modal = ben.click(&card, "Fulfil").await?.modal()?;
    modal.fill("Account SID", ACCOUNT_SID)?;
    modal.fill("Auth Token", AUTH_TOKEN)?;
    let fulfilled = modal.submit().await?.private()?;
    story.show(&ben, &fulfilled);

    story.tell(
        "Aki can't be reached by direct message; the card says so, and /token collect helps.",
    );
    story.card(&ben, "/token collect").await?;
    let ready = aki.type_command("/token collect").await?.private()?;
    story.show(&aki, &ready);
    let shown = aki.click(&ready, "Reveal").await?.private()?;
    story.show(&aki, &shown);
    let (account_sid, secret) = credentials(&shown)?;
    ensure!(
        (account_sid.as_str(), secret.as_str()) == (ACCOUNT_SID, AUTH_TOKEN),
        "other credentials"
    );
    aki.click(&shown, "I have stored it").await?.gone()?;
    let said = aki.wait_for_private("The message that revealed the secret").await?;
    story.show(&aki, &said);
    story.mail(DEVELOPER, "was created and collected").await?;
    story.collected_card(&ben, "Agency dashboard").await?;
    story.is_nowhere_else(AUTH_TOKEN).await
}

async fn request(story: &Narrator<'_>, aki: &Person) -> Result<()> {
    story.tell("Aki types /token request.");
    let mut modal = aki.type_command("/token request provider:impact-agency").await?.modal()?;
    modal.fill("Token name", "Agency dashboard")?;
    modal.fill("Description", "Shows campaigns and their reports on the office's dashboard.")?;
    modal.fill("Developer emails", DEVELOPER)?;
    story.show_modal(aki, &modal);
    let panel = modal.submit().await?.private()?;
    story.tell("Aki takes a whole category and presses Create.");
    let panel = aki.click(&panel, "Whole category").await?.message()?;
    story.show(aki, &panel);
    let submitted = aki.click(&panel, "Create").await?.message()?;
    story.show(aki, &submitted);
    Ok(())
}
