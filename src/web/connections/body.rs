//! A request's body, which sets its [`ConnectionState`] when it is complete.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, Incoming, SizeHint};
use tokio::runtime::Handle;
use tokio::time::timeout;

use super::state::ConnectionState;

/// How much of an unread body is discarded after the response, in bytes, and for how long.
const MAX_DISCARDED: usize = 64 << 10;
const DISCARD_TIMEOUT: Duration = Duration::from_secs(1);

pub(super) struct RequestBody {
    /// `None` once it is complete.
    incoming: Option<Incoming>,
    state: Arc<ConnectionState>,
}

impl RequestBody {
    pub(super) fn new(incoming: Incoming, state: Arc<ConnectionState>) -> Self {
        Self { incoming: Some(incoming), state }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let Some(incoming) = &mut self.incoming else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(&mut *incoming).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) || incoming.is_end_stream() {
            self.incoming = None;
            self.state.request_complete();
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.as_ref().map_or(SizeHint::with_exact(0), Incoming::size_hint)
    }
}

impl Drop for RequestBody {
    /// A client that is answered before its body was read may still be sending it. If the connection
    /// were closed at once, some clients would report that instead of the response. So a little is
    /// discarded: either the body ends and the connection continues, or hyper closes it.
    fn drop(&mut self) {
        if let (Some(incoming), Ok(runtime)) = (self.incoming.take(), Handle::try_current()) {
            runtime.spawn(timeout(DISCARD_TIMEOUT, discard(incoming)));
        }
    }
}

async fn discard(mut incoming: Incoming) {
    let mut discarded = 0;
    while discarded < MAX_DISCARDED {
        match poll_fn(|context| Pin::new(&mut incoming).poll_frame(context)).await {
            Some(Ok(frame)) => discarded += frame.data_ref().map_or(0, Bytes::len),
            _ => break,
        }
    }
}
