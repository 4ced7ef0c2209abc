//! Calls the API of each issuer of kind `http` once, by `find`, which changes nothing there.

use super::Findings;
use crate::cli::not_done::{SentCall, explain};
use crate::config::{Config, UpstreamValues};
use crate::issuer::{Upstream, Upstreams};

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
    let Some(find) = upstream.settings().find.as_ref() else {
        let cure = "try its calls by hand; with find a lost token could be found";
        return findings.warning(subject, "has no find, so that its API was not called", cure);
    };
    let values = UpstreamValues::of_nothing();
    match upstream.find(&values).await {
        Ok(listing) if listing.is_whole => {
            findings.ok(subject, format!("its API lists {} tokens", listing.items.len()));
        }
        Ok(listing) => findings.warning(
            subject,
            format!("its API lists {} tokens, and more that were not read", listing.items.len()),
            "set pages in find, or let its URL filter by the marker",
        ),
        Err(why) => {
            let sent = SentCall { name: "find", call: &find.call, values: &values };
            let (said, cure) = explain(upstream, sent, why).await;
            findings.failed(subject, said, cure);
        }
    }
}
