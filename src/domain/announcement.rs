//! What admins have to say to the people of tokens: while it is written, and as it was sent.

use serde_json::json;

use super::catalogue::ProviderId;
use super::content::Digest;
use super::ids::{AnnouncementId, TokenId, UserId};

/// The words of an announcement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnouncementText {
    /// 1 to 100 characters, once written.
    pub subject: String,
    /// 1 to 2,000 characters, once written.
    pub body: String,
}

impl AnnouncementText {
    /// Whether they were written.
    #[must_use]
    pub fn are_there(&self) -> bool {
        !self.subject.is_empty() && !self.body.is_empty()
    }
}

/// An announcement that is not sent yet.
#[derive(Debug, Clone)]
pub struct AnnouncementDraft {
    /// The database's identity.
    pub id: AnnouncementId,
    /// Whose tokens it is about.
    pub provider: ProviderId,
    /// Who writes it; nobody else may touch it.
    pub author: UserId,
    /// The chosen tokens.
    pub tokens: Vec<TokenId>,
    /// All live tokens instead.
    pub everything: bool,
    /// Which page of tokens the panel shows, from 0.
    pub page: u32,
    /// What was written so far.
    pub words: AnnouncementText,
}

impl AnnouncementDraft {
    /// The digest of what is chosen and written, and of how many people it reaches: *Send* takes it back.
    #[must_use]
    pub fn digest(&self, people: u32) -> Digest {
        let AnnouncementText { subject, body } = &self.words;
        let tokens = (!self.everything).then_some(&self.tokens);
        Digest::of(json!([self.provider, tokens, subject, body, people]).to_string().as_bytes())
    }
}
