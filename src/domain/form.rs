//! The form with five fields: as it was typed, its check, and the settings that come out of it.

use caseless::default_case_fold_str;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::catalogue::{ApiVersion, Catalogue};
use super::email::{self, BadAddress};
use super::emoji::{self, is_part_of_emoji};
use super::ids::UserId;
use super::settings::TokenSettings;

/// The longest name, in characters.
pub const NAME_LIMIT: usize = 64;
/// The longest description, in characters.
pub const DESCRIPTION_LIMIT: usize = 1_000;
/// The most developer addresses.
pub const DEVELOPER_EMAILS_LIMIT: usize = 10;
/// The longest list of addresses: ten of the longest, with separators.
pub const DEVELOPER_EMAILS_TEXT_LIMIT: usize = 2_600;

/// The form as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// *Token name*.
    pub name: String,
    /// *Description*.
    pub description: String,
    /// *API version*.
    pub api_version: ApiVersion,
    /// *Primary contact*.
    pub contact: UserId,
    /// *Developer emails*.
    pub developer_emails: String,
}

/// What is known of the member who was chosen as primary contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContactFacts {
    /// Whether it is a bot.
    pub is_bot: bool,
    /// Whether it is a member of the guild.
    pub is_member: bool,
}

/// What is wrong with one field, for the person who typed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "problem", rename_all = "snake_case")]
pub enum FieldProblem {
    /// The name is empty or white space.
    NameMissing,
    /// The name has more than 64 characters.
    NameTooLong {
        /// Its length.
        length: usize,
    },
    /// The name holds control, invisible or direction-changing characters, or line breaks.
    NameUnreadable,
    /// The description is empty or white space.
    DescriptionMissing,
    /// The description has more than 1,000 characters.
    DescriptionTooLong {
        /// Its length.
        length: usize,
    },
    /// The catalogue does not have this version.
    VersionUnknown {
        /// The requested version.
        version: ApiVersion,
    },
    /// The contact is a bot.
    ContactIsBot,
    /// The contact is not a member of this guild.
    ContactNotMember,
    /// These addresses can't be written to.
    BadAddresses {
        /// Each with the reason.
        addresses: Vec<BadAddress>,
    },
    /// More than ten addresses.
    TooManyAddresses {
        /// Their number.
        count: usize,
    },
}

impl Form {
    /// A form filled in with these settings.
    #[must_use]
    pub fn of(settings: &TokenSettings) -> Self {
        Self {
            name: settings.name.clone(),
            description: settings.description.clone(),
            api_version: settings.api_version,
            contact: settings.contact,
            developer_emails: email::join_list(&settings.developer_emails),
        }
    }

    /// Checks all fields.
    ///
    /// # Errors
    /// All problems, in the order of the fields.
    pub fn check(
        &self,
        catalogue: &Catalogue,
        contact: ContactFacts,
    ) -> Result<TokenSettings, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let name = self.name.trim();
        problems.extend(name_problem(name));
        let description = self.description.trim();
        problems.extend(description_problem(description));
        if catalogue.version(self.api_version).is_none() {
            problems.push(FieldProblem::VersionUnknown { version: self.api_version });
        }
        if contact.is_bot {
            problems.push(FieldProblem::ContactIsBot);
        } else if !contact.is_member {
            problems.push(FieldProblem::ContactNotMember);
        }
        let developer_emails = match email::parse_list(&self.developer_emails) {
            Ok(list) if list.len() > DEVELOPER_EMAILS_LIMIT => {
                problems.push(FieldProblem::TooManyAddresses { count: list.len() });
                Vec::new()
            }
            Ok(list) => list,
            Err(addresses) => {
                problems.push(FieldProblem::BadAddresses { addresses });
                Vec::new()
            }
        };
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(TokenSettings {
            name: name.to_owned(),
            description: description.to_owned(),
            api_version: self.api_version,
            contact: self.contact,
            developer_emails,
        })
    }
}

fn name_problem(name: &str) -> Option<FieldProblem> {
    let length = name.chars().count();
    if name_key(name).is_empty() {
        Some(FieldProblem::NameMissing)
    } else if length > NAME_LIMIT {
        Some(FieldProblem::NameTooLong { length })
    } else if holds_unreadable(name) {
        Some(FieldProblem::NameUnreadable)
    } else {
        None
    }
}

