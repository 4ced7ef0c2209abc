//! Runs a history on the real workflows, and compares the database with the model.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use countersign::domain::content::Digest;
use countersign::domain::ids::{DeliveryId, InteractionId, RequestId, RoleId, UserId};
use countersign::workflow::delivery::{deliver, reveal};
use countersign::workflow::request::{confirm, decide, issue};
use countersign::workflow::{Actor, Failure, Outcome};
use proptest::test_runner::TestCaseError;
use secrecy::SecretString;
use sqlx::Row as _;

use super::history::{Action, Step};
use super::world::{ModelRequest, Secret, State, World};
use crate::support::{ADMINS, Fixture, person};

/// Runs histories one after the other on one database; each has its own requests.
pub struct Player {
    fixture: Fixture,
    names: AtomicUsize,
}

/// One history under way.
struct Play<'a> {
    player: &'a Player,
    world: World,
    /// The requests in the order of the model.
    requests: Vec<RequestId>,
    /// The digests that each request has had.
    digests: BTreeMap<RequestId, Vec<Digest>>,
    last: Option<(Action, InteractionId)>,
}

impl Action {
    /// Whether a job does it: a job can be repeated, and acts by the state.
    fn is_job(&self) -> bool {
        matches!(self, Self::Confirm { .. } | Self::Issue { .. } | Self::Shown { .. })
    }

    /// Whether it goes through a draft; a person has only one for each thing.
    fn drafted_by(&self) -> Option<i64> {
        match self {
            Self::Submit { by } | Self::Edit { by, .. } => Some(*by),
            _ => None,
        }
    }
}

impl Player {
    pub async fn new() -> Self {
        let fixture = Fixture::configured("model", "[policy]\nmax_open_requests = 100000").await;
        Self { fixture, names: AtomicUsize::new(0) }
    }

    /// Runs one history to its end.
    pub async fn run_history(&self, history: &[Step]) -> Result<(), TestCaseError> {
        let mut play = Play {
            player: self,
            world: World::new(),
            requests: Vec::new(),
            digests: BTreeMap::new(),
            last: None,
        };
        for (at, step) in history.iter().enumerate() {
            play.step(step)
                .await
                .map_err(|why| TestCaseError::fail(format!("step {at}, {step:?}: {why}")))?;
        }
        Ok(())
    }

    /// What must hold for all requests of the run.
    pub async fn finish(&self) {
        for (query, why) in [
            (
                "select count(*) from tokens where (select count(distinct person) from approvals
                     where approvals.request_id = tokens.request_id and struck_at is null) < 2",
                "tokens without two people's approvals",
            ),
            (
                "select count(*) from (select request_id from tokens group by 1
                     having count(*) > 1) as twice",
                "requests with two tokens",
            ),
            (
                "select count(*) from requests where state in ('approved', 'issuing')
                 and not exists (select from jobs where subject = requests.id
                     and kind = case requests.state when 'approved' then 'confirm_approvals'
                         else 'issue' end)",
                "requests that wait for a job that nobody asked for",
            ),
            (
                "select count(*) from deliveries where state = 'waiting'
                 and not exists (select from jobs
                     where kind = 'deliver' and subject = deliveries.id)",
                "deliveries that nobody announces",
            ),
        ] {
            assert_eq!(self.fixture.count(query).await, 0, "{why}");
        }
        crate::audit::chains(&self.fixture).await;
    }
}

