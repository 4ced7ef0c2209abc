//! Commands that texts name: they exist, can be pressed in Discord, and stay plain in mails.

use super::*;
use crate::discord::commands::fill_mentions;
use crate::domain::ids::CommandId;

/// The commands that stand as code in a line, with their slash.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2).filter(|code| code.starts_with('/'))
}

#[test]
fn every_command_that_a_text_names_can_be_pressed() {
    let id = CommandId::new(7).unwrap();
    let mut found = 0;
    for language in Language::ALL {
        for (file, source) in language.sources() {
            let filled = fill_mentions(&mark_commands(source), Some(id));
            assert!(!filled.contains(COMMAND_ID), "{file} names a command that isn't there");
            for (line, becomes) in source.lines().zip(filled.lines()) {
                let commands = named(line).count();
                if line.starts_with('#') || commands == 0 {
                    assert_eq!(line, becomes, "{file}");
                    continue;
                }
                found += commands;
                assert_eq!(becomes.matches(":7>").count(), commands, "{file}: {becomes}");
                assert_eq!(named(becomes).count(), 0, "{file}: {becomes}");
            }
        }
    }
    assert!(found > 60, "{found}");
}

#[test]
fn mails_and_what_shows_no_mention_name_commands_as_code_or_not_at_all() {
    let source = "mail-todo = Use `/token show`.\n    Or `/token list`.\nleak-mail-todo = `/token a`\n\
        # `/token x`\nmailbox-todo = Use `/token show`, then **Edit** `alive`.\n";
    let marked = mark_commands(source);
    let expected = source.replace(
        "mailbox-todo = Use `/token show`",
        &format!("mailbox-todo = Use </token show:{COMMAND_ID}>"),
    );
    assert_eq!(marked, expected);
    for language in Language::ALL {
        let all = language.sources().iter().flat_map(|(_, source)| split(source));
        let shows_none = ["-form-", "-button", "-help", "-option", "-placeholder", "-label"];
        for (key, text) in all.filter(|(key, _)| shows_none.iter().any(|part| key.contains(part))) {
            assert_eq!(named(&text).count(), 0, "{key}: {text}");
        }
    }
}
