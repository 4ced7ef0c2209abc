//! Carries out the rows of a request's life.

use serde_json::{Value, json};
use sqlx::Error;

use super::{Cause, Tx};
use crate::domain::content::Content;
use crate::domain::ids::DraftId;
use crate::domain::job::Job;
use crate::domain::notice::Recipient;
use crate::domain::policy::{self, Tally};
use crate::domain::request::{Approval, Request, RequestState};
use crate::domain::transitions::{RequestFollowUp, RequestTransition};
use crate::store::approvals;
use crate::store::requests::{self, NewRequest, Terms};

impl Tx {
    /// Puts a request in place: one that waits for approvals, or one that asks an admin to do something.
    /// A taken name breaks the constraint [`NAME_TAKEN`](requests::NAME_TAKEN).
    pub async fn submit_request(
        &mut self,
        new: &NewRequest<'_>,
        draft: Option<DraftId>,
    ) -> sqlx::Result<Request> {
        let id = requests::insert(self, new).await?;
        let request = requests::lock(self, id).await?.ok_or(Error::RowNotFound)?;
        let mut detail = json!({ "content": new.content });
        let transition = if request.state == RequestState::Pending {
            detail["approvals_required"] = json!(request.approvals_required);
            detail["draft"] = json!(draft);
            RequestTransition::Submit
        } else {
            RequestTransition::AskAdmin
        };
        self.follow_request(&request, transition, detail).await?;
        Ok(request)
    }

    /// Moves a request, which the caller has locked, and which becomes what it is then.
    ///
    /// # Errors
    /// As the database says; a request that is in another state is [`sqlx::Error::RowNotFound`].
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

    /// Lets another content take a request's place, which the caller has locked: by its requester's edit of
    /// a draft, or since the configuration or its token changed. Approvals of the old one are void. Returns
    /// the request as it is then.
    ///
    /// # Errors
    /// As the database says; a taken name breaks the constraint [`NAME_TAKEN`](requests::NAME_TAKEN).
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
        requests::lock(self, request.id).await?.ok_or(Error::RowNotFound)
    }

    /// The person who pressed approves the content that a request has, whose row the caller has locked. Returns
    /// how far it is then.
    ///
    /// # Errors
    /// As the database says; a second approval of one person breaks `approvals_once`.
    pub async fn give_approval(&mut self, request: &Request) -> sqlx::Result<Tally> {
        let press = self.press.ok_or(Error::RowNotFound)?;
        let (id, digest) = (request.id, request.digest);
        let approval = approvals::insert(self, id, digest, press.person, press.interaction).await?;
        let tally = policy::count_approvals(request, &approvals::list_for_request(self, id).await?);
        let detail = json!({ "approval": approval, "have": tally.have, "need": tally.need });
        self.follow_request(request, RequestTransition::GiveApproval, detail).await?;
        Ok(tally)
    }

    /// Strikes approvals of people who are no admins any more, or no members.
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

    /// What goes with a step of a request's.
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
        if let Some(kind) = row.event {
            let press = self.press_for(row.by);
            let becomes = becomes.map(Content::digest);
            let event = self.log_request(request, (kind, press), detail, becomes).await?;
            if let Some((notice, _)) = row.notice {
                let requester = [Recipient::DirectMessage(request.requester)];
                self.notify((event, notice), (Some(request.id), None), requester).await?;
            }
        }
        let id = request.id;
        for follow_up in row.follow_ups {
            let (job, at) = match follow_up {
                RequestFollowUp::ConfirmApprovals => (Job::ConfirmApprovals { request: id }, None),
                RequestFollowUp::Issue => (Job::Issue { request: id }, None),
                RequestFollowUp::RemindAdmins => {
                    let at = request.submitted_at + self.settings.remind_after;
                    (Job::RemindAdmins { request: id }, Some(at))
                }
                RequestFollowUp::LapseRequest => {
                    (Job::LapseRequest { request: id }, Some(request.expires_at))
                }
            };
            self.enqueue(job, at).await?;
        }
        if row.changes_card {
            self.mark_card(id, &request.content.provider);
        }
        Ok(())
    }
}

/// Approvals that are struck, as an event tells of them: whose they were.
fn describe_struck<'a>(approvals: impl IntoIterator<Item = &'a Approval>) -> Value {
    approvals
        .into_iter()
        .map(|approval| json!({ "approval": approval.id, "person": approval.person }))
        .collect()
}
