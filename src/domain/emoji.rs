//! Which invisible characters do their work in an emoji. What a keyboard types as one picture may be
//! several characters, and some of those show nothing by themselves (Unicode's UTS #51).

use unicode_properties::UnicodeEmoji as _;

/// Joins two pictures to one, such as a woman and a laptop.
pub const ZERO_WIDTH_JOINER: char = '\u{200D}';
/// The picture before it is shown in colours.
pub const EMOJI_PRESENTATION: char = '\u{FE0F}';
/// The picture before it is shown as a sign of the text.
pub const TEXT_PRESENTATION: char = '\u{FE0E}';
const KEYCAP: char = '\u{20E3}';
const BLACK_FLAG: char = '\u{1F3F4}';
/// The flags of parts of a country that keyboards have, as the tags behind a black flag spell them.
const TAGGED_FLAGS: [&str; 3] = ["gbeng\u{7F}", "gbsct\u{7F}", "gbwls\u{7F}"];

/// Whether the character there, which shows nothing by itself, is a part of an emoji.
#[must_use]
pub fn is_part_of_emoji(characters: &[char], at: usize) -> bool {
    let behind = |steps: usize| at.checked_sub(steps).and_then(|place| characters.get(place));
    let after = characters.get(at + 1);
    match characters[at] {
        ZERO_WIDTH_JOINER => {
            let is_joined = match behind(1) {
                Some(&EMOJI_PRESENTATION) => is_picture(behind(2)),
                before => is_picture(before),
            };
            is_joined && is_picture(after)
        }
        EMOJI_PRESENTATION => {
            let is_key = matches!(behind(1), Some('0'..='9' | '#' | '*'));
            is_picture(behind(1)) || (is_key && after == Some(&KEYCAP))
        }
        TEXT_PRESENTATION => is_picture(behind(1)),
        tag if is_tag(tag) => is_in_flag(characters, at),
        _ => false,
    }
}

fn is_picture(character: Option<&char>) -> bool {
    character.is_some_and(|character| character.is_emoji_char() && !character.is_ascii())
}

fn is_tag(character: char) -> bool {
    matches!(character, '\u{E0020}'..='\u{E007F}')
}

/// Tags of other flags would show nothing, and so could hide what they spell.
fn is_in_flag(characters: &[char], at: usize) -> bool {
    let tags = |place: &&char| is_tag(**place);
    let start = at - characters[..at].iter().rev().take_while(tags).count();
    let spelled: Option<String> = characters[start..]
        .iter()
        .take_while(tags)
        .map(|&tag| char::from_u32(u32::from(tag) - 0xE_0000))
        .collect();
    let flag = start.checked_sub(1).map(|flag| characters[flag]);
    flag == Some(BLACK_FLAG) && spelled.is_some_and(|tags| TAGGED_FLAGS.contains(&&*tags))
}

/// What people type as one picture, for tests.
#[cfg(test)]
pub const KEYBOARD: [&str; 16] = [
    "👩‍💻",
    "❤️",
    "❤️‍🔥",
    "🏳️‍🌈",
    "🏴‍☠️",
    "👨‍👩‍👧‍👦",
    "👍🏽",
    "🧑🏿‍🤝‍🧑🏻",
    "🤷🏼‍♀️",
    "👁️‍🗨️",
    "🇯🇵",
    "1️⃣",
    "#️⃣",
    "☺︎",
    "🚀",
    "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The characters of a text that show nothing there, each with whether it is a part of an emoji.
    fn parts(text: &str) -> Vec<bool> {
        let characters: Vec<char> = text.chars().collect();
        let is_invisible = |one: char| {
            is_tag(one) || [ZERO_WIDTH_JOINER, EMOJI_PRESENTATION, TEXT_PRESENTATION].contains(&one)
        };
        let places = (0..characters.len()).filter(|&at| is_invisible(characters[at]));
        places.map(|at| is_part_of_emoji(&characters, at)).collect()
    }

    #[test]
    fn typed_emojis_are_recognised() {
        for emoji in KEYBOARD {
            assert!(parts(emoji).into_iter().all(|part| part), "{emoji}");
        }
    }

    #[test]
    fn lone_joiners_and_tags_are_no_emoji() {
        let spelled = "\u{E0068}\u{E0069}\u{E007F}";
        for text in [
            "\u{200D}",
            "a\u{200D}b",
            "👩\u{200D}",
            "👩\u{200D}b",
            "\u{200D}💻",
            "a\u{FE0F}\u{200D}💻",
            "a\u{FE0F}",
            "1\u{FE0F}",
            "a\u{FE0E}",
            "\u{E0067}",
            "👩\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            &format!("🏴{spelled}"),
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}",
        ] {
            assert!(parts(text).into_iter().all(|part| !part), "{text:?}");
        }
        assert_eq!(parts("👩\u{200D}\u{200D}💻"), [false, false]);
    }
}
