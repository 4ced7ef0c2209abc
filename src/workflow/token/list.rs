//! Lists of tokens: everybody sees their own, admins all of their providers.

use std::collections::BTreeMap;

use chrono::{Duration, Utc};

use crate::domain::ids::{DeliveryId, EventId, RequestId, TokenId, UserId};
use crate::domain::permission::Action;
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::secret::WorkingSecret;
use crate::domain::token::{Token, TokenStatus};
use crate::store::lists::{self, Filter, NameFilter, Viewer};
use crate::store::secrets::{self};
use crate::store::{approvals, deliveries, events, now, requests, tokens};

use crate::workflow::refusal::Refusal;
use crate::workflow::request::{card, offers};
use crate::workflow::{Actor, Outcome, Workflow, access};

/// Tokens on one page of a list.
pub const PAGE: u32 = 10;
/// How many entries one page of `/token pending` shows: with two buttons each, all of them are as many parts
/// as one message may have.
pub const WAITING: usize = 9;

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
    /// The limit for what leads back to the list from something that was opened there.
    const ROOM_BACK: usize = 42;

    /// The typed text, or its beginning, so that all pages are of the same list.
    #[must_use]
    pub fn of(typed: &str) -> Self {
        Self::cut(typed, Self::ROOM)
    }

    fn cut(typed: &str, mut room: usize) -> Self {
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

impl ListQuery {
    /// The same with a name that leaves room for what was opened from the list.
    #[must_use]
    pub fn shortened(&self) -> Self {
        Self { name: NamePart::cut(self.name.as_str(), NamePart::ROOM_BACK), ..self.clone() }
    }
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
    /// Its open change, if there is one.
    pub open_change: Option<OpenChange>,
    /// What the person can do with it now.
    pub offered: Vec<RequestKind>,
}

/// A change of a token that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenChange {
    /// A link to its card, once it is posted.
    pub card: Option<String>,
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
    pub to_collect: Vec<UncollectedToken>,
    /// The page, from 0.
    pub page: u8,
    /// Whether there are more.
    pub more: bool,
}

/// A token with a secret that waits for its owner.
#[derive(Debug, Clone)]
pub struct UncollectedToken {
    /// The token.
    pub token: Token,
    /// The delivery of the secret.
    pub delivery: DeliveryId,
}

/// What is left of one page while one kind after the other takes its entries.
#[derive(Debug)]
struct PageWindow {
    skip: usize,
    left: usize,
    more: bool,
}

impl PageWindow {
    fn of(page: u8) -> Self {
        Self { skip: usize::from(page) * WAITING, left: WAITING, more: false }
    }

    /// How many entries a kind must have for the rest of the page, and to tell whether there are more.
    fn needs(&self) -> (u32, u32) {
        (0, u32::try_from(self.skip + self.left + 1).unwrap_or(u32::MAX))
    }

    /// Those of the first entries of a kind that are on the page.
    fn take<T>(&mut self, mut found: Vec<T>) -> Vec<T> {
        let mut here = found.split_off(self.skip.min(found.len()));
        self.skip -= found.len();
        self.more |= here.len() > self.left;
        here.truncate(self.left);
        self.left -= here.len();
        here
    }
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
        Some(open) => {
            Some(OpenChange { card: card::find_link(workflow, &mut connection, open).await? })
        }
        None => None,
    };
    let now = now(&mut connection).await?;
    let at = (workflow.config.provider(&token.provider), &workflow.config.policy);
    let offered = offers::list_offered(actor, &token, at, open_change.is_some(), now);
    Ok(VisibleToken { token, uses, open_change, offered })
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
pub async fn get_pending(workflow: &Workflow, actor: &Actor, page: u8) -> Outcome<PendingWork> {
    let mut connection = workflow.pool.acquire().await?;
    let connection = &mut *connection;
    let Viewer { user, admin_of } = build_viewer(workflow, actor);
    let mut window = PageWindow::of(page);
    let mut pending = PendingWork { page, ..PendingWork::default() };
    let found = deliveries::list_waiting(connection, user, window.needs()).await?;
    for delivery in window.take(found) {
        if let Some(token) = tokens::get(connection, delivery.token).await? {
            pending.to_collect.push(UncollectedToken { token, delivery: delivery.id });
        }
    }
    let found =
        lists::list_waiting_for_approval(connection, user, &admin_of, window.needs()).await?;
    let found = window.take(found);
    pending.for_my_approval = get_waiting(workflow, connection, user, found).await?;
    let found = lists::list_waiting_for_admin(connection, &admin_of, window.needs()).await?;
    let found = window.take(found);
    pending.for_an_admin = get_waiting(workflow, connection, user, found).await?;
    let found = lists::list_open_requests_of(connection, user, window.needs()).await?;
    let found = window.take(found);
    pending.mine = get_waiting(workflow, connection, user, found).await?;
    pending.more = window.more && page < u8::MAX;
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// All pages together show every entry once, in its order, and each but the last is full.
        #[test]
        fn pages_show_everything_once(kinds in prop::collection::vec(0usize..30, 4)) {
            let all: Vec<(usize, usize)> =
                (0..4).flat_map(|kind| (0..kinds[kind]).map(move |entry| (kind, entry))).collect();
            let mut shown = Vec::new();
            for page in 0.. {
                let mut window = PageWindow::of(page);
                let mut here = Vec::new();
                for (kind, count) in kinds.iter().enumerate() {
                    let (_, most) = window.needs();
                    let found = (0..*count).map(|entry| (kind, entry)).take(most as usize);
                    here.extend(window.take(found.collect()));
                }
                prop_assert!(here.len() <= WAITING);
                prop_assert!(here.len() == WAITING || !window.more);
                shown.extend(here);
                prop_assert_eq!(window.more, shown.len() < all.len());
                if !window.more {
                    break;
                }
            }
            prop_assert_eq!(shown, all);
        }
    }
}
