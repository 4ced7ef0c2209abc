//! Changes a token in place at its upstream: its scopes, and its name there. The same change may
//! be sent again, so one without a clear answer is.

use std::time::Duration;

use chrono::{SecondsFormat, Utc};

use crate::config::{HttpUpdate, UpdateField, UpstreamValues};
use crate::domain::attempt::UpstreamProblem;
use crate::domain::content::Content;
use crate::domain::ids::RequestId;
use crate::domain::request::{Request, RequestState};
use crate::domain::token::Token;
use crate::issuer::{Answer, NotDone, describe_refusal};
use crate::store::events;
use crate::store::requests;
use crate::store::tx::Tx;

use crate::workflow::request::review::{self, Today};
use crate::workflow::upstream::create::UpstreamCall;
use crate::workflow::upstream::trouble::{self, Next};
use crate::workflow::upstream::{attempt, identity};
use crate::workflow::{Outcome, Workflow};

/// How soon a change without a clear answer is sent again.
const REPEAT_AFTER: Duration = Duration::from_secs(5);

/// For how long it is. After that an admin decides.
const REPEAT_FOR: Duration = Duration::from_secs(300);

/// The call that changes a token at its upstream; `Nothing` if the change is only Countersign's, and takes
/// effect here.
pub(in crate::workflow) async fn prepare_call(
    workflow: &Workflow,
    tx: &mut Tx,
    request: &mut Request,
) -> Outcome<UpstreamCall> {
    let update =
        attempt::find_upstream(workflow, request).and_then(|upstream| upstream.update.as_ref());
    let changed = list_changed(&request.content);
    if !update.is_some_and(|update| changes_there(update, &changed)) {
        if changed.contains(&UpdateField::Scopes) {
            let why = "the configuration has no update of scopes for it".to_owned();
            trouble::fail_request(tx, request, &UpstreamProblem::Refused(why)).await?;
        } else {
            tx.change_token(request).await?;
        }
        return Ok(UpstreamCall::Nothing);
    }
    let Some((token, known)) = attempt::find_changed(tx, request).await? else {
        return Ok(UpstreamCall::Nothing);
    };
    let upstream_id = identity::open(workflow, &known)?;
    let values = attempt::build_values(request, &known.marker, Some(&upstream_id));
    let provider = request.content.provider.clone();
    Ok(UpstreamCall::Update(provider, with_own_end(values, &token)))
}

/// The upstream answered, clearly or not.
pub async fn record_answer(
    workflow: &Workflow,
    id: RequestId,
    answer: Answer<()>,
) -> Outcome<Next> {
    let mut tx = workflow.tx().await?;
    let Some(mut request) = requests::lock(&mut tx, id).await? else {
        return Ok(Next::Over);
    };
    if request.state != RequestState::Issuing {
        return Ok(Next::Over);
    }
    let next = match answer {
        // An admin is asked already, because another run of the job had its answer first.
        Err(_) if request.waits_for_a_person() => Next::Over,
        // Where an admin is asked, it is done all the same.
        Ok(()) => {
            // No other change of this token can have come between; a disabled one doesn't matter.
            if review::recheck_content(workflow, &mut tx, &mut request).await? == Today::Same {
                tx.change_token(&mut request).await?;
            }
            Next::Over
        }
        Err(NotDone::NotNow(later)) => trouble::wait_or_fail(&mut tx, &mut request, later).await?,
        Err(NotDone::Refused { status, words }) => {
            let words = describe_refusal(status, words);
            let trouble = match may_be_changed(&mut tx, &request).await? {
                true => UpstreamProblem::Changing(words),
                false => UpstreamProblem::Refused(words),
            };
            trouble::fail_request(&mut tx, &mut request, &trouble).await?;
            Next::Over
        }
        Err(NotDone::Doubtful(why)) => {
            if requests::is_unchanged_for(&mut tx, request.id, REPEAT_FOR).await? {
                trouble::fail_request(&mut tx, &mut request, &UpstreamProblem::Changing(why))
                    .await?;
                Next::Over
            } else {
                Next::Wait(REPEAT_AFTER)
            }
        }
    };
    tx.commit().await?;
    Ok(next)
}

/// Whether a change that its upstream refuses may have been carried out before: a call before this one may have had
/// no clear answer, and "there is nothing to change" is a refusal, too.
async fn may_be_changed(tx: &mut Tx, request: &Request) -> Outcome<bool> {
    Ok(requests::is_unchanged_for(tx, request.id, REPEAT_AFTER).await?
        || events::was_in_doubt(tx, request.id).await?)
}

/// The fields in which a content differs from the token that it changes.
fn list_changed(content: &Content) -> Vec<UpdateField> {
    let Some(target) = &content.target else { return Vec::new() };
    let (was, is) = (&target.was.settings, &content.settings);
    let same = [
        (UpdateField::Scopes, content.scopes == target.was.scopes),
        (UpdateField::Name, is.name == was.name),
        (UpdateField::Description, is.description == was.description),
        (UpdateField::Contact, is.contact == was.contact),
        (UpdateField::DeveloperEmails, is.developer_emails == was.developer_emails),
    ];
    same.into_iter().filter_map(|(field, is_same)| (!is_same).then_some(field)).collect()
}

/// Whether the upstream stores something of the change. Scopes that it can't change don't count.
fn changes_there(update: &HttpUpdate, changed: &[UpdateField]) -> bool {
    let holds = |field| update.fields.contains(field);
    changed.iter().any(holds)
        && (!changed.contains(&UpdateField::Scopes) || holds(&UpdateField::Scopes))
}

/// A change in place leaves the token's end as it is.
fn with_own_end(values: UpstreamValues, token: &Token) -> UpstreamValues {
    let Some(end) = token.expires_at else { return values };
    let left = (end - Utc::now()).num_seconds();
    UpstreamValues {
        lifetime_seconds: u64::try_from(left).unwrap_or_default(),
        expires_at: end.to_rfc3339_opts(SecondsFormat::Secs, true),
        ..values
    }
}
