//! The messages that the book quotes, and its metrics, are the program's.

use std::collections::BTreeSet;
use std::path::Path;

use super::drawings::metrics;
use super::pages::{LANGUAGES, page_in_each_language, pages, project, table_rows};

/// Everything below `src`, with texts that go over several lines in one, and without escapes.
fn sources() -> String {
    let (mut files, mut all) = (Vec::new(), String::new());
    collect(&project().join("src"), &mut files);
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        let mut pieces = text.split("\\\n");
        all.push_str(pieces.next().unwrap_or_default());
        pieces.for_each(|piece| all.push_str(piece.trim_start()));
    }
    all.replace("\\\"", "\"")
}

fn collect(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What a message says in any case: its parts between the ellipses.
fn fixed_parts(message: &str) -> Vec<String> {
    let parts = message
        .split('…')
        .map(|part| part.trim_matches([' ', '“', '”', '"', '?', '.', ',', ':', '`']));
    parts
        .filter(|part| part.chars().filter(char::is_ascii_alphabetic).count() >= 2)
        .map(str::to_owned)
        .collect()
}

/// The first of a row's two first cells that begins with several words in code.
fn quoted_message(row: &[String]) -> Option<String> {
    row.iter().take(2).find_map(|cell| {
        let inside = cell.strip_prefix('`')?.split('`').next()?;
        inside.contains(' ').then(|| inside.to_owned())
    })
}

#[test]
fn messages_that_are_explained_are_messages_of_the_program() {
    let sources = sources();
    let (mut count, mut missing) = (0, BTreeSet::new());
    for name in ["troubleshooting.md", "verifying.md"] {
        for (language, page) in page_in_each_language(name) {
            let rows = table_rows(&page.written);
            for message in rows.iter().filter_map(|row| quoted_message(row)) {
                for part in fixed_parts(&message) {
                    count += 1;
                    if !sources.contains(&part) {
                        missing.insert(format!("{language}: {part} (of {message})"));
                    }
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(count > 150, "only {count} were found");
}

/// Roles and variables of nginx that are named like metrics.
const NO_METRICS: [&str; 3] = ["countersign_owner", "countersign_status", "countersign_retry"];

#[test]
fn metrics_that_pages_name_exist() {
    let known = metrics();
    let is_known = |name: &str| {
        let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        NO_METRICS.contains(&name)
            || known.iter().any(|metric| {
                metric.name == name || (metric.kind == "histogram" && Some(&*metric.name) == base)
            })
    };
    let mut unknown = BTreeSet::new();
    for language in LANGUAGES {
        for page in pages(language) {
            let is_name = |one: char| one.is_ascii_lowercase() || one == '_';
            for word in page.text.split(|one| !is_name(one)) {
                if word.starts_with("countersign_") && !is_known(word) {
                    unknown.insert(format!("{language}/{}: {word}", page.name));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

/// What a call is given, from behind its opening bracket.
fn arguments(rest: &str) -> &str {
    let mut depth = 1;
    let end = rest.find(|sign| {
        depth += match sign {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    });
    &rest[..end.unwrap()]
}

/// The table at the head of src/counters.rs, the calls, and the reference have the same names and labels.
#[test]
fn metrics_and_their_labels_are_those_of_the_sources() {
    let sources = sources();
    let mut counted = BTreeSet::new();
    for kind in ["counter", "gauge", "histogram"] {
        let begins = format!("metrics::{kind}!(");
        for call in sources.split(&begins).skip(1).map(arguments) {
            let name = match call.trim_start().strip_prefix('"') {
                Some(rest) => rest.split('"').next().unwrap().to_owned(),
                // A name that stands in a line before.
                None => "countersign_closed_connections_total".to_owned(),
            };
            let before_arrows = call.match_indices("=>").map(|(at, _)| call[..at].trim_end());
            let labels: Vec<&str> = before_arrows
                .filter_map(|text| text.strip_suffix('"')?.rsplit('"').next())
                .collect();
            counted.insert((name, kind, labels.join(", ")));
        }
    }
    let documented: BTreeSet<_> = metrics()
        .into_iter()
        .map(|metric| {
            let labels: Vec<String> =
                metric.labels.iter().map(|label| label.name.clone()).collect();
            let kind =
                ["counter", "gauge", "histogram"].into_iter().find(|kind| *kind == metric.kind);
            (metric.name, kind.unwrap(), labels.join(", "))
        })
        .collect();
    assert_eq!(documented, counted);
}

#[test]
fn values_of_labels_are_written_by_the_program() {
    let sources = sources();
    for metric in metrics() {
        for label in metric.labels {
            for value in label.values {
                let is_written = sources.contains(&format!("\"{value}\""));
                assert!(is_written, "{} never has {} = {value}", metric.name, label.name);
                for text in [&label.en, &label.ja] {
                    assert!(text.contains(&format!("`{value}`")), "{text} lacks {value}");
                }
            }
        }
    }
}
