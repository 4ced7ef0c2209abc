//! Enough approvals are there: Discord is asked again whose they are, and today's configuration whether
//! they still say yes to the same content.

use std::collections::BTreeSet;

use crate::config::Provider;
use crate::domain::change;
use crate::domain::content::Content;
use crate::domain::ids::{ApprovalId, RequestId, RoleId, UserId};
use crate::domain::policy::{self, Confirmation};
use crate::domain::request::{Approval, Request, RequestKind, RequestState};
use crate::domain::token::{Token, TokenState};
use crate::domain::transitions::RequestTransition;
use crate::store::tx::{Cause, Tx};
use crate::store::{approvals, now, requests, tokens};

use super::wish::{approvals_required, begins_to_live, longest_life};
use super::{Outcome, Workflow};

/// Whom to ask Discord of.
#[derive(Debug)]
pub struct ToAsk {
    /// Whose approvals count.
    pub people: BTreeSet<UserId>,
    /// The roles that make an admin; empty where the provider is gone.
    pub admin_roles: Vec<RoleId>,
}

/// What a confirmation came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// It is being issued.
    Issuing,
    /// It waits for approvals again.
    Returned,
    /// Its provider is gone, or its token.
    Ended,
    /// Nothing was due.
    Nothing,
    /// Somebody else must be asked of first.
    AskAgain,
}

impl Workflow {
    /// Whose roles are to be asked, if the request waits for that.
    ///
    /// # Errors
    /// Faults.
    pub async fn to_confirm(&self, id: RequestId) -> Outcome<Option<ToAsk>> {
        let mut connection = self.pool.acquire().await?;
        let Some(request) = requests::get(&mut connection, id).await? else { return Ok(None) };
        if request.state != RequestState::Approved {
            return Ok(None);
        }
        let approvals = approvals::of(&mut connection, id).await?;
        let provider = self.config.provider(&request.content.provider);
        Ok(Some(ToAsk {
            people: policy::people_whose_approvals_count(&request, &approvals),
            admin_roles: provider.map(|found| found.admin_roles.clone()).unwrap_or_default(),
        }))
    }

    /// Discord answered for everybody in `asked`; `admins` are those who still are.
    ///
    /// # Errors
    /// Faults.
    pub async fn confirm(
        &self,
        id: RequestId,
        asked: &BTreeSet<UserId>,
        admins: &BTreeSet<UserId>,
    ) -> Outcome<Confirmed> {
        let mut tx = self.tx().await?;
        let Some(mut request) = requests::lock(&mut tx, id).await? else {
            return Ok(Confirmed::Nothing);
        };
        if request.state != RequestState::Approved {
            return Ok(Confirmed::Nothing);
        }
        let confirmed = match self.today(&mut tx, &mut request).await? {
            Today::Gone => Confirmed::Ended,
            Today::Changed => Confirmed::Returned,
            Today::Same => {
                let approvals = approvals::of(&mut tx, id).await?;
                match policy::confirm(&request, &approvals, asked, admins) {
                    Confirmation::AskAgain => return Ok(Confirmed::AskAgain),
                    Confirmation::TooFew(struck) => {
                        strike(&mut tx, &request, (&approvals, &struck)).await?;
                        let transition = RequestTransition::Return;
                        tx.move_request(&mut request, transition, Cause::none()).await?;
                        Confirmed::Returned
                    }
                    Confirmation::Confirmed(struck) => {
                        strike(&mut tx, &request, (&approvals, &struck)).await?;
                        let transition = RequestTransition::Confirm;
                        tx.move_request(&mut request, transition, Cause::none()).await?;
                        Confirmed::Issuing
                    }
                }
            }
        };
        tx.commit().await?;
        Ok(confirmed)
    }

    /// The token of an open change is not what it was: whatever waits for approvals, or for a person, is
    /// compared with it once more.
    ///
    /// # Errors
    /// Faults.
    pub async fn review_change(&self, id: RequestId) -> Outcome<()> {
        let mut tx = self.tx().await?;
        let Some(mut request) = requests::lock(&mut tx, id).await? else { return Ok(()) };
        if request.state.is_final() || self.today(&mut tx, &mut request).await? == Today::Same {
            return Ok(());
        }
        tx.commit().await?;
        Ok(())
    }

