//! The session that outlives a process.

use async_trait::async_trait;

/// What it takes to resume: Discord then sends what was missed meanwhile.
#[derive(Clone, PartialEq, Eq)]
pub struct SavedSession {
    /// Discord's name for it. With the bot's token it opens the session: not for logs.
    pub session_id: String,
    /// Where to resume.
    pub resume_url: String,
    /// The last event that was handed on.
    pub sequence: u64,
}

impl std::fmt::Debug for SavedSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SavedSession").field("sequence", &self.sequence).finish_non_exhaustive()
    }
}

/// Keeps the session for the next process. What it fails to keep costs only what was missed between
/// two processes.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// The session that was saved last.
    async fn load(&self) -> anyhow::Result<Option<SavedSession>>;
    /// Saves it in place of any other; none when it has ended.
    async fn save(&self, session: Option<&SavedSession>) -> anyhow::Result<()>;
}