impl Play<'_> {
    async fn step(&mut self, step: &Step) -> Result<(), String> {
        self.world.look();
        let candidates = match step {
            Step::Role { person, admin } => {
                if *admin {
                    self.world.admins.insert(*person);
                } else {
                    self.world.admins.remove(person);
                }
                vec![self.world.clone()]
            }
            Step::Does(action) => {
                let interaction = self.interaction();
                // A request that does not exist yet has no button to press.
                let is_there = action.request().is_none_or(|at| at < self.requests.len());
                self.does(action, interaction).await?;
                if is_there {
                    self.last = Some((action.clone(), interaction));
                }
                vec![self.world.after(action)]
            }
            Step::Crash(action, after) => {
                let interaction = self.interaction();
                let doing = self.does(action, interaction);
                // Dropped wherever it is at that moment.
                let _ = tokio::time::timeout(Duration::from_micros(*after), doing).await;
                self.settle().await;
                vec![self.world.clone(), self.world.after(action)]
            }
            Step::Replay => {
                let Some((action, interaction)) = self.last.clone() else { return Ok(()) };
                self.does(&action, interaction).await?;
                vec![if action.is_job() { self.world.after(&action) } else { self.world.clone() }]
            }
            Step::Race(one, other) => {
                let (first, second) = (self.interaction(), self.interaction());
                let (a, b) = tokio::join!(self.does(one, first), self.does(other, second));
                a.and(b)?;
                let world = &self.world;
                let mut both = vec![world.after(one).after(other), world.after(other).after(one)];
                if one.drafted_by().is_some() && one.drafted_by() == other.drafted_by() {
                    // One draft is submitted once.
                    both.extend([world.after(one), world.after(other)]);
                }
                both
            }
        };
        self.find_requests().await;
        let seen = self.seen().await;
        let fitting = candidates.into_iter().find(|world| world.requests == seen);
        let fitting = fitting.ok_or_else(|| {
            format!("the database holds {seen:#?}, after {:#?}", self.world.requests)
        })?;
        self.world = fitting;
        Ok(())
    }

    fn interaction(&self) -> InteractionId {
        self.player.fixture.actor(1, true).interaction
    }

    fn actor(&self, by: i64, interaction: InteractionId) -> Actor {
        let admin = self.world.admins.contains(&by).then(|| RoleId::new(ADMINS).unwrap());
        Actor {
            user: person(by),
            name: format!("Person {by}"),
            roles: Some(BTreeSet::from_iter(admin)),
            locale: "en-US".into(),
            interaction,
        }
    }

    /// Carries out the action. Refusals are expected; faults are not.
    async fn does(&self, action: &Action, interaction: InteractionId) -> Result<(), String> {
        match self.attempt(action, interaction).await {
            Ok(()) => Ok(()),
            // As the handlers do, so that a refused press is never carried out later.
            Err(Failure::Refused(_)) => {
                let workflow = &self.player.fixture.workflow;
                workflow
                    .remember_interaction(interaction)
                    .await
                    .map_err(|error| format!("{error:#}"))
            }
            Err(Failure::Fault(error)) => Err(format!("a fault: {error:#}")),
        }
    }

    async fn attempt(&self, action: &Action, interaction: InteractionId) -> Outcome<()> {
        let (fixture, workflow) = (&self.player.fixture, &self.player.fixture.workflow);
        if let Action::Submit { by } = *action {
            let name = format!("Name {}", self.player.names.fetch_add(1, Ordering::Relaxed));
            let actor = self.actor(by, interaction);
            return fixture.submit_as(&actor, &name).await.map(drop);
        }
        let Some(id) = action.request().and_then(|at| self.requests.get(at).copied()) else {
            return Ok(());
        };
        match *action {
            Action::Submit { .. } => Ok(()),
            Action::Edit { by, .. } => {
                let text = format!("Content {interaction}");
                fixture.edit_as(&self.actor(by, interaction), id, &text).await.map(drop)
            }
            Action::Approve { by, older, .. } => {
                let shown = self.shown(id, older);
                decide::approve(workflow, &self.actor(by, interaction), id, shown).await.map(drop)
            }
            Action::Deny { by, .. } => {
                decide::deny(workflow, &self.actor(by, interaction), id, "no").await.map(drop)
            }
            Action::Withdraw { by, .. } => {
                decide::withdraw(workflow, &self.actor(by, interaction), id).await.map(drop)
            }
            Action::Confirm { .. } => {
                let Some(ask) = confirm::get_approvers(workflow, id).await? else { return Ok(()) };
                let is_admin = |person: &UserId| self.world.admins.contains(&person.get());
                let admins = ask.people.iter().copied().filter(is_admin).collect();
                confirm::record_admins(workflow, id, &ask.people, &admins).await.map(drop)
            }
            Action::Issue { .. } => issue::carry_out(workflow, id, &mut |_| true).await.map(drop),
            Action::Press { .. } | Action::Shown { .. } | Action::NotMe { .. } => {
                self.attempt_delivery(action, id, interaction).await
            }
        }
    }

    async fn attempt_delivery(
        &self,
        action: &Action,
        request: RequestId,
        interaction: InteractionId,
    ) -> Outcome<()> {
        let workflow = &self.player.fixture.workflow;
        let query = "select deliveries.id from deliveries join tokens on tokens.id = token_id
                     where request_id = $1";
        let mut connection = workflow.pool.acquire().await?;
        let found: Option<i64> =
            sqlx::query_scalar(query).bind(request.get()).fetch_optional(&mut *connection).await?;
        let Some(delivery) = found.and_then(|id| DeliveryId::new(id).ok()) else { return Ok(()) };
        match *action {
            Action::Press { by, .. } => {
                let (actor, token) = (self.actor(by, interaction), SecretString::from("token"));
                reveal::open_secret(workflow, &actor, delivery, &token).await.map(drop)
            }
            Action::Shown { accepted: true, .. } => {
                deliver::note_reveal_accepted(workflow, delivery).await
            }
            Action::Shown { accepted: false, .. } => {
                deliver::note_reveal_refused(workflow, delivery).await
            }
            Action::NotMe { by, .. } => {
                deliver::disown(workflow, &self.actor(by, interaction), delivery).await.map(drop)
            }
            _ => Ok(()),
        }
    }

    /// The digest of the current content, or of the one before.
    fn shown(&self, id: RequestId, older: bool) -> Digest {
        let known = self.digests.get(&id).map(Vec::as_slice).unwrap_or_default();
        match (older, known) {
            (true, [.., before, _]) => *before,
            (false, [.., now]) => *now,
            _ => Digest::of(b"none of them"),
        }
    }

    /// Waits until nothing of a crashed step runs in the database.
    async fn settle(&self) {
        let busy = "select count(*) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid()
                        and backend_type = 'client backend' and state <> 'idle'";
        while self.player.fixture.count(busy).await > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Reads new requests and new digests.
    async fn find_requests(&mut self) {
        let since = self.requests.first().map_or(0, |id| id.get());
        let rows = sqlx::query("select id, digest from requests where id >= $1 order by id")
            .bind(if since == 0 { self.newest_before().await } else { since })
            .fetch_all(&mut *self.player.fixture.workflow.pool.acquire().await.unwrap())
            .await
            .unwrap();
        for row in rows {
            let id = RequestId::new(row.get(0)).unwrap();
            let digest = Digest::from_bytes(row.get(1)).unwrap();
            if !self.requests.contains(&id) {
                self.requests.push(id);
            }
            let known = self.digests.entry(id).or_default();
            if known.last() != Some(&digest) {
                known.push(digest);
            }
        }
    }

    /// The first request of this history is the newest of all.
    async fn newest_before(&self) -> i64 {
        self.player.fixture.count("select coalesce(max(id), 0) from requests").await
    }

    /// The state in the database, in the model's terms.
    async fn seen(&self) -> Vec<ModelRequest> {
        let mut seen = Vec::new();
        for id in &self.requests {
            seen.push(self.seen_wish(*id).await);
        }
        seen
    }

    async fn seen_wish(&self, id: RequestId) -> ModelRequest {
        let mut connection = self.player.fixture.workflow.pool.acquire().await.unwrap();
        let row = sqlx::query(
            "select requester, revision::integer, state,
                 (select state from tokens where request_id = requests.id),
                 (select deliveries.state from deliveries join tokens on tokens.id = token_id
                     where request_id = requests.id),
                 (select reveal_ends_at is not null from deliveries
                     join tokens on tokens.id = token_id where request_id = requests.id),
                 array(select person from approvals where request_id = requests.id
                     and struck_at is null and digest = requests.digest)
             from requests where id = $1",
        )
        .bind(id.get())
        .fetch_one(&mut *connection)
        .await
        .unwrap();
        let events: Vec<(String, i64)> =
            sqlx::query_as("select kind, count(*) from events where request_id = $1 group by 1")
                .bind(id.get())
                .fetch_all(&mut *connection)
                .await
                .unwrap();
        let known = |event: &str| EVENTS.iter().copied().find(|known| *known == event);
        ModelRequest {
            requester: row.get(0),
            content: row.get(1),
            state: state(row.get(2)),
            secret: secret(row.get(3), row.get(4), row.get(5)),
            approvals: row.get::<Vec<i64>, _>(6).into_iter().collect(),
            events: events
                .into_iter()
                .filter_map(|(event, count)| Some((known(&event)?, count)))
                .collect(),
        }
    }
}

/// What the model speaks of.
const EVENTS: &[&str] = &[
    "request_submitted",
    "request_edited",
    "approval_given",
    "approval_struck",
    "request_approved",
    "request_denied",
    "request_withdrawn",
    "request_confirmed",
    "request_returned",
    "token_issued",
    "token_collected",
    "reveal_repeated",
    "token_disabled",
    "delivery_accepted",
    "delivery_disowned",
];

fn state(text: &str) -> State {
    match text {
        "pending" => State::Pending,
        "approved" => State::Approved,
        "issuing" => State::Issuing,
        "done" => State::Done,
        "denied" => State::Denied,
        "withdrawn" => State::Withdrawn,
        other => panic!("a request is {other}"),
    }
}

/// The states of token and delivery must fit each other.
fn secret(token: Option<&str>, delivery: Option<&str>, busy: Option<bool>) -> Option<Secret> {
    Some(match (token?, delivery?) {
        ("issued", "waiting") => Secret::Waiting,
        ("active", "pressed") => Secret::Pressed { busy: busy == Some(true) },
        ("active", "accepted") => Secret::Accepted,
        ("disabled", "disowned") => Secret::Disowned,
        (token, delivery) => panic!("a token is {token} while its delivery is {delivery}"),
    })
}
