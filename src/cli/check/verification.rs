//! Checks `[verify]`: whether there is anything to verify, whose failures are counted, and whether the
//! database reports changes.

use std::time::Duration;

use tokio::time::timeout;

use super::Findings;
use crate::config::{Config, IssuerSettings, VerifySettings};
use crate::store::verify::{ChangeListener, ChangeMessage};

const SUBJECT: &str = "verify";

/// How long the database may take to report a change.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn check_verification(config: &Config, findings: &mut Findings) {
    let Some(settings) = &config.verify else { return check_is_not_needed(config, findings) };
    check_providers(config, settings, findings);
    if settings.trusted_proxies.is_empty() {
        findings.warning(
            SUBJECT,
            "no proxy is trusted: all clients of one seem to have its address, and share what they \
             may fail",
            "name where your proxy asks from in trusted_proxies of [verify]",
        );
    }
    match check_beat(config).await {
        Ok(()) => findings.ok(SUBJECT, "the database tells of changes"),
        Err(error) => findings.warning(
            SUBJECT,
            format!("the database does not tell of changes ({error:#}): each request asks it"),
            "let url in [database] lead to Postgres itself, or to a pooler that keeps sessions; run \
             `countersign migrate`",
        ),
    }
}

/// The providers whose tokens Countersign verifies.
fn list_verified(config: &Config) -> Vec<&str> {
    let ours = config.providers.iter();
    let ours = ours.filter(|provider| matches!(provider.issuer, IssuerSettings::Builtin));
    ours.map(|provider| provider.id.as_str()).collect()
}

fn check_is_not_needed(config: &Config, findings: &mut Findings) {
    let ids = list_verified(config);
    if !ids.is_empty() {
        let message = format!(
            "there is no [verify], and nothing else verifies tokens of {}: they open nothing",
            ids.join(", ")
        );
        findings.warning(
            SUBJECT,
            message,
            "add the section [verify] before the first token is used: docs/gateways.md",
        );
    }
}

fn check_providers(config: &Config, settings: &VerifySettings, findings: &mut Findings) {
    let ids = list_verified(config);
    if ids.is_empty() {
        return findings.warning(
            SUBJECT,
            "no provider has the issuer \"builtin\": there is nothing to verify",
            "leave [verify] away, or add such a provider",
        );
    }
    let (listen, callers) = (settings.listen, settings.introspection_clients.len());
    findings
        .ok(SUBJECT, format!("tokens of {} on {listen}; {callers} may introspect", ids.join(", ")));
}

/// Waits for a beat to come back.
async fn check_beat(config: &Config) -> anyhow::Result<()> {
    let (url, network) = (&config.database.url, &config.network);
    let listening = ChangeListener::listen(url, network, PATIENCE);
    let mut changes = timeout(PATIENCE, listening).await??;
    timeout(PATIENCE, changes.send_beat(1)).await??;
    while timeout(PATIENCE, changes.receive()).await?? != ChangeMessage::Beat(1) {}
    Ok(())
}
