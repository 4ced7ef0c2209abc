//! A token's secret is swapped at its upstream, which also lets a disabled token work again. Asked
//! twice, an upstream swaps twice, so that what ended in doubt is simply asked for again.

use std::time::Duration;

use anyhow::Context as _;
use serde_json::json;
use sqlx::{Postgres, Transaction};

use crate::domain::attempt::Trouble;
use crate::domain::event::EventKind;
use crate::domain::ids::RequestId;
use crate::domain::notice::NoticeKind;
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::issuer::{Answer, NotDone, Renewed};
use crate::store::tokens::Lives;
use crate::store::{attempts, requests, tokens};

use super::attempt::{Next, Step, refusal, values};
use super::confirm::Today;
use super::issue::Made;
use super::record::{change_event, everyone_of, tell};
use super::refusal::Refusal;
use super::{Failure, Outcome, Workflow};

/// How long an upstream may be away until people are told.
const PATIENCE: Duration = Duration::from_secs(60 * 60);

impl Workflow {
    /// An upstream is away, or asks us to wait: so we do. When that lasts, people should know, who then
    /// can also let it be.
    pub(super) async fn not_now(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        wait: Option<Duration>,
    ) -> Outcome<Next> {
        if !requests::stands_since(transaction, request.id, PATIENCE).await? {
            return Ok(wait.map_or(Next::TryLater, Next::Wait));
        }
        let said = "it can't be reached, or asks us to wait".to_owned();
        self.fail(transaction, request, &Trouble::Away(said)).await?;
        Ok(Next::Over)
    }

    pub(super) async fn next_renewal(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
    ) -> Outcome<Step> {
        let id = request.token().context("a change has a token")?;
        let token = tokens::get(transaction, id).await?.context("the token is gone")?;
        let Some(known) = attempts::made_for(transaction, token.request).await? else {
            let trouble = Trouble::Refused("its upstream never made it".to_owned());
            self.fail(transaction, request, &trouble).await?;
            return Ok(Step::Nothing);
        };
        let values = values(request, &known.marker, Some(&known.upstream_id));
        let provider = request.content.provider.clone();
        Ok(Step::Renew(provider, values, request.content.kind == RequestKind::Enable))
    }

    /// The upstream answered, or did not.
    ///
    /// # Errors
    /// Faults.
    pub async fn renewed(&self, id: RequestId, answer: Answer<Renewed>) -> Outcome<Next> {
        let mut transaction = self.transaction().await?;
        let Some(request) = requests::lock(&mut transaction, id).await? else {
            return Ok(Next::Over);
        };
        if request.state != RequestState::Issuing {
            if matches!(answer, Ok(_) | Err(NotDone::Doubtful(_))) {
                let why = "its request had ended";
                secret_unsure(&mut transaction, &request, why).await?;
                transaction.commit().await?;
            }
            return Ok(Next::Over);
        }
        let next = match answer {
            Err(NotDone::NotNow(wait)) => self.not_now(&mut transaction, &request, wait).await?,
            Err(NotDone::Refused { status, words }) => {
                let trouble = Trouble::Refused(refusal(status, words));
                self.fail(&mut transaction, &request, &trouble).await?;
                Next::Over
            }
            Err(NotDone::Doubtful(why)) => {
                secret_unsure(&mut transaction, &request, &why).await?;
                self.fail(&mut transaction, &request, &Trouble::Renewing(why)).await?;
                Next::Over
            }
            Ok(renewed) => match self.keep_renewed(&mut transaction, &request, renewed).await {
                Ok(()) => Next::Over,
                Err(Failure::Refused(Refusal::SecretKnown)) => {
                    transaction.rollback().await?;
                    let why = "the secret in the answer was handed out before".to_owned();
                    return Box::pin(self.renewed(id, Err(NotDone::Doubtful(why)))).await;
                }
                Err(failure) => return Err(failure),
            },
        };
        if next == Next::Over {
            self.show(&mut transaction, &request).await?;
        }
        transaction.commit().await?;
        Ok(next)
    }

    /// The new secret is handed over, unless the request is not what it was when it was asked for.
    async fn keep_renewed(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        renewed: Renewed,
    ) -> Outcome<()> {
        if self.today(transaction, request).await? != Today::Same {
            let why = "it came to a request that was not the same any more";
            return secret_unsure(transaction, request, why).await;
        }
        let made = self.made_anew(transaction, request, renewed).await?;
        self.hand_over(transaction, request, None, &made).await
    }

    async fn made_anew(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        request: &Request,
        renewed: Renewed,
    ) -> Outcome<Made> {
        let id = request.token().context("a change has a token")?;
        let token = tokens::get(transaction, id).await?.context("the token is gone")?;
        Ok(Made {
            account_sid: renewed.account_sid.unwrap_or(token.account_sid),
            secret: renewed.secret,
            lives: Lives::FromNow,
        })
    }
}

/// A new secret may have taken the old one's place, and did not arrive here. Whoever uses the token should
/// know at once. One that is off has no secret that could die.
async fn secret_unsure(
    transaction: &mut Transaction<'static, Postgres>,
    request: &Request,
    why: &str,
) -> Outcome<()> {
    let id = request.token().context("a change has a token")?;
    let token = tokens::get(transaction, id).await?.context("the token is gone")?;
    if request.content.kind != RequestKind::Reset || !token.state.is_on() {
        return Ok(());
    }
    let kind = EventKind::SecretUnsure;
    let detail = json!({ "why": why });
    let event =
        change_event(transaction, request, (Some(&token), &token), kind, None, detail).await?;
    let people = [request.requester, token.owner, token.contact];
    let about = (Some(request.id), Some(token.id));
    tell(transaction, event, NoticeKind::SecretUnsure, about, everyone_of(&token, people)).await?;
    Ok(())
}
