//! Carries out the transitions of a request.

use serde_json::{Value, json};
use sqlx::Error;

use super::log::build_request_event;
use super::{Cause, Tx};
use crate::domain::content::Content;
use crate::domain::ids::DraftId;
use crate::domain::job::Job;
use crate::domain::policy::{self, Tally};
use crate::domain::request::{Approval, Request, RequestState};
use crate::domain::transitions::{CardChange, RequestFollowUp, RequestTransition};
use crate::store::jobs::Due;
use crate::store::requests::{self, NewRequest, Terms};
use crate::store::{approvals, drafts};

impl Tx {
    /// Inserts a request: one that waits for approvals, or a task for an admin. `None` if its requester has too many. A
    /// taken name breaks the constraint [`NAME_TAKEN`](requests::NAME_TAKEN).
    pub async fn submit_request(&mut self, new: &NewRequest<'_>) -> sqlx::Result<Option<Request>> {
        let Some(request) = requests::insert(self, new).await? else { return Ok(None) };
        let mut detail = json!({ "content": new.content });
        let transition = if request.state == RequestState::Pending {
            detail["approvals_required"] = json!(request.approvals_required);
            detail["draft"] = json!(new.draft);
            RequestTransition::Submit
        } else if request.is_narrowed_by_upstream() {
            RequestTransition::AskUpstream
        } else {
            RequestTransition::AskAdmin
        };
        self.follow_request(&request, transition, detail).await?;
        Ok(Some(request))
    }

    /// Moves a request; the caller has locked it, and it is updated in place.
    ///
    /// # Errors
    /// [`sqlx::Error::RowNotFound`] if the request is in another state.
    pub async fn move_request(
        &mut self,
        request: &mut Request,
        transition: RequestTransition,
        cause: Cause,
    ) -> sqlx::Result<()> {
        let row = transition.row();
        let to = row.next(request.state).ok_or(Error::RowNotFound)?;
        if row.to == Some(RequestState::Pending) {
            let ttl = self.settings.request_ttl;
            requests::give_back(self, request, ttl).await?;
            (request.ended_by, request.reason) = (None, None);
        } else if row.to.is_some() {
            let is_ended = matches!(to, RequestState::Denied | RequestState::Withdrawn);
            let by = self.press_for(row.by).filter(|_| is_ended).map(|press| press.person);
            requests::change_state(self, request, to, by, cause.reason.as_deref()).await?;
            (request.ended_by, request.reason) = (by, cause.reason);
        }
        request.state = to;
        self.follow_request(request, transition, cause.detail).await
    }

    /// Replaces the content of a request that the caller has locked: because its requester edited it in a draft, which
    /// is deleted, or because the configuration or the token changed. Approvals of the old content are void. Returns the
    /// changed request.
    ///
    /// # Errors
    /// A taken name breaks the constraint [`NAME_TAKEN`](requests::NAME_TAKEN).
    pub async fn replace_content(
        &mut self,
        request: &Request,
        transition: RequestTransition,
        (content, terms): (&Content, Terms),
        draft: Option<DraftId>,
    ) -> sqlx::Result<Request> {
        let row = transition.row();
        row.next(request.state).ok_or(Error::RowNotFound)?;
        let mut detail = json!({ "before": request.content, "after": content, "draft": draft });
        let approvals = approvals::list_for_request(self, request.id).await?;
        let standing: Vec<&Approval> =
            approvals.iter().filter(|approval| approval.struck.is_none()).collect();
        if !standing.is_empty() && content.digest() != request.digest {
            detail["struck"] = describe_struck(standing);
            detail["because"] = json!("content_changed");
        }
        self.follow_with(request, transition, detail, Some(content)).await?;
        requests::change_content(self, request, content, terms).await?;
        if let Some(draft) = draft {
            drafts::remove(self, draft).await?;
        }
        requests::lock(self, request.id).await?.ok_or(Error::RowNotFound)
    }

