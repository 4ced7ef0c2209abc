//! Looks presented secrets up in the database.
//!
//! There are two ways. [`Lookups::read`] queries at once. [`Lookups::read_shared`] is for addresses that
//! failed too often: one query at a time reads for all of them that wait. So a flood of invented
//! secrets uses one connection only, and an honest client behind the same address waits for the query
//! that runs and for their own, however many others wait with them. A valid token is never refused
//! because of that.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::cache::{ChangeCount, TokenCache};
use super::{PATIENCE, Unavailable};
use crate::counters;
use crate::store::pool::Pool;
use crate::store::verify::PresentedSecret;
use crate::store::{self, pool};

/// How many shared look-ups one query reads. Measured with so many among 200,000 secrets: by the index,
/// in 5 ms where none is known, in 11 ms where all are.
const BATCH: usize = 1_024;

/// How many shared look-ups may wait. Each is a request on a connection of its own, so that a process
/// with so many has no time for any of them: more are answered 503.
const WAITING: usize = 16_384;

/// How long a shared look-up waits: for the query that runs, and for its own.
const SHARED_PATIENCE: Duration = Duration::from_secs(2 * PATIENCE.as_secs());

/// What the database has for a hash.
#[derive(Debug, Clone)]
pub struct HashLookup {
    /// To be passed to [`TokenCache::keep`] with what was read.
    pub before: ChangeCount,
    /// None where no secret has this hash.
    pub presented: Option<Arc<PresentedSecret>>,
}

/// The result of a look-up.
type LookupOutcome = Result<HashLookup, Unavailable>;

/// A shared look-up that waits.
struct Waiting {
    sha256: [u8; 32],
    answer: oneshot::Sender<LookupOutcome>,
}

/// Access to the database. One for each process.
pub struct Lookups {
    pool: Pool,
    enter: mpsc::Sender<Waiting>,
    /// Held by the task that serves.
    waiting: Mutex<mpsc::Receiver<Waiting>>,
}

impl Lookups {
    /// Reads over these connections.
    #[must_use]
    pub fn new(pool: Pool) -> Self {
        let (enter, waiting) = mpsc::channel(WAITING);
        Self { pool, enter, waiting: Mutex::new(waiting) }
    }

    /// The connections.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// What the database has for this hash.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn read(&self, sha256: &[u8; 32], cache: &TokenCache) -> LookupOutcome {
        counters::count_token_read("database");
        let before = cache.count_changes();
        let found = self.ask(std::slice::from_ref(sha256)).await?;
        Ok(HashLookup { before, presented: found.into_values().next() })
    }

    /// The same together with all others that wait. Needs [`serve`](Self::serve) to run.
    ///
    /// # Errors
    /// The database does not answer, or more wait than can be served.
    pub async fn read_shared(&self, sha256: &[u8; 32]) -> LookupOutcome {
        counters::count_token_read("database");
        let (answer, answered) = oneshot::channel();
        let waiting = Waiting { sha256: *sha256, answer };
        self.enter.try_send(waiting).map_err(|_| Unavailable)?;
        timeout(SHARED_PATIENCE, answered).await.ok().and_then(Result::ok).ok_or(Unavailable)?
    }

    /// Reads for those who wait, one query after the other, until `stop`.
    pub async fn serve(&self, cache: &TokenCache, stop: &CancellationToken) {
        let mut waiting = self.waiting.lock().await;
        let mut batch = Vec::new();
        loop {
            tokio::select! {
                taken = waiting.recv_many(&mut batch, BATCH) => if taken == 0 { return },
                () = stop.cancelled() => return,
            }
            // A client that hung up, or waited for too long, needs no answer.
            batch.retain(|one| !one.answer.is_closed());
            if !batch.is_empty() {
                self.answer_waiting(std::mem::take(&mut batch), cache).await;
            }
        }
    }

    async fn answer_waiting(&self, batch: Vec<Waiting>, cache: &TokenCache) {
        let before = cache.count_changes();
        let hashes: Vec<[u8; 32]> = batch.iter().map(|one| one.sha256).collect();
        let found = self.ask(&hashes).await;
        for Waiting { sha256, answer } in batch {
            let outcome = found.as_ref().map_err(|error| *error).map(|found| HashLookup {
                before,
                presented: found.get(sha256.as_slice()).cloned(),
            });
            // A client that hung up in the meantime takes no answer.
            let _ = answer.send(outcome);
        }
    }

    async fn ask(
        &self,
        hashes: &[[u8; 32]],
    ) -> Result<HashMap<Vec<u8>, Arc<PresentedSecret>>, Unavailable> {
        let look =
            || self.pool.run(async |connection| store::verify::find(connection, hashes).await);
        let find = async {
            match look().await {
                // Each process has some connections, which a restart of the database closes.
                Err(error) if pool::is_lost(&error) => look().await,
                found => found,
            }
        };
        match timeout(PATIENCE, find).await {
            Ok(Ok(found)) => {
                Ok(found.into_iter().map(|(hash, read)| (hash, Arc::new(read))).collect())
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "tokens can't be looked up");
                Err(Unavailable)
            }
            Err(_) => {
                tracing::warn!("tokens can't be looked up: the database does not answer in time");
                Err(Unavailable)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::network::Network;

    fn lookups() -> Lookups {
        let nobody = "postgres://nobody@127.0.0.1:1/none".into();
        Lookups::new(pool::build_lazy_pool(&nobody, &Network::default()).unwrap())
    }

    #[tokio::test]
    async fn excess_look_ups_are_refused_at_once() {
        let lookups = lookups();
        for _ in 0..WAITING {
            assert!(lookups.read_shared(&[0; 32]).now_or_never().is_none(), "it waits");
        }
        assert!(matches!(lookups.read_shared(&[0; 32]).now_or_never(), Some(Err(Unavailable))));
    }

    #[tokio::test]
    async fn a_closed_request_costs_no_query() {
        let (lookups, cache, stop) = (lookups(), TokenCache::default(), CancellationToken::new());
        for _ in 0..3 * BATCH {
            assert!(lookups.read_shared(&[0; 32]).now_or_never().is_none(), "it waits");
        }
        // A query would wait for its connection before the next batch is taken.
        assert!(lookups.serve(&cache, &stop).now_or_never().is_none());
        assert_eq!(lookups.enter.capacity(), WAITING, "all are taken");
    }
}
