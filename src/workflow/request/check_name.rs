//! What somebody is told of a name that they want.
//!
//! Names are unique over what others have as well, so that "is taken" tells that others have it. Who
//! tries names to learn of others' tokens is told so a few times an hour. After that, nothing is said of
//! any name but their own, and no free one can be had either: that would tell it as well.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use crate::domain::draft::Draft;
use crate::domain::event::EventKind;
use crate::domain::form::name_key;
use crate::domain::ids::UserId;
use crate::store::events;
use crate::store::names::{self, NameHolder};
use crate::store::requests;
use crate::store::tx::{LogEntry, Tx};

use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Outcome, Workflow};

/// How many names of others somebody is told of in [`WINDOW`], for each provider.
const LIMIT: u32 = 5;
const WINDOW: Duration = Duration::from_secs(60 * 60);

/// What is said of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameAnswer {
    /// It can be had.
    Free,
    /// A live token or an open request has it.
    Taken,
    /// Neither: too many names that others have were tried.
    Unsaid {
        /// When one is said again.
        until: DateTime<Utc>,
    },
}

impl NameAnswer {
    /// Why a draft with this name is not submitted; none where it can be had.
    pub(in crate::workflow) fn refusal(self, name: &str) -> Option<Refusal> {
        match self {
            Self::Free => None,
            Self::Taken => Some(Refusal::NameTaken { name: name.to_owned() }),
            Self::Unsaid { until } => Some(Refusal::TooManyNames { until }),
        }
    }
}

/// What the person is told of a draft's name. That it is another's is noted, so the caller commits
/// before they are told.
pub(in crate::workflow) async fn get_answer(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    draft: &Draft,
) -> Outcome<NameAnswer> {
    if draft.kind.keeps_settings() {
        return Ok(NameAnswer::Free);
    }
    let (provider, name) = (&draft.provider, draft.form.name.trim());
    let changed = draft.token.filter(|_| !draft.kind.makes_a_token());
    let wanted_for = (draft.request, changed);
    let holder = names::find_holder(tx, (provider, name), actor.user, wanted_for).await?;
    // Admins see every name of their providers in lists.
    let sees_all = actor.relationship(workflow.config.provider(provider), None).admin;
    Ok(match holder {
        NameHolder::Itself => NameAnswer::Free,
        NameHolder::Theirs => NameAnswer::Taken,
        NameHolder::Nobody if sees_all => NameAnswer::Free,
        NameHolder::Others if sees_all => NameAnswer::Taken,
        NameHolder::Nobody => match find_next_time(tx, actor, draft).await? {
            Some(until) => NameAnswer::Unsaid { until },
            None => NameAnswer::Free,
        },
        NameHolder::Others => {
            requests::lock_submissions(tx, actor.user).await?;
            match find_next_time(tx, actor, draft).await? {
                Some(until) => NameAnswer::Unsaid { until },
                None => {
                    note(tx, actor.user, draft).await?;
                    NameAnswer::Taken
                }
            }
        }
    })
}

async fn find_next_time(
    connection: &mut PgConnection,
    actor: &Actor,
    draft: &Draft,
) -> sqlx::Result<Option<DateTime<Utc>>> {
    let what = (EventKind::NameRefused, &draft.provider, actor.user);
    events::find_next_allowed_time(connection, what, (LIMIT, WINDOW)).await
}

/// Notes each name once: it is said with every step in the panel.
async fn note(tx: &mut Tx, person: UserId, draft: &Draft) -> sqlx::Result<()> {
    let (provider, name) = (&draft.provider, draft.form.name.trim());
    if names::was_told_recently(tx, (provider, name), person).await? {
        return Ok(());
    }
    let detail = json!({ "name_key": name_key(name) });
    tx.log(LogEntry { kind: EventKind::NameRefused, provider, detail }).await.map(drop)
}
