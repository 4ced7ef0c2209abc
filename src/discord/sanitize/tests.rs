use proptest::prelude::*;

use super::*;
use crate::domain::emoji::KEYBOARD;

#[test]
fn nothing_pings_links_or_formats() {
    for (typed, shown) in [
        ("<@123> <#4> <t:1:R> </x:1>", r"\<\@123\> \<#4\> \<t\:1\:R\> \<\/x\:1\>"),
        ("@everyone", r"\@everyone"),
        ("[x](https://e.com)", r"\[x\]\(https\:\/\/e.com\)"),
        ("discord.gg/abc", r"discord.gg\/abc"),
        ("**b** __u__ ~~s~~ ||h|| `c`", r"\*\*b\*\* \_\_u\_\_ \~\~s\~\~ \|\|h\|\| \`c\`"),
        ("# head", r"\# head"),
        ("-# small", r"\-# small"),
        (">>> quote", r"\>\>\> quote"),
        ("12. item", r"12\. item"),
        ("a - b # c 1.5", "a - b # c 1.5"),
        (":smile:", r"\:smile\:"),
        (r"\*", r"\\\*"),
        ("two\nlines\t and \r\n more", "two lines and more"),
        ("日本語", "日本語"),
    ] {
        assert_eq!(inline(typed), shown, "{typed:?}");
    }
}

#[test]
fn what_cannot_be_seen_is_made_visible() {
    assert_eq!(inline("a\u{202E}b\u{200B}c\u{2066}\u{2067}d"), "a\u{FFFD}b\u{FFFD}c\u{FFFD}d");
    assert_eq!(inline("\u{3164}\u{2800}\u{AD}\u{E0041}\u{0}"), "\u{FFFD}");
    assert_eq!(inline("e\u{301}\u{301}\u{301}\u{301}\u{301}"), "e\u{301}\u{301}\u{301}");
}

#[test]
fn emoji_stay_whole() {
    for emoji in KEYBOARD {
        assert_eq!(plain(emoji), emoji);
    }
    assert_eq!(inline("a\u{200D}b"), "a\u{FFFD}b");
}

#[test]
fn right_to_left_text_keeps_to_itself() {
    assert_eq!(inline("שלום"), "\u{2068}שלום\u{2069}");
    assert_eq!(block("a\nשלום"), "a\n\u{2068}שלום\u{2069}");
}

#[test]
fn blocks_keep_their_lines() {
    assert_eq!(block("\n\n a\r\nb \n\n\n\n# c\n"), "a\nb\n\n\\# c");
}

#[test]
fn code_ends_where_we_end_it() {
    assert_eq!(code("a`b\nc"), "`a\u{02CB}b c`");
    assert_eq!(code(" "), "");
    assert_eq!(code_block("a\n```\nb`"), "```\na\n``\u{02CB}\nb` \n```");
}

/// Whether each character that Discord's markdown knows stands behind a backslash of its own.
fn is_escaped(shown: &str) -> bool {
    let mut characters = shown.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            match characters.next() {
                Some(next) if !next.is_alphanumeric() && !next.is_whitespace() => continue,
                _ => return false,
            }
        }
        if "*_~`|<>[]()@:/".contains(character) {
            return false;
        }
    }
    true
}

fn hostile() -> impl Strategy<Value = String> {
    let parts = prop_oneof![
        any::<String>(),
        "[*_~`|<>\\[\\]()@:/#\\\\+.\\- \n\t0-9a-z]{0,20}",
        "(<@!?[0-9]+>|@here|```|\\]\\(https://|\u{202E}|\u{200D}|\u{301}|א){0,6}",
    ];
    prop::collection::vec(parts, 0..5).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn inline_is_one_escaped_visible_line(text in hostile()) {
        let shown = inline(&text);
        prop_assert!(is_escaped(&shown), "{shown:?}");
        let hidden = shown.contains(['\n', '\r', '\u{202E}', '\u{200B}']);
        prop_assert!(!hidden, "{shown:?}");
        prop_assert!(!shown.starts_with(['#', '-', '+']));
        prop_assert_eq!(
            shown.matches('\u{2068}').count(), shown.matches('\u{2069}').count()
        );
    }

    #[test]
    fn plain_text_hides_nothing_and_is_not_escaped(text in hostile()) {
        let shown = plain(&text);
        prop_assert!(!shown.contains('\n'));
        let isolates = ['\u{2068}', '\u{2069}'];
        prop_assert_eq!(plain(&shown.replace(isolates, "")), shown);
    }

    #[test]
    fn each_line_of_a_block_is_escaped(text in hostile()) {
        for line in block(&text).split('\n') {
            prop_assert!(is_escaped(line), "{line:?}");
            prop_assert!(!line.starts_with(['#', '-', '+']));
        }
    }

    #[test]
    fn code_has_no_backticks_of_its_own(text in hostile()) {
        let span = code(&text);
        prop_assert!(span.is_empty() || span.matches('`').count() == 2);
        prop_assert!(!span.contains('\n'));
        let block = code_block(&text);
        prop_assert_eq!(block.matches("```").count(), 2);
        prop_assert!(block.ends_with("\n```"));
    }

    #[test]
    fn cutting_never_frees_what_comes_after(text in hostile(), limit in 0usize..80) {
        let shown = crate::discord::message::truncate(&inline(&text), limit);
        prop_assert!(is_escaped(&shown), "{shown:?}");
        prop_assert!(crate::discord::message::units(&shown) <= limit);
    }
}
