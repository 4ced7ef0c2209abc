//! Finds out the id of the bot's command, which texts carry so that one can press the commands they name.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::discord::rest::Rest;
use crate::domain::ids::GuildId;

/// How soon it is asked for again while it isn't known. Until then texts name commands as code.
const AGAIN: Duration = Duration::from_secs(60);

/// Asks Discord until it knows; then there is nothing left to do.
pub(super) async fn find_until_stopped(rest: &Rest, guild: GuildId, stop: &CancellationToken) {
    loop {
        match rest.ask_for_command(guild).await {
            Ok(true) => break,
            Ok(false) => tracing::info!("the slash commands are not registered yet"),
            Err(error) => tracing::info!(%error, "the slash commands' ids are not known yet"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(AGAIN) => {}
        }
    }
    stop.cancelled().await;
}