    /// Approves the current content of a request for the person who pressed; the caller has locked the row, and
    /// read the approvals that it has already.
    /// Returns the progress of the request.
    ///
    /// # Errors
    /// A second approval by one person breaks `approvals_once`.
    pub async fn give_approval(
        &mut self,
        request: &Request,
        mut approvals: Vec<Approval>,
    ) -> sqlx::Result<Tally> {
        let press = self.press.ok_or(Error::RowNotFound)?;
        let (id, digest) = (request.id, request.digest);
        let given = approvals::insert(self, id, digest, press.person, press.interaction).await?;
        let approval = given.id;
        approvals.push(given);
        let tally = policy::count_approvals(request, &approvals);
        let detail = json!({ "approval": approval, "have": tally.have, "need": tally.need });
        self.follow_request(request, RequestTransition::GiveApproval, detail).await?;
        Ok(tally)
    }

    /// Strikes the approvals of people who are no longer admins or members.
    pub async fn strike_approvals(
        &mut self,
        request: &Request,
        theirs: &[&Approval],
    ) -> sqlx::Result<()> {
        if theirs.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = theirs.iter().map(|approval| approval.id).collect();
        approvals::strike(self, &ids).await?;
        let detail =
            json!({ "struck": describe_struck(theirs.iter().copied()), "because": "not_admin" });
        self.follow_request(request, RequestTransition::StrikeApprovals, detail).await
    }

    /// Does what goes with a step of a request.
    async fn follow_request(
        &mut self,
        request: &Request,
        transition: RequestTransition,
        detail: Value,
    ) -> sqlx::Result<()> {
        self.follow_with(request, transition, detail, None).await
    }

    async fn follow_with(
        &mut self,
        request: &Request,
        transition: RequestTransition,
        detail: Value,
        becomes: Option<&Content>,
    ) -> sqlx::Result<()> {
        let row = transition.row();
        // Whoever approved what was changed is called to it again; a change that voids nothing calls nobody.
        let calls = match becomes {
            Some(_) => detail["struck"].is_array() || request.state != RequestState::Pending,
            None => request.awaits_admins(),
        };
        if let Some(kind) = row.event {
            let press = self.press_for(row.by);
            let becomes = becomes.map(Content::digest);
            let event = build_request_event(request, (kind, press), detail, becomes);
            let event = self.note_event(event);
            if let Some((notice, _)) = row.notice {
                self.tell_requester(request, (event, notice));
            }
        }
        if request.state.is_final() || row.from.is_empty() {
            let content = &request.content;
            let of_token = content.target.as_ref().map(|target| target.was.settings.contact);
            let mut people = vec![request.requester, content.settings.contact];
            people.extend(of_token);
            self.show_departures(&content.provider, people);
        }
        let id = request.id;
        for follow_up in row.follow_ups {
            let (job, due) = match follow_up {
                RequestFollowUp::ConfirmApprovals => {
                    (Job::ConfirmApprovals { request: id }, Due::Now)
                }
                RequestFollowUp::Issue => (Job::Issue { request: id }, Due::Now),
                RequestFollowUp::RemindAdmins => {
                    let at = request.submitted_at + self.settings.remind_after;
                    (Job::RemindAdmins { request: id }, Due::At(at))
                }
                RequestFollowUp::LapseRequest => {
                    (Job::LapseRequest { request: id }, Due::At(request.expires_at))
                }
                RequestFollowUp::CallAdmins if !calls => continue,
                RequestFollowUp::CallAdmins => (Job::CallAdmins { request: id }, Due::Now),
            };
            self.enqueue(job, due);
        }
        let change = match row.card {
            CardChange::Soon if request.awaits_admins() => CardChange::Now,
            change => change,
        };
        self.mark_card(id, &request.content.provider, change);
        Ok(())
    }
}

/// Struck approvals in an event: the people who gave them.
fn describe_struck<'a>(approvals: impl IntoIterator<Item = &'a Approval>) -> Value {
    approvals
        .into_iter()
        .map(|approval| json!({ "approval": approval.id, "person": approval.person }))
        .collect()
}
