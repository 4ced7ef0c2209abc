//! The keys that pages name are in the reference, and their examples are taken.

use std::collections::{BTreeMap, BTreeSet};

use countersign::domain::catalogue::Catalogue;
use toml::{Table, Value};

use super::configuration::tables;
use super::pages::{LANGUAGES, pages};

/// The keys of each table, `providers.issuer` with those of every kind.
fn known() -> BTreeMap<String, BTreeSet<String>> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for table in tables() {
        let keys = table.keys.into_iter().map(|text| text.key);
        known.entry(table.name).or_default().extend(keys);
    }
    let of_calls = known["providers.issuer.create"].clone();
    let of_answers = known["providers.issuer.create.response"].clone();
    for call in ["find", "get", "update", "revoke", "reset", "enable", "disable", "then", "login"] {
        let path = format!("providers.issuer.{call}");
        known.entry(path.clone()).or_default().extend(of_calls.iter().cloned());
        let answers = known.entry(format!("{path}.response")).or_default();
        if call != "login" {
            answers.extend(of_answers.iter().cloned());
        }
    }
    known
}

fn find_unknown(
    known: &BTreeMap<String, BTreeSet<String>>,
    path: &str,
    table: &Table,
    found: &mut Vec<String>,
) {
    for (key, value) in table {
        let full = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
        let is_known = match known.get(path) {
            Some(keys) => keys.contains(key),
            // Tables whose keys are the operator's, and the document itself.
            None => !path.is_empty() || known.contains_key(key),
        };
        if !is_known {
            found.push(full.clone());
        }
        let inner = match value {
            Value::Array(items) => items.iter().filter_map(Value::as_table).collect(),
            Value::Table(inner) => vec![inner],
            _ => Vec::new(),
        };
        for inner in inner {
            find_unknown(known, &full, inner, found);
        }
    }
}

#[test]
fn examples_of_the_configuration_have_known_keys() {
    let (known, mut unknown, mut count) = (known(), Vec::new(), 0);
    for language in LANGUAGES {
        for page in pages(language) {
            for block in page.blocks().iter().filter(|block| block.language == "toml") {
                let text =
                    block.lines.iter().map(|line| line.trim_start()).collect::<Vec<_>>().join("\n");
                if text.starts_with("[[versions]]") {
                    let parsed = Catalogue::parse(&text, &page.name);
                    assert!(parsed.is_ok(), "{language}/{}: {parsed:?}", page.name);
                    continue;
                }
                let name = format!("{language}/{}", page.name);
                let table: Table = text.parse().unwrap_or_else(|error| panic!("{name}: {error}"));
                let mut found = Vec::new();
                find_unknown(&known, "", &table, &mut found);
                unknown.extend(found.into_iter().map(|key| format!("{name}: {key}")));
                count += 1;
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(count >= 10, "only {count} were found");
}

#[test]
fn keys_and_variables_in_sentences_are_known() {
    let known = known();
    let sections: Vec<&String> = known.keys().filter(|name| !name.contains('.')).collect();
    let mut unknown = Vec::new();
    for language in LANGUAGES {
        for page in pages(language) {
            for code in page.inline_code() {
                let word = code.split([' ', '=']).next().unwrap_or_default();
                let is_unknown = if let Some(rest) = word.strip_prefix("COUNTERSIGN_") {
                    rest.split_once("__").is_some_and(|(section, key)| {
                        let (section, key) = (section.to_lowercase(), key.to_lowercase());
                        section != "section"
                            && !known.get(&section).is_some_and(|keys| keys.contains(&key))
                    })
                } else {
                    word.split_once('.').is_some_and(|(section, key)| {
                        let is_key =
                            key.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase());
                        let is_section = sections.iter().any(|known| *known == section);
                        is_section
                            && is_key
                            && !NO_KEYS.contains(&word)
                            && !known[section].contains(key)
                    })
                };
                if is_unknown {
                    unknown.push(format!("{language}/{}: {code}", page.name));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "{unknown:#?}");
}

/// A part of what `/readyz` answers, a file and a host are named like keys.
const NO_KEYS: [&str; 3] = ["mail.ready", "providers.md", "discord.com"];
