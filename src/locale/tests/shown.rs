//! Texts as people read them: filled in, with their labels.

use std::path::PathBuf;

use super::patterns::{PARAMETER, expand};
use super::*;

/// Every line of every snapshot of a view or an email.
fn shown_lines() -> Vec<String> {
    let mut folders = vec![PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    let mut lines = Vec::new();
    while let Some(path) = folders.pop() {
        if path.is_dir() {
            folders.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension() == Some("snap".as_ref()) {
            lines.extend(std::fs::read_to_string(path).unwrap().lines().map(str::to_owned));
        }
    }
    lines
}

/// A label and its value on one line, as `format_field` writes them.
fn split_field(line: &str) -> Option<(&str, &str)> {
    let (_, rest) = line.split_once("**")?;
    let (label, value) = rest.split_once(":** ").or_else(|| rest.split_once("：**"))?;
    (!label.is_empty() && !label.contains("**")).then_some((label, value.trim()))
}

fn repeats_its_label(line: &str) -> bool {
    split_field(line).is_some_and(|(label, value)| {
        value.to_lowercase().starts_with(&label.to_lowercase()) //
    })
}

fn has_title_behind_label(text: &str) -> bool {
    text.contains(&format!("：{PARAMETER}さん"))
}

/// "The old secret: The old secret works for one hour more".
#[test]
fn no_value_repeats_its_label() {
    let lines = shown_lines();
    let fields = lines.iter().filter(|line| split_field(line).is_some_and(|(_, v)| !v.is_empty()));
    assert!(fields.count() > 200);
    let faults: Vec<&String> = lines.iter().filter(|line| repeats_its_label(line)).collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

/// As a value, a person's name stands alone in Japanese; in a sentence it takes さん.
#[test]
fn a_person_behind_a_label_has_no_title() {
    let sources = Language::Japanese.sources().iter();
    for (key, text) in sources.flat_map(|(_, source)| split(source)) {
        for text in expand(&text) {
            assert!(!has_title_behind_label(&text), "{key}: {text}");
        }
    }
}

#[test]
fn what_is_wrong_as_it_is_shown_is_found() {
    for repeated in ["-# **The old secret:** The old secret works.", "**期限：**期限は明日です。"]
    {
        assert!(repeats_its_label(repeated), "{repeated}");
    }
    for fine in ["**The old secret:** It works.", "**期限：**明日", "**A** and **B:** b", "A: A"]
    {
        assert!(!repeats_its_label(fine), "{fine}");
    }
    assert!(has_title_behind_label("API · 申請者：\u{E000}さん"));
    assert!(!has_title_behind_label("担当の\u{E000}さん：\u{E000}"));
}
