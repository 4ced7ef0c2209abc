//! Calls upstreams: what is to be done, the workflow says, and what an answer comes to.

mod stray;
mod witness;

use std::time::Duration;

use super::Jobs;
use crate::config::UpstreamValues;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::catalogue::ProviderId;
use crate::domain::ids::{AttemptId, RequestId, TokenId};
use crate::issuer::{
    Answer, Doubt, Later, NotDone, Renewed, Said, Sight, Upstream, Verdict, describe_refusal,
    judge, may_call,
};
use crate::queue::Done;
use crate::workflow::request::issue::{self, PLACE_AFTER};
use crate::workflow::upstream::create::{self, UpstreamCall};
use crate::workflow::upstream::end::{self, Ask, TokenToEnd};
use crate::workflow::upstream::stray::get_provider;
use crate::workflow::upstream::trouble::Next;
use crate::workflow::upstream::{calls, renew, update};

/// How many steps one job takes; the rest is the next one's.
const STEPS: usize = 8;

/// When a new token is looked at: some upstreams show one a moment later.
const LOOKS_AT_NEW: [Duration; 3] =
    [Duration::ZERO, Duration::from_secs(1), Duration::from_secs(4)];

/// Brings a request that is being issued as far as it goes.
pub(super) async fn issue(jobs: &Jobs, request: RequestId) -> anyhow::Result<Done> {
    let mut place = None;
    let mut take_place = |provider: &ProviderId| {
        place = place.take().or_else(|| jobs.upstreams.place(provider));
        place.is_some()
    };
    for _ in 0..STEPS {
        let next = match issue::carry_out(&jobs.workflow, request, &mut take_place).await? {
            UpstreamCall::Nothing => return Ok(Done::Finished),
            UpstreamCall::Create(attempt, provider, values) => {
                create_token(jobs, attempt, (&provider, values)).await?
            }
            UpstreamCall::LookFor(attempt) => stray::look_for(jobs, attempt).await?,
            UpstreamCall::Wait(wait) => return Ok(Done::Again(wait)),
            UpstreamCall::Renew(provider, values, enable) => {
                let answer = match jobs.upstream(&provider) {
                    Some(upstream) => renew(jobs, &upstream, request, (values, enable)).await?,
                    None => Err(NotDone::NotNow(None)),
                };
                renew::record_answer(&jobs.workflow, request, answer).await?
            }
            UpstreamCall::Update(provider, values) => {
                let answer = match jobs.upstream(&provider) {
                    Some(upstream) => change(&upstream, &values).await,
                    None => Err(NotDone::NotNow(None)),
                };
                update::record_answer(&jobs.workflow, request, answer).await?
            }
        };
        if next != Next::GoOn {
            return done(next);
        }
    }
    Ok(Done::Again(Duration::from_secs(1)))
}

/// Has an upstream make a token, and looks whether its `find` shows it.
async fn create_token(
    jobs: &Jobs,
    attempt: AttemptId,
    (provider, values): (&ProviderId, UpstreamValues),
) -> anyhow::Result<Next> {
    let Some(upstream) = jobs.upstream(provider) else {
        let unreached = Err(NotDone::NotNow(None));
        return Ok(create::record_answer(&jobs.workflow, attempt, unreached).await?);
    };
    let answer = upstream.create(&values).await;
    let made = answer.as_ref().ok().map(|created| (created.id.clone(), created.secret.clone()));
    let next = create::record_answer(&jobs.workflow, attempt, answer).await?;
    if let Some((id, secret)) = made
        && next == Next::Over
    {
        let values = UpstreamValues { upstream_id: Some(id), ..values };
        look_at_new_token(jobs, &upstream.hiding(Some(&secret)), (provider, &values)).await?;
    }
    Ok(next)
}

/// Looks once more for what an upstream may have made.
pub(super) async fn look_for_stray(jobs: &Jobs, attempt: AttemptId) -> anyhow::Result<Done> {
    let Some(provider) = get_provider(&jobs.workflow, attempt).await? else {
        return Ok(Done::Finished);
    };
    let Some(_place) = jobs.upstreams.place(&provider) else {
        return Ok(Done::Again(PLACE_AFTER));
    };
    done(stray::look_for(jobs, attempt).await?)
}

/// What a job comes to that has no further step to take.
fn done(next: Next) -> anyhow::Result<Done> {
    match next {
        Next::Wait(wait) => Ok(Done::Again(wait)),
        Next::TryLater => anyhow::bail!("the upstream can't be reached, or asks us to wait"),
        Next::GoOn | Next::Over => Ok(Done::Finished),
    }
}

