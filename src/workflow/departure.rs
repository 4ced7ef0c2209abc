//! Members who left the guild: what depends on them, and how an admin replaces them as contact.

use std::collections::BTreeSet;

use crate::config::Provider;
use crate::domain::change;
use crate::domain::content::{Content, Target, UnresolvedContent};
use crate::domain::departure::{Departure, Dependents};
use crate::domain::ids::{ChannelId, DepartureId, MessageId, TokenId, UserId};
use crate::domain::permission::Action;
use crate::domain::request::Request;
use crate::domain::request_kind::RequestKind;
use crate::domain::settings::TokenSettings;
use crate::domain::token::Token;
use crate::store::departures;
use crate::store::tx::Tx;
use crate::store::{now, people, tokens};

use crate::workflow::refusal::Refusal;
use crate::workflow::request::{begin_change, resolve_draft, submit};
use crate::workflow::{Actor, Failure, Outcome, Workflow};

/// A departure of which the admins must be told.
#[derive(Debug)]
pub struct DepartureToReport {
    /// The departure.
    pub departure: Departure,
    /// What the person was called.
    pub name: String,
    /// What depends on them.
    pub hanging: Dependents,
    /// Whether an admin can become the contact of a token of theirs.
    pub can_take_over: bool,
}

/// How many tokens one can choose from at once: the limit of a select in Discord.
const AT_ONCE: u32 = 25;

/// A page of the tokens of which an admin can become the contact.
#[derive(Debug)]
pub struct TakeOverPage {
    /// The newest first.
    pub tokens: Vec<Token>,
    /// From 0.
    pub page: u16,
    /// Whether there are more.
    pub more: bool,
}

/// The outcome of *Take over as contact*.
#[derive(Debug)]
pub struct TakeOverOutcome {
    /// The requests that it made.
    pub asked: Vec<Request>,
    /// The tokens without a request, and the reasons.
    pub refused: Vec<(Token, Refusal)>,
}

/// Whether it matters if a person is still a member.
pub async fn has_dependents(workflow: &Workflow, person: UserId) -> Outcome<bool> {
    let mut connection = workflow.pool.acquire().await?;
    Ok(!departures::list_providers_with_dependents(&mut connection, person).await?.is_empty())
}

