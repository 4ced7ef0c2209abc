//! A provider's catalogue: API versions → categories → scopes.
//!
//! Only rules that hold for every catalogue are here; [`crate::config`] reads catalogues from files. The
//! limits of size come from Discord: an option's value holds 100 characters, and so does its label.

mod identity;
mod path;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use identity::{ApiVersion, CategoryId, InvalidIdentity, ProviderId, ScopeId};
pub use path::{
    ACCOUNT_SID, InvalidPath, PATH_LIMIT, PathTemplate, may_hold_slashes, without_last_slash,
};

/// Longest category name: a label of 100 characters shows it beside a counter.
pub const CATEGORY_NAME_LIMIT: usize = 80;
/// Most versions of a catalogue: one select holds 25 options.
pub const VERSION_COUNT_LIMIT: usize = 25;
/// Longest value that an issuer sends for a scope.
pub const SCOPE_VALUE_LIMIT: usize = 256;

/// What the tokens of a provider can be allowed to do. It has at least one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    versions: Vec<Version>,
}

/// One version of a provider's API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// The version's number, as people and upstreams use it.
    pub version: ApiVersion,
    /// Whether the panel recommends this version. At most one version is recommended.
    pub recommended: bool,
    /// In the order of the file.
    pub categories: Vec<Category>,
}

/// A group of scopes, as the provider sorts them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Category {
    /// Unique in its version.
    pub id: CategoryId,
    /// What people see; 1 to [`CATEGORY_NAME_LIMIT`] characters, on one line.
    pub name: String,
    /// In the order of the file; at least one.
    pub scopes: Vec<Scope>,
}

/// One HTTP method on one path template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scope {
    /// The full id, category included: `jobs:listJobs`.
    pub id: ScopeId,
    /// The method that it allows.
    pub method: Method,
    /// The paths that it allows.
    pub path: PathTemplate,
    /// What an `http` issuer sends for this scope; by default the full id.
    pub value: String,
    /// Whether cards show the scope first, because it moves money, deletes data, or shows personal data.
    pub sensitive: bool,
    /// How many approvals a token with this scope needs at least; 2 or more.
    pub approvals: Option<u8>,
}

impl Catalogue {
    /// Sorts the versions, newest first. `None` if there are none.
    pub fn new(mut versions: Vec<Version>) -> Option<Self> {
        versions.sort_by_key(|version| std::cmp::Reverse(version.version));
        if versions.is_empty() { None } else { Some(Self { versions }) }
    }

    /// All versions, newest first; never empty.
    pub fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version of that number.
    pub fn version(&self, version: ApiVersion) -> Option<&Version> {
        self.versions.iter().find(|candidate| candidate.version == version)
    }

    /// The version with the highest number.
    pub fn newest(&self) -> &Version {
        &self.versions[0] // `new` refuses an empty list
    }

    /// The version that the file recommends, else the newest.
    pub fn recommended(&self) -> &Version {
        self.versions.iter().find(|version| version.recommended).unwrap_or_else(|| self.newest())
    }
}

impl Version {
    /// Every scope of this version, in the order of the file.
    pub fn scopes(&self) -> impl Iterator<Item = &Scope> {
        self.categories.iter().flat_map(|category| &category.scopes)
    }

    /// The category of that id.
    pub fn category(&self, id: &CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == *id)
    }

    /// The scope of that full id.
    pub fn scope(&self, id: &ScopeId) -> Option<&Scope> {
        self.category_of(id)?.scopes.iter().find(|scope| scope.id == *id)
    }

    /// The category in the full id of a scope. It does not check that the category has the scope.
    pub fn category_of(&self, id: &ScopeId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id.as_str() == id.category())
    }
}

impl Category {
    /// The scope of that full id.
    pub fn scope(&self, id: &ScopeId) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.id == *id)
    }
}

impl fmt::Display for Scope {
    /// The form that people read: `GET /Agencies/{AccountSID}/Jobs`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// An HTTP method that a scope can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "they are HTTP's own names")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}

/// Text that is no [`Method`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it takes one of GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capitals")]
pub struct UnknownMethod;

impl Method {
    /// All methods.
    pub const ALL: [Self; 7] =
        [Self::Get, Self::Head, Self::Post, Self::Put, Self::Patch, Self::Delete, Self::Options];

    /// As HTTP writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Method {
    type Err = UnknownMethod;
    fn from_str(text: &str) -> Result<Self, UnknownMethod> {
        Self::ALL.into_iter().find(|method| method.as_str() == text).ok_or(UnknownMethod)
    }
}
