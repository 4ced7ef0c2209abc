//! The part of `serve` that verifies tokens, if the configuration has `[verify]`.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Parts;
use crate::config::Config;
use crate::store::pool::{self, Pool};
use crate::verify::{CONNECTIONS, PATIENCE, Verifier};
use crate::web::connections::{self, Limits};
use crate::web::verification::{self, Verification};

/// The verifier, with its listener.
pub(super) struct VerificationService {
    listener: TcpListener,
    limits: Limits,
    verifier: Arc<Verifier>,
    verification: Verification,
    config: Arc<Config>,
    pool: Pool,
}

/// Binds the listener, if the configuration has it; nothing is answered yet.
pub(super) fn bind(parts: &Parts, limits: Limits) -> anyhow::Result<Option<VerificationService>> {
    let Some(settings) = &parts.config.verify else { return Ok(None) };
    let listener = connections::listen(settings.listen)
        .with_context(|| format!("[verify] listen: can't listen on {}", settings.listen))?;
    let (url, network) = (&parts.config.database.url, &parts.config.network);
    let pool = pool::build_pool_of_size(url, network, CONNECTIONS, PATIENCE)
        .context("[database] url is no URL of Postgres'")?;
    let verifier = Arc::new(Verifier::new(&parts.config, pool.clone()));
    let verification = Verification::new(settings, verifier.clone());
    let config = parts.config.clone();
    Ok(Some(VerificationService { listener, limits, verifier, verification, config, pool }))
}

impl VerificationService {
    /// Verifies until `stop` is cancelled. Then requests that have begun are answered, and last uses are
    /// stored.
    pub(super) async fn run(self, stop: CancellationToken) {
        let answered = CancellationToken::new();
        let upkeep = self.verifier.keep_up(&self.config, &answered);
        let answers = async {
            verification::serve(self.listener, self.limits, self.verification, stop).await;
            // The uses in the last answers are stored, too.
            answered.cancel();
        };
        tokio::join!(answers, upkeep);
        self.pool.close().await;
    }
}
