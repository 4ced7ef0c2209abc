//! The book's words are those of docs/style.md.

use super::drawings::{BEGIN, END, choose};
use super::pages::{LANGUAGES, page_in_each_language, pages, read, table_rows};

/// The rows of the table below a heading of docs/style.md.
fn style_rows(heading: &str) -> Vec<Vec<String>> {
    let document = read("docs/style.md");
    let (_, section) = document.split_once(&format!("\n## {heading}\n")).expect("a section");
    table_rows(section.split("\n## ").next().unwrap())
}

fn forms(cell: &str) -> Vec<String> {
    match cell {
        "," => vec![cell.to_owned()],
        _ => cell.split(',').map(|form| form.trim().to_owned()).collect(),
    }
}

#[test]
fn the_glossary_has_the_words_of_the_style() {
    let terms: Vec<(Vec<String>, Vec<String>)> =
        style_rows("Terms").iter().map(|row| (forms(&row[0]), forms(&row[2]))).collect();
    let is_form = |word: &str, form: &str| match form.strip_suffix('*') {
        Some(start) => word.starts_with(start),
        None => word == form,
    };
    let mut first = Vec::new();
    for (language, page) in page_in_each_language("glossary.md") {
        let pairs: Vec<(String, String)> =
            table_rows(&page.text).iter().map(|row| (row[0].clone(), row[1].clone())).collect();
        assert!(pairs.len() > 30, "{language} has {} terms", pairs.len());
        for (english, japanese) in &pairs {
            let is_known = terms.iter().any(|(words, translations)| {
                words.iter().any(|form| is_form(english, form)) && translations.contains(japanese)
            });
            assert!(is_known, "{language}: {english} is not {japanese} in docs/style.md");
        }
        if first.is_empty() {
            first = pairs;
        } else {
            assert_eq!(first, pairs, "both languages have the same terms");
        }
    }
}

/// The words that a reader of a page reads, a sentence or cell on each line: without code, links and markup.
fn plain_text(written: &str) -> String {
    let mut text = String::new();
    let mut is_code = false;
    for line in written.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code && !line.trim_start().starts_with("{{#") && !line.starts_with("<!--") {
            let line = line.trim_start().trim_start_matches(['#', '>', '-', '|']).trim();
            let is_number =
                |(number, _): &(&str, &str)| number.bytes().all(|one| one.is_ascii_digit());
            let line = line.split_once(". ").filter(is_number).map_or(line, |(_, rest)| rest);
            text.push_str(&without_markup(line));
            text.push('\n');
        }
    }
    text
}

/// Without code, targets of links and pictures, and stars; a cell of a table is a line.
fn without_markup(line: &str) -> String {
    let words: String = line
        .split('`')
        .enumerate()
        .map(|(at, part)| if at % 2 == 0 { part } else { "`" })
        .collect();
    let (mut plain, mut rest) = (String::new(), &*words.replace("\\|", ""));
    while let Some((before, after)) = rest.split_once("](") {
        plain.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    let bare: String = plain
        .split('<')
        .enumerate()
        .map(|(at, part)| match at {
            0 => part.to_owned(),
            _ => part.split_once('>').map_or(format!("<{part}"), |(_, rest)| format!("`{rest}")),
        })
        .collect();
    let cells = bare.replace("![", "").replace(['*', '['], "");
    cells.split('|').map(str::trim).collect::<Vec<_>>().join("\n")
}

fn is_japanese(one: char) -> bool {
    matches!(one, '\u{3000}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')
}

/// As src/locale/tests/style.rs reads them.
fn has_mark(text: &str, mark: &str) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let before = text[..at].chars().next_back().unwrap_or('\n');
        let after = text[at + mark.len()..].chars().next().unwrap_or('\n');
        // Names such as ASP.NET and Next.js, numbers, and what stands between two pieces of code.
        !(before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric())
    })
}

