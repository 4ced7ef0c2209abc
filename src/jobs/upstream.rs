//! Calls upstreams: what is to be done, the workflow says, and what an answer comes to.

use std::time::Duration;

use anyhow::Context as _;

use super::Jobs;
use crate::config::UpstreamValues;
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{AttemptId, RequestId, TokenId};
use crate::issuer::{Answer, NotDone, Renewed, Upstream};
use crate::queue::Done;
use crate::workflow::request::issue;
use crate::workflow::upstream::create::{self, UpstreamCall};
use crate::workflow::upstream::trouble::{self, Next};
use crate::workflow::upstream::{end, renew};

/// How many steps one job takes; the rest is the next one's.
const STEPS: usize = 8;

/// Brings a request that is being issued as far as it goes.
pub(super) async fn issue(jobs: &Jobs, request: RequestId) -> anyhow::Result<Done> {
    for _ in 0..STEPS {
        let next = match issue::carry_out(&jobs.workflow, request).await? {
            UpstreamCall::Nothing => return Ok(Done::Finished),
            UpstreamCall::Create(attempt, provider, values) => {
                let answer = match jobs.upstream(&provider) {
                    Some(upstream) => upstream.create(&values).await,
                    None => Err(NotDone::NotNow(None)),
                };
                create::record_answer(&jobs.workflow, attempt, answer).await?
            }
            UpstreamCall::LookFor(attempt) => look_for(jobs, attempt).await?,
            UpstreamCall::Renew(provider, values, enable) => {
                let answer = match jobs.upstream(&provider) {
                    Some(upstream) => renew(&upstream, &values, enable).await,
                    None => Err(NotDone::NotNow(None)),
                };
                renew::record_answer(&jobs.workflow, request, answer).await?
            }
        };
        if next != Next::GoOn {
            return done(next);
        }
    }
    Ok(Done::Again(Duration::from_secs(1)))
}

/// Looks once more for what an upstream may have made.
pub(super) async fn look_for_stray(jobs: &Jobs, attempt: AttemptId) -> anyhow::Result<Done> {
    done(look_for(jobs, attempt).await?)
}

/// What a job comes to that has no further step to take.
fn done(next: Next) -> anyhow::Result<Done> {
    match next {
        Next::Wait(wait) => Ok(Done::Again(wait)),
        Next::TryLater => anyhow::bail!("the upstream can't be reached, or asks us to wait"),
        Next::GoOn | Next::Over => Ok(Done::Finished),
    }
}

/// Looks for a call's token; one that is there is revoked, and made sure of to be gone.
async fn look_for(jobs: &Jobs, attempt: AttemptId) -> anyhow::Result<Next> {
    let Some(look) = create::get_attempt_to_look_for(&jobs.workflow, attempt).await? else {
        return Ok(Next::Over);
    };
    let provider = &look.request.content.provider;
    let upstream = jobs.upstream(provider).context("the upstream is not configured any more")?;
    match none_left(&upstream, &look.values).await {
        Ok(revoked) => Ok(create::record_absent_token(&jobs.workflow, attempt, revoked).await?),
        Err(NotDone::NotNow(wait)) => Ok(wait.map_or(Next::TryLater, Next::Wait)),
        Err(NotDone::Doubtful(why)) => anyhow::bail!("an earlier token was looked for: {why}"),
        Err(NotDone::Refused { status, words }) => {
            let said = trouble::describe_refusal(status, words);
            create::give_up_looking(&jobs.workflow, attempt).await?;
            anyhow::bail!("an earlier token can't be looked for: {said}")
        }
    }
}

/// Revokes what bears a marker, and makes sure that nothing does any more; tells whether there was
/// anything.
async fn none_left(upstream: &Upstream<'_>, values: &UpstreamValues) -> Answer<bool> {
    let ids = upstream.find(values).await?;
    if ids.is_empty() {
        return Ok(false);
    }
    for id in ids {
        let values = UpstreamValues { upstream_id: Some(id), ..values.clone() };
        gone_is_done(upstream.revoke(&values).await)?;
    }
    must_be_gone(!upstream.find(values).await?.is_empty())?;
    Ok(true)
}

