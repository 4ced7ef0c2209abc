//! The main job, as it is played while the bot dies: once with tokens that Countersign mints, once
//! with tokens that an admin makes by hand; and a token's new secret.

use anyhow::Result;
use countersign_playground::discord::Options;
use countersign_playground::kills::Watched;

use super::people::People;

/// What the token is called.
pub const NAME: &str = "Reports";

/// What is played, and so what must hold when it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// From a request to a secret in one person's hands.
    Main,
    /// A reset of a token that is in use.
    Renewal,
}

/// A stage without Discord's rate limits, which would only be waited for; with a token in use, where
/// the play begins with one.
pub async fn make(job: Job) -> Result<Watched> {
    let options = Options { route_limits: false, ..Options::standard() };
    let watched = Watched::start("chaos", options, |_| {}).await?;
    if job == Job::Renewal {
        minted(&watched).await?;
        People::of(&watched.stage)?.read_everything()?;
        watched.stage.settles().await?;
        watched.count_anew();
    }
    Ok(watched)
}

/// *Reset* to *I have stored it*.
pub async fn renewed(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.stage)?;
    people.asks_for_a_reset(NAME).await?;
    let card = people.second_card(NAME).await?;
    people.approves(&people.aki, &card).await?;
    people.approves(&people.ben, &card).await?;
    people.collects(NAME).await?;
    people.have_heard_of_the_reset(NAME, &card).await
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
