//! The tables as docs/architecture.md shows them: mermaid diagrams and Markdown tables.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::path::Path;

use super::{
    ActorKind, AttemptTransition, Audience, DeliveryTransition, RequestTransition, TokenTransition,
    TransitionRow,
};

/// Set it to write the diagrams instead of comparing them.
const WRITE: &str = "COUNTERSIGN_WRITE_DRAWINGS";

const BEGIN: &str = "<!-- drawn from src/domain/transitions: begin -->\n";
const END: &str = "<!-- drawn from src/domain/transitions: end -->\n";

/// `RequestSubmitted` as the database spells it: `request_submitted`.
fn snake(name: impl Debug) -> String {
    let mut text = String::new();
    for letter in format!("{name:?}").chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// `RequestSubmitted` in words: "request submitted".
fn words(name: impl Debug) -> String {
    snake(name).replace('_', " ")
}

/// The arrows of a diagram: one for each pair of states, with all its rows.
fn drawing<S: Debug, F>(rows: &[(&str, TransitionRow<S, F>)]) -> String {
    let mut arrows: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for (name, row) in rows {
        let Some(to) = &row.to else { continue };
        let from: Vec<String> = match row.from {
            [] => vec!["[*]".to_owned()],
            from => from.iter().map(snake).collect(),
        };
        for from in from {
            arrows.entry((from, snake(to))).or_default().push(name);
        }
    }
    let mut text = "```mermaid\nstateDiagram-v2\n".to_owned();
    for ((from, to), names) in arrows {
        let _ = writeln!(text, "    {from} --> {to}: {}", names.join(", "));
    }
    text + "```\n"
}

fn table<S: Debug + Copy + PartialEq, F: Debug>(
    all: &[S],
    rows: &[(&str, TransitionRow<S, F>)],
) -> String {
    let mut text =
        "\n| transition | from | to | by | event | notice | jobs |\n|---|---|---|---|---|---|---|\n"
            .to_owned();
    for (name, row) in rows {
        let from = match row.from {
            [] => "–".to_owned(),
            from if from.len() == all.len() => "any".to_owned(),
            from => from.iter().map(snake).collect::<Vec<_>>().join(", "),
        };
        let to = row.to.map_or("stays".to_owned(), snake);
        let by = match row.by {
            ActorKind::Anyone => "anyone allowed".to_owned(),
            by => words(by),
        };
        let event = row.event.map_or("–".to_owned(), snake);
        let notice = row.notice.map_or("–".to_owned(), |(kind, audience)| {
            let who = match audience {
                Audience::Named => "as named".to_owned(),
                audience => words(audience),
            };
            format!("{}: {who}", snake(kind))
        });
        let jobs: Vec<String> = row.follow_ups.iter().map(snake).collect();
        let jobs = if jobs.is_empty() { "–".to_owned() } else { jobs.join(", ") };
        let _ = writeln!(text, "| {name} | {from} | {to} | {by} | {event} | {notice} | {jobs} |");
    }
    text
}

/// The section of one life: heading, diagram and table.
macro_rules! life {
    ($heading:literal, $transition:ident) => {{
        let rows: Vec<_> = $transition::ALL.iter().map(|each| (each.name(), each.row())).collect();
        let all: Vec<_> = rows
            .iter()
            .flat_map(|(_, row)| row.from.iter().chain(row.to.as_ref()).copied())
            .fold(Vec::new(), |mut all, state| {
                if !all.contains(&state) {
                    all.push(state);
                }
                all
            });
        format!("\n### {}\n\n{}{}", $heading, drawing(&rows), table(&all, &rows))
    }};
}

#[test]
fn the_drawings_in_the_documents_are_those_of_the_tables() {
    let lives = [
        life!("A request", RequestTransition),
        life!("A token", TokenTransition),
        life!("A delivery", DeliveryTransition),
        life!("A call that creates a token at an upstream", AttemptTransition),
    ];
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    let document = std::fs::read_to_string(&file).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let drawn = format!("{before}{BEGIN}{}\n{END}{after}", lives.concat());
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(file, drawn).unwrap();
        return;
    }
    assert!(
        document == drawn,
        "run {WRITE}=1 cargo test -p countersign --lib drawings, and read the difference"
    );
}
