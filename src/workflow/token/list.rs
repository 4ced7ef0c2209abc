//! Lists of tokens: everybody sees their own, admins all of their providers.

use std::collections::BTreeMap;

use chrono::{Duration, Utc};

use crate::domain::ids::{EventId, RequestId, TokenId, UserId};
use crate::domain::permission::Action;
use crate::domain::request::{Request, RequestState};
use crate::domain::secret::WorkingSecret;
use crate::domain::token::{Token, TokenStatus};
use crate::store::lists::{self, Filter, NameFilter, Viewer};
use crate::store::secrets::{self};
use crate::store::{approvals, deliveries, events, requests, tokens};

use crate::workflow::refusal::Refusal;
use crate::workflow::request::card;
use crate::workflow::{Actor, Outcome, Workflow, access};

/// Tokens on one page of a list.
pub const PAGE: u32 = 10;
/// How many entries of each kind one page of `/token pending` shows: with two buttons each, all of them are
/// as many parts as one message may have.
pub const WAITING: u32 = 3;

/// The age of the tokens in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Age {
    /// Created within the last 7 days.
    Week,
    /// Created within the last 30 days.
    Month,
    /// Created before that.
    Older,
}

impl Age {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Week, Self::Month, Self::Older];

    /// Its name in commands and custom ids.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Week => "7",
            Self::Month => "30",
            Self::Older => "older",
        }
    }

    /// The age with this name.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|age| age.as_str() == name)
    }
}

/// A part of a name to search for, short enough for the buttons that lead from page to page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamePart(String);

impl NamePart {
    /// The limit in UTF-16 code units: what a button's id can hold beside the rest of the query.
    const ROOM: usize = 74;

    /// The typed text, or its beginning, so that all pages are of the same list.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        let mut room = Self::ROOM;
        let fits = |c: &char| match room.checked_sub(c.len_utf16()) {
            Some(rest) => {
                room = rest;
                true
            }
            None => false,
        };
        Self(typed.chars().take_while(fits).collect())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The query of `/token list`; each part is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// A part of the name.
    pub name: NamePart,
    /// The age.
    pub age: Option<Age>,
    /// By status.
    pub standing: Option<TokenStatus>,
    /// From 0.
    pub page: u16,
}

/// One page of tokens.
#[derive(Debug)]
pub struct TokenPage {
    /// What was asked for.
    pub wanted: ListQuery,
    /// The newest first.
    pub tokens: Vec<Token>,
    /// The secrets that open each token, the current one first.
    pub uses: BTreeMap<TokenId, Vec<WorkingSecret>>,
    /// Whether there are more.
    pub more: bool,
}

/// A token, for a person who may see it.
#[derive(Debug)]
pub struct VisibleToken {
    /// The token.
    pub token: Token,
    /// The secrets that open it, the current one first.
    pub uses: Vec<WorkingSecret>,
    /// A link to the card of its open change.
    pub open_change: Option<String>,
}

/// A request that waits, and the link to its card.
#[derive(Debug)]
pub struct PendingRequest {
    /// The request.
    pub request: Request,
    /// A link to its card, once it is posted.
    pub card: Option<String>,
    /// Whether the person has read all of it.
    pub is_read: bool,
    /// The last time that it failed.
    pub failure: Option<EventId>,
}

/// What waits for somebody.
#[derive(Debug, Default)]
pub struct PendingWork {
    /// Requests that wait for their approval.
    pub for_my_approval: Vec<PendingRequest>,
    /// What an admin must do at a provider, or after a failure.
    pub for_an_admin: Vec<PendingRequest>,
    /// Their own requests that others must decide.
    pub mine: Vec<PendingRequest>,
    /// Tokens with a secret that waits for them.
    pub to_collect: Vec<Token>,
    /// The page of each kind, from 0.
    pub page: u16,
    /// Whether there are more of any kind.
    pub more: bool,
}

/// `/token list`.
pub async fn get_page(workflow: &Workflow, actor: &Actor, wanted: ListQuery) -> Outcome<TokenPage> {
    let now = Utc::now();
    let days = |days| Some(now - Duration::days(days));
    let (from, to) = match wanted.age {
        Some(Age::Week) => (days(7), None),
        Some(Age::Month) => (days(30), None),
        Some(Age::Older) => (None, days(30)),
        None => (None, None),
    };
    let standings = wanted.standing.map_or_else(|| TokenStatus::LISTED.to_vec(), |one| vec![one]);
    let filter = Filter { name: NameFilter::holding(wanted.name.as_str()), from, to, standings };
    let place = (u32::from(wanted.page) * PAGE, PAGE + 1);
    let mut connection = workflow.pool.acquire().await?;
    let mut tokens =
        lists::get_page(&mut connection, &build_viewer(workflow, actor), &filter, place).await?;
    let more = tokens.len() > PAGE as usize;
    tokens.truncate(PAGE as usize);
    let ids: Vec<TokenId> = tokens.iter().map(|token| token.id).collect();
    let uses = secrets::list_working(&mut connection, &ids).await?;
    Ok(TokenPage { wanted, tokens, uses, more })
}