    /// Computes the digest anew. A content that differs takes the old one's place, and waits for
    /// approvals; a provider that is gone, or a version or scope of it, fails the request; a token that
    /// can't be changed like that any more withdraws it.
    pub(super) async fn today(&self, tx: &mut Tx, request: &mut Request) -> Outcome<Today> {
        let token = match request.token() {
            Some(token) => tokens::get(tx, token).await?,
            None => None,
        };
        if let Some(token) = &token
            && !token.state.allows(request.content.kind)
        {
            withdraw(tx, request, why_not(token.state)).await?;
            return Ok(Today::Gone);
        }
        let provider = self.config.provider(&request.content.provider);
        let most = longest_life(&self.config.policy);
        let resolved = provider.and_then(|found| resolve(found, request, token.as_ref(), most));
        if request.content.kind.is_task() {
            // It has no approvals that could be asked once more: whoever wants it still asks anew.
            return match resolved {
                Some((_, content)) if content.digest() == request.digest => Ok(Today::Same),
                _ => {
                    withdraw(tx, request, "token_changed").await?;
                    Ok(Today::Gone)
                }
            };
        }
        let Some((provider, content)) = resolved else {
            let cause = Cause::reason(Some("provider_gone"));
            tx.move_request(request, RequestTransition::Fail, cause).await?;
            return Ok(Today::Gone);
        };
        if content.kind == RequestKind::Extend && !change::extends(&content, now(tx).await?) {
            withdraw(tx, request, "not_later").await?;
            return Ok(Today::Gone);
        }
        let required = approvals_required(provider, &content);
        let stricter = required > request.approvals_required
            || (request.requester_approval_counts && !self.config.policy.count_requester);
        if content.digest() == request.digest && !stricter {
            return Ok(Today::Same);
        }
        let (transition, terms) = (RequestTransition::ReturnChanged, self.terms(required));
        *request = tx.replace_content(request, transition, (&content, terms), None).await?;
        Ok(Today::Changed)
    }
}

/// Why a token in this state can't be changed as was asked for.
fn why_not(state: TokenState) -> &'static str {
    match state {
        TokenState::Deleting | TokenState::Deleted => "token_deleted",
        TokenState::Expired => "token_expired",
        _ => "token_disabled",
    }
}

/// What today's configuration says of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Today {
    /// The approvals still say yes to it.
    Same,
    /// It is another content: the approvals are void.
    Changed,
    /// It can't be asked for any more.
    Gone,
}

/// Nothing begins to live for longer than today's policy lets it, `most` days.
fn resolve<'a>(
    provider: &'a Provider,
    request: &Request,
    token: Option<&Token>,
    most: u16,
) -> Option<(&'a Provider, Content)> {
    let version = provider.catalogue.version(request.content.version_for(token))?;
    let issuer = provider.issuer.facts();
    let mut content = request.content.resolved_again(issuer, version, token).ok()?;
    if begins_to_live(&content) && !content.kind.is_task() {
        content.lifetime_days = content.lifetime_days.min(most);
    }
    Some((provider, content))
}

/// Approvals of people who are no admins any more, or no members.
async fn strike(
    tx: &mut Tx,
    request: &Request,
    (approvals, ids): (&[Approval], &[ApprovalId]),
) -> Outcome<()> {
    let theirs: Vec<&Approval> =
        approvals.iter().filter(|approval| ids.contains(&approval.id)).collect();
    Ok(tx.strike_approvals(request, &theirs).await?)
}

/// What was asked for can't be had any more, or nobody is to do it as it was asked.
pub(super) async fn withdraw(
    tx: &mut Tx,
    request: &mut Request,
    reason: &'static str,
) -> sqlx::Result<()> {
    let cause = Cause::reason(Some(reason));
    tx.move_request(request, RequestTransition::WithdrawImpossible, cause).await
}
