//! A token's secret is swapped at its upstream, which also lets a disabled token work again. Asked
//! twice, an upstream swaps twice, so that what ended in doubt is simply asked for again.

use std::time::Duration;

use anyhow::Context as _;

use crate::domain::attempt::Trouble;
use crate::domain::ids::RequestId;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::issuer::{Answer, NotDone, Renewed};
use crate::store::tokens::Lives;
use crate::store::tx::Tx;
use crate::store::{attempts, requests, tokens};

use crate::workflow::delivery::hand_over::Made;
use crate::workflow::refusal::Refusal;
use crate::workflow::request::review::Today;
use crate::workflow::upstream::create::{Next, UpstreamCall, build_values, describe_refusal};
use crate::workflow::{Failure, Outcome, Workflow};

/// How long an upstream may be away until people are told.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

impl Workflow {
    /// An upstream is away, or asks us to wait: so we do. When that lasts, people should know, who then
    /// can also let it be.
    pub(in crate::workflow) async fn not_now(
        &self,
        tx: &mut Tx,
        request: &mut Request,
        wait: Option<Duration>,
    ) -> Outcome<Next> {
        if !requests::stands_since(tx, request.id, PATIENCE).await? {
            return Ok(wait.map_or(Next::TryLater, Next::Wait));
        }
        let said = "it can't be reached, or asks us to wait".to_owned();
        self.fail_request(tx, request, &Trouble::Away(said)).await?;
        Ok(Next::Over)
    }

    pub(in crate::workflow) async fn next_renewal(
        &self,
        tx: &mut Tx,
        request: &mut Request,
    ) -> Outcome<UpstreamCall> {
        let id = request.token().context("a change has a token")?;
        let token = tokens::get(tx, id).await?.context("the token is gone")?;
        let Some(known) = attempts::made_for(tx, token.request).await? else {
            let trouble = Trouble::Refused("its upstream never made it".to_owned());
            self.fail_request(tx, request, &trouble).await?;
            return Ok(UpstreamCall::Nothing);
        };
        let values = build_values(request, &known.marker, Some(&known.upstream_id));
        let provider = request.content.provider.clone();
        Ok(UpstreamCall::Renew(provider, values, request.content.kind == RequestKind::Enable))
    }

    /// The upstream answered, or did not.
    pub async fn record_renewed_secret(
        &self,
        id: RequestId,
        answer: Answer<Renewed>,
    ) -> Outcome<Next> {
        let mut tx = self.tx().await?;
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
            Err(NotDone::NotNow(wait)) => self.not_now(&mut tx, &mut request, wait).await?,
            Err(NotDone::Refused { status, words }) => {
                let trouble = Trouble::Refused(describe_refusal(status, words));
                self.fail_request(&mut tx, &mut request, &trouble).await?;
                Next::Over
            }
            Err(NotDone::Doubtful(why)) => {
                secret_unsure(&mut tx, &request, &why).await?;
                self.fail_request(&mut tx, &mut request, &Trouble::Renewing(why)).await?;
                Next::Over
            }
            Ok(renewed) => match self.keep_renewed(&mut tx, &mut request, renewed).await {
                Ok(()) => Next::Over,
                Err(Failure::Refused(Refusal::SecretKnown)) => {
                    tx.rollback().await?;
                    let why = "the secret in the answer was handed out before".to_owned();
                    return Box::pin(self.record_renewed_secret(id, Err(NotDone::Doubtful(why))))
                        .await;
                }
                Err(failure) => return Err(failure),
            },
        };
        tx.commit().await?;
        Ok(next)
    }

    /// The new secret is handed over, unless the request is not what it was when it was asked for.
    async fn keep_renewed(
        &self,
        tx: &mut Tx,
        request: &mut Request,
        renewed: Renewed,
    ) -> Outcome<()> {
        if self.review_content(tx, request).await? != Today::Same {
            let why = "it came to a request that was not the same any more";
            return secret_unsure(tx, request, why).await;
        }
        let made = self.made_anew(tx, request, renewed).await?;
        self.hand_over(tx, request, &made).await
    }

    async fn made_anew(&self, tx: &mut Tx, request: &Request, renewed: Renewed) -> Outcome<Made> {
        let id = request.token().context("a change has a token")?;
        let token = tokens::get(tx, id).await?.context("the token is gone")?;
        Ok(Made {
            account_sid: renewed.account_sid.unwrap_or(token.account_sid),
            secret: renewed.secret,
            lives: Lives::FromNow,
        })
    }
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
