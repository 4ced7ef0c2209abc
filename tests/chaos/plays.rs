//! The main job, as it is played while the bot dies: once with tokens that Countersign mints, once
//! with tokens that an admin makes by hand.

use anyhow::Result;
use countersign_playground::discord::Options;
use countersign_playground::kills::Watched;

use super::people::People;

/// What the token is called.
pub const NAME: &str = "Reports";

/// A stage without Discord's rate limits, which would only be waited for.
pub async fn make() -> Result<Watched> {
    let options = Options { route_limits: false, ..Options::standard() };
    Watched::start("chaos", options, |_| {}).await
}

/// `/token request` to *I have stored it*, the token minted by Countersign.
pub async fn minted(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.stage)?;
    people.asks("orchard", NAME).await?;
    people.bring_to_its_end(NAME).await
}

/// The same through *Fulfil*.
pub async fn made_by_hand(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.stage)?;
    people.asks("impact-agency", NAME).await?;
    people.approves(&people.aki, NAME).await?;
    people.approves(&people.ben, NAME).await?;
    people.fulfils(NAME, "IRexampleAGENCYsid0000000001", "example.auth-token~0123456789").await?;
    people.collects(NAME).await?;
    people.have_heard(NAME).await
}
