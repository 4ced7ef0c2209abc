//! Compares the key file with what is encrypted in the database: in `check`, and at the start of `serve`.

use std::fmt;

use anyhow::Context as _;
use sqlx::PgConnection;

use crate::keyring::Keyring;
use crate::store::pool::Pool;
use crate::store::sealed::{SealedByKey, count_by_key};

/// What to do about a missing key.
pub(super) const CURE: &str = "put that line back from your copy of the key file, below the others, and restart \
     `serve`. If there is no copy, nothing opens these: let their owners request new secrets, and see the runbook \
     \"The encryption keys leaked\"";

/// A key that the key file lacks, and what needs it.
pub(super) struct MissingKey(SealedByKey);

/// The keys that are missing, each with what it encrypted.
pub(super) async fn find_missing_keys(
    keyring: &Keyring,
    connection: &mut PgConnection,
) -> sqlx::Result<Vec<MissingKey>> {
    let mut found = count_by_key(connection).await?;
    found.retain(|found| keyring.key_ids().all(|id| id != found.key));
    Ok(found.into_iter().map(MissingKey).collect())
}

/// Logs each missing key. `serve` runs all the same: what works is not to suffer from a line that is lost for good, and
/// what can't be opened stays encrypted until the line is back.
pub(super) async fn log_missing_keys(keyring: &Keyring, pool: &Pool) -> anyhow::Result<()> {
    let missing = async { find_missing_keys(keyring, &mut *pool.acquire().await?).await };
    for missing in missing.await.context("what is encrypted can't be counted")? {
        tracing::error!(cure = CURE, "{missing}");
    }
    Ok(())
}

impl fmt::Display for MissingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let SealedByKey { key, secrets, messages, ids } = &self.0;
        let counts = [
            (*secrets, "secrets that wait to be collected"),
            (*messages, "messages with a secret that are to be deleted"),
            (*ids, "tokens at providers with id_is_secret, which can't be ended"),
        ];
        let needs = counts.iter().filter(|(count, _)| *count > 0);
        let needs: Vec<String> = needs.map(|(count, what)| format!("{what}: {count}")).collect();
        write!(f, "the key file lacks the key \"{key}\", which is needed for {}", needs.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_key_is_named_with_what_needs_it() {
        let sealed = SealedByKey { key: "k1".into(), secrets: 2, messages: 0, ids: 1 };
        insta::assert_snapshot!(MissingKey(sealed), @r#"the key file lacks the key "k1", which is needed for secrets that wait to be collected: 2, tokens at providers with id_is_secret, which can't be ended: 1"#);
    }
}
