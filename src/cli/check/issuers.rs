//! Calls the API of each issuer of kind `http` once, by `find`, which changes nothing there.

use super::Findings;
use crate::cli::not_done::{SentCall, explain};
use crate::config::{Config, UpstreamValues};
use crate::issuer::{Listing, Upstream, Upstreams};

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
        Ok(listing) => say_what_is_listed(&listing, subject, findings),
        Err(why) => {
            let sent = SentCall { name: "find", call: &find.call, values: &values };
            let (said, cure) = explain(upstream, sent, why).await;
            findings.failed(subject, said, cure);
        }
    }
}

/// A token whose id can't be read could be neither seen nor ended; where no item has a name, no marker would be
/// found.
fn say_what_is_listed(listing: &Listing, subject: &str, findings: &mut Findings) {
    let count = listing.items.len();
    let without_id = listing.items.iter().filter(|item| item.id.is_empty()).count();
    let without_name = listing.items.iter().filter(|item| item.name.is_none()).count();
    if without_id > 0 {
        let said = format!(
            "its API lists {count} tokens, and {without_id} have no id where find's response says"
        );
        let cure = "correct id in find's response: such a token could be neither seen nor ended";
        return findings.warning(subject, said, cure);
    }
    if without_name > 0 && without_name == count {
        let said = format!("its API lists {count} tokens, and none has a text where match points");
        let cure = "correct match or contains in find: a lost token would not be found";
        return findings.warning(subject, said, cure);
    }
    if !listing.is_whole {
        let said = format!("its API lists {count} tokens, and more that were not read");
        let cure = "set pages in find, or let its URL filter by the marker";
        return findings.warning(subject, said, cure);
    }
    let unnamed = match without_name {
        0 => String::new(),
        some => format!(", {some} of them with nothing where match points"),
    };
    findings.ok(subject, format!("its API lists {count} tokens{unnamed}"));
}
