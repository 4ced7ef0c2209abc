//! Announcements that admins send to the people of tokens: the draft, and the text as it was sent.

use serde_json::json;

use super::catalogue::ProviderId;
use super::content::Digest;
use super::ids::{AnnouncementId, TokenId, UserId};

/// The text of an announcement.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AnnouncementText {
    /// 1 to 100 characters once it is written.
    pub subject: String,
    /// 1 to 2,000 characters once it is written.
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
    /// Its id in the database.
    pub id: AnnouncementId,
    /// Whose tokens it is about.
    pub provider: ProviderId,
    /// The author; no one else may change it.
    pub author: UserId,
    /// The chosen tokens.
    pub tokens: Vec<TokenId>,
    /// All working tokens instead.
    pub everything: bool,
    /// Which page of tokens the panel shows, from 0.
    pub page: u32,
    /// What was written so far.
    pub words: AnnouncementText,
}

impl AnnouncementDraft {
    /// The digest of the chosen tokens, the text and the number of readers. *Send* carries it.
    #[must_use]
    pub fn digest(&self, people: u32) -> Digest {
        let AnnouncementText { subject, body } = &self.words;
        let tokens = (!self.everything).then_some(&self.tokens);
        Digest::of(json!([self.provider, tokens, subject, body, people]).to_string().as_bytes())
    }
}
