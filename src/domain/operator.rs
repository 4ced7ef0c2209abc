//! The operator at the machine, as the operating system knows them.

use serde::Serialize;

/// A user of the operating system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operator {
    /// The number of the user that this process runs as.
    pub uid: u32,
    /// What that user is called, where the machine says so.
    pub name: Option<String>,
    /// Who became that user by `sudo`, as far as the environment is to be believed.
    pub sudo_user: Option<String>,
}
