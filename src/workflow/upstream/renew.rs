//! A token's secret is swapped at its upstream, which also lets a disabled token work again. Asked
//! twice, an upstream swaps twice, so that what ended in doubt is simply asked for again.

use anyhow::Context as _;

use crate::domain::attempt::Trouble;
use crate::domain::ids::RequestId;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::issuer::{Answer, NotDone, Renewed};
use crate::store::tokens::Lives;
use crate::store::tx::Tx;
use crate::store::{attempts, requests, tokens};

use crate::workflow::delivery::hand_over::{self, Made};
use crate::workflow::refusal::Refusal;
use crate::workflow::request::review::{self, Today};
use crate::workflow::upstream::create::{self, UpstreamCall};
use crate::workflow::upstream::trouble::{self, Next};
use crate::workflow::{Failure, Outcome, Workflow};

/// The call that swaps the secret of the token that a request changes.
pub(in crate::workflow) async fn prepare_call(
    tx: &mut Tx,
    request: &mut Request,
) -> Outcome<UpstreamCall> {
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(tx, id).await?.context("the token is gone")?;
    let Some(known) = attempts::made_for(tx, token.request).await? else {
        let trouble = Trouble::Refused("its upstream never made it".to_owned());
        trouble::fail_request(tx, request, &trouble).await?;
        return Ok(UpstreamCall::Nothing);
    };
    let values = create::build_values(request, &known.marker, Some(&known.upstream_id));
    let provider = request.content.provider.clone();
    Ok(UpstreamCall::Renew(provider, values, request.content.kind == RequestKind::Enable))
}

/// The upstream answered, or did not.
pub async fn record_answer(
    workflow: &Workflow,
    id: RequestId,
    answer: Answer<Renewed>,
) -> Outcome<Next> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else {
        return Ok(Next::Over);
    };
    if request.state != RequestState::Issuing {
        if matches!(answer, Ok(_) | Err(NotDone::Doubtful(_))) {
            let why = "its request had ended";
            secret_unsure(&mut tx, &request, why).await?;
            tx.commit().await?;
        }
        return Ok(Next::Over);
    }
    let next = match answer {
        Err(NotDone::NotNow(wait)) => trouble::wait_or_fail(&mut tx, &mut request, wait).await?,
        Err(NotDone::Refused { status, words }) => {
            let trouble = Trouble::Refused(trouble::describe_refusal(status, words));
            trouble::fail_request(&mut tx, &mut request, &trouble).await?;
            Next::Over
        }
        Err(NotDone::Doubtful(why)) => {
            secret_unsure(&mut tx, &request, &why).await?;
            trouble::fail_request(&mut tx, &mut request, &Trouble::Renewing(why)).await?;
            Next::Over
        }
        Ok(renewed) => match keep_secret(workflow, &mut tx, &mut request, renewed).await {
            Ok(()) => Next::Over,
            Err(Failure::Refused(Refusal::SecretKnown)) => {
                tx.rollback().await?;
                let why = "the secret in the answer was handed out before".to_owned();
                return Box::pin(record_answer(workflow, id, Err(NotDone::Doubtful(why)))).await;
            }
            Err(failure) => return Err(failure),
        },
    };
    tx.commit().await?;
    Ok(next)
}

/// The new secret is handed over, unless the request is not what it was when it was asked for.
async fn keep_secret(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
    renewed: Renewed,
) -> Outcome<()> {
    if review::recheck_content(workflow, tx, request).await? != Today::Same {
        let why = "it came to a request that was not the same any more";
        return secret_unsure(tx, request, why).await;
    }
    let made = read_renewed(tx, request, renewed).await?;
    hand_over::issue_secret(workflow, tx, request, &made).await
}

async fn read_renewed(tx: &mut Tx, request: &Request, renewed: Renewed) -> Outcome<Made> {
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(tx, id).await?.context("the token is gone")?;
    Ok(Made {
        account_sid: renewed.account_sid.unwrap_or(token.account_sid),
        secret: renewed.secret,
        lives: Lives::FromNow,
    })
}

/// A new secret may have taken the old one's place, and did not arrive here. The person who uses the token should
/// know at once. One that is off has no secret that could die.
async fn secret_unsure(tx: &mut Tx, request: &Request, why: &str) -> Outcome<()> {
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(tx, id).await?.context("the token is gone")?;
    if request.content.kind != RequestKind::Reset || !token.state.is_on() {
        return Ok(());
    }
    Ok(tx.doubt_secret(request, &token, why).await?)
}
