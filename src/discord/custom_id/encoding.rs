//! Makes an enum of the table of custom ids, and its two ways to and from text.
//!
//! An id is a pattern such as `approve:{request}:{digest}` whose arguments stand between colons. No
//! argument but the last may hold a colon.

use std::fmt::Display;
use std::str::FromStr;

use crate::domain::request_kind::RequestKind;
use crate::domain::token::TokenStatus;
use crate::workflow::token::list::{Age, ListQuery, NamePart};

/// Defines [`CustomId`](super::CustomId) with its encoding, its decoding and its rows.
macro_rules! define_custom_ids {
    ($(
        $pattern:literal $variant:ident $(($($argument:ident: $type:ty),+))?
        $control:ident $location:ident $deferral:ident $handler:ident $($answers_itself:ident)? $name:literal;
    )+) => {
        /// Everything that can be pressed, chosen or submitted. See the table in this module.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum CustomId {
            $(
                #[doc = concat!("`", $pattern, "`: a ", stringify!($control), ", handled by `", stringify!($handler), "`.")]
                $variant $(($($type),+))?,
            )+
        }

        impl CustomId {
            /// All rows of the table.
            pub const ROWS: &[ControlRow] = &[$(ControlRow {
                pattern: $pattern,
                control: Control::$control,
                route: Route { name: $name, location: Location::$location, deferral: Deferral::$deferral },
                handler: stringify!($handler),
            }),+];

            /// The row of the table that this is an id of.
            #[must_use]
            pub fn row(&self) -> &'static ControlRow {
                enum Position { $($variant),+ }
                &Self::ROWS[match self { $(Self::$variant { .. } => Position::$variant as usize,)+ }]
            }
        }

        // Fails to compile where the pattern and the arguments don't have the same names.
        impl std::fmt::Display for CustomId {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $(Self::$variant $(($($argument),+))? => {
                        write!(f, $pattern $($(, $argument = Argument::encode($argument))+)?)
                    })+
                }
            }
        }

        impl std::str::FromStr for CustomId {
            type Err = UnknownCustomId;

            fn from_str(text: &str) -> Result<Self, UnknownCustomId> {
                $(
                    if let Some(_fields) = Fields::find($pattern, text)
                        $($(&& let Some($argument) = _fields.decode(stringify!($argument)))+)?
                    {
                        return Ok(Self::$variant $(($($argument),+))?);
                    }
                )+
                Err(UnknownCustomId)
            }
        }
    };
}
pub(super) use define_custom_ids;

/// An argument of a custom id.
pub(super) trait Argument: Sized {
    /// As it stands in the id.
    fn encode(&self) -> String;

    /// Reads it; none where it is malformed.
    fn decode(text: &str) -> Option<Self>;
}

impl<T: Display + FromStr> Argument for T {
    fn encode(&self) -> String {
        self.to_string()
    }

    fn decode(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Argument for RequestKind {
    fn encode(&self) -> String {
        self.as_str().to_owned()
    }

    fn decode(text: &str) -> Option<Self> {
        Self::of(text)
    }
}

/// `page:age:standing:name`. The name comes last, since people type it and it may hold colons.
impl Argument for ListQuery {
    fn encode(&self) -> String {
        let age = self.age.map_or("", Age::as_str);
        let standing = self.standing.map_or("", TokenStatus::as_str);
        format!("{}:{age}:{standing}:{}", self.page, self.name.as_str())
    }

    fn decode(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.splitn(4, ':').collect();
        let [page, age, standing, name] = parts[..] else { return None };
        Some(Self {
            name: NamePart::of(name),
            age: if age.is_empty() { None } else { Some(Age::of(age)?) },
            standing: if standing.is_empty() { None } else { Some(TokenStatus::of(standing)?) },
            page: page.parse().ok()?,
        })
    }
}

/// A text that has the form of a pattern.
pub(super) struct Fields<'a> {
    pattern: &'static str,
    text: &'a str,
}

impl<'a> Fields<'a> {
    /// None where the fixed parts of the pattern don't stand in the text. The last part takes the rest
    /// of the text.
    pub(super) fn find(pattern: &'static str, text: &'a str) -> Option<Self> {
        let fields = Self { pattern, text };
        let same_length = text.splitn(fields.length(), ':').count() == fields.length();
        let fits = |(part, value): (&str, &str)| argument_name(part).is_some() || part == value;
        (same_length && fields.pairs().all(fits)).then_some(fields)
    }

    /// Reads the argument of this name.
    pub(super) fn decode<T: Argument>(&self, name: &str) -> Option<T> {
        let (_, value) = self.pairs().find(|(part, _)| argument_name(part) == Some(name))?;
        T::decode(value)
    }

    fn length(&self) -> usize {
        self.pattern.split(':').count()
    }

    fn pairs(&self) -> impl Iterator<Item = (&'static str, &'a str)> {
        self.pattern.split(':').zip(self.text.splitn(self.length(), ':'))
    }
}

fn argument_name(part: &str) -> Option<&str> {
    part.strip_prefix('{')?.strip_suffix('}')
}
