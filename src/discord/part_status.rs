//! The parts of this process that its work depends on, as `/readyz` has them, for people in Discord.

use std::pin::Pin;
use std::sync::Arc;

/// A part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessPart {
    /// The database, with space on its disk.
    Database,
    /// The connection to Discord's gateway.
    Gateway,
    /// Signed requests of Discord's, in place of a gateway.
    Signatures,
    /// What runs jobs.
    Workers,
    /// What sends emails.
    Mail,
}

impl ProcessPart {
    /// Its name, as `/readyz` has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Gateway => "gateway",
            Self::Signatures => "signatures",
            Self::Workers => "workers",
            Self::Mail => "mail",
        }
    }
}

/// How a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartStatus {
    /// The part.
    pub part: ProcessPart,
    /// Why it is not ready, in the words of `/readyz`; nothing where it is.
    pub trouble: Option<String>,
}

/// Reads how all parts are.
pub type ReadParts =
    Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Vec<PartStatus>> + Send>> + Send + Sync>;
