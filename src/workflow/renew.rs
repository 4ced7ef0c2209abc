//! A token's secret is swapped at its upstream, which also lets a disabled token work again. Asked
//! twice, an upstream swaps twice, so that what ended in doubt is simply asked for again.

use std::time::Duration;

use anyhow::Context as _;
use sqlx::{Postgres, Transaction};

use crate::domain::attempt::Trouble;
use crate::domain::ids::RequestId;
use crate::domain::request::{Request, RequestKind, RequestState};
use crate::issuer::{Answer, NotDone, Renewed};
use crate::store::tokens::Lives;
use crate::store::{attempts, requests, tokens};

use super::attempt::{Next, Step, refusal, values};
use super::confirm::Today;
use super::issue::Made;
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
            return Ok(Next::Over);
        }
        let trouble = match answer {
            Err(NotDone::NotNow(wait)) => {
                let next = self.not_now(&mut transaction, &request, wait).await?;
                if next == Next::Over {
                    self.show(&mut transaction, &request).await?;
                }
                transaction.commit().await?;
                return Ok(next);
            }
            Err(NotDone::Refused { status, words }) => Trouble::Refused(refusal(status, words)),
            Err(NotDone::Doubtful(why)) => Trouble::Renewing(why),
            Ok(renewed) => {
                if self.today(&mut transaction, &request).await? == Today::Same {
                    let made = self.made_anew(&mut transaction, &request, renewed).await?;
                    let handed = self.hand_over(&mut transaction, &request, None, &made).await;
                    if let Err(Failure::Refused(Refusal::SecretKnown)) = handed {
                        transaction.rollback().await?;
                        let why = "the secret in the answer was handed out before".to_owned();
                        return Box::pin(self.renewed(id, Err(NotDone::Doubtful(why)))).await;
                    }
                    handed?;
                }
                self.show(&mut transaction, &request).await?;
                transaction.commit().await?;
                return Ok(Next::Over);
            }
        };
        self.fail(&mut transaction, &request, &trouble).await?;
        self.show(&mut transaction, &request).await?;
        transaction.commit().await?;
        Ok(Next::Over)
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
