//! What a person is told about a name that they want.
//!
//! Names are unique among all tokens of a provider, so "is taken" reveals that somebody else has the name.
//! A person who tries names to learn about others' tokens is told so only a few times an hour. After that,
//! they are told nothing about names except their own, and can't take a free one either: that would reveal
//! the same.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::domain::draft::Draft;
use crate::domain::event::EventKind;
use crate::domain::form::name_key;
use crate::domain::ids::UserId;
use crate::store::events;
use crate::store::names::{self, NameFacts, NameHolder, NameLimit};
use crate::store::requests;
use crate::store::tx::{LogEntry, Tx};

use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Outcome, Workflow};

/// How many names of others a person is told of, for each provider.
pub(in crate::workflow) const LIMIT: NameLimit = (5, Duration::from_secs(60 * 60));

/// What a person is told of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameAnswer {
    /// It is free.
    Free,
    /// A live token or an open request has it.
    Taken,
    /// Unknown: this person tried too many names of others.
    Unsaid {
        /// When the next name is told.
        until: DateTime<Utc>,
    },
}

impl NameAnswer {
    /// Why a draft with this name is refused; none if the name is free.
    pub(in crate::workflow) fn refusal(self, name: &str) -> Option<Refusal> {
        match self {
            Self::Free => None,
            Self::Taken => Some(Refusal::NameTaken { name: name.to_owned() }),
            Self::Unsaid { until } => Some(Refusal::TooManyNames { until }),
        }
    }
}

/// What the person is told about a draft's name, of which these facts are known. It is noted if the name is somebody
/// else's, so the caller commits before telling.
pub(in crate::workflow) async fn get_answer(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    (draft, known): (&Draft, NameFacts),
) -> Outcome<NameAnswer> {
    if draft.kind.keeps_settings() {
        return Ok(NameAnswer::Free);
    }
    let provider = &draft.provider;
    // Admins see all names of their providers in lists.
    let sees_all = actor.relationship(workflow.config.provider(provider), None).admin;
    Ok(match known.holder {
        NameHolder::Itself => NameAnswer::Free,
        NameHolder::Theirs => NameAnswer::Taken,
        NameHolder::Nobody if sees_all => NameAnswer::Free,
        NameHolder::Others if sees_all => NameAnswer::Taken,
        NameHolder::Nobody => {
            known.untold_until.map_or(NameAnswer::Free, |until| NameAnswer::Unsaid { until })
        }
        NameHolder::Others => {
            requests::lock_submissions(tx, actor.user).await?;
            let what = (EventKind::NameRefused, provider, actor.user);
            match events::find_next_allowed_time(tx, what, LIMIT).await? {
                Some(until) => NameAnswer::Unsaid { until },
                None => {
                    note(tx, actor.user, draft).await?;
                    NameAnswer::Taken
                }
            }
        }
    })
}

/// Each name is noted once, though each step in the panel repeats it.
async fn note(tx: &mut Tx, person: UserId, draft: &Draft) -> sqlx::Result<()> {
    let (provider, name) = (&draft.provider, draft.form.name.trim());
    if names::was_told_recently(tx, (provider, name), person).await? {
        return Ok(());
    }
    let detail = json!({ "name_key": name_key(name) });
    tx.log(LogEntry { kind: EventKind::NameRefused, provider, detail }).await.map(drop)
}
