//! What was asked for comes to be: a token, a new secret for one that is there, or other settings.

use anyhow::Context as _;

use crate::domain::ids::RequestId;
use crate::domain::issuer::IssuerKind;
use crate::domain::request::{Request, RequestState};
use crate::domain::secret;
use crate::store::tokens::Lives;
use crate::store::tx::Tx;
use crate::store::{requests, tokens};

use crate::workflow::delivery::hand_over::Made;
use crate::workflow::request::review::Today;
use crate::workflow::upstream::create::UpstreamCall;
use crate::workflow::{Outcome, Workflow};

impl Workflow {
    /// Does what a request asks for that is being issued, where we do it ourselves; what an upstream
    /// has to do first is what this gives; the rest waits for a person.
    pub async fn issue(&self, id: RequestId) -> Outcome<UpstreamCall> {
        let mut tx = self.tx().await?;
        let Some(mut request) = requests::lock(&mut tx, id).await? else {
            return Ok(UpstreamCall::Nothing);
        };
        if request.state != RequestState::Issuing || request.waits_for_a_person() {
            return Ok(UpstreamCall::Nothing);
        }
        let mut call = UpstreamCall::Nothing;
        if self.review_content(&mut tx, &mut request).await? == Today::Same {
            let is_upstream = request.content.issuer == IssuerKind::Http;
            let kind = request.content.kind;
            if kind.makes_a_token() && is_upstream {
                call = self.next_attempt(&mut tx, &mut request).await?;
            } else if kind.renews_the_secret() && is_upstream {
                call = self.next_renewal(&mut tx, &mut request).await?;
            } else if kind.makes_a_token() || kind.renews_the_secret() {
                let made = self.mint(&mut tx, &request).await?;
                self.hand_over(&mut tx, &mut request, &made).await?;
            } else {
                tx.change_token(&mut request).await?;
            }
        }
        tx.commit().await?;
        Ok(call)
    }

    /// A fresh secret; a token that is there keeps its public id.
    async fn mint(&self, tx: &mut Tx, request: &Request) -> Outcome<Made> {
        let account_sid = match request.token() {
            Some(token) => tokens::get(tx, token).await?.context("the token is gone")?.account_sid,
            None => secret::mint_account_sid().context("no randomness")?,
        };
        let secret = secret::mint().context("no randomness")?;
        Ok(Made { account_sid, secret, lives: Lives::OnceCollected })
    }
}
