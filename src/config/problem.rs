//! What is wrong with a configuration: where, what, and what to do.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

/// A place in the configuration.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In a file, on a line counted from 1; without one, the whole file is meant.
    File(Arc<str>, Option<usize>),
    /// In a variable of the environment.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file, Some(line)) => write!(f, "{file}:{line}"),
            Self::File(file, None) => f.write_str(file),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

/// One error. Holds no secret: the value of a secret's key is never quoted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it is.
    pub place: Place,
    /// The key, what is wrong with it, and what to do.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Everything that is wrong with a configuration and the files that it names; at least one
/// [`Problem`], by place. Shown one a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(Vec<Problem>);

/// Everything that is wrong with a catalogue.
pub type CatalogueErrors = ConfigErrors;

impl ConfigErrors {
    /// Each of them.
    pub fn problems(&self) -> &[Problem] {
        &self.0
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}

/// Collects problems while everything is read, so that people see them at once.
#[derive(Default)]
pub(super) struct Problems(RefCell<Vec<Problem>>);

impl Problems {
    /// Notes one.
    pub(super) fn add(&self, place: &Place, message: impl Into<String>) {
        self.0.borrow_mut().push(Problem { place: place.clone(), message: message.into() });
    }

    /// Notes those of a file that the configuration names.
    pub(super) fn extend(&self, errors: ConfigErrors) {
        self.0.borrow_mut().extend(errors.0);
    }

    /// What was read, if nothing was wrong.
    pub(super) fn conclude<T>(self, read: Option<T>) -> Result<T, ConfigErrors> {
        let mut problems = self.0.into_inner();
        // One file may be named twice.
        problems.sort();
        problems.dedup();
        match read {
            Some(read) if problems.is_empty() => Ok(read),
            _ => Err(ConfigErrors(problems)),
        }
    }
}
