//! The log: one line for each thing that happened, for eyes or for machines, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::filter::{EnvFilter, LevelFilter, filter_fn};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::LogFormat;

/// What is logged without `RUST_LOG`.
const DEFAULT_FILTER: &str = "info,sqlx=warn";

/// Begins to log, for the whole process. `RUST_LOG` chooses what.
///
/// Libraries never log below `info`, whatever `RUST_LOG` is: there they print requests whole, and
/// with them credentials.
pub fn init(format: LogFormat) {
    let wanted = std::env::var("RUST_LOG").ok().filter(|wanted| !wanted.is_empty());
    let (filter, mistaken) = match wanted.as_deref().map(EnvFilter::try_new) {
        Some(Ok(filter)) => (filter, None),
        Some(Err(error)) => (EnvFilter::new(DEFAULT_FILTER), Some(error)),
        None => (EnvFilter::new(DEFAULT_FILTER), None),
    };
    let discreet =
        filter_fn(|metadata| is_ours(metadata.target()) || *metadata.level() <= LevelFilter::INFO);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let lines = match format {
        LogFormat::Human => lines.boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let logging = tracing_subscriber::registry().with(filter).with(lines.with_filter(discreet));
    // Fails only if a logger exists already.
    let _ = logging.try_init();
    if let Some(error) = mistaken {
        tracing::warn!(%error, "RUST_LOG is not understood and not used");
    }
}

fn is_ours(target: &str) -> bool {
    target == "countersign" || target.starts_with("countersign::")
}
