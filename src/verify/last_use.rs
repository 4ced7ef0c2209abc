//! When secrets were last used: collected here, written in batches, without delaying requests.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::DateTime;
use tokio_util::sync::CancellationToken;

use super::token::Moment;
use crate::domain::ids::SecretId;
use crate::store::pool::Pool;
use crate::store::verify::{SecretUse, note_uses};

/// How often collected uses are written.
const INTERVAL: Duration = Duration::from_secs(5);

/// How many rows one statement changes.
const BATCH: usize = 1_000;

/// How many uses wait at most; if the database is unreachable for long, later ones of other secrets are
/// dropped.
const LIMIT: usize = 200_000;

/// How long writing may take, and stopping.
const PATIENCE: Duration = Duration::from_secs(5);

/// Uses that wait to be written, the latest of each secret.
#[derive(Default)]
pub struct LastUses(Mutex<HashMap<SecretId, Moment>>);

impl LastUses {
    /// A secret was used.
    pub fn note(&self, secret: SecretId, at: Moment) {
        let mut waiting = self.waiting();
        let is_full = waiting.len() >= LIMIT;
        match waiting.get_mut(&secret) {
            Some(latest) => *latest = (*latest).max(at),
            None if is_full => {}
            None => drop(waiting.insert(secret, at)),
        }
    }

    /// Writes the collected uses now and then, and the rest at the end.
    pub async fn write(&self, pool: &Pool, stop: &CancellationToken) {
        let mut is_away = false;
        loop {
            tokio::select! {
                () = tokio::time::sleep(INTERVAL) => {}
                () = stop.cancelled() => break,
            }
            let written = self.flush(pool).await;
            if let Err(error) = &written
                && !is_away
            {
                tracing::warn!(%error, "last uses are not written; they wait");
            }
            is_away = written.is_err();
        }
        if let Err(error) = self.flush(pool).await {
            tracing::warn!(%error, "the last uses of the last seconds are lost");
        }
    }

    async fn flush(&self, pool: &Pool) -> anyhow::Result<()> {
        let uses: Vec<SecretUse> = std::mem::take(&mut *self.waiting())
            .into_iter()
            .filter_map(|(secret, at)| {
                Some(SecretUse { secret, at: DateTime::from_timestamp_micros(at)? })
            })
            .collect();
        for (number, batch) in uses.chunks(BATCH).enumerate() {
            match tokio::time::timeout(PATIENCE, note(pool, batch)).await {
                Ok(Ok(left)) => self.put_back(&left),
                failed => {
                    self.put_back(&uses[number * BATCH..]);
                    failed??;
                }
            }
        }
        Ok(())
    }

    fn put_back(&self, uses: &[SecretUse]) {
        uses.iter().for_each(|used| self.note(used.secret, used.at.timestamp_micros()));
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<SecretId, Moment>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn note(pool: &Pool, uses: &[SecretUse]) -> sqlx::Result<Vec<SecretUse>> {
    pool.run(async |connection| note_uses(connection, uses).await).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Network;
    use crate::store::pool;

    #[tokio::test]
    async fn unwritten_uses_keep_their_latest_time() {
        let nobody = "postgres://nobody@127.0.0.1:1/none".into();
        let pool =
            pool::build_pool_of_size(&nobody, &Network::default(), 1, Duration::from_millis(50))
                .unwrap();
        let (uses, secret) = (LastUses::default(), SecretId::new(7).unwrap());
        uses.note(secret, 5);
        uses.note(secret, 9);
        uses.note(secret, 7);
        assert!(uses.flush(&pool).await.is_err());
        assert_eq!(uses.waiting().get(&secret), Some(&9));
    }

    #[test]
    fn the_queue_of_look_ups_is_bounded() {
        let uses = LastUses::default();
        for id in 1..=LIMIT as i64 + 5 {
            uses.note(SecretId::new(id).unwrap(), id);
        }
        uses.note(SecretId::new(1).unwrap(), 99);
        assert_eq!(uses.waiting().len(), LIMIT);
        assert_eq!(uses.waiting()[&SecretId::new(1).unwrap()], 99);
    }
}
