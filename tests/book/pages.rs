//! The pages of the book in each language, as a reader gets them: with what they include.

use std::path::{Path, PathBuf};

/// The languages of the book, by the names of their folders.
pub const LANGUAGES: [&str; 2] = ["en", "ja"];

/// The project's folder.
pub fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file of the project, as text.
pub fn read(path: &str) -> String {
    let path = project().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A page of one language.
pub struct Page {
    /// The name of its file.
    pub name: String,
    /// As it is written.
    pub written: String,
    /// As it is read, with what it includes.
    pub text: String,
}

/// A heading: how deep it is, its text, and what links call it.
#[derive(Debug)]
pub struct Heading {
    pub level: usize,
    pub text: String,
    pub anchor: String,
}

/// A block of code.
pub struct Block {
    /// What stands behind the fence: `toml`, `console`, or nothing.
    pub language: String,
    pub lines: Vec<String>,
}

/// The folder of a language's pages.
pub fn folder(language: &str) -> PathBuf {
    project().join("docs/book").join(language).join("src")
}

/// All pages of a language but its list, by name.
pub fn pages(language: &str) -> Vec<Page> {
    let folder = folder(language);
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".md") && name != "SUMMARY.md")
        .collect();
    names.sort();
    let page = |name: String| {
        let written = std::fs::read_to_string(folder.join(&name)).unwrap();
        let text = with_includes(&written, &folder);
        Page { name, written, text }
    };
    names.into_iter().map(page).collect()
}

/// A page of every language, each with the name of its language.
pub fn page_in_each_language(name: &str) -> Vec<(&'static str, Page)> {
    let find = |language: &'static str| {
        let found = pages(language).into_iter().find(|page| page.name == name);
        (language, found.unwrap_or_else(|| panic!("{language} has no {name}")))
    };
    LANGUAGES.into_iter().map(find).collect()
}

/// As mdBook does it: `{{#include FILE}}`, or `{{#include FILE:ANCHOR}}`.
fn with_includes(text: &str, folder: &Path) -> String {
    let line = |line: &str| {
        let Some(named) = line.trim().strip_prefix("{{#include ") else { return line.to_owned() };
        let named = named.strip_suffix("}}").expect("an include ends on its line").trim();
        let (file, anchor) = named.split_once(':').map_or((named, None), |(f, a)| (f, Some(a)));
        let path = folder.join(file);
        let whole = std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        match anchor {
            None => whole.trim_end().to_owned(),
            Some(anchor) => between_anchors(&whole, anchor)
                .unwrap_or_else(|| panic!("{file} has no anchor {anchor}")),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn between_anchors(text: &str, anchor: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<!-- ANCHOR: {anchor} -->\n"))?;
    let (inside, _) = rest.split_once(&format!("<!-- ANCHOR_END: {anchor} -->"))?;
    Some(inside.trim_end().to_owned())
}

impl Page {
    /// Its lines, each with whether it is in a block of code. Fences belong to their block.
    fn lines(&self) -> Vec<(bool, &str)> {
        let mut inside = false;
        let of = |line| {
            let is_fence = is_fence(line);
            let is_code = inside || is_fence;
            inside ^= is_fence;
            (is_code, line)
        };
        self.text.lines().map(of).collect()
    }

    /// Its headings, with anchors as mdBook gives them.
    pub fn headings(&self) -> Vec<Heading> {
        let mut headings: Vec<Heading> = Vec::new();
        for (_, line) in self.lines().into_iter().filter(|(is_code, _)| !is_code) {
            let level = line.bytes().take_while(|byte| *byte == b'#').count();
            let Some(text) = line[level..].strip_prefix(' ').filter(|_| level > 0) else {
                continue;
            };
            let plain = anchor_of(text);
            let same = headings.iter().filter(|heading| anchor_of(&heading.text) == plain).count();
            let anchor = if same == 0 { plain } else { format!("{plain}-{same}") };
            headings.push(Heading { level, text: text.to_owned(), anchor });
        }
        headings
    }

    /// Its blocks of code.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut is_open = false;
        for (is_code, line) in self.lines() {
            match (is_fence(line), is_open) {
                (true, false) => {
                    let language = line.trim().trim_start_matches('`').to_owned();
                    blocks.push(Block { language, lines: Vec::new() });
                    is_open = true;
                }
                (true, true) => is_open = false,
                (false, _) if is_code => blocks.last_mut().unwrap().lines.push(line.to_owned()),
                _ => {}
            }
        }
        blocks
    }

    /// Its text without blocks of code.
    pub fn prose(&self) -> String {
        let lines = self.lines().into_iter().filter(|(is_code, _)| !is_code);
        lines.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
    }

    /// What stands between backticks in its prose.
    pub fn inline_code(&self) -> Vec<String> {
        let prose = self.prose();
        prose.split('`').skip(1).step_by(2).map(str::to_owned).collect()
    }
}

fn is_fence(line: &str) -> bool {
    line.trim_start().starts_with("```")
}

fn anchor_of(heading: &str) -> String {
    let keep = |one: char| match one {
        one if one.is_whitespace() => Some('-'),
        one if one.is_alphanumeric() || one == '_' || one == '-' => Some(one.to_ascii_lowercase()),
        _ => None,
    };
    heading.trim().chars().filter_map(keep).collect()
}

/// The cells of the rows of all tables in a text, without heads and separators.
pub fn table_rows(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_row = |line: &&str| line.starts_with('|');
    let is_separator = |line: &str| line.starts_with("|---");
    let mut rows = Vec::new();
    for (index, line) in lines.iter().enumerate().filter(|(_, line)| is_row(line)) {
        let is_head = lines.get(index + 1).is_some_and(|next| is_separator(next));
        if is_head || is_separator(line) {
            continue;
        }
        let inner = line.trim_start_matches('|').trim_end_matches('|').replace("\\|", "\u{0}");
        rows.push(inner.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect());
    }
    rows
}

#[test]
fn anchors_are_those_of_mdbook() {
    assert_eq!(anchor_of("/readyz is not 200"), "readyz-is-not-200");
    assert_eq!(anchor_of("An admin's account was taken over"), "an-admins-account-was-taken-over");
    assert_eq!(anchor_of("`[discord]`"), "discord");
    assert_eq!(anchor_of("ディスクがいっぱいになった"), "ディスクがいっぱいになった");
}
