//! Tells the browser when to refresh, as server-sent events.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::stream::{self, Stream};

use super::PageState;

/// Changes within this time are reported once.
const TOGETHER: Duration = Duration::from_millis(60);

/// One event at once, and one after each change.
pub(super) async fn follow(
    State(state): State<Arc<PageState>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let begin = (state.discord.changes(), state.mails.changes(), state.ending.clone(), true);
    let events = stream::unfold(begin, |(mut discord, mut mails, ending, first)| async move {
        if !first {
            tokio::select! {
                changed = discord.changed() => changed.ok()?,
                changed = mails.changed() => changed.ok()?,
                () = ending.cancelled() => return None,
            }
            tokio::time::sleep(TOGETHER).await;
        }
        discord.mark_unchanged();
        mails.mark_unchanged();
        let event = Event::default().event("changed").data("look");
        Some((Ok(event), (discord, mails, ending, false)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}
