//! Commands that texts name: in Discord one presses them.

use super::{CommandRow, PARENT, PARENT_JA, ROWS};
use crate::domain::ids::CommandId;
use crate::locale::COMMAND_ID;

/// Gives the mentions in a text the command's id, and the names that Discord knows them by. Where the id
/// isn't known they become code. The text may be JSON: neither way holds anything that JSON escapes.
#[must_use]
pub fn fill_mentions(text: &str, command: Option<CommandId>) -> String {
    let end = format!(":{COMMAND_ID}>");
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(&end) {
        rest = after;
        let mention = before.rsplit_once("</");
        let known = mention.and_then(|(plain, path)| Some((plain, path, find_default_path(path)?)));
        // Anything else is no text of ours.
        let Some((plain, path, default)) = known else {
            filled.push_str(before);
            filled.push_str(&end);
            continue;
        };
        filled.push_str(plain);
        filled.push_str(&match command {
            Some(id) => format!("</{default}:{id}>"),
            None => format!("`/{path}`"),
        });
    }
    filled.push_str(rest);
    filled
}

/// Whether there is anything to fill in.
#[must_use]
pub fn has_mentions(text: &str) -> bool {
    text.contains(COMMAND_ID)
}

/// Whatever the language, a mention names a command by its default names.
fn find_default_path(path: &str) -> Option<String> {
    let (parent, name) = path.split_once(' ')?;
    let is_it = |row: &&CommandRow| match parent {
        PARENT => row.name == name,
        PARENT_JA => row.name_ja == name,
        _ => false,
    };
    ROWS.iter().find(is_it).map(|row| format!("{PARENT} {}", row.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::message::units;

    fn mark(path: &str) -> String {
        format!("</{path}:{COMMAND_ID}>")
    }

    #[test]
    fn every_command_is_mentioned_by_its_default_name_and_gets_no_longer() {
        let id = CommandId::new(i64::MAX).unwrap();
        for row in ROWS {
            for path in [format!("token {}", row.name), format!("トークン {}", row.name_ja)] {
                let marked = mark(&path);
                let filled = fill_mentions(&format!("Use {marked}, then {marked}."), Some(id));
                let mention = format!("</token {}:{id}>", row.name);
                assert_eq!(filled, format!("Use {mention}, then {mention}."));
                assert!(units(&mention) <= units(&marked), "{mention}");
                let plain = fill_mentions(&marked, None);
                assert_eq!(plain, format!("`/{path}`"));
                assert!(has_mentions(&marked) && !has_mentions(&plain));
            }
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        let id = CommandId::new(7).unwrap();
        let unknown = format!("{}, x:{COMMAND_ID}>y", mark("token x"));
        for text in ["", "a </b:1> c", "</token list:0>", "`/token list`", &unknown] {
            assert_eq!(fill_mentions(text, Some(id)), text);
        }
    }
}
