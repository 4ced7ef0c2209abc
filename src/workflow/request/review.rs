//! Compares a request with today's configuration and with its current token before anything goes on.

use crate::config::Provider;
use crate::domain::catalogue::ProviderId;
use crate::domain::change;
use crate::domain::content::Content;
use crate::domain::ids::RequestId;
use crate::domain::job::Job;
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::{Token, TokenState};
use crate::domain::transitions::RequestTransition;
use crate::store::tx::{Cause, Tx};
use crate::store::{cards, jobs, now, requests, tokens};
use crate::workflow::request::resolve_draft;
use crate::workflow::{Outcome, Workflow};

/// Checks an open change again after its token changed, if it waits for approvals or for a person.
pub async fn recheck_request(workflow: &Workflow, id: RequestId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else { return Ok(()) };
    if request.state.is_final()
        || recheck_content(workflow, &mut tx, &mut request).await? == Today::Same
    {
        return Ok(());
    }
    tx.commit().await?;
    Ok(())
}

/// After a start with another configuration: a request whose provider is gone fails, since nobody could approve it
/// or carry it out; the card of one whose provider is back shows what can be done again.
pub async fn follow_providers(workflow: &Workflow) -> Outcome<()> {
    let configured = &workflow.config.providers;
    let providers: Vec<ProviderId> = configured.iter().map(|found| found.id.clone()).collect();
    let mut connection = workflow.pool.acquire().await?;
    for request in requests::list_without_provider(&mut connection, &providers).await? {
        jobs::enqueue_due(&mut connection, Job::ReviewChange { request }).await?;
    }
    for request in cards::mark_with_provider(&mut connection, &providers).await? {
        jobs::enqueue_due(&mut connection, Job::RenderCard { request }).await?;
    }
    Ok(())
}

/// Computes the digest again. A different content replaces the old one and waits for approvals; if the
/// provider, the version or a scope is gone, the request fails; if the token can't be changed like that any
/// more, the request is withdrawn.
pub(in crate::workflow) async fn recheck_content(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
) -> Outcome<Today> {
    let token = match request.token() {
        Some(token) => tokens::get(tx, token).await?,
        None => None,
    };
    // It changes again as soon as it is off: only then there is something to compare.
    if token.as_ref().is_some_and(|token| waits_until_off(request, token)) {
        return Ok(Today::Same);
    }
    if let Some(token) = &token
        && !token.state.allows(request.content.kind)
    {
        withdraw(tx, request, explain_refusal(token.state)).await?;
        return Ok(Today::Gone);
    }
    let provider = workflow.config.provider(&request.content.provider);
    let most = resolve_draft::get_longest_lifetime(&workflow.config.policy);
    let resolved = provider.and_then(|found| resolve(found, request, token.as_ref(), most));
    if request.content.kind.is_task() {
        // It has no approvals that could be asked for again: the requester can submit it again.
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
    if content.kind == RequestKind::Extend && !change::extends_lifetime(&content, now(tx).await?) {
        withdraw(tx, request, "not_later").await?;
        return Ok(Today::Gone);
    }
    let required = resolve_draft::count_required_approvals(provider, &content);
    let stricter = required > request.approvals_required
        || (request.requester_approval_counts && !workflow.config.policy.count_requester);
    if content.digest() == request.digest && !stricter {
        return Ok(Today::Same);
    }
    let (transition, terms) = (
        RequestTransition::ReturnChanged,
        resolve_draft::build_terms(&workflow.config.policy, required),
    );
    *request = tx.replace_content(request, transition, (&content, terms), None).await?;
    Ok(Today::Changed)
}

/// Whether a token that is to be enabled is being switched off: only an earlier call of the request, which had no
/// clear answer, leads to that.
pub(in crate::workflow) fn waits_until_off(request: &Request, token: &Token) -> bool {
    request.content.kind == RequestKind::Enable && token.state == TokenState::Disabling
}

/// Why a token in this state can't be changed as requested.
fn explain_refusal(state: TokenState) -> &'static str {
    match state {
        TokenState::Deleting => "token_deleting",
        TokenState::Deleted => "token_deleted",
        TokenState::Disabling => "token_disabling",
        TokenState::Expired => "token_expired",
        _ => "token_disabled",
    }
}

/// The result of comparing a request with today's configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::workflow) enum Today {
    /// The content is the same: the approvals still hold.
    Same,
    /// The content is another one: the approvals are void.
    Changed,
    /// It is no longer possible.
    Gone,
}

/// No lifetime that begins now may be longer than today's policy allows, `most` days.
fn resolve<'a>(
    provider: &'a Provider,
    request: &Request,
    token: Option<&Token>,
    most: u16,
) -> Option<(&'a Provider, Content)> {
    let version = provider.catalogue.version(request.content.version_for(token))?;
    let issuer = provider.issuer.facts();
    let mut content = request.content.resolve_again(issuer, version, token).ok()?;
    if resolve_draft::begins_to_live(&content) && !content.kind.is_task() {
        content.lifetime_days = content.lifetime_days.min(most);
    }
    Some((provider, content))
}

/// Withdraws a request that is no longer possible, or that nobody should carry out as it was.
pub(in crate::workflow) async fn withdraw(
    tx: &mut Tx,
    request: &mut Request,
    reason: &'static str,
) -> sqlx::Result<()> {
    let cause = Cause::reason(Some(reason));
    tx.move_request(request, RequestTransition::WithdrawImpossible, cause).await
}