fn description_problem(description: &str) -> Option<FieldProblem> {
    let length = description.chars().count();
    if description.chars().all(|c| c.is_whitespace() || is_unreadable(c)) {
        Some(FieldProblem::DescriptionMissing)
    } else if length > DESCRIPTION_LIMIT {
        Some(FieldProblem::DescriptionTooLong { length })
    } else {
        None
    }
}

/// Whether a name contains characters that it may not, because two names that look alike must be equal. Parts of
/// emojis are allowed: whatever a keyboard can type is a name.
#[must_use]
pub fn holds_unreadable(name: &str) -> bool {
    let characters: Vec<char> = name.chars().collect();
    let is_loose = |at: usize| is_unreadable(characters[at]) && !is_part_of_emoji(&characters, at);
    (0..characters.len()).any(is_loose)
}

/// Characters that show nothing by themselves, or change how others are shown: controls, line and
/// paragraph separators, bidirectional controls (UAX #9), invisible formatting and fillers.
#[must_use]
pub fn is_unreadable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
                | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// The key under which a name is unique: case-folded NFKC, inner white space as one space, and emoji
/// without what some devices don't show of them.
#[must_use]
pub fn name_key(name: &str) -> String {
    let has_joined = name.contains(emoji::ZERO_WIDTH_JOINER);
    let is_shown = |one: &char| match *one {
        emoji::ZERO_WIDTH_JOINER | emoji::TEXT_PRESENTATION => false,
        emoji::EMOJI_PRESENTATION => !has_joined,
        _ => true,
    };
    let name: String = name.chars().filter(is_shown).collect();
    let folded: String = default_case_fold_str(&name.nfkc().collect::<String>()).nfkc().collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::char::range;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn names_that_read_alike_have_one_key() {
        for alike in ["Reports", "REPORTS", "  reports ", "Ｒｅｐｏｒｔｓ"] {
            assert_eq!(name_key(alike), "reports");
        }
        assert_eq!(name_key("Straße  A"), name_key("STRASSE a"));
        assert_ne!(name_key("Reports"), name_key("Report"));
    }

    #[test]
    fn names_are_refused_where_they_could_deceive() {
        for name in ["a\u{202E}b", "a\u{200B}b", "a\nb", "a\u{0000}b", "\u{3164}x"] {
            assert_eq!(name_problem(name), Some(FieldProblem::NameUnreadable), "{name:?}");
        }
        assert_eq!(name_problem(" "), Some(FieldProblem::NameMissing));
        assert_eq!(name_problem(&"é".repeat(64)), None);
        assert_eq!(name_problem(&"é".repeat(65)), Some(FieldProblem::NameTooLong { length: 65 }));
        assert_eq!(name_problem("日次レポート 🚀"), None);
        assert_eq!(name_problem("\u{200D}"), Some(FieldProblem::NameMissing));
    }

    #[test]
    fn names_with_and_without_a_joiner_have_one_key() {
        for (one, other) in [("👩‍💻 Dev", "👩💻 dev"), ("🏳️‍🌈", "🏳‍🌈"), ("☺︎", "☺")]
        {
            assert_eq!(name_key(one), name_key(other), "{one}");
        }
        assert_ne!(name_key("👩‍💻"), name_key("👩‍🔬"));
    }

    proptest! {
        #[test]
        fn every_text_from_a_keyboard_is_a_valid_name(
            parts in prop::collection::vec(
                prop_oneof![select(&emoji::KEYBOARD[..]), select(&["a", "é", "字", "!", " x"][..])],
                1..6,
            )
        ) {
            let name = parts.concat();
            prop_assume!(name.chars().count() <= NAME_LIMIT && !name_key(&name).is_empty());
            prop_assert_eq!(name_problem(name.trim()), None);
        }

        #[test]
        fn deceptive_names_are_refused(
            before in "[a-z字]{1,5}",
            hidden in prop_oneof![
                range('\0', '\u{1F}'), range('\u{200B}', '\u{200F}'), range('\u{2028}', '\u{202E}'),
                range('\u{2060}', '\u{206F}'), range('\u{FE00}', '\u{FE0F}'),
                range('\u{E0000}', '\u{E0FFF}'),
            ],
            after in "[a-z字👩]{1,5}",
        ) {
            let name = format!("{before}{hidden}{after}");
            prop_assert_eq!(name_problem(&name), Some(FieldProblem::NameUnreadable));
        }
    }
}
