//! Nobody keeps others waiting: so few interactions of one person are worked on at the same time,
//! so many more wait their turn, and the rest is refused. Else one person's thousand clicks, which
//! all want the same row, would hold every connection to the database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::ids::UserId;

/// How many of one person's interactions are worked on; a quarter of the connections.
const AT_ONCE: usize = 4;

/// How many of one person's interactions may be here, worked on or waiting: more than anybody
/// presses who waits for answers.
const HERE: usize = 16;

/// So many people are remembered before those who wait for nothing are forgotten.
const REMEMBERED: usize = 1_000;

/// Who is being served. A queue lives as long as somebody stands in it.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<HashMap<UserId, Weak<Semaphore>>>);

impl Turns {
    /// Waits until it is this interaction's turn among those of the same person; none where too
    /// many wait. The turn ends when what is returned is dropped.
    pub(super) async fn take(&self, person: UserId) -> Option<OwnedSemaphorePermit> {
        self.queue(person)?.acquire_owned().await.ok()
    }

    fn queue(&self, person: UserId) -> Option<Arc<Semaphore>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&person).and_then(Weak::upgrade) {
            // Each of them holds the queue once.
            return (Arc::strong_count(&queue) <= HERE).then_some(queue);
        }
        if queues.len() >= REMEMBERED {
            queues.retain(|_, queue| queue.strong_count() > 0);
        }
        let queue = Arc::new(Semaphore::new(AT_ONCE));
        queues.insert(person, Arc::downgrade(&queue));
        Some(queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn one_persons_many_wait_and_others_do_not() {
        let turns = Turns::default();
        let (one, other) = (UserId::new(1).unwrap(), UserId::new(2).unwrap());
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(turns.take(one).await.unwrap());
        }
        let mut waiting: Vec<_> = (AT_ONCE..HERE).map(|_| Box::pin(turns.take(one))).collect();
        assert!(waiting.iter_mut().all(|turn| turn.now_or_never().is_none()));
        assert!(turns.take(one).await.is_none(), "one more is refused, at once");
        assert!(turns.take(other).await.is_some());
        held.pop();
        assert!(waiting.remove(0).await.is_some());
        assert!(turns.take(one).now_or_never().is_none(), "there is room to wait again");
    }

    #[tokio::test]
    async fn whoever_waits_for_nothing_is_forgotten() {
        let turns = Turns::default();
        for person in 1..=3_000 {
            assert!(turns.take(UserId::new(person).unwrap()).await.is_some());
        }
        assert!(turns.0.lock().unwrap().len() <= REMEMBERED);
    }
}
