//! Holds the files of all languages against each other, and against the sources that use them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

mod commands;
mod patterns;
mod shown;
mod style;

/// Each key (`message` or `message.attribute`) of a language with the variables that it uses.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys = BTreeMap::new();
    for (file, source) in language.sources() {
        if let Err((_, errors)) = FluentResource::try_new((*source).to_owned()) {
            panic!("{file}: {errors:?}");
        }
        for (key, text) in split(source) {
            let before = keys.insert(key.clone(), variables(&text));
            assert!(before.is_none(), "{file}: {key} exists twice");
        }
    }
    keys
}

/// Splits a file into its keys and their raw texts. Fluent's grammar begins a message at the
/// line's first column and an attribute with an indented dot.
fn split(source: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut message = String::new();
    for line in source.lines() {
        let attribute = line.trim_start().strip_prefix('.').filter(|_| line.starts_with(' '));
        let starts_message = line.starts_with(|first: char| first.is_ascii_alphabetic());
        if let Some((name, text)) = attribute.and_then(|line| line.split_once('=')) {
            parts.push((format!("{message}.{}", name.trim()), text.to_owned()));
        } else if let Some((name, text)) = line.split_once('=').filter(|_| starts_message) {
            message = name.trim().to_owned();
            parts.push((message.clone(), text.to_owned()));
        } else if line.starts_with('-') {
            panic!("terms are not used here: {line}");
        } else if let Some((_, text)) = parts.last_mut().filter(|_| !line.starts_with('#')) {
            text.push('\n');
            text.push_str(line);
        }
    }
    // A message that only carries attributes has no text of its own.
    let bare: Vec<usize> = (1..parts.len())
        .filter(|&at| {
            parts[at].0.starts_with(&format!("{}.", parts[at - 1].0))
                && parts[at - 1].1.trim().is_empty()
        })
        .map(|at| at - 1)
        .collect();
    for at in bare.into_iter().rev() {
        parts.remove(at);
    }
    parts
}

fn variables(text: &str) -> BTreeSet<String> {
    text.split('$')
        .skip(1)
        .map(|rest| {
            rest.chars()
                .take_while(|&one| one.is_ascii_alphanumeric() || one == '_' || one == '-')
                .collect()
        })
        .collect()
}

#[test]
fn all_languages_have_the_same_keys_with_the_same_variables() {
    assert_eq!(keys(Language::EnglishUs), keys(Language::Japanese));
}

#[test]
fn every_text_can_be_shown() {
    for language in Language::ALL {
        for (key, variables) in keys(language) {
            for number in [0, 1, 2, 5] {
                let mut arguments = FluentArgs::new();
                for variable in &variables {
                    arguments.set(variable.clone(), number);
                }
                let text = texts(language).get(&key, &arguments);
                assert!(!text.is_empty() && text != key, "{key} in {language:?}");
                assert!(!text.contains("{$") && !text.contains("{ $"), "{key}: {text}");
            }
        }
    }
}

#[test]
fn every_key_in_the_sources_exists_with_its_variables_and_none_is_unused() {
    let known = keys(Language::EnglishUs);
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    visit(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut used);
    for (key, variables) in &used {
        assert_eq!(known.get(key), Some(variables), "text!(…, {key:?}, …)");
    }
    let unused: Vec<_> = known.keys().filter(|key| !used.contains_key(*key)).collect();
    assert!(unused.is_empty(), "texts that nothing shows: {unused:?}");
}

fn visit(folder: &Path, used: &mut BTreeMap<String, BTreeSet<String>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("src/locale") {
            continue; // This file, whose look-ups no one sees.
        } else if path.is_dir() {
            visit(&path, used);
        } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("locale.rs") {
            collect(&std::fs::read_to_string(&path).unwrap(), used);
        }
    }
}

/// Finds `text!(language, "key", name = value, …)` in a source, over line ends.
fn collect(source: &str, used: &mut BTreeMap<String, BTreeSet<String>>) {
    let call = concat!("text", "!(");
    for (at, _) in source.match_indices(call) {
        let inside = &source.as_bytes()[at + call.len()..];
        let arguments = arguments(inside);
        let Some(key) = arguments
            .get(1)
            .and_then(|key| key.trim().strip_prefix('"').and_then(|key| key.strip_suffix('"')))
        else {
            continue;
        };
        let names = arguments[2..].iter().filter_map(|argument| argument.split_once('='));
        let names: BTreeSet<String> = names.map(|(name, _)| name.trim().to_owned()).collect();
        let before = used.insert(key.to_owned(), names.clone());
        assert!(before.is_none_or(|before| before == names), "{key}: two sets of variables");
    }
}

/// Splits a macro's arguments at its commas, heeding brackets and string literals.
fn arguments(inside: &[u8]) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), Vec::new());
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for &byte in inside {
        if quoted {
            quoted = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else {
            match byte {
                b'"' => quoted = true,
                b'(' | b'[' | b'{' => depth += 1,
                b')' if depth == 0 => break,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b',' if depth == 0 => {
                    parts.push(String::from_utf8(std::mem::take(&mut part)).unwrap());
                    continue;
                }
                _ => {}
            }
        }
        part.push(byte);
    }
    parts.push(String::from_utf8(part).unwrap());
    parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
}

/// What people read is what they find among the commands of their language.
#[test]
fn texts_name_the_commands_as_their_readers_see_them() {
    let definitions = crate::discord::commands::definitions(&[]);
    let token = &definitions[0];
    for language in Language::ALL {
        let name = |command: &serde_json::Value| {
            let name = match language {
                Language::EnglishUs => &command["name"],
                Language::Japanese => &command["name_localizations"]["ja"],
            };
            name.as_str().unwrap().to_owned()
        };
        let known: Vec<String> = token["options"].as_array().unwrap().iter().map(name).collect();
        let start = format!("`/{}", name(token));
        let mut named = 0;
        for (file, source) in language.sources() {
            for (at, _) in source.match_indices("`/") {
                let command = source[at..].split(['`', ' ']).nth(2).unwrap_or_default();
                assert!(
                    source[at..].starts_with(&start),
                    "{file}: {}",
                    &source[at..].lines().next().unwrap_or_default()
                );
                assert!(known.iter().any(|known| known == command), "{file}: {command}");
                named += 1;
            }
        }
        assert!(named > 20, "{named} commands in {language:?}");
    }
}

#[test]
fn unknown_locales_are_english() {
    assert_eq!(Language::of("ja"), Language::Japanese);
    for other in ["en-GB", "de", "", "JA-jp"] {
        assert_eq!(Language::of(other), Language::EnglishUs);
    }
}

#[test]
fn numbers_choose_the_plural() {
    assert_eq!(text!(Language::EnglishUs, "mail-scopes", count = 1), "It may call one endpoint:");
    assert_eq!(text!(Language::EnglishUs, "mail-scopes", count = 3), "It may call 3 endpoints:");
    assert_eq!(
        text!(Language::Japanese, "mail-scopes", count = 3),
        "呼び出せるエンドポイント（3件）："
    );
}
