//! Issues a request: a new token, a new secret for an existing token, or other settings.

use std::time::Duration;

use anyhow::Context as _;

use crate::domain::catalogue::ProviderId;
use crate::domain::ids::RequestId;
use crate::domain::issuer::IssuerKind;
use crate::domain::request::{Request, RequestState};
use crate::domain::secret;
use crate::store::tokens::LifetimeStart;
use crate::store::tx::Tx;
use crate::store::{requests, tokens};

use crate::workflow::delivery::hand_over::{self, IssuerAnswer};
use crate::workflow::request::review::{self, Today};
use crate::workflow::upstream::create::{self, UpstreamCall};
use crate::workflow::upstream::trouble::Next;
use crate::workflow::upstream::{renew, update};
use crate::workflow::{Outcome, Workflow};

/// When it is asked again for a place to call an upstream that is busy.
pub const PLACE_AFTER: Duration = Duration::from_secs(1);

/// Carries out a request that is being issued, if Countersign can do so itself. Returns what an upstream
/// must do first; everything else waits for a person. `take_place` says whether this upstream may be called now, and is asked
/// while the request is locked; if others wait for one that is slow, so does the request, and when that lasts, people
/// should know.
pub async fn carry_out(
    workflow: &Workflow,
    id: RequestId,
    take_place: &mut (dyn FnMut(&ProviderId) -> bool + Send),
) -> Outcome<UpstreamCall> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else {
        return Ok(UpstreamCall::Nothing);
    };
    if request.state != RequestState::Issuing {
        renew::settle_unanswered(workflow, &mut tx, &request).await?;
        tx.commit().await?;
        return Ok(UpstreamCall::Nothing);
    }
    if request.waits_for_a_person() {
        return Ok(UpstreamCall::Nothing);
    }
    let is_upstream = request.content.issuer == IssuerKind::Http;
    let mut call = UpstreamCall::Nothing;
    if is_upstream && !take_place(&request.content.provider) {
        if renew::wait_or_fail(workflow, &mut tx, &mut request, None).await? != Next::Over {
            call = UpstreamCall::Wait(PLACE_AFTER);
        }
    } else if review::recheck_content(workflow, &mut tx, &mut request).await? != Today::Same {
        renew::settle_unanswered(workflow, &mut tx, &request).await?;
    } else {
        let kind = request.content.kind;
        if kind.makes_a_token() && is_upstream {
            call = create::prepare_call(workflow, &mut tx, &mut request).await?;
        } else if kind.renews_the_secret() && is_upstream {
            call = renew::prepare_call(workflow, &mut tx, &mut request).await?;
        } else if kind.makes_a_token() || kind.renews_the_secret() {
            let made = mint(&mut tx, &request).await?;
            hand_over::issue_secret(workflow, &mut tx, &mut request, &made).await?;
        } else if is_upstream {
            call = update::prepare_call(workflow, &mut tx, &mut request).await?;
        } else {
            tx.change_token(&mut request).await?;
        }
    }
    tx.commit().await?;
    Ok(call)
}

/// A new secret; an existing token keeps its public id.
async fn mint(tx: &mut Tx, request: &Request) -> Outcome<IssuerAnswer> {
    let account_sid = match request.token() {
        Some(token) => tokens::get(tx, token).await?.context("the token is gone")?.account_sid,
        None => secret::mint_account_sid().context("no randomness")?,
    };
    let secret = secret::mint().context("no randomness")?;
    Ok(IssuerAnswer { account_sid, secret, lifetime_start: LifetimeStart::WhenCollected })
}
