//! Discord's markdown, as far as the messages that are drawn have it.

use super::names::Names;
use super::text::{Kind, Span};

/// What stands on lines of its own.
#[derive(Debug, PartialEq, Eq)]
pub enum Block {
    Line {
        look: Look,
        spans: Vec<Span>,
    },
    /// Between fences.
    Code(Vec<String>),
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    Plain,
    Heading,
    Small,
    Quote,
    Item,
}

/// The blocks of a text.
pub fn parse(text: &str, names: &Names) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() == "```" {
            let code = lines.by_ref().take_while(|line| line.trim() != "```");
            blocks.push(Block::Code(code.map(str::to_owned).collect()));
            continue;
        }
        let marks = [
            ("### ", Look::Heading),
            ("-# ", Look::Small),
            ("> ", Look::Quote),
            ("- ", Look::Item),
            ("", Look::Plain),
        ];
        let found = marks.iter().find_map(|(mark, look)| Some((line.strip_prefix(mark)?, *look)));
        let (rest, look) = found.expect("each line begins with nothing");
        let bold = if look == Look::Heading { Kind::Bold } else { Kind::Plain };
        blocks.push(Block::Line { look, spans: spans(rest, bold, names) });
    }
    blocks
}

/// The runs of a line.
fn spans(line: &str, around: Kind, names: &Names) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (found, length) = marked(rest, around, names).unwrap_or_else(|| {
            let letter = if first == '\\' { rest.chars().nth(1).unwrap_or(first) } else { first };
            let length = first.len_utf8() + if first == letter { 0 } else { letter.len_utf8() };
            (vec![Span::new(letter, around)], length)
        });
        for span in found {
            match spans.last_mut().filter(|last| last.kind == span.kind) {
                Some(last) => last.text.push_str(&span.text),
                None => spans.push(span),
            }
        }
        rest = &rest[length..];
    }
    spans
}

/// What begins here with a mark, and how long it is with its marks.
fn marked(text: &str, around: Kind, names: &Names) -> Option<(Vec<Span>, usize)> {
    if let Some((inside, length)) = between(text, "**", "**") {
        return Some((spans(inside, Kind::Bold, names), length));
    }
    if let Some((inside, length)) = between(text, "`", "`") {
        return Some((vec![Span::new(inside, Kind::Code)], length));
    }
    if let Some((label, length)) = between(text, "[", "](") {
        let address = text[length..].find(')')?;
        return Some((vec![Span::new(label, Kind::Link)], length + address + 1));
    }
    let (inside, length) = between(text, "<", ">")?;
    Some((vec![names.shown(inside, around)?], length))
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, usize)> {
    let rest = text.strip_prefix(open)?;
    let at = rest.find(close).filter(|at| *at > 0)?;
    Some((&rest[..at], open.len() + at + close.len()))
}

#[test]
fn marks_become_what_a_client_shows() {
    let names = Names::for_test();
    let line = |text: &str| match parse(text, &names).pop() {
        Some(Block::Line { look, spans }) => {
            (look, spans.into_iter().map(|span| (span.text, span.kind)).collect::<Vec<_>>())
        }
        other => panic!("{other:?}"),
    };
    let span = |text: &str, kind| (text.to_owned(), kind);
    assert_eq!(
        line("-# **Emails:** dev\\@orchard.example, <@7>"),
        (
            Look::Small,
            vec![
                span("Emails:", Kind::Bold),
                span(" dev@orchard.example, ", Kind::Plain),
                span("@Rin", Kind::Mention)
            ]
        )
    );
    let link = "[the card](https://x.example/1) of <@8>";
    let shown = vec![span("the card", Kind::Link), span(" of <@8>", Kind::Plain)];
    assert_eq!(line(link), (Look::Plain, shown), "who isn't known stays as it is written");
    assert_eq!(line("### #1 · Tea"), (Look::Heading, vec![span("#1 · Tea", Kind::Bold)]));
    let block = parse("Account SID\n```\nCS1\n```\nend", &names);
    assert_eq!(block[1], Block::Code(vec!["CS1".to_owned()]));
    assert_eq!(block.len(), 3);
}
