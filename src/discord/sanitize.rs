//! Makes what people typed safe to show in Discord.
//!
//! Shown text can't ping anyone, link anywhere, pass for a heading or a quote of the bot's, hide a
//! part of itself or of its neighbours, or reorder them. Discord gives no routine for that, so every
//! character that its markdown knows gets a backslash, which Discord's clients drop from anything but
//! letters and digits, and every character that can't be seen becomes one that can.

use unicode_normalization::char::is_combining_mark;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::domain::emoji::is_part_of_emoji;

/// Stands for what can't be seen.
const HIDDEN: char = '\u{FFFD}';

/// Combining marks that one character may bear; written languages need only these.
const MARKS: usize = 3;

/// Around a line with right-to-left letters, so that what stands beside it keeps its place.
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Safe text for one line: all white space becomes single blanks.
pub fn inline(text: &str) -> String {
    let visible = visible(text);
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    isolated(&line, escape)
}

/// Text for a place that knows no markdown, such as a select's label or a form: one line, in which
/// nothing is hidden.
pub fn plain(text: &str) -> String {
    let line = visible(text).split_whitespace().collect::<Vec<_>>().join(" ");
    isolated(&line, str::to_owned)
}

/// Safe text for paragraphs: single line breaks and single empty lines stay.
pub fn block(text: &str) -> String {
    lines(text).iter().map(|line| isolated(line, escape)).collect::<Vec<_>>().join("\n")
}

/// A code span of one line, backticks included. Empty text gives an empty string, since a span can't
/// be empty.
pub fn code(text: &str) -> String {
    let line = visible(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return line;
    }
    // A look-alike: no number of backticks around a span is safe from all those inside it.
    isolated(&format!("`{}`", line.replace('`', "\u{02CB}")), str::to_owned)
}

/// A code block, backticks included, that shows lines as they are and has them ready to copy.
pub fn code_block(text: &str) -> String {
    let text = visible(text).replace('\t', "    ");
    let text = text.trim_end().replace("```", "``\u{02CB}");
    // A blank after a last backtick, which would make four of three.
    let text = if text.ends_with('`') { format!("{text} ") } else { text };
    format!("```\n{text}\n```")
}

fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in visible(text).split('\n') {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        let after_empty = lines.last().is_none_or(String::is_empty);
        if !(line.is_empty() && after_empty) {
            lines.push(line);
        }
    }
    if lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Replaces what can't be seen, and drops marks that pile up. Line breaks become `\n`.
fn visible(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let characters: Vec<char> = text.chars().collect();
    let mut shown = String::with_capacity(text.len());
    let mut marks = 0;
    for (at, &character) in characters.iter().enumerate() {
        if is_combining_mark(character) && !is_selector(character) {
            marks += 1;
            if marks > MARKS {
                continue;
            }
        } else {
            marks = 0;
        }
        // Two replacements say no more than one.
        match is_hidden(character) && !is_part_of_emoji(&characters, at) {
            true if shown.ends_with(HIDDEN) => {}
            true => shown.push(HIDDEN),
            false => shown.push(character),
        }
    }
    shown
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a character shows nothing, or changes how others are shown.
fn is_hidden(character: char) -> bool {
    if matches!(character, '\n' | '\t') {
        return false;
    }
    // Unicode's Default_Ignorable_Code_Point and blanks that no layout shows, as far as the
    // categories below don't hold them (DerivedCoreProperties.txt, Unicode 16).
    let ignorable = matches!(
        character,
        '\u{034F}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{2065}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
            | '\u{FFFC}' | '\u{E0000}'..='\u{E0FFF}'
    );
    ignorable
        || is_selector(character)
        || matches!(
            character.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::Surrogate
                | GeneralCategory::PrivateUse
                | GeneralCategory::Unassigned
        )
}

/// Escapes one line for Discord's markdown.
fn escape(line: &str) -> String {
    let mut escaped = String::with_capacity(line.len() * 2);
    let numbered = line.bytes().take_while(u8::is_ascii_digit).count();
    for (at, character) in line.char_indices() {
        // Anywhere: emphasis, code, spoilers, links and their parts, mentions, emoji, times.
        let anywhere = matches!(
            character,
            '\\' | '*'
                | '_'
                | '~'
                | '`'
                | '|'
                | '<'
                | '>'
                | '['
                | ']'
                | '('
                | ')'
                | '@'
                | ':'
                | '/'
        );
        // At the start of a line: headings, small print, lists; quotes are among the others.
        let first = at == 0 && matches!(character, '#' | '-' | '+' | '\u{2022}');
        let number = numbered > 0 && at == numbered && character == '.';
        if anywhere || first || number {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn isolated(line: &str, show: impl Fn(&str) -> String) -> String {
    let shown = show(line);
    if line.chars().any(is_right_to_left) {
        let (open, close) = ISOLATE;
        format!("{open}{shown}{close}")
    } else {
        shown
    }
}

/// Whether a character is of a script that runs from right to left (the blocks that DerivedBidiClass
/// gives to R and AL, assigned or not).
fn is_right_to_left(character: char) -> bool {
    matches!(
        character,
        '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}'
            | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}'
    )
}

#[cfg(test)]
mod tests;
