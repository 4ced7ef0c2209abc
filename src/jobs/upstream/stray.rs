//! Looks for what a call made that nobody saw answered, and revokes it.

use anyhow::Context as _;

use crate::config::UpstreamValues;
use crate::domain::ids::AttemptId;
use crate::issuer::{
    Answer, Doubt, Known, Later, Listing, NotDone, Said, Sight, Upstream, Verdict,
    describe_refusal, judge,
};
use crate::jobs::Jobs;
use crate::jobs::upstream::witness;
use crate::workflow::upstream::calls;
use crate::workflow::upstream::stray::{self, AttemptToLookFor, Found};
use crate::workflow::upstream::trouble::Next;

/// Looks for a call's token; one that is there is revoked, and made sure of to be gone.
pub(super) async fn look_for(jobs: &Jobs, attempt: AttemptId) -> anyhow::Result<Next> {
    let workflow = &jobs.workflow;
    let Some(look) = stray::get_attempt_to_look_for(workflow, attempt).await? else {
        return Ok(Next::Over);
    };
    let provider = &look.request.content.provider;
    let upstream = jobs.upstream(provider).context("the upstream is not configured any more")?;
    let found = match find_and_revoke(jobs, &upstream, &look).await? {
        Ok(found) => found,
        Err(NotDone::NotNow(Some(Later { wait: Some(wait), .. }))) => return Ok(Next::Wait(wait)),
        Err(NotDone::NotNow(Some(later))) => Found::Unclear(later.said),
        Err(NotDone::NotNow(None)) => Found::Unclear("it can't be reached".to_owned()),
        Err(NotDone::Doubtful(why)) => Found::Unclear(why),
        Err(NotDone::Refused { status, words }) => Found::Refused(describe_refusal(status, words)),
    };
    Ok(stray::record_look(workflow, attempt, found).await?)
}

/// Revokes what bears a marker, and makes sure that nothing does any more.
async fn find_and_revoke(
    jobs: &Jobs,
    upstream: &Upstream<'_>,
    look: &AttemptToLookFor,
) -> anyhow::Result<Answer<Found>> {
    let before = match upstream.find(&look.values).await {
        Ok(listing) => listing,
        Err(not_done) => return Ok(Err(not_done)),
    };
    let ids = before.marked();
    if ids.is_empty() {
        return find_nothing(jobs, upstream, (look, &before)).await;
    }
    if look.attempt.was_accepted && before.is_whole && !before.has_alive() {
        return Ok(Ok(Found::Revoked));
    }
    let mut ended = Vec::new();
    for id in ids {
        // What doesn't work yet may do so later.
        let seen = before.sight(&id, false);
        let values = UpstreamValues { upstream_id: Some(id.clone()), ..look.values.clone() };
        let about = (&seen, upstream.settings().longest_call());
        let call = calls::begin_end(&jobs.workflow, look.attempt.id, about).await?;
        let said = Said::of(upstream.revoke(&values).await);
        calls::finish_end(&jobs.workflow, call, (&said, true)).await?;
        let goes_on = said.is_accepted();
        ended.push((id, seen, said));
        // What is written down is the last answer: that must not be a yes to another one's end.
        if !goes_on {
            break;
        }
    }
    Ok(upstream.find(&look.values).await.map(|after| come_to(&ended, &after)))
}

/// What revoking came to: each is judged as any token that ends, and nothing else bears the marker.
fn come_to(ended: &[(String, Sight, Said)], after: &Listing) -> Found {
    let known = Known { for_good: true, ..Known::default() };
    for (id, before, said) in ended {
        match judge(before, said, &after.sight(id, false), known) {
            Verdict::Off => {}
            Verdict::Person(Doubt::Refused(words)) => return Found::Refused(words),
            Verdict::Person(_) => return Found::Unclear("nobody can see that it ended".to_owned()),
            Verdict::Again(why) => return Found::Unclear(why),
        }
    }
    let is_known = |id: &String| ended.iter().any(|(known, ..)| known == id);
    match after.has_alive() || !after.marked().iter().all(is_known) {
        true => Found::Unclear("it was revoked, and is still there".to_owned()),
        false => Found::Revoked,
    }
}

/// Nothing bears the marker. That tells something only of a list that shows other tokens that live.
async fn find_nothing(
    jobs: &Jobs,
    upstream: &Upstream<'_>,
    (look, listing): (&AttemptToLookFor, &Listing),
) -> anyhow::Result<Answer<Found>> {
    if !listing.is_whole {
        return Ok(Ok(Found::TooLong));
    }
    let length = upstream.length_to_find(&look.values);
    let is_shown = witness::is_shown(jobs, upstream, look.attempt.id).await?;
    Ok(is_shown.map(|is_shown| match is_shown {
        Some(false) => Found::Blind,
        Some(true) | None => Found::Nothing { length },
    }))
}
