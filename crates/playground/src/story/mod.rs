//! The main job, played by itself: two requests from `/token request` to a secret in one person's
//! approvals, for a provider of our own and for impact.com; and one token's life to its deletion. Prints what each person sees and each mail,
//! and fails unless all of it was right.

mod by_hand;
mod life;
mod narrator;
mod own;

use anyhow::{Context, Result};

use narrator::Narrator;
use testkit::stage::Stage;

/// Plays the story.
///
/// # Errors
/// Something was not as it must be; the error shows what was seen instead.
pub async fn run() -> Result<()> {
    let stage = Stage::start("story").await?;
    let narrator = Narrator::new(&stage);
    own::play(&narrator).await.context("act one, a token of our own")?;
    by_hand::play(&narrator).await.context("act two, a token of impact.com's")?;
    life::play(&narrator).await.context("act three, a token's life")?;
    narrator.act("The end");
    narrator.tell("Nobody may have a message or a mail that this story did not show.");
    stage.ends().await?;
    println!("\nAll of it was right.");
    Ok(())
}
