//! The story: the main job, played by the simulated people from request to delivery, and printed.

use anyhow::{Result, bail};

/// Plays the story to its end.
///
/// # Errors
/// Something did not go as it should.
pub async fn run() -> Result<()> {
    bail!("not written yet")
}
