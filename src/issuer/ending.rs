//! What a call that ends or changes a token was answered with, beyond that it was no refusal.

use super::answer::{Answer, NotDone};
use super::call::Sender;
use super::reply::Reply;
use crate::config::{HttpCall, ResponsePointers, UpstreamValues};

/// An upstream's yes to a call that ends a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It did it.
    Done,
    /// 202: it will do it.
    Accepted,
    /// The token isn't there, in the words that the configuration names for that.
    NotThere,
}

/// Sends a call that ends a token.
pub(super) async fn end(
    sender: &Sender<'_>,
    call: &HttpCall,
    values: &UpstreamValues,
) -> Answer<Ended> {
    match sender.ask(call, values, None).await {
        Ok(reply) if reply.status == 202 => Ok(Ended::Accepted),
        Ok(reply) => is_done(&reply, call).map(|()| Ended::Done),
        Err(not_done) if says_not_there(&not_done, &call.response) => Ok(Ended::NotThere),
        Err(not_done) => Err(not_done),
    }
}

/// A 2xx of those that say that it was done. Where the configuration says what an error looks like, an object is
/// expected.
pub(super) fn is_done(reply: &Reply, call: &HttpCall) -> Answer<()> {
    match reply.status {
        _ if reply.is_no_object() && call.response.error.is_some() => {
            Err(NotDone::doubtful("the answer was no JSON object"))
        }
        202 => Err(NotDone::doubtful("the answer was 202: it is still to be done")),
        207 => Err(NotDone::doubtful("the answer was 207, which may hold a no")),
        _ => Ok(()),
    }
}

/// Whether a refusal says that this token isn't there, and not something else that the call named.
pub(super) fn says_not_there(not_done: &NotDone, response: &ResponsePointers) -> bool {
    match not_done {
        NotDone::Refused { status: Some(404 | 410), words: Some(words) } => {
            response.gone.iter().any(|gone| gone == words)
        }
        _ => false,
    }
}