/// Discord says that a person is not a member: the admins are told, once for each provider at which tokens
/// or requests depend on the person.
pub async fn note_absence(workflow: &Workflow, person: UserId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    for provider in departures::list_providers_with_dependents(&mut tx, person).await? {
        // No admins could be told. If the provider is configured again, the departure may be noticed again.
        if workflow.config.provider(&provider).is_none() {
            continue;
        }
        tx.note_departure(person, &provider).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Discord says that a person is a member.
pub async fn note_presence(workflow: &Workflow, person: UserId) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    tx.note_return(person).await?;
    tx.commit().await?;
    Ok(())
}

/// A departure of which nobody was told yet; or one whose message must show what is left of it.
pub async fn get_departure_to_report(
    workflow: &Workflow,
    id: DepartureId,
) -> Outcome<Option<DepartureToReport>> {
    let mut connection = workflow.pool.acquire().await?;
    let departure = departures::get(&mut connection, id).await?;
    let is_due = |found: &Departure| match found.is_told {
        true => found.message.is_some(),
        false => !found.is_over,
    };
    let Some(departure) = departure.filter(is_due) else { return Ok(None) };
    let (person, provider) = (departure.person, &departure.provider);
    let known = people::get(&mut connection, &[person]).await?;
    let name = known.get(&person).map_or_else(|| person.to_string(), |known| known.name.clone());
    if departure.is_over {
        let hanging = Dependents::default();
        return Ok(Some(DepartureToReport { departure, name, hanging, can_take_over: false }));
    }
    let hanging = departures::get_dependents(&mut connection, person, provider).await?;
    let can_take_over = match workflow.config.provider(provider) {
        Some(found) => !list_available(&mut connection, person, found, (0, 1)).await?.is_empty(),
        None => false,
    };
    Ok(Some(DepartureToReport { departure, name, hanging, can_take_over }))
}

/// Tokens of which somebody else can become the contact.
async fn list_available(
    connection: &mut sqlx::PgConnection,
    person: UserId,
    provider: &Provider,
    place: (u32, u32),
) -> sqlx::Result<Vec<Token>> {
    if !provider.issuer.offers(RequestKind::Edit) {
        return Ok(Vec::new());
    }
    let versions = provider.catalogue.versions().iter().map(|version| version.version);
    let versions: Vec<_> = versions.collect();
    departures::list_tokens_to_take_over(connection, (person, &provider.id), &versions, place).await
}

/// Notes that the admins were told of a departure.
pub async fn note_reported(
    workflow: &Workflow,
    id: DepartureId,
    place: (ChannelId, MessageId),
) -> Outcome<()> {
    let mut tx = workflow.tx().await?;
    tx.note_departure_told(id, place).await?;
    tx.commit().await?;
    Ok(())
}

/// A page of at least one token of which an admin can become the contact instead of a person who left.
/// Tokens with such a request are not listed any more.
pub async fn list_tokens(
    workflow: &Workflow,
    actor: &Actor,
    id: DepartureId,
    page: u16,
) -> Outcome<TakeOverPage> {
    let mut connection = workflow.pool.acquire().await?;
    let departure = get_open(workflow, &mut connection, actor, id).await?;
    let provider = workflow.provider(&departure.provider)?;
    if !provider.issuer.offers(RequestKind::Edit) {
        return Err(Refusal::NotOffered.into());
    }
    let place = (u32::from(page) * AT_ONCE, AT_ONCE + 1);
    let mut tokens = list_available(&mut connection, departure.person, provider, place).await?;
    if tokens.is_empty() {
        return Err(Refusal::NothingToDo.into());
    }
    let more = tokens.len() > AT_ONCE as usize;
    tokens.truncate(AT_ONCE as usize);
    Ok(TakeOverPage { tokens, page, more })
}

/// *Take over as contact*: requests an edit of each of these tokens, with the admin as contact. It takes
/// approvals, like any edit.
///
/// # Errors
/// Refusals and faults. A token that is refused does not affect the others.
pub async fn take_over_tokens(
    workflow: &Workflow,
    actor: &Actor,
    id: DepartureId,
    wanted: &BTreeSet<TokenId>,
) -> Outcome<TakeOverOutcome> {
    let mut tx = workflow.begin(actor).await?;
    let departure = get_open(workflow, &mut tx, actor, id).await?;
    let provider = workflow.provider(&departure.provider)?;
    let mut all = Vec::with_capacity(wanted.len());
    // Locks all tokens first, in one order.
    for token in wanted {
        let token = tokens::lock(&mut tx, *token).await?;
        all.extend(token.filter(|token| {
            token.settings.contact == departure.person && token.provider == departure.provider
        }));
    }
    let mut taken = TakeOverOutcome { asked: Vec::new(), refused: Vec::new() };
    for token in all {
        match request_take_over(workflow, &mut tx, actor, provider, &token).await {
            Ok(request) => taken.asked.push(request),
            Err(Failure::Refused(refusal)) => taken.refused.push((token, refusal)),
            Err(fault) => return Err(fault),
        }
    }
    if taken.asked.is_empty() && taken.refused.is_empty() {
        return Err(Refusal::NothingToDo.into());
    }
    tx.commit().await?;
    Ok(taken)
}

/// The admin gives no approval here: they saw the token's name, not everything that it may do.
async fn request_take_over(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    provider: &Provider,
    token: &Token,
) -> Outcome<Request> {
    begin_change::check_changeable(workflow, tx, token, provider, RequestKind::Edit).await?;
    let now = now(tx).await?;
    let content = change::least(with_contact(token, provider, actor.user)?, token, now);
    resolve_draft::check_effect(&content, token, false, now)?;
    submit::create_request(workflow, tx, actor, provider, (None, &content)).await
}

/// A departure that has not ended, for an admin of its provider.
async fn get_open(
    workflow: &Workflow,
    connection: &mut sqlx::PgConnection,
    actor: &Actor,
    id: DepartureId,
) -> Outcome<Departure> {
    let departure = departures::get(connection, id).await?.ok_or(Refusal::NothingToDo)?;
    let provider = workflow.config.provider(&departure.provider);
    actor.must_be_allowed(Action::TakeOver, provider, None)?;
    if departure.is_over { Err(Refusal::NothingToDo.into()) } else { Ok(departure) }
}

/// The token's content with another contact.
fn with_contact(token: &Token, provider: &Provider, contact: UserId) -> Result<Content, Refusal> {
    let version =
        provider.catalogue.version(token.settings.api_version).ok_or(Refusal::VersionGone)?;
    let unresolved = UnresolvedContent {
        provider: provider.id.clone(),
        issuer: provider.issuer.facts(),
        kind: RequestKind::Edit,
        settings: TokenSettings { contact, ..token.settings.clone() },
        lifetime_days: token.lifetime_days,
        target: Some(Target::of(token)),
    };
    let scopes = token.scope_ids();
    Content::new(unresolved, version, &scopes).map_err(|unknown| Refusal::UnknownScopes(unknown.0))
}