fn has_space_beside_japanese(text: &str) -> bool {
    let characters: Vec<char> = format!("\n{text}\n").chars().collect();
    let stands_apart = |one: char| "·→–".contains(one);
    characters.windows(3).any(|three| {
        three[1] == ' '
            && (is_japanese(three[0]) || is_japanese(three[2]))
            && !(stands_apart(three[0]) || stands_apart(three[2]))
    })
}

/// The rows of both tables for a language: what is not written, and what instead.
struct Rules {
    words: Vec<Vec<String>>,
    marks: Vec<Vec<String>>,
}

impl Rules {
    fn of(language: &str) -> Self {
        let rows =
            |heading| style_rows(heading).into_iter().filter(|row| row[0] == language).collect();
        Self { words: rows("Words that are not used"), marks: rows("Punctuation") }
    }
}

fn faults_in_japanese(rules: &Rules, line: &str) -> Vec<String> {
    let words = rules
        .words
        .iter()
        .filter(|row| forms(&row[1]).iter().any(|word| line.contains(word.as_str())));
    let marks =
        rules.marks.iter().filter(|row| forms(&row[1]).iter().any(|mark| has_mark(line, mark)));
    let mut faults: Vec<String> =
        words.chain(marks).map(|row| format!("write {} for {}", row[2], row[1])).collect();
    faults.extend(has_space_beside_japanese(line).then(|| "a space".to_owned()));
    faults
}

/// Whole words, in any case; `*` is any ending.
fn faults_in_english(rules: &Rules, line: &str) -> Vec<String> {
    let is_part = |one: char| one.is_alphanumeric() || "'-".contains(one);
    let line = line.to_lowercase().replace('’', "'");
    let words: Vec<&str> =
        line.split(|one| !is_part(one)).filter(|word| !word.is_empty()).collect();
    let is_there = |form: &String| {
        let form = form.to_lowercase().replace('’', "'");
        let form: Vec<&str> = form.split(' ').collect();
        let fits = |(word, form): (&&str, &&str)| match form.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None => word == form,
        };
        words.windows(form.len()).any(|words| words.iter().zip(&form).all(fits))
    };
    let found = rules.words.iter().filter(|row| forms(&row[1]).iter().any(is_there));
    found.map(|row| format!("write {} for {}", row[2], row[1])).collect()
}

#[test]
fn japanese_pages_follow_the_style() {
    let (rules, mut faults) = (Rules::of("ja"), Vec::new());
    for page in pages("ja") {
        let text = plain_text(&page.written);
        for line in text.lines().filter(|line| line.chars().any(is_japanese)) {
            let found = faults_in_japanese(&rules, line);
            faults.extend(found.into_iter().map(|fault| format!("{}: {fault}: {line}", page.name)));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What is drawn has the program's own words.
#[test]
fn english_pages_use_the_words_of_the_style() {
    let (rules, mut faults) = (Rules::of("en-US"), Vec::new());
    for page in pages("en") {
        let written = match page.written.split_once(BEGIN) {
            Some((before, rest)) => format!("{before}{}", rest.split_once(END).unwrap().1),
            None => page.written,
        };
        for line in plain_text(&written).lines() {
            let found = faults_in_english(&rules, line);
            faults.extend(found.into_iter().map(|fault| format!("{}: {fault}: {line}", page.name)));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Otherwise a page was forgotten, or its translation.
#[test]
fn each_language_is_written_in_its_own_letters() {
    for language in LANGUAGES {
        for page in pages(language) {
            let text = plain_text(&page.written);
            let share = text.chars().filter(|one| is_japanese(*one)).count() * 100;
            let is_included = page.written.trim_start().starts_with("{{#include");
            let letters = text.chars().filter(|one| one.is_alphabetic()).count().max(1);
            let is_right = choose(language, "en", "ja") == "en" && share / letters < 10
                || language == "ja" && share / letters > 30;
            assert!(is_right || is_included, "{language}/{}: {}%", page.name, share / letters);
        }
    }
}