/// A new token is looked for at once: where `find` doesn't show it, nobody could find a lost one either, nor see
/// that one has ended.
async fn look_at_new_token(
    jobs: &Jobs,
    upstream: &Upstream<'_>,
    (provider, values): (&ProviderId, &UpstreamValues),
) -> anyhow::Result<()> {
    let Some(id) = values.upstream_id.as_deref() else { return Ok(()) };
    let settings = upstream.settings();
    if settings.find.is_none() {
        return Ok(());
    }
    let mut sight = Sight::Unseen;
    for pause in LOOKS_AT_NEW {
        tokio::time::sleep(pause).await;
        let seen = upstream.find(values).await.map(|listing| listing.sight(id, false));
        // Else it is looked at once more with the next token.
        let Ok(looked) = Sight::of(seen) else { return Ok(()) };
        sight = looked;
        if sight == Sight::Alive {
            break;
        }
    }
    let about = (provider, &*settings.fingerprint());
    let of = (&*values.marker, upstream.length_to_find(values));
    Ok(calls::record_sight_of_new_token(&jobs.workflow, about, (of, &sight)).await?)
}

/// A new secret. The old one dies first, so that it never works again where the token does; what lets the token
/// work again may itself put a new one in its place.
async fn renew(
    jobs: &Jobs,
    upstream: &Upstream<'_>,
    request: RequestId,
    (values, enable): (UpstreamValues, bool),
) -> anyhow::Result<Answer<Renewed>> {
    if let Err(not_done) = look_before(upstream, &values).await {
        return Ok(Err(not_done));
    }
    if !enable {
        return Ok(upstream.reset(&values).await);
    }
    if !upstream.resets_before_enabling() {
        let given = upstream.enable(&values).await;
        return Ok(given.and_then(|given| given.ok_or_else(no_secret)));
    }
    let renewed = match upstream.reset(&values).await {
        Ok(renewed) => renewed,
        Err(not_done) => return Ok(Err(not_done)),
    };
    // From here on nobody can say that nothing was done, and the token may be known by another id alone.
    renew::record_reset(&jobs.workflow, request, renewed.id.as_deref()).await?;
    let upstream_id = renewed.id.clone().or(values.upstream_id.clone());
    let values = UpstreamValues { upstream_id, ..values };
    let given = upstream.hiding(Some(&renewed.secret)).enable(&values).await;
    Ok(given.map(|given| given.unwrap_or(renewed)))
}

fn no_secret() -> NotDone {
    NotDone::doubtful("the answer holds no secret")
}

/// Changes a token in place.
async fn change(upstream: &Upstream<'_>, values: &UpstreamValues) -> Answer<()> {
    look_before(upstream, values).await?;
    upstream.update(values).await
}

/// Looks for a token that is to be changed.
async fn look_before(upstream: &Upstream<'_>, values: &UpstreamValues) -> Answer<()> {
    let seen = upstream.look_at(values).await?;
    match upstream.settings().ids_are_unique {
        true => Ok(()),
        false => must_be_there(&seen),
    }
}

/// An id may be another token's by now: where the upstream can be asked, only the marker tells.
fn must_be_there(seen: &Sight) -> Answer<()> {
    match seen {
        Sight::Alive | Sight::Dead | Sight::Unseen => Ok(()),
        Sight::Unclear(_) => Err(NotDone::NotNow(None)),
        Sight::Refused(words) => {
            Err(NotDone::not_sent(&format!("it can't be looked for: {words}")))
        }
        Sight::OtherName(name) => {
            Err(NotDone::not_sent(&format!("its id bears another name there: {name}")))
        }
        Sight::OtherId => Err(NotDone::not_sent("its name is there under another id")),
        Sight::Absent | Sight::Missing(_) | Sight::Partial => Err(NotDone::not_sent(
            "the API doesn't list it: it was renamed or ended there, or stands on a later page",
        )),
    }
}

/// Has an upstream switch a token off, and believes it only where the upstream shows it.
pub(super) async fn switch_off(jobs: &Jobs, token: TokenId) -> anyhow::Result<Done> {
    let workflow = &jobs.workflow;
    let Some(due) = end::get_due_token(workflow, token).await? else {
        return Ok(Done::Finished);
    };
    let Some(_place) = jobs.upstreams.place(&due.token.provider) else {
        return Ok(Done::Again(PLACE_AFTER));
    };
    let Some(upstream) = jobs.upstream(&due.token.provider) else {
        let said =
            UpstreamProblem::Refused("the configuration does not know it any more".to_owned());
        end::report_trouble(workflow, token, (&said, Ask::Now)).await?;
        return Ok(Done::Finished);
    };
    match end_at(jobs, &upstream, &due).await? {
        Ok(Verdict::Off) => {
            // A call that enables it may still arrive: it is ended once more after that.
            if let Some(wait) = renew::get_time_to_arrive(workflow, due.attempt).await? {
                return Ok(Done::Again(wait));
            }
            match end::record_success(workflow, &due).await? {
                Some(wait) => Ok(Done::Again(wait)),
                None => Ok(Done::Finished),
            }
        }
        Ok(Verdict::Again(why)) => {
            let trouble = UpstreamProblem::Unclear(why.clone());
            end::report_trouble(workflow, token, (&trouble, Ask::Later)).await?;
            anyhow::bail!("a token is to be switched off: {why}")
        }
        Ok(Verdict::Person(doubt)) => {
            let trouble = trouble_of(doubt, &due.values.marker);
            end::report_trouble(workflow, token, (&trouble, Ask::Now)).await?;
            anyhow::bail!("the upstream does not show a token to be off: {trouble}")
        }
        Err(not_done) => {
            let why = match &not_done {
                NotDone::Doubtful(why) => why.clone(),
                _ => "it can't be reached, or asks us to wait".to_owned(),
            };
            let trouble = UpstreamProblem::Unclear(why);
            end::report_trouble(workflow, token, (&trouble, Ask::Later)).await?;
            match not_done {
                NotDone::NotNow(Some(Later { wait: Some(wait), .. })) => Ok(Done::Again(wait)),
                NotDone::NotNow(Some(Later { said, .. })) => {
                    anyhow::bail!("the upstream asks us to wait: {said}")
                }
                NotDone::NotNow(None) => anyhow::bail!("the upstream can't be reached"),
                NotDone::Refused { status, words } => {
                    anyhow::bail!("the upstream refuses: {}", describe_refusal(status, words))
                }
                NotDone::Doubtful(why) => anyhow::bail!("the upstream's answer is in doubt: {why}"),
            }
        }
    }
}

