//! Limits how many interactions of one user are worked on at the same time. Some more wait, and the rest
//! is refused.
//!
//! A thousand clicks of one user want the same row. Without a limit they would hold every connection to
//! the database while they wait for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::ids::UserId;

/// How many interactions of one user are worked on at once: a quarter of the connections.
const ACTIVE: usize = 4;

/// How many interactions of one user may be active or waiting: more than a person presses who waits for
/// answers.
const ADMITTED: usize = 16;

/// At so many users, those without an interaction are removed.
const USERS: usize = 1_000;

/// A semaphore for each user who has an interaction under way.
#[derive(Debug, Default)]
pub(super) struct UserConcurrency(Mutex<HashMap<UserId, Weak<Semaphore>>>);

impl UserConcurrency {
    /// Waits for a place among the active interactions of this user; none where too many wait already.
    /// The place is free again when the permit is dropped.
    pub(super) async fn acquire(&self, user: UserId) -> Option<OwnedSemaphorePermit> {
        self.find_semaphore(user)?.acquire_owned().await.ok()
    }

    fn find_semaphore(&self, user: UserId) -> Option<Arc<Semaphore>> {
        let mut semaphores = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(semaphore) = semaphores.get(&user).and_then(Weak::upgrade) {
            // Each admitted interaction holds the semaphore once.
            return (Arc::strong_count(&semaphore) <= ADMITTED).then_some(semaphore);
        }
        if semaphores.len() >= USERS {
            semaphores.retain(|_, semaphore| semaphore.strong_count() > 0);
        }
        let semaphore = Arc::new(Semaphore::new(ACTIVE));
        semaphores.insert(user, Arc::downgrade(&semaphore));
        Some(semaphore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;

    #[tokio::test]
    async fn too_many_of_one_user_are_refused_and_other_users_are_not() {
        let concurrency = UserConcurrency::default();
        let (one, other) = (UserId::new(1).unwrap(), UserId::new(2).unwrap());
        let mut held = Vec::new();
        for _ in 0..ACTIVE {
            held.push(concurrency.acquire(one).await.unwrap());
        }
        let mut waiting: Vec<_> =
            (ACTIVE..ADMITTED).map(|_| Box::pin(concurrency.acquire(one))).collect();
        assert!(waiting.iter_mut().all(|permit| permit.now_or_never().is_none()));
        assert!(concurrency.acquire(one).await.is_none(), "one more is refused, at once");
        assert!(concurrency.acquire(other).await.is_some());
        held.pop();
        assert!(waiting.remove(0).await.is_some());
        assert!(concurrency.acquire(one).now_or_never().is_none(), "there is room to wait again");
    }

    #[tokio::test]
    async fn users_without_interactions_are_removed() {
        let concurrency = UserConcurrency::default();
        for user in 1..=3_000 {
            assert!(concurrency.acquire(UserId::new(user).unwrap()).await.is_some());
        }
        assert!(concurrency.0.lock().unwrap().len() <= USERS);
    }
}
