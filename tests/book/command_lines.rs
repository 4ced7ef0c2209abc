//! What the book tells readers to type: into a shell, and into Discord.

use std::collections::BTreeSet;

use clap::Parser as _;
use clap::error::ErrorKind;
use countersign::cli::Arguments;
use countersign::discord::commands::{PARENT, ROWS};

use super::pages::{LANGUAGES, pages};

/// What Japanese clients call the command that all others belong to.
const PARENT_JA: &str = "トークン";

/// The words of a line for a shell, up to a pipe, a redirection or a comment.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    let mut is_word = false;
    for sign in line.chars() {
        match (quote, sign) {
            (Some(mark), sign) if sign == mark => quote = None,
            (Some(_), sign) => word.push(sign),
            (None, '\'' | '"') => (quote, is_word) = (Some(sign), true),
            (None, '|' | '<' | '>' | ';') => break,
            (None, '#') if !is_word => break,
            (None, sign) if sign.is_whitespace() => {
                if is_word {
                    words.push(std::mem::take(&mut word));
                }
                is_word = false;
            }
            (None, sign) => {
                word.push(sign);
                is_word = true;
            }
        }
    }
    words.extend(is_word.then_some(word));
    words
}

/// The program's own part of a line: behind variables and the like.
fn own_words(line: &str) -> Option<Vec<String>> {
    let words = words(line.trim().trim_start_matches("$ "));
    let is_program = |word: &String| word == "countersign" || word.ends_with("/countersign");
    let at = words.iter().position(is_program)?;
    let is_prefix = |word: &String| word.contains('=') || word == "sudo" || word == "nohup";
    words[..at].iter().all(is_prefix).then(|| words[at..].to_vec())
}

fn find_fault(words: &[String]) -> Option<String> {
    match Arguments::try_parse_from(words) {
        Ok(_) => None,
        Err(error) if error.kind() == ErrorKind::DisplayHelp => None,
        Err(error) if error.kind() == ErrorKind::DisplayVersion => None,
        Err(error) => Some(format!("{}: {error}", words.join(" "))),
    }
}

#[test]
fn command_lines_are_understood_by_the_program() {
    let (mut count, mut faults) = (0, Vec::new());
    for language in LANGUAGES {
        for page in pages(language) {
            let blocks = page.blocks();
            let shells =
                blocks.iter().filter(|block| matches!(&*block.language, "console" | "" | "sh"));
            for words in shells.flat_map(|block| &block.lines).filter_map(|line| own_words(line)) {
                count += 1;
                let fault = find_fault(&words);
                faults.extend(fault.map(|fault| format!("{language}/{}: {fault}", page.name)));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 50, "only {count} were found");
}

/// In a sentence a command may stand without its arguments.
#[test]
fn commands_in_sentences_are_commands_of_the_program() {
    let mut faults = Vec::new();
    for language in LANGUAGES {
        for page in pages(language) {
            for code in page.inline_code().iter().filter(|code| code.starts_with("countersign ")) {
                let parsed = Arguments::try_parse_from(words(code));
                let kind = parsed.err().map(|error| error.kind());
                let is_known = matches!(
                    kind,
                    None | Some(
                        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
                            | ErrorKind::MissingRequiredArgument
                            | ErrorKind::MissingSubcommand
                    )
                );
                if !is_known {
                    faults.push(format!("{language}/{}: {code}", page.name));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn commands_in_discord_are_registered() {
    let known: BTreeSet<String> = ROWS
        .iter()
        .flat_map(|row| {
            [format!("/{PARENT} {}", row.name), format!("/{PARENT_JA} {}", row.name_ja)]
        })
        .collect();
    let (mut named, mut faults) = (BTreeSet::new(), Vec::new());
    for language in LANGUAGES {
        for page in pages(language) {
            for code in page.inline_code() {
                let parents = [format!("/{PARENT} "), format!("/{PARENT_JA} ")];
                if !parents.iter().any(|parent| code.starts_with(parent)) {
                    continue;
                }
                let words: Vec<&str> = code.split(' ').take(2).collect();
                let command = words.join(" ");
                if !known.contains(&command) {
                    faults.push(format!("{language}/{}: {code}", page.name));
                }
                named.insert(command);
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(named, known, "each is explained somewhere");
}

#[test]
fn lines_are_read_as_a_shell_does() {
    let own = |line: &str| own_words(line).map(|words| words.join(" "));
    assert_eq!(own("$ countersign check # why"), Some("countersign check".to_owned()));
    assert_eq!(
        own("$ A=b countersign token disable '#42'"),
        Some("countersign token disable #42".into())
    );
    assert_eq!(own("cat countersign.toml"), None);
    assert_eq!(own("createdb --owner=O countersign"), None);
    assert_eq!(own("$ countersign token check < file"), Some("countersign token check".into()));
}
