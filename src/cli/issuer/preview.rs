//! Shows what each call would send.

use std::io::Write as _;

use anyhow::Context as _;
use serde_json::json;

use crate::config::{Provider, UpstreamValues};
use crate::issuer::{Preview, Upstream};

/// Stands for the id that the API would give.
const ID: &str = "ID";

/// Shows every call; whether one can't be sent.
pub(super) fn run(
    upstream: &Upstream<'_>,
    provider: &Provider,
    values: UpstreamValues,
    as_json: bool,
) -> anyhow::Result<bool> {
    let values = UpstreamValues { upstream_id: Some(ID.to_owned()), ..values };
    let mut failures = failures_of_choices(upstream, provider, &values);
    let mut calls = Vec::new();
    for (name, preview) in upstream.previews(&values) {
        match preview {
            Ok(preview) => calls.push(preview),
            Err(why) => failures.push(format!("{name}: {}", why.describe())),
        }
    }
    failures.sort();
    failures.dedup();
    let text = if as_json {
        let said = json!({
            "provider": provider.id,
            "scopes": values.scopes,
            "calls": calls,
            "failures": failures,
        });
        format!("{said:#}\n")
    } else {
        as_text(provider, &calls, &failures)
    };
    std::io::stdout().write_all(text.as_bytes()).context("can't print")?;
    Ok(!failures.is_empty())
}

/// What can't be sent for a scope alone, or for all of a version.
fn failures_of_choices(
    upstream: &Upstream<'_>,
    provider: &Provider,
    values: &UpstreamValues,
) -> Vec<String> {
    let mut failures = Vec::new();
    for version in provider.catalogue.versions() {
        let all: Vec<String> = version.scopes().map(|scope| scope.value.clone()).collect();
        let alone = all.iter().map(|scope| vec![scope.clone()]);
        for scopes in alone.chain([all.clone()]) {
            let which = match scopes.as_slice() {
                [one] => format!("the scope {one} alone"),
                _ => format!("all scopes of version {}", version.version.get()),
            };
            let api_version = version.version.get();
            let values = UpstreamValues { scopes, api_version, ..values.clone() };
            for (name, preview) in upstream.previews(&values) {
                if let Err(why) = preview {
                    failures.push(format!("{name}, with {which}: {}", why.describe()));
                }
            }
        }
    }
    failures
}

fn as_text(provider: &Provider, calls: &[Preview], failures: &[String]) -> String {
    let mut text = format!("{}: what would be sent. Nothing was.\n", provider.id);
    for call in calls {
        text.push_str(&format!("\n{:8}{} {}\n", call.call, call.method, call.url));
        for (name, value) in &call.headers {
            text.push_str(&format!("        {name}: {value}\n"));
        }
        if let Some(body) = &call.body {
            text.push_str(&format!("        {body}\n"));
        }
    }
    for failure in failures {
        text.push_str(&format!("\nFAILED  {failure}\n"));
    }
    text.push_str(&match failures.len() {
        0 => "\nEvery call renders. `--create` makes one token there, and revokes it.\n".to_owned(),
        count => format!("\n{count} can't be sent.\n"),
    });
    text.chars().filter(|char| *char == '\n' || !char.is_control()).collect()
}
