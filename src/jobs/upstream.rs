//! Calls upstreams: what is to be done, the workflow says, and what an answer comes to.

use std::time::Duration;

use anyhow::Context as _;

use super::Jobs;
use crate::config::UpstreamValues;
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{AttemptId, RequestId, TokenId};
use crate::issuer::{Answer, Renewed, Upstream};
use crate::queue::Done;
use crate::workflow::attempt::{Next, Step, refusal};

/// How many steps one job takes; the rest is the next one's.
const STEPS: usize = 8;

const STILL_THERE: &str = "it is still there";

/// Brings a request that is being issued as far as it goes.
pub(super) async fn issue(jobs: &Jobs, request: RequestId) -> anyhow::Result<Done> {
    for _ in 0..STEPS {
        let next = match jobs.workflow.issue(request).await? {
            Step::Nothing => return Ok(Done::Finished),
            Step::Create(attempt, provider, values) => {
                let answer = match jobs.upstream(&provider) {
                    Some(upstream) => upstream.create(&values).await,
                    None => Answer::NotNow(None),
                };
                jobs.workflow.created(attempt, answer).await?
            }
            Step::LookFor(attempt) => look_for(jobs, attempt).await?,
            Step::Renew(provider, values, enable) => {
                let answer = match jobs.upstream(&provider) {
                    Some(upstream) => renew(&upstream, &values, enable).await,
                    None => Answer::NotNow(None),
                };
                jobs.workflow.renewed(request, answer).await?
            }
        };
        match next {
            Next::GoOn => {}
            Next::Wait(wait) => return Ok(Done::Again(wait)),
            Next::TryLater => anyhow::bail!("the upstream can't be reached, or asks us to wait"),
            Next::Over => return Ok(Done::Finished),
        }
    }
    Ok(Done::Again(Duration::from_secs(1)))
}

/// Looks once more for what an upstream may have made.
pub(super) async fn look_for_stray(jobs: &Jobs, attempt: AttemptId) -> anyhow::Result<Done> {
    match look_for(jobs, attempt).await? {
        Next::Wait(wait) => Ok(Done::Again(wait)),
        Next::TryLater => anyhow::bail!("the upstream can't be reached, or asks us to wait"),
        Next::GoOn | Next::Over => Ok(Done::Finished),
    }
}

/// Looks for a call's token; one that is there is revoked, and made sure of to be gone.
async fn look_for(jobs: &Jobs, attempt: AttemptId) -> anyhow::Result<Next> {
    let Some(look) = jobs.workflow.to_look_for(attempt).await? else { return Ok(Next::Over) };
    let provider = &look.request.content.provider;
    let upstream = jobs.upstream(provider).context("the upstream is not configured any more")?;
    let gone = match upstream.find(&look.values).await {
        Answer::Done(ids) if ids.is_empty() => {
            return Ok(jobs.workflow.not_there(attempt, false).await?);
        }
        Answer::Done(ids) => revoke_all(&upstream, &look.values, ids).await,
        other => other.map(drop),
    };
    match gone {
        Answer::Done(()) => Ok(jobs.workflow.not_there(attempt, true).await?),
        Answer::NotNow(wait) => Ok(wait.map_or(Next::TryLater, Next::Wait)),
        Answer::Doubtful(why) => anyhow::bail!("an earlier token was looked for: {why}"),
        Answer::Refused { status, words } => {
            let said = refusal(status, words);
            jobs.workflow.cannot_look(look.request.id, said.clone()).await?;
            anyhow::bail!("an earlier token can't be looked for: {said}")
        }
    }
}

/// Revokes what bears a marker, and makes sure that nothing does any more.
async fn revoke_all(
    upstream: &Upstream<'_>,
    values: &UpstreamValues,
    ids: Vec<String>,
) -> Answer<()> {
    for id in ids {
        let values = UpstreamValues { upstream_id: Some(id), ..values.clone() };
        match upstream.revoke(&values).await {
            Answer::Done(()) | Answer::Refused { status: Some(404 | 410), .. } => {}
            other => return other,
        }
    }
    upstream.find(values).await.and_then(still_there)
}

fn still_there(ids: Vec<String>) -> Answer<()> {
    if ids.is_empty() { Answer::Done(()) } else { Answer::Doubtful(STILL_THERE.to_owned()) }
}

/// A new secret. The old one dies first, so that it never works again where the token does.
async fn renew(upstream: &Upstream<'_>, values: &UpstreamValues, enable: bool) -> Answer<Renewed> {
    match upstream.has(values).await {
        Answer::Done(true) => {}
        Answer::Done(false) => {
            let words = Some("the provider has no such token any more".to_owned());
            return Answer::Refused { status: None, words };
        }
        other => return other.and_then(|_| Answer::NotNow(None)),
    }
    if !enable {
        return upstream.reset(values).await;
    }
    let mut renewed = None;
    if upstream.can_reset() {
        match upstream.reset(values).await {
            Answer::Done(given) => renewed = Some(given),
            other => return other,
        }
    }
    let none = "the answer holds no secret";
    upstream.enable(values).await.and_then(|given| {
        given.or(renewed).map_or_else(|| Answer::Doubtful(none.to_owned()), Answer::Done)
    })
}

/// Has an upstream switch a token off, known by marker and id together.
pub(super) async fn switch_off(jobs: &Jobs, token: TokenId) -> anyhow::Result<Done> {
    let Some(due) = jobs.workflow.to_switch_off(token).await? else { return Ok(Done::Finished) };
    let Some(upstream) = jobs.upstream(&due.token.provider) else {
        let said = "the configuration does not know it any more".to_owned();
        jobs.workflow.upstream_trouble(token, Some(said)).await?;
        return Ok(Done::Finished);
    };
    match ended(&upstream, &due.values, due.for_good).await {
        Answer::Done(()) => {
            jobs.workflow.upstream_switched_off(token).await?;
            Ok(Done::Finished)
        }
        Answer::NotNow(wait) => {
            jobs.workflow.upstream_trouble(token, None).await?;
            match wait {
                Some(wait) => Ok(Done::Again(wait)),
                None => anyhow::bail!("the upstream can't be reached"),
            }
        }
        Answer::Doubtful(why) => {
            jobs.workflow.upstream_trouble(token, None).await?;
            anyhow::bail!("a token is to be switched off, and {why}")
        }
        Answer::Refused { status, words } => {
            let said = refusal(status, words);
            jobs.workflow.upstream_trouble(token, Some(said.clone())).await?;
            anyhow::bail!("the upstream does not switch a token off: {said}")
        }
    }
}

/// An id may be another token's by now: where the upstream can be asked, only the marker tells.
async fn ended(upstream: &Upstream<'_>, values: &UpstreamValues, for_good: bool) -> Answer<()> {
    match upstream.has(values).await {
        Answer::Done(true) => {}
        other => return other.map(drop),
    }
    let for_good = for_good || !upstream.can_disable();
    let answer =
        if for_good { upstream.revoke(values).await } else { upstream.disable(values).await };
    match answer {
        Answer::Refused { status: Some(404 | 410), .. } => Answer::Done(()),
        Answer::Done(()) if for_good && upstream.can_find() => {
            upstream.has(values).await.and_then(|there| match there {
                true => Answer::Doubtful(STILL_THERE.to_owned()),
                false => Answer::Done(()),
            })
        }
        other => other,
    }
}

impl Jobs {
    fn upstream(&self, provider: &ProviderId) -> Option<Upstream<'_>> {
        self.upstreams.of(self.config(), provider)
    }
}
