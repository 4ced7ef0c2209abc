//! Reads the configuration, and sets up the log and the traces.

use std::path::Path;

use super::LogFormatArgument;
use super::default_config::{self, ConfigFile};
use crate::config::{Config, LogFormat};
use crate::{logging, traces};

/// Reads the configuration and sets up the log.
pub(super) fn load(
    file: Option<&Path>,
    wanted: Option<LogFormatArgument>,
) -> anyhow::Result<Config> {
    let (file, config) = read(file)?;
    logging::init(choose_format(wanted, config.log.format));
    file.log_default();
    Ok(config)
}

/// The same for `serve`, which sends traces, if that is asked for, as long as what is returned beside lives.
pub(super) fn load_traced(
    file: Option<&Path>,
    wanted: Option<LogFormatArgument>,
) -> anyhow::Result<(Config, Option<traces::Exporter>)> {
    let (file, config) = read(file)?;
    let (exporter, error) = match traces::Exporter::begin(&config.network) {
        Ok(exporter) => (exporter, None),
        Err(error) => (None, Some(error)),
    };
    let layer = exporter.as_ref().map(traces::Exporter::layer);
    logging::init_beside(layer, choose_format(wanted, config.log.format));
    file.log_default();
    match (exporter.as_ref(), error) {
        (Some(exporter), _) => {
            tracing::info!(collector = exporter.collector(), "traces are sent to a collector");
        }
        // Tokens can be had without traces.
        (None, Some(error)) => tracing::warn!("no traces are sent: {error:#}"),
        (None, None) => {}
    }
    Ok((config, exporter))
}

fn read(file: Option<&Path>) -> anyhow::Result<(ConfigFile, Config)> {
    let file = default_config::find(file)?;
    // The problems, one a line.
    let config = Config::load(&file.path)
        .map_err(|errors| anyhow::anyhow!("the configuration is not usable\n{errors}"))?;
    Ok((file, config))
}

/// The format of the log: as wanted, or as configured.
pub(super) fn choose_format(wanted: Option<LogFormatArgument>, configured: LogFormat) -> LogFormat {
    match wanted {
        Some(LogFormatArgument::Human) => LogFormat::Human,
        Some(LogFormatArgument::Json) => LogFormat::Json,
        None => configured,
    }
}
