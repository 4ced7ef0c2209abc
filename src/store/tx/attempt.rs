//! Carries out the transitions of an attempt: a call that makes a token at an upstream.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::Error;

use super::log::build_request_event;
use super::{LogEntry, Tx};
use crate::domain::attempt::{Attempt, UpstreamDoubt};
use crate::domain::catalogue::ProviderId;
use crate::domain::event::EventKind;
use crate::domain::ids::AttemptId;
use crate::domain::job::Job;
use crate::domain::request::Request;
use crate::domain::transitions::{AttemptFollowUp, AttemptTransition};
use crate::store::attempts::KeptId;
use crate::store::jobs::Due;
use crate::store::{attempts, events, now};

impl Tx {
    /// Stores a call before it is sent, for a request that is being issued.
    pub async fn begin_attempt(
        &mut self,
        request: &Request,
        (marker, configuration): (&str, &str),
    ) -> sqlx::Result<AttemptId> {
        let id = attempts::begin(self, request.id, (marker, configuration)).await?;
        let detail = json!({ "attempt": id, "marker": marker });
        self.follow_attempt(request, AttemptTransition::Begin, detail);
        Ok(id)
    }

    /// Records that a call made a token, with its id at the upstream.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] if the call is not running.
    pub async fn note_made(
        &mut self,
        request: &Request,
        attempt: AttemptId,
        (id, ends_at): (&KeptId, Option<DateTime<Utc>>),
    ) -> sqlx::Result<()> {
        attempts::note_made(self, attempt, id, ends_at).await?;
        self.follow_attempt(request, AttemptTransition::Make, json!({}));
        Ok(())
    }

    /// A new secret came with a new id; the token's own event covers it.
    ///
    /// # Errors
    /// Any database error; a call whose token is not ours is [`sqlx::Error::RowNotFound`].
    pub async fn change_upstream_id(
        &mut self,
        attempt: AttemptId,
        id: &KeptId,
    ) -> sqlx::Result<()> {
        attempts::change_id(self, attempt, id).await
    }

    /// An upstream's answers differ from its configuration: the admins of its provider are told, once for
    /// each configuration.
    pub async fn doubt_upstream(
        &mut self,
        provider: &ProviderId,
        configuration: &str,
        doubt: &UpstreamDoubt,
    ) -> sqlx::Result<()> {
        // Of a token that may be there each is told.
        let is_once = !matches!(doubt, UpstreamDoubt::Stray { .. });
        if is_once && events::is_doubted(self, provider, (configuration, doubt.what())).await? {
            return Ok(());
        }
        let mut detail = json!(doubt);
        detail["configuration"] = json!(configuration);
        let event =
            self.log(LogEntry { kind: EventKind::UpstreamDoubted, provider, detail }).await?;
        self.enqueue(Job::TellDoubt { event }, Due::Now);
        Ok(())
    }

    /// Moves a call, whose request the caller has locked. `settle` is how long what it made may still take
    /// to be there.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] if the call is in another state.
    pub async fn move_attempt(
        &mut self,
        request: &Request,
        attempt: &Attempt,
        (transition, settle): (AttemptTransition, Option<Duration>),
        why: &str,
    ) -> sqlx::Result<()> {
        let row = transition.row();
        let to = row.next(attempt.state).ok_or(Error::RowNotFound)?;
        attempts::change_state(self, attempt, to, settle).await?;
        let detail = json!({
            "attempt": attempt.id, "marker": attempt.marker, "became": to.as_str(), "why": why,
        });
        self.follow_attempt(request, transition, detail);
        for follow_up in row.follow_ups {
            let job = match follow_up {
                AttemptFollowUp::LookForStray => Job::LookForStray { attempt: attempt.id },
            };
            let at = now(self).await? + settle.unwrap_or_default();
            self.enqueue(job, Due::At(at));
        }
        Ok(())
    }

    fn follow_attempt(&mut self, request: &Request, transition: AttemptTransition, detail: Value) {
        let row = transition.row();
        if let Some(kind) = row.event {
            let press = self.press_for(row.by);
            self.note_event(build_request_event(request, (kind, press), detail, None));
        }
        self.mark_card(request.id, &request.content.provider, row.card);
    }
}
