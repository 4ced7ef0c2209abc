//! The operator: the user of the machine who runs a command.

use serde::Serialize;

/// A user of the operating system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Operator {
    /// The id of the user that runs this process.
    pub uid: u32,
    /// The name of that user, if the system has one.
    pub name: Option<String>,
    /// The user who ran `sudo`, if the environment can be trusted.
    pub sudo_user: Option<String>,
}