/// Looks, calls where that may be, looks again, and judges.
async fn end_at(
    jobs: &Jobs,
    upstream: &Upstream<'_>,
    due: &TokenToEnd,
) -> anyhow::Result<Answer<Verdict>> {
    let mut known = due.known;
    // A list shows the marker wherever it is.
    let settings = upstream.settings();
    let by_list = settings.find.is_some() && (settings.get.is_none() || known.id_may_have_changed);
    known.id_may_have_changed &= !by_list;
    let before = match look_at(jobs, upstream, (due, by_list)).await? {
        Ok(sight) => sight,
        Err(not_done) => return Ok(Err(not_done)),
    };
    if known.has_ended_itself && before == Sight::Alive {
        calls::note_outlived(&jobs.workflow, due.attempt).await?;
        known.has_ended_itself = false;
    }
    if !may_call(&before, known) {
        return Ok(Ok(judge(&before, &Said::NotCalled, &before, known)));
    }
    let about = (&before, upstream.settings().longest_call());
    let call = calls::begin_end(&jobs.workflow, due.attempt, about).await?;
    let for_good = known.for_good || !upstream.can_disable();
    let answer = match for_good {
        true => upstream.revoke(&due.values).await,
        false => upstream.disable(&due.values).await,
    };
    if let Err(NotDone::NotNow(wait)) = answer {
        calls::finish_end(&jobs.workflow, call, (&Said::NotCalled, for_good)).await?;
        return Ok(Err(NotDone::NotNow(wait)));
    }
    let said = Said::of(answer);
    calls::finish_end(&jobs.workflow, call, (&said, for_good)).await?;
    let after = match look_at(jobs, upstream, (due, by_list)).await? {
        Ok(sight) => sight,
        Err(_) => Sight::Unclear("it can't be reached, or asks us to wait".to_owned()),
    };
    Ok(Ok(judge(&before, &said, &after, known)))
}

/// Looks at a token. That a list doesn't show it tells something only of a list that shows other tokens that live.
async fn look_at(
    jobs: &Jobs,
    upstream: &Upstream<'_>,
    (due, by_list): (&TokenToEnd, bool),
) -> anyhow::Result<Answer<Sight>> {
    let sight = match by_list {
        true => upstream.look_in_list(&due.values).await,
        false => upstream.look_at(&due.values).await,
    };
    if !by_list || !matches!(sight, Ok(Sight::Absent)) {
        return Ok(sight);
    }
    Ok(match witness::is_shown(jobs, upstream, due.attempt).await? {
        Ok(Some(false)) => {
            Ok(Sight::Unclear("the list shows none of the other tokens that live".to_owned()))
        }
        Ok(_) => sight,
        Err(NotDone::NotNow(later)) => Err(NotDone::NotNow(later)),
        Err(not_done) => Ok(Sight::Unclear(not_done.describe())),
    })
}

/// What a person reads of it.
fn trouble_of(doubt: Doubt, marker: &str) -> UpstreamProblem {
    match doubt {
        Doubt::NotThere => UpstreamProblem::NotThere(marker.to_owned()),
        Doubt::OtherName(name) => UpstreamProblem::Renamed(name),
        Doubt::OtherId => UpstreamProblem::Moved(marker.to_owned()),
        Doubt::TooLong => UpstreamProblem::TooLong(marker.to_owned()),
        Doubt::Refused(words) => UpstreamProblem::Refused(words),
    }
}

impl Jobs {
    fn upstream(&self, provider: &ProviderId) -> Option<Upstream<'_>> {
        self.upstreams.of(self.config(), provider)
    }
}
