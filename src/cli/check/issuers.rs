//! Calls the API of each issuer of kind `http` once, by `find`, which changes nothing there.

use super::Findings;
use crate::config::{Config, UpstreamValues};
use crate::issuer::{NotDone, Upstream, Upstreams, describe_refusal};

pub(super) async fn check_issuers(config: &Config, findings: &mut Findings) {
    let upstreams = match Upstreams::new(config) {
        Ok(upstreams) => upstreams,
        Err(error) => return findings.failed("issuers", format!("{error:#}"), "correct ca_file"),
    };
    for provider in &config.providers {
        if let Some(upstream) = upstreams.of(config, &provider.id) {
            look_at_api(&upstream, &format!("issuer of {}", provider.id), findings).await;
        }
    }
}

async fn look_at_api(upstream: &Upstream<'_>, subject: &str, findings: &mut Findings) {
    if upstream.settings().find.is_none() {
        let cure = "try its calls by hand; with find a lost token could be found";
        return findings.warning(subject, "has no find, so that its API was not called", cure);
    }
    match upstream.find(&UpstreamValues::of_nothing()).await {
        Ok(listing) if listing.is_whole => {
            findings.ok(subject, format!("its API lists {} tokens", listing.items.len()));
        }
        Ok(listing) => findings.warning(
            subject,
            format!("its API lists {} tokens, and more that were not read", listing.items.len()),
            "set pages in find, or let its URL filter by the marker",
        ),
        Err(NotDone::Refused { status, words }) => {
            let cure = match status {
                Some(401 | 403) => {
                    "renew the credential in the configuration, or give it the right"
                }
                Some(404 | 410) => "compare find's url with the API's documentation",
                _ => "correct what it says",
            };
            let said = describe_refusal(status, words);
            findings.failed(subject, format!("its API refuses find: {said}"), cure);
        }
        Err(NotDone::NotNow(_)) => findings.failed(
            subject,
            "its API can't be reached, or asks us to wait",
            "see that it runs, and that find's url leads there from this machine",
        ),
        Err(NotDone::Doubtful(why)) => findings.failed(
            subject,
            format!("what its API answers to find can't be read: {why}"),
            "compare find with the API's documentation",
        ),
    }
}