/// One token.
pub async fn get_token(workflow: &Workflow, actor: &Actor, id: TokenId) -> Outcome<VisibleToken> {
    let mut connection = workflow.pool.acquire().await?;
    let action = Action::ReadToken;
    let token = access::get_token(workflow, &mut connection, actor, action, id).await?;
    let uses = secrets::list_working(&mut connection, &[id]).await?.remove(&id).unwrap_or_default();
    let open_change = match requests::find_open_change(&mut connection, id).await? {
        Some(open) => card::find_link(workflow, &mut connection, open).await?,
        None => None,
    };
    Ok(VisibleToken { token, uses, open_change })
}

/// The token with this full name among those with these statuses: a live one before one that is over, whose
/// name may be used again.
pub async fn find_token_by_name(
    workflow: &Workflow,
    actor: &Actor,
    name: &str,
    standings: &[TokenStatus],
) -> Outcome<TokenId> {
    let unknown = || Refusal::NoSuchToken { name: name.trim().to_owned() };
    let named = NameFilter::exactly(name).ok_or_else(unknown)?;
    let viewer = build_viewer(workflow, actor);
    let mut connection = workflow.pool.acquire().await?;
    let [enabled, disabled, expired, deleted] = TokenStatus::ALL;
    for equal in [&[enabled, disabled][..], &[expired], &[deleted]] {
        let standings = equal.iter().copied().filter(|one| standings.contains(one)).collect();
        let filter = Filter { name: named.clone(), from: None, to: None, standings };
        match &lists::get_page(&mut connection, &viewer, &filter, (0, 2)).await?[..] {
            [] => {}
            [only] => return Ok(only.id),
            _ => return Err(Refusal::SeveralCalled { name: name.trim().to_owned() }.into()),
        }
    }
    Err(unknown().into())
}

/// Tokens whose name is the typed text, then those whose name contains it, the newest first.
pub async fn search_tokens(
    workflow: &Workflow,
    actor: &Actor,
    typed: &str,
    standings: &[TokenStatus],
    most: u32,
) -> Outcome<Vec<Token>> {
    let viewer = build_viewer(workflow, actor);
    let mut connection = workflow.pool.acquire().await?;
    let mut found: Vec<Token> = Vec::new();
    for name in NameFilter::exactly(typed).into_iter().chain([NameFilter::holding(typed)]) {
        let filter = Filter { name, from: None, to: None, standings: standings.to_vec() };
        let page = lists::get_page(&mut connection, &viewer, &filter, (0, most)).await?;
        let known: Vec<TokenId> = found.iter().map(|token| token.id).collect();
        found.extend(page.into_iter().filter(|token| !known.contains(&token.id)));
    }
    found.truncate(most as usize);
    Ok(found)
}

/// `/token pending`: a page of what waits for this person.
pub async fn get_pending(workflow: &Workflow, actor: &Actor, page: u16) -> Outcome<PendingWork> {
    let mut connection = workflow.pool.acquire().await?;
    let Viewer { user, admin_of } = build_viewer(workflow, actor);
    let place = (u32::from(page) * WAITING, WAITING + 1);
    let mut pending = PendingWork { page, ..PendingWork::default() };
    let more = &mut pending.more;
    let ids = lists::list_waiting_for_approval(&mut connection, user, &admin_of, place).await?;
    pending.for_my_approval =
        get_waiting(workflow, &mut connection, user, take_first(ids, more)).await?;
    let ids = lists::list_waiting_for_admin(&mut connection, &admin_of, place).await?;
    pending.for_an_admin =
        get_waiting(workflow, &mut connection, user, take_first(ids, more)).await?;
    let ids = lists::list_open_requests_of(&mut connection, user, place).await?;
    pending.mine = get_waiting(workflow, &mut connection, user, take_first(ids, more)).await?;
    let deliveries = deliveries::list_waiting(&mut connection, user, place).await?;
    for delivery in take_first(deliveries, more) {
        pending.to_collect.extend(tokens::get(&mut connection, delivery.token).await?);
    }
    Ok(pending)
}

async fn get_waiting(
    workflow: &Workflow,
    connection: &mut sqlx::PgConnection,
    reader: UserId,
    ids: Vec<RequestId>,
) -> Outcome<Vec<PendingRequest>> {
    let mut waiting = Vec::with_capacity(ids.len());
    for id in ids {
        if let Some(request) = requests::get(connection, id).await? {
            let card = card::find_link(workflow, connection, id).await?;
            let is_read = approvals::has_read(connection, &request, reader).await?;
            let failure = match request.state {
                RequestState::Failed => events::find_last_failure(connection, id).await?,
                _ => None,
            };
            waiting.push(PendingRequest { request, card, is_read, failure });
        }
    }
    Ok(waiting)
}

/// The tokens that this person may see.
fn build_viewer(workflow: &Workflow, actor: &Actor) -> Viewer {
    let providers = workflow.config.providers.iter();
    let admin_of = providers.filter(|provider| actor.relationship(Some(provider), None).admin);
    Viewer { user: actor.user, admin_of: admin_of.map(|found| found.id.clone()).collect() }
}

/// The entries of a page, and whether there are more.
fn take_first<T>(mut found: Vec<T>, more: &mut bool) -> Vec<T> {
    *more |= found.len() > WAITING as usize;
    found.truncate(WAITING as usize);
    found
}
