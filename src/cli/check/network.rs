//! Checks how the network is left: the system's authorities, the proxies, and the gateway.

use super::Findings;
use crate::config::{Config, Ingress};
use crate::discord::gateway;
use crate::discord::rest::Rest;
use crate::network;

pub(super) fn check_network(config: &Config, findings: &mut Findings) {
    for error in network::read_system_errors() {
        findings.warning(
            "network",
            format!("some of the system's authorities can't be read: {error}"),
            "correct SSL_CERT_FILE and SSL_CERT_DIR, or let the user that runs this read those files",
        );
    }
    if let Some(proxies) = config.network.proxies().describe() {
        findings.ok("network", proxies);
    }
}

/// Connects to the gateway and says nothing there, so that a running bot keeps its session.
pub(super) async fn check_gateway(config: &Config, rest: &Rest, findings: &mut Findings) {
    const SUBJECT: &str = "gateway";
    if config.discord.ingress != Ingress::Gateway {
        return;
    }
    let address = match rest.gateway_bot().await {
        Ok(answer) => answer.url,
        Err(error) => {
            let message = format!("Discord doesn't tell its address: {error}");
            return findings.failed(SUBJECT, message, "try again later");
        }
    };
    match gateway::reach(&config.network, &address).await {
        Ok(()) => findings.ok(SUBJECT, format!("{address} can be reached")),
        Err(reason) => findings.failed(
            SUBJECT,
            format!("{address} can't be reached: {reason}"),
            "see that the firewall and the proxy let a WebSocket out: docs/operating.md, \"Networks\"",
        ),
    }
}
