//! The reference of the configuration: its keys, defaults, limits and variables are tried with the program, and the
//! page is drawn from what holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde::Deserialize;
use toml::Value;

use super::drawings::{Both, choose, compare};
use super::pages::read;
use super::probes::{Ground, sound, table, value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    tables: Vec<TableTexts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableTexts {
    pub name: String,
    kind: Option<String>,
    en: String,
    ja: String,
    pub keys: Vec<KeyTexts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyTexts {
    pub key: String,
    value: Both,
    example: Option<String>,
    #[serde(default)]
    refused: Vec<String>,
    default: Option<String>,
    without: Option<Both>,
    #[serde(default)]
    required: bool,
    required_says: Option<String>,
    #[serde(default)]
    with: BTreeMap<String, String>,
    #[serde(default)]
    take_away: Vec<String>,
    en: String,
    ja: String,
}

/// The tables of the configuration, as the book describes them.
pub fn tables() -> Vec<TableTexts> {
    let texts: Texts = toml::from_str(&read("docs/book/texts/configuration.toml")).unwrap();
    texts.tables
}

/// Calls that have keys of their own beside those of every call.
const CALLS_WITH_MORE: [&str; 3] = ["find", "get", "update"];

impl TableTexts {
    fn is_section(&self) -> bool {
        !self.name.starts_with("providers") && !self.name.contains('.')
    }

    fn key_names(&self) -> BTreeSet<String> {
        self.keys.iter().map(|text| text.key.clone()).collect()
    }

    /// The configuration with what a key needs beside itself; and with the key, if it is given.
    fn config(&self, text: &KeyTexts, set: Option<Value>) -> toml::Table {
        let mut config = sound(&self.name, self.kind.as_deref());
        let own = table(&mut config, &self.name);
        own.extend(text.with.iter().map(|(key, written)| (key.clone(), value(written))));
        for key in &text.take_away {
            own.remove(key);
        }
        own.remove(&text.key);
        own.extend(set.map(|set| (text.key.clone(), set)));
        config
    }
}

#[test]
fn the_reference_has_every_key_and_no_other() {
    let (ground, tables) = (Ground::new(), tables());
    let keys_of_calls = ground.keys_of("providers.issuer.create", None);
    for described in &tables {
        let mut wanted = ground.keys_of(&described.name, described.kind.as_deref());
        if CALLS_WITH_MORE.iter().any(|call| described.name == format!("providers.issuer.{call}")) {
            wanted.retain(|key| !keys_of_calls.contains(key));
        }
        assert_eq!(
            described.key_names(),
            wanted,
            "{} in docs/book/texts/configuration.toml",
            described.name
        );
    }
    for call in ["login", "then", "revoke", "reset", "enable", "disable"] {
        if call != "then" {
            assert_eq!(ground.keys_of(&format!("providers.issuer.{call}"), None), keys_of_calls);
        }
    }
}

#[test]
fn the_reference_has_every_section() {
    let ground = Ground::new();
    let mut config = sound("", None);
    config.insert("zzzzzzzzzzzzzzzzzzzzzzzzzzzz".to_owned(), Value::Integer(1));
    let said = ground.load(&config, &[]).unwrap_err();
    let known = said.split_once("there are ").expect("it names the sections").1;
    let known: BTreeSet<&str> = known.trim().split(", ").collect();
    let tables = tables();
    let described: BTreeSet<&str> =
        tables.iter().map(|table| &*table.name).filter(|name| !name.contains('.')).collect();
    assert_eq!(described, known);
}

#[test]
fn examples_are_taken_and_refusals_refused() {
    let (ground, mut count) = (Ground::new(), 0);
    for described in tables() {
        for text in &described.keys {
            let called = format!("{}.{}", described.name, text.key);
            if let Some(example) = &text.example {
                let loaded = ground.load(&described.config(text, Some(value(example))), &[]);
                loaded.unwrap_or_else(|said| panic!("{called} = {example}: {said}"));
                count += 1;
            }
            for refused in &text.refused {
                let said = ground.load(&described.config(text, Some(value(refused))), &[]);
                let said = said.expect_err(&format!("{called} = {refused} was taken"));
                // Where two keys don't fit together, the other one may be named.
                let names_it = said.contains(&text.key) || text.key.ends_with("_file");
                assert!(names_it, "{called} = {refused}: {said}");
                count += 1;
            }
        }
    }
    assert!(count > 120, "only {count} were tried");
}

#[test]
fn defaults_are_those_of_the_program() {
    let ground = Ground::new();
    for described in tables() {
        for text in &described.keys {
            let called = format!("{}.{}", described.name, text.key);
            let ways = [text.default.is_some(), text.without.is_some(), text.required];
            let stated = ways.iter().filter(|is_stated| **is_stated).count();
            assert_eq!(
                stated, 1,
                "{called}: a default, what holds without it, or that it is required"
            );
            if let Some(default) = &text.default {
                let without = ground.load(&described.config(text, None), &[]).unwrap();
                let with = ground.load(&described.config(text, Some(value(default))), &[]).unwrap();
                assert_eq!(with, without, "{called}");
            }
        }
    }
}

#[test]
fn required_keys_are_asked_for() {
    let ground = Ground::new();
    for described in tables() {
        for text in described.keys.iter().filter(|text| text.required) {
            let mut config = described.config(text, None);
            table(&mut config, &described.name).remove(&text.key);
            let called = format!("{}.{}", described.name, text.key);
            let said = ground.load(&config, &[]).expect_err(&called);
            let wanted = text.required_says.clone().unwrap_or(format!("{} is missing", text.key));
            assert!(said.contains(&wanted), "{called}: {said}");
        }
    }
}

/// The variable of a key, if it has one.
fn variable(described: &TableTexts, text: &KeyTexts) -> Option<String> {
    let is_list = text.example.as_deref().is_some_and(|example| example.starts_with('['));
    let names = (described.name.to_uppercase(), text.key.to_uppercase());
    (described.is_section() && !is_list).then(|| format!("COUNTERSIGN_{}__{}", names.0, names.1))
}

#[test]
fn variables_set_what_the_file_sets() {
    let (ground, mut count) = (Ground::new(), 0);
    for described in tables() {
        for text in &described.keys {
            let (Some(name), Some(example)) = (variable(&described, text), &text.example) else {
                continue;
            };
            let set = match value(example) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let by_file = ground.load(&described.config(text, Some(value(example))), &[]);
            let by_variable = ground.load(&described.config(text, None), &[(name.clone(), set)]);
            assert_eq!(by_variable, by_file, "{name}");
            count += 1;
        }
    }
    assert!(count > 25, "only {count} were tried");
}

fn draw_table(language: &str, described: &TableTexts) -> String {
    let shown = match &*described.name {
        "providers" => "[[providers]]".to_owned(),
        name if described.is_section() => format!("[{name}]"),
        name => name.to_owned(),
    };
    let kind =
        described.kind.as_ref().map(|kind| format!(", kind = \"{kind}\"")).unwrap_or_default();
    let (key, value, default, variable_head, meaning) = match language {
        "ja" => ("キー", "値", "既定値", "環境変数", "意味"),
        _ => ("key", "value", "default", "variable", "meaning"),
    };
    let has_variables = described.keys.iter().any(|text| variable(described, text).is_some());
    let said = choose(language, &described.en, &described.ja);
    let mut drawn = format!("## `{shown}{kind}`\n\n{said}\n\n");
    let end = if has_variables { format!(" {variable_head} |") } else { String::new() };
    let _ = writeln!(drawn, "| {key} | {meaning} | {value} | {default} |{end}");
    let _ = writeln!(drawn, "|---|---|---|---|{}", if has_variables { "---|" } else { "" });
    for text in &described.keys {
        let default = match (&text.default, &text.without) {
            (Some(default), _) => format!("`{default}`"),
            (_, Some(without)) => without.of(language).to_owned(),
            _ => {
                let file = format!("{}_file", text.key);
                match described.keys.iter().any(|other| other.key == file) {
                    true => choose(language, "required, or `{}`", "必須（または`{}`）")
                        .replace("{}", &file),
                    false => choose(language, "required", "必須").to_owned(),
                }
            }
        };
        let variable =
            variable(described, text).map_or("–".to_owned(), |name| format!("`{name}`"));
        let end = if has_variables { format!(" {variable} |") } else { String::new() };
        let meaning = choose(language, &text.en, &text.ja);
        let value = text.value.of(language);
        let _ = writeln!(drawn, "| `{}` | {meaning} | {value} | {default} |{end}", text.key);
    }
    drawn + "\n"
}

#[test]
fn the_reference_is_drawn_from_what_holds() {
    let tables = tables();
    compare("configuration-reference.md", |language| {
        tables.iter().map(|described| draw_table(language, described)).collect()
    });
}