/// What an upstream does not know any more is off.
fn gone_is_done(answer: Answer<()>) -> Answer<()> {
    match answer {
        Err(NotDone::Refused { status: Some(404 | 410), .. }) => Ok(()),
        other => other,
    }
}

fn must_be_gone(is_there: bool) -> Answer<()> {
    if is_there { Err(NotDone::doubtful("it is still there")) } else { Ok(()) }
}

/// A new secret. The old one dies first, so that it never works again where the token does.
async fn renew(upstream: &Upstream<'_>, values: &UpstreamValues, enable: bool) -> Answer<Renewed> {
    if !upstream.has(values).await? {
        return Err(NotDone::unasked("the provider has no such token any more"));
    }
    if !enable {
        return upstream.reset(values).await;
    }
    let renewed = match upstream.can_reset() {
        true => Some(upstream.reset(values).await?),
        false => None,
    };
    let given = match upstream.enable(values).await {
        // Here it stays disabled, so it must not work there. Where that can't be told either, the card
        // says what must be checked.
        Err(NotDone::Doubtful(why)) if upstream.can_disable() => {
            let off = upstream.disable(values).await;
            tracing::info!(is_off = off.is_ok(), "what may be enabled was disabled again");
            return Err(NotDone::Doubtful(why));
        }
        answer => answer?,
    };
    given.or(renewed).ok_or_else(|| NotDone::doubtful("the answer holds no secret"))
}

/// Has an upstream switch a token off, known by marker and id together.
pub(super) async fn switch_off(jobs: &Jobs, token: TokenId) -> anyhow::Result<Done> {
    let Some(due) = end::get_due_token(&jobs.workflow, token).await? else {
        return Ok(Done::Finished);
    };
    let Some(upstream) = jobs.upstream(&due.token.provider) else {
        let said = "the configuration does not know it any more".to_owned();
        end::report_trouble(&jobs.workflow, token, Some(said)).await?;
        return Ok(Done::Finished);
    };
    match ended(&upstream, &due.values, due.for_good).await {
        Ok(()) => {
            end::record_success(&jobs.workflow, token, due.for_good).await?;
            Ok(Done::Finished)
        }
        Err(NotDone::NotNow(wait)) => {
            end::report_trouble(&jobs.workflow, token, None).await?;
            match wait {
                Some(wait) => Ok(Done::Again(wait)),
                None => anyhow::bail!("the upstream can't be reached"),
            }
        }
        Err(NotDone::Doubtful(why)) => {
            end::report_trouble(&jobs.workflow, token, None).await?;
            anyhow::bail!("a token is to be switched off, and {why}")
        }
        Err(NotDone::Refused { status, words }) => {
            let said = trouble::describe_refusal(status, words);
            end::report_trouble(&jobs.workflow, token, Some(said.clone())).await?;
            anyhow::bail!("the upstream does not switch a token off: {said}")
        }
    }
}

/// An id may be another token's by now: where the upstream can be asked, only the marker tells.
async fn ended(upstream: &Upstream<'_>, values: &UpstreamValues, for_good: bool) -> Answer<()> {
    if !upstream.has(values).await? {
        return Ok(());
    }
    if !for_good && upstream.can_disable() {
        return gone_is_done(upstream.disable(values).await);
    }
    match upstream.revoke(values).await {
        Ok(()) if upstream.can_find() => must_be_gone(upstream.has(values).await?),
        answer => gone_is_done(answer),
    }
}

impl Jobs {
    fn upstream(&self, provider: &ProviderId) -> Option<Upstream<'_>> {
        self.upstreams.of(self.config(), provider)
    }
}
