//! The ids of providers, versions, categories and scopes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is not a valid id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentity {
    /// It has characters that a provider's id may not have, or is too long.
    #[error("it takes 1 to 32 of a-z, 0-9 and -")]
    Provider,
    /// It has characters that a category's id may not have, or is too long.
    #[error("it takes 1 to 40 of A-Z, a-z, 0-9, _ and -")]
    Category,
    /// It has characters that a scope's id may not have, or is too long.
    #[error("it takes 1 to 59 of A-Z, a-z, 0-9, _ and -")]
    Scope,
    /// A full id lacks its colon.
    #[error("it takes a category and a scope, with a colon between them")]
    FullScope,
    /// It is zero, or too large for Postgres' `integer`.
    #[error("it takes a whole number from 1 to 2147483647")]
    Version,
}

/// The id of a provider: 1 to 32 of `a-z`, `0-9` and `-`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct ProviderId(String);

/// The id of a category, unique in its version: 1 to 40 of `A-Z`, `a-z`, `0-9`, `_` and `-`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct CategoryId(String);

/// The full id of a scope, `jobs:listJobs`, unique in its version. It has at most 100 characters, so that
/// it can be an option's value.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type,
)]
#[serde(try_from = "String", into = "String")]
#[sqlx(transparent)]
pub struct ScopeId(String);

/// The number of an API version, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct ApiVersion(u32);

fn is_name(text: &str, limit: usize) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=limit).contains(&text.len()) && text.bytes().all(known)
}

impl ScopeId {
    /// Joins the id of a category and the short id of a scope, as the file has them.
    pub fn new(category: &CategoryId, scope: &str) -> Result<Self, InvalidIdentity> {
        if !is_name(scope, 59) {
            return Err(InvalidIdentity::Scope);
        }
        Ok(Self(format!("{}:{scope}", category.0)))
    }

    /// The id of the category: the part before the colon.
    pub fn category(&self) -> &str {
        self.0.split_once(':').map_or("", |(category, _)| category)
    }

    /// The short id: the part after the colon.
    pub fn scope(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, scope)| scope)
    }
}

impl FromStr for ProviderId {
    type Err = InvalidIdentity;
    fn from_str(text: &str) -> Result<Self, InvalidIdentity> {
        let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let right = (1..=32).contains(&text.len()) && text.bytes().all(known);
        if right { Ok(Self(text.to_owned())) } else { Err(InvalidIdentity::Provider) }
    }
}

impl FromStr for CategoryId {
    type Err = InvalidIdentity;
    fn from_str(text: &str) -> Result<Self, InvalidIdentity> {
        if is_name(text, 40) { Ok(Self(text.to_owned())) } else { Err(InvalidIdentity::Category) }
    }
}

impl FromStr for ScopeId {
    type Err = InvalidIdentity;
    fn from_str(text: &str) -> Result<Self, InvalidIdentity> {
        let (category, scope) = text.split_once(':').ok_or(InvalidIdentity::FullScope)?;
        Self::new(&category.parse()?, scope)
    }
}

macro_rules! text_identities {
    ($($name:ident),+) => {$(
        impl $name {
            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidIdentity;
            fn try_from(text: String) -> Result<Self, InvalidIdentity> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

text_identities!(ProviderId, CategoryId, ScopeId);

impl ApiVersion {
    /// Takes 1 to 2^31 - 1, which is what Postgres' `integer` holds.
    pub fn new(version: u32) -> Result<Self, InvalidIdentity> {
        if (1..=i32::MAX as u32).contains(&version) {
            Ok(Self(version))
        } else {
            Err(InvalidIdentity::Version)
        }
    }

    /// The number, always over 0.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for ApiVersion {
    type Err = InvalidIdentity;
    fn from_str(text: &str) -> Result<Self, InvalidIdentity> {
        let decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let version = decimal.then(|| text.parse().ok()).flatten();
        version.ok_or(InvalidIdentity::Version).and_then(Self::new)
    }
}

impl TryFrom<u32> for ApiVersion {
    type Error = InvalidIdentity;
    fn try_from(version: u32) -> Result<Self, InvalidIdentity> {
        Self::new(version)
    }
}

impl TryFrom<i32> for ApiVersion {
    type Error = InvalidIdentity;
    fn try_from(version: i32) -> Result<Self, InvalidIdentity> {
        u32::try_from(version).map_err(|_| InvalidIdentity::Version).and_then(Self::new)
    }
}

impl From<ApiVersion> for u32 {
    fn from(version: ApiVersion) -> Self {
        version.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_id_is_category_and_scope() {
        let id: ScopeId = "jobs:listJobs".parse().unwrap();
        assert_eq!((id.category(), id.scope(), id.as_str()), ("jobs", "listJobs", "jobs:listJobs"));
        for bad in ["", ":", "jobs", "jobs:", ":listJobs", "a:b:c", "jobs: listJobs", "jöbs:a"] {
            assert!(bad.parse::<ScopeId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_longest_full_id_is_an_options_value() {
        let longest = format!("{}:{}", "c".repeat(40), "s".repeat(59));
        assert_eq!(longest.parse::<ScopeId>().unwrap().as_str().chars().count(), 100);
        assert!(format!("{}:s", "c".repeat(41)).parse::<ScopeId>().is_err());
        assert!(format!("c:{}", "s".repeat(60)).parse::<ScopeId>().is_err());
    }

    #[test]
    fn providers_are_named_in_small_letters() {
        assert!("impact-agency".parse::<ProviderId>().is_ok());
        for bad in ["", "Impact", "a_b", "a b", &"a".repeat(33)] {
            assert!(bad.parse::<ProviderId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn versions_start_at_one() {
        assert_eq!("16".parse::<ApiVersion>().map(ApiVersion::get), Ok(16));
        for bad in ["", "0", "-1", "+1", "1.0", "v1", "2147483648"] {
            assert!(bad.parse::<ApiVersion>().is_err(), "{bad:?}");
        }
    }
}
