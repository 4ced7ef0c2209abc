//! The alerts and the dashboard in packaging/monitoring ask for metrics that there are, with labels that they have.
//! `packaging/check` evaluates the alerts with Prometheus' own tool.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::drawings::metrics;
use super::pages::{LANGUAGES, pages, read};

/// Labels that Prometheus adds, or that an expression's histogram has.
const ADDED: [&str; 3] = ["job", "instance", "le"];

/// Each metric with its labels, a histogram by the name of its buckets as well.
fn known() -> BTreeMap<String, BTreeSet<String>> {
    let mut known = BTreeMap::new();
    for metric in metrics() {
        let labels: BTreeSet<String> =
            metric.labels.iter().map(|label| label.name.clone()).collect();
        if metric.kind == "histogram" {
            known.insert(format!("{}_bucket", metric.name), labels.clone());
        }
        known.insert(metric.name, labels);
    }
    known
}

/// The metrics in an expression, each with the labels in its braces.
fn find_metrics(expression: &str) -> Vec<(String, BTreeSet<String>)> {
    let is_name = |sign: char| sign.is_ascii_lowercase() || sign == '_';
    let mut found = Vec::new();
    for (at, _) in expression.match_indices("countersign_") {
        let rest = &expression[at..];
        let end = rest.find(|sign| !is_name(sign)).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let braces = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let labels = braces.map_or("", |(inner, _)| inner).split(',');
        let labels = labels.filter_map(|label| label.split_once(['=', '!'])).map(|(name, _)| name);
        found.push((name.to_owned(), labels.map(|name| name.trim().to_owned()).collect()));
    }
    found
}

/// Fails where an expression asks for what there is not; the metrics that it asks for.
fn check(place: &str, expression: &str) -> BTreeSet<String> {
    let known = known();
    let mut names = BTreeSet::new();
    for (name, labels) in find_metrics(expression) {
        let has = known.get(&name).unwrap_or_else(|| panic!("{place}: no metric {name}"));
        let unknown: Vec<_> = labels
            .iter()
            .filter(|label| !has.contains(*label) && !ADDED.contains(&label.as_str()))
            .collect();
        assert!(unknown.is_empty(), "{place}: {name} has no {unknown:?}");
        names.insert(name.trim_end_matches("_bucket").to_owned());
    }
    names
}

fn collect_expressions(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("expr").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|inner| collect_expressions(inner, found));
        }
        Value::Array(items) => items.iter().for_each(|inner| collect_expressions(inner, found)),
        _ => {}
    }
}

#[test]
fn alerts_ask_for_metrics_that_there_are() {
    let file = "packaging/monitoring/alerts.yaml";
    let text = read(file);
    let expressions: Vec<_> =
        text.lines().filter_map(|line| line.trim().strip_prefix("expr: ")).collect();
    assert!(expressions.len() > 10, "only {expressions:?}");
    let asked = expressions.iter().filter(|expression| !check(file, expression).is_empty()).count();
    // One alert asks whether there is anything to scrape.
    assert_eq!(asked, expressions.len() - 1);
}

#[test]
fn pages_say_what_to_do_about_each_alert() {
    let text = read("packaging/monitoring/alerts.yaml");
    let alerts: BTreeSet<_> =
        text.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    for language in LANGUAGES {
        let page = pages(language).into_iter().find(|page| page.name == "metrics.md").unwrap();
        let named: BTreeSet<_> = page
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("| `Countersign")?.split_once("` |"))
            .map(|(name, _)| format!("Countersign{name}"))
            .collect();
        assert!(
            named.iter().map(String::as_str).eq(alerts.iter().copied()),
            "{language}: {named:?}"
        );
    }
}

#[test]
fn the_dashboard_shows_every_metric() {
    let file = "packaging/monitoring/dashboard.json";
    let mut expressions = Vec::new();
    collect_expressions(&serde_json::from_str(&read(file)).unwrap(), &mut expressions);
    let shown: BTreeSet<String> =
        expressions.iter().flat_map(|expression| check(file, expression)).collect();
    let all: BTreeSet<String> = metrics().into_iter().map(|metric| metric.name).collect();
    assert_eq!(shown, all);
}
