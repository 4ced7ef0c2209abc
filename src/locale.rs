//! The texts that people read, in every language that there is, kept in Fluent files under
//! `config/locales/` and built into the program.
//!
//! [`text!`] looks one up: `text!(language, "mail-created-subject", token = name)`. Keys are
//! literals, so that a test can hold them against the files: every key exists in each language
//! with the same variables, and none is unused.

use std::fmt;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use unic_langid::LanguageIdentifier;

/// A language that we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// `en-US`, also for languages that we don't have.
    EnglishUs,
    /// `ja`.
    Japanese,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::EnglishUs, Self::Japanese];

    /// The language for what Discord calls a locale, e.g. `en-GB`, or for a provider's `locale`.
    pub fn of(discord_locale: &str) -> Self {
        match discord_locale {
            "ja" => Self::Japanese,
            _ => Self::EnglishUs,
        }
    }

    /// What Discord and HTML call it.
    pub fn tag(self) -> &'static str {
        match self {
            Self::EnglishUs => "en-US",
            Self::Japanese => "ja",
        }
    }

    fn identifier(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }

    fn sources(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::EnglishUs => ENGLISH_US,
            Self::Japanese => JAPANESE,
        }
    }
}

macro_rules! sources {
    ($language:literal: $($file:literal),+ $(,)?) => {
        &[$((
            concat!($language, "/", $file, ".ftl"),
            include_str!(concat!("../config/locales/", $language, "/", $file, ".ftl")),
        )),+]
    };
}

// A new file is added to both lists.
static ENGLISH_US: &[(&str, &str)] = sources!("en-US": "announce", "card", "commands", "common", "delivery", "errors", "health", "leak", "leaving", "list", "mail", "panel", "recovery", "token", "upstream");
static JAPANESE: &[(&str, &str)] = sources!("ja": "announce", "card", "commands", "common", "delivery", "errors", "health", "leak", "leaving", "list", "mail", "panel", "recovery", "token", "upstream");

/// The texts of one language.
pub struct Texts {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

static TEXTS: LazyLock<[Texts; 2]> = LazyLock::new(|| Language::ALL.map(Texts::load));

/// The texts of a language.
pub fn texts(language: Language) -> &'static Texts {
    match language {
        Language::EnglishUs => &TEXTS[0],
        Language::Japanese => &TEXTS[1],
    }
}

impl Texts {
    /// The files are part of the program and a test parses them all, so that what could not be
    /// read is logged, not returned.
    ///
    /// A command that stands in them as code becomes a mention that still lacks its id, [`COMMAND_ID`]:
    /// Discord gives the id, and what is sent there gets it. A mail has no use for one.
    fn load(language: Language) -> Self {
        let mut bundle = FluentBundle::new_concurrent(vec![language.identifier()]);
        // The isolating marks would show up as boxes in emails and code blocks.
        bundle.set_use_isolating(false);
        for (file, source) in language.sources() {
            let resource =
                FluentResource::try_new(mark_commands(source)).unwrap_or_else(|(part, errors)| {
                    tracing::error!(file, ?errors, "a file of texts has errors");
                    part
                });
            if let Err(errors) = bundle.add_resource(resource) {
                tracing::error!(file, ?errors, "a text exists twice");
            }
        }
        Self { language, bundle }
    }

    /// The text of a key (`message` or `message.attribute`) with its variables filled in. A caller
    /// with anything but a literal key gets the key itself if no such text exists.
    pub fn get(&self, key: &str, arguments: &FluentArgs<'_>) -> String {
        let (message, attribute) = match key.split_once('.') {
            Some((message, attribute)) => (message, Some(attribute)),
            None => (key, None),
        };
        let pattern = self.bundle.get_message(message).and_then(|message| match attribute {
            Some(attribute) => message.get_attribute(attribute).map(|found| found.value()),
            None => message.value(),
        });
        let Some(pattern) = pattern else {
            tracing::error!(key, language = self.language.tag(), "a text is missing");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(pattern, Some(arguments), &mut errors);
        if !errors.is_empty() {
            tracing::error!(key, language = self.language.tag(), ?errors, "a text is incomplete");
        }
        text.into_owned()
    }
}

/// Stands for the id of a command in texts that are shown in Discord. It is so long that no command gets
/// longer when its id, and its name as Discord knows it, take its place.
pub const COMMAND_ID: &str = "00000000000000000000000000";

/// Turns `/token collect`, as code, into the mention `</token collect:ID>`, but for the texts of mails.
fn mark_commands(source: &str) -> String {
    let mut marked = String::with_capacity(source.len());
    let mut is_mail = false;
    for line in source.split_inclusive('\n') {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            let key = line.split(' ').next().unwrap_or_default();
            is_mail = key.split('-').any(|part| part == "mail");
        }
        if is_mail || line.starts_with('#') {
            marked.push_str(line);
            continue;
        }
        // Every second part stands between two backquotes.
        for (at, part) in line.split('`').enumerate() {
            match part.strip_prefix('/').filter(|_| at % 2 == 1) {
                Some(path) => marked.push_str(&format!("</{path}:{COMMAND_ID}>")),
                None if at % 2 == 1 => marked.push_str(&format!("`{part}`")),
                None => marked.push_str(part),
            }
        }
    }
    marked
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Texts").field("language", &self.language).finish_non_exhaustive()
    }
}

/// Looks a text up: `text!(language, "key")` or `text!(language, "key", name = value, …)`, where a
/// value is text or a number (numbers choose plurals). Gives a `String`.
///
/// Values are inserted unchanged: the caller escapes what people typed first, as the
/// place needs it.
#[macro_export]
macro_rules! text {
    ($language:expr, $key:literal $(,)?) => {
        $crate::locale::texts($language).get($key, &$crate::locale::FluentArguments::new())
    };
    ($language:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {{
        let mut arguments = $crate::locale::FluentArguments::new();
        $(arguments.set(stringify!($name), $value);)+
        $crate::locale::texts($language).get($key, &arguments)
    }};
}

/// What [`text!`] fills in; named here so that the macro needs no import.
pub use fluent_bundle::FluentArgs as FluentArguments;
pub use text;

#[cfg(test)]
mod tests;
