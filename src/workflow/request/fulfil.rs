//! What an admin does by hand at the provider: enters what it shows, or confirms that it is done.

use secrecy::{ExposeSecret as _, SecretString};

use crate::domain::content::{Content, Digest};
use crate::domain::ids::{EventId, RequestId};
use crate::domain::issuer::IssuerKind;
use crate::domain::permission::Action;
use crate::domain::policy;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::transitions::RequestTransition;
use crate::store::events;
use crate::store::tokens::LifetimeStart;
use crate::store::tx::Cause;

use crate::workflow::delivery::hand_over::{self, IssuerAnswer};
use crate::workflow::refusal::Refusal;
use crate::workflow::request::review::{self, Today};
use crate::workflow::token::end;
use crate::workflow::{Actor, Outcome, Workflow, access};

/// The longest *Account SID* that the form takes.
pub const ACCOUNT_SID_LIMIT: usize = 128;
/// The longest *Auth Token* that the form takes.
pub const AUTH_TOKEN_LIMIT: usize = 512;

/// A request for the form of *Fulfil*, before anything changes.
pub async fn get_request(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
    shown: Digest,
) -> Outcome<Request> {
    let request = access::get_request(workflow, actor, Action::Fulfil, id).await?;
    must_wait_for_a_person(&request, shown)?;
    must_take_a_secret(&request)?;
    Ok(request)
}

/// *Fulfil*: an admin made the token, or a new secret, on the provider's page and pasted it.
pub async fn enter_secret(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
    shown: Digest,
    account_sid: &str,
    secret: SecretString,
) -> Outcome<Request> {
    let account_sid = account_sid.trim();
    if !is_credential(account_sid, ACCOUNT_SID_LIMIT) {
        return Err(Refusal::BadAccountSid.into());
    }
    let secret = SecretString::from(secret.expose_secret().trim());
    if !is_credential(secret.expose_secret(), AUTH_TOKEN_LIMIT) {
        return Err(Refusal::BadSecret.into());
    }
    let (mut tx, locked) = access::begin_on_request(workflow, actor, Action::Fulfil, id).await?;
    let mut request = locked.request;
    must_take_a_secret(&request)?;
    must_wait_for_a_person(&request, shown)?;
    if review::recheck_content(workflow, &mut tx, &mut request).await? != Today::Same {
        tx.commit().await?;
        return Err(explain_in_vain(&request).into());
    }
    let made = IssuerAnswer {
        account_sid: account_sid.to_owned(),
        secret,
        lifetime_start: LifetimeStart::FromNow,
    };
    hand_over::issue_secret(workflow, &mut tx, &mut request, &made).await?;
    tx.commit().await?;
    Ok(request)
}

/// *Done*: an admin has done at the provider what the card asks for.
pub async fn complete_task(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
    shown: Digest,
) -> Outcome<Request> {
    let (mut tx, locked) = access::begin_on_request(workflow, actor, Action::Fulfil, id).await?;
    let mut request = locked.request;
    must_wait_for_a_person(&request, shown)?;
    match request.content.kind {
        RequestKind::Disable | RequestKind::Delete => {
            end::complete_task(&mut tx, &mut request).await?;
        }
        RequestKind::Edit | RequestKind::Upgrade | RequestKind::Extend | RequestKind::Narrow => {
            if review::recheck_content(workflow, &mut tx, &mut request).await? != Today::Same {
                tx.commit().await?;
                return Err(explain_in_vain(&request).into());
            }
            tx.change_token(&mut request).await?;
        }
        RequestKind::Create | RequestKind::Duplicate | RequestKind::Reset | RequestKind::Enable => {
            return Err(Refusal::NothingToDo.into());
        }
    }
    tx.commit().await?;
    Ok(request)
}

/// *Try again* after the failure that the card shows: Discord is asked about all approvals again, or, where
/// there are none, the upstream at once. If the request has failed again meanwhile, nobody has read what must
/// be done first.
pub async fn retry_request(
    workflow: &Workflow,
    actor: &Actor,
    id: RequestId,
    failure: EventId,
) -> Outcome<Request> {
    let (mut tx, locked) = access::begin_on_request(workflow, actor, Action::Fulfil, id).await?;
    let mut request = locked.request;
    let is_task = request.is_narrowed_by_upstream() && request.waits_for_a_person();
    if request.state != RequestState::Failed && !is_task {
        return Err(Refusal::NotPending(request.state).into());
    }
    if events::find_last_failure(&mut tx, id).await? != Some(failure) {
        return Err(Refusal::OlderContent.into());
    }
    let enough = policy::count_approvals(&request, &locked.approvals).is_enough();
    let transition = match (is_task, enough) {
        (true, _) => RequestTransition::AskUpstreamAgain,
        (false, true) => RequestTransition::Retry,
        (false, false) => RequestTransition::RetryUnapproved,
    };
    tx.move_request(&mut request, transition, Cause::none()).await?;
    tx.commit().await?;
    Ok(request)
}

/// Refuses a request that does not wait, or no longer, for what its card with the content `shown` asked
/// for. Who presses may have done that at the provider already.
fn must_wait_for_a_person(request: &Request, shown: Digest) -> Result<(), Refusal> {
    let (waits, is_shown) = (request.waits_for_a_person(), request.digest == shown);
    if waits && is_shown {
        return Ok(());
    }
    Err(match request.state {
        // Its upstream is asked again.
        RequestState::Issuing if request.is_narrowed_by_upstream() => Refusal::OlderContent,
        // The same was done already.
        RequestState::Done if is_shown && !takes_a_secret(request) => {
            Refusal::NotPending(request.state)
        }
        _ if is_changed_by_hand(request) => explain_in_vain(request),
        RequestState::Issuing if waits => Refusal::OlderContent,
        RequestState::Issuing => Refusal::NotManual,
        state => Refusal::NotPending(state),
    })
}

fn explain_in_vain(request: &Request) -> Refusal {
    Refusal::MadeInVain { kind: request.content.kind, state: request.state }
}

/// Whether an admin may have done something at the provider that would have to be undone. A token that was
/// to end may be off.
fn is_changed_by_hand(request: &Request) -> bool {
    let Content { kind, issuer, .. } = &request.content;
    let is_end = matches!(kind, RequestKind::Disable | RequestKind::Delete);
    !is_end && (*issuer == IssuerKind::Manual || *kind == RequestKind::Narrow)
}

fn must_take_a_secret(request: &Request) -> Result<(), Refusal> {
    if takes_a_secret(request) { Ok(()) } else { Err(Refusal::NothingToDo) }
}

fn takes_a_secret(request: &Request) -> bool {
    let kind = request.content.kind;
    kind.makes_a_token() || kind.renews_the_secret()
}

/// One word of printable ASCII, as in HTTP credentials.
fn is_credential(text: &str, limit: usize) -> bool {
    (1..=limit).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}
