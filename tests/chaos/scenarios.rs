//! The scenarios in which the bot is killed: the main job with tokens that Countersign creates, that an admin creates
//! by hand, and that an upstream creates; and a token's new secret, its change and its end.

use anyhow::{Context, Result, ensure};
use countersign::config::Config;
use discord_sim::Options;
use testkit::kills::Watched;
use testkit::mock_upstream::in_parts;

use super::people::People;

/// What the token is called.
pub const NAME: &str = "Reports";

/// The scenario, which decides what must hold at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Job {
    /// From a request to a secret that one person has.
    Main,
    /// A reset of a token that is in use.
    Renewal,
    /// A change of a token that is in use.
    Edit,
    /// The end of a token that an admin must disable.
    End,
    /// The main job with an upstream, until the token is deleted there.
    Upstream,
    /// The same with an upstream that needs three calls for a token.
    Parts,
}

/// A setup without Discord's rate limits, which would only cost time; with a token, if the scenario
/// begins with one.
pub async fn make(job: Job) -> Result<Watched> {
    let options = Options { route_limits: false, ..Options::standard() };
    let watched = Watched::start("chaos", options, |config| {
        let registry = config.providers.last_mut().filter(|_| job == Job::Parts);
        registry.into_iter().for_each(|registry| in_parts(&mut registry.issuer));
    })
    .await?;
    match job {
        Job::Main => return Ok(watched),
        Job::Upstream | Job::Parts => {
            watched.upstream.change_manner(|manner| manner.makes_in_parts = job == Job::Parts);
            has_shown_what_it_makes(&watched).await?;
            return Ok(watched);
        }
        Job::Renewal | Job::Edit => minted(&watched).await?,
        Job::End => made_by_hand(&watched).await?,
    }
    People::of(&watched.setup)?.read_everything()?;
    watched.setup.settle().await?;
    watched.count_anew();
    Ok(watched)
}

/// The upstream's `find` has shown before what its `create` makes: else a first call in doubt is for a person.
async fn has_shown_what_it_makes(watched: &Watched) -> Result<()> {
    let config = Config::load_with(&watched.setup.bot.config_file(), [])
        .map_err(|errors| anyhow::anyhow!("{errors}"))?;
    let provider = config.providers.iter().find(|provider| provider.id.as_str() == "registry");
    let upstream = provider.and_then(|provider| provider.issuer.http()).context("no upstream")?;
    sqlx::query(
        "insert into countersign.find_proofs (configuration, provider, shows)
         values ($1, 'registry', true)",
    )
    .bind(upstream.fingerprint())
    .execute(&mut watched.setup.connect().await?)
    .await?;
    Ok(())
}

/// `/token request` to *I have stored it*, the token created by Countersign.
pub async fn minted(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.setup)?;
    people.ask("orchard", NAME).await?;
    people.bring_to_its_end(NAME).await
}

/// The same through *Fulfil*.
pub async fn made_by_hand(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.setup)?;
    people.ask("impact-agency", NAME).await?;
    people.approve(NAME).await?;
    people.fulfil(NAME, "IRexampleAGENCYsid0000000001", "example.auth-token~0123456789").await?;
    people.collect_secret(NAME).await?;
    people.have_heard(NAME).await
}

/// *Reset* to *I have stored it*.
pub async fn renewed(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.setup)?;
    people.ask_for_reset(NAME).await?;
    let card = people.second_card(NAME).await?;
    people.approve(&card).await?;
    people.collect_secret(NAME).await?;
    people.have_heard_that(NAME, "has a new secret", (&card, "**Collected**")).await
}

/// *Edit* to what is changed.
pub async fn edited(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.setup)?;
    people.ask_for_edit(NAME).await?;
    let card = people.second_card(NAME).await?;
    people.approve(&card).await?;
    people.have_heard_that(NAME, "was changed", (&card, "**Changed:**")).await
}

/// *Disable* to *Done*.
pub async fn switched_off_by_hand(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.setup)?;
    people.disable_token(NAME).await?;
    let task = people.second_card(NAME).await?;
    people.switch_off(&task).await?;
    people.have_heard_that(NAME, "was disabled", ("#1 ", "It is disabled")).await
}

/// `/token request` to *I have stored it* to *Delete*, the token made and ended by an upstream.
pub async fn made_by_an_upstream(watched: &Watched) -> Result<()> {
    let people = People::of(&watched.setup)?;
    people.ask("registry", NAME).await?;
    people.bring_to_its_end(NAME).await?;
    let live = watched.upstream.tokens();
    ensure!(live.len() == 1, "the upstream has {} live tokens", live.len());
    people.delete_token(NAME).await?;
    people.have_heard_that(NAME, "was deleted", (NAME, "It is deleted")).await
}
