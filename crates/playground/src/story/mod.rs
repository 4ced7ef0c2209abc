//! The story: two requests from `/token request` to a secret that one person sees,
//! for a provider of our own and for impact.com; and one token until its deletion. Prints what each
//! person sees and each email, and fails unless all of it was right.

mod by_hand;
mod narrator;
mod own;
mod token_life;

use anyhow::{Context, Result};

use narrator::Narrator;
use testkit::setup::Setup;

/// Runs the story.
///
/// # Errors
/// Something was not as expected; the error shows what was seen instead.
pub async fn run() -> Result<()> {
    let setup = Setup::start("story").await?;
    let narrator = Narrator::new(&setup);
    own::play(&narrator).await.context("act one, a token of our own")?;
    by_hand::play(&narrator).await.context("act two, a token of impact.com's")?;
    token_life::play(&narrator).await.context("act three, a token's life")?;
    narrator.act("The end");
    narrator.tell("Nobody may have a message or a mail that this story did not show.");
    setup.finish().await?;
    println!("\nAll of it was right.");
    Ok(())
}
