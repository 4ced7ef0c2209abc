//! What happens to each interaction: who acts and may act here at all, which workflow it is, and
//! which view answers. One file for each place where people press things.
//!
//! Nothing here decides who may do what to a thing: workflows do, with what the interaction says
//! of the person.

mod announce;
mod card;
mod command;
mod delivery;
mod draft;
mod leak;
mod leaving;
mod route;
mod token;
mod turns;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tracing::Instrument as _;

use super::interaction::{Interaction, ParseError};
use super::message::Message;
use super::reply::{self, Reply};
use super::rest::{ErrorCode, Rest, RestError};
use super::views;
use crate::counters;
use crate::locale::Language;
use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Failure, Outcome, Workflow};
use route::{Press, Route};
use turns::Turns;

/// How long a repeated interaction waits before it is answered: if the first one's answer is on its
/// way, Discord takes that one and refuses this.
const REPEATED: Duration = Duration::from_secs(1);

/// Handles interactions. Cheap to clone.
#[derive(Clone)]
pub struct Handlers {
    workflow: Workflow,
    rest: Arc<Rest>,
    turns: Arc<Turns>,
}

/// One interaction of one person.
struct Visit<'a> {
    interaction: &'a Interaction,
    actor: Actor,
    language: Language,
}

impl Handlers {
    /// What handles interactions with these workflows, and answers through this client.
    #[must_use]
    pub fn new(workflow: Workflow, rest: Arc<Rest>) -> Self {
        Self { workflow, rest, turns: Arc::default() }
    }

    /// Handles one interaction from its raw JSON, and answers it. Whatever goes wrong is logged, and
    /// told to the person where that is possible.
    pub async fn handle(&self, raw: Value) {
        let interaction = match Interaction::parse(&raw) {
            Ok(interaction) => interaction,
            Err(ParseError::Ping) => return,
            Err(error) => {
                counters::count_interaction("unknown", "unreadable");
                return tracing::warn!(%error, "an interaction can't be read");
            }
        };
        let route = Route::of(&interaction.kind);
        let span = tracing::info_span!(
            "interaction",
            id = %interaction.id,
            kind = route.name(),
            user = %interaction.user.id,
            request = route.request().map(tracing::field::display),
        );
        self.answer(&interaction, &route).instrument(span).await;
    }

    async fn answer(&self, interaction: &Interaction, route: &Route) {
        let visit = self.visit(interaction);
        let answered = match self.may_enter(interaction, route) {
            Err(refusal) => self.respond(&visit, route, async { Err(refusal.into()) }).await,
            Ok(()) => match &route.press {
                Press::Reveal(delivery) => self.reveal(&visit, *delivery).await,
                Press::Create(draft, shown) => self.create(&visit, route, *draft, *shown).await,
                _ => self.respond(&visit, route, self.work(&visit, route)).await,
            },
        };
        match answered {
            Ok(()) => {}
            // A repeat of an interaction, which the first one answered.
            Err(error) if error.code() == Some(ErrorCode::AlreadyAcknowledged) => {
                tracing::debug!("this interaction was answered already");
            }
            Err(error) => tracing::warn!(%error, "the answer did not reach Discord"),
        }
    }

    /// Refuses what is not ours to answer, before anything is looked up.
    fn may_enter(&self, interaction: &Interaction, route: &Route) -> Result<(), Refusal> {
        let discord = &self.workflow.config.discord;
        if interaction.application_id != discord.application_id {
            return Err(Refusal::WrongGuild);
        }
        match interaction.guild_id {
            Some(guild) if guild != discord.guild_id => Err(Refusal::WrongGuild),
            None if !route.works_outside_the_guild() => Err(Refusal::OutsideGuild),
            _ => Ok(()),
        }
    }

    fn visit<'a>(&self, interaction: &'a Interaction) -> Visit<'a> {
        let ours = interaction.guild_id == Some(self.workflow.config.discord.guild_id);
        let roles = interaction.roles.iter().flatten().copied().collect::<BTreeSet<_>>();
        let actor = Actor {
            user: interaction.user.id,
            name: interaction.user.display_name.clone(),
            roles: ours.then_some(roles),
            locale: interaction.locale.clone(),
            interaction: interaction.id,
        };
        Visit { interaction, actor, language: Language::of(&interaction.locale) }
    }

    /// Does the work and answers with what it comes to, at once or deferred.
    async fn respond(
        &self,
        visit: &Visit<'_>,
        route: &Route,
        work: impl Future<Output = Outcome<Reply>>,
    ) -> Result<(), RestError> {
        let busy = views::refusal::refusal(&Refusal::Busy, visit.language);
        let work = async {
            let (reply, outcome) = match self.in_turn(visit, work).await {
                Ok(reply) => (reply, "done"),
                Err(failure) => {
                    let (message, outcome) = told(visit, failure).await;
                    (Reply::private(message), outcome)
                }
            };
            counters::count_interaction(route.name(), outcome);
            reply
        };
        let (interaction, name) = (visit.interaction, route.name());
        reply::answer(&self.rest, interaction, name, route.deferral(), busy, work).await
    }

    async fn work(&self, visit: &Visit<'_>, route: &Route) -> Outcome<Reply> {
        match &route.press {
            Press::Command(command) => self.command(visit, command).await,
            Press::Propose(proposal) => Ok(Reply::Choices(self.propose(visit, proposal).await?)),
            Press::OpenToken(chosen) => {
                let token = chosen.parse().map_err(|_| Refusal::NotUnderstood)?;
                Ok(Reply::private(self.token_panel(visit, token).await?))
            }
            Press::List(wanted) => Ok(Reply::Update(self.list(visit, wanted.clone()).await?)),
            Press::Pending(page) => Ok(Reply::Update(self.pending(visit, *page).await?)),
            Press::Audit(about, before) => {
                Ok(Reply::Update(self.audit(visit, *about, Some(*before)).await?))
            }
            Press::Draft(id, press) => self.draft(visit, *id, press).await,
            Press::NewForm(provider, submission) => {
                self.new_form(visit, provider, submission).await
            }
            Press::Card(id, press) => self.card(visit, *id, press).await,
            Press::Token(id, press) => self.token(visit, *id, press).await,
            Press::Announce(id, on, values) => self.announcing(visit, *id, *on, values).await,
            Press::Announcement(id, submission) => self.announcement(visit, *id, submission).await,
            Press::Leak(found) => self.look_up_leak(visit, found).await,
            Press::DisableLeaked(report) => self.disable_leaked(visit, *report).await,
            Press::TakeOver(departure) => self.take_over(visit, *departure).await,
            Press::TakeOverPage(departure, page) => {
                self.take_over_page(visit, *departure, *page).await
            }
            Press::TakeOverTokens(departure, chosen) => {
                self.take_over_chosen(visit, *departure, chosen).await
            }
            Press::Stored(delivery) => self.stored(visit, *delivery).await,
            Press::NotMe(delivery) => self.not_me(visit, *delivery).await,
            // These two answer in their own way.
            Press::Reveal(_) | Press::Create(..) | Press::Unknown => {
                Err(Refusal::NotUnderstood.into())
            }
        }
    }

    /// Does what needs the database, when it is this person's turn. A refusal is remembered, but
    /// for one that was not let near the database.
    async fn in_turn<T>(
        &self,
        visit: &Visit<'_>,
        work: impl Future<Output = Outcome<T>>,
    ) -> Outcome<T> {
        let turn = self.turns.take(visit.actor.user).await;
        let _turn = turn.ok_or(Refusal::TooManyAtOnce)?;
        let done = work.await;
        if let Err(Failure::Refused(refusal)) = &done
            && !matches!(refusal, Refusal::Replayed)
        {
            tracing::info!(?refusal, "refused");
            if let Err(error) = self.workflow.remember(visit.interaction.id).await {
                tracing::warn!(error = format!("{error:#}"), "a refusal is not remembered");
            }
        }
        done
    }
}

/// What a failure is called in the metrics, and what the person is told.
async fn told(visit: &Visit<'_>, failure: Failure) -> (Message, &'static str) {
    let (refusal, outcome) = match failure {
        Failure::Refused(Refusal::Replayed) => {
            tokio::time::sleep(REPEATED).await;
            (Refusal::Replayed, "repeated")
        }
        Failure::Refused(refusal) => (refusal, "refused"),
        Failure::Fault(error) if is_passing(&error) => {
            tracing::error!(error = format!("{error:#}"), "the database is out of reach");
            (Refusal::Busy, "busy")
        }
        Failure::Fault(error) => {
            let reference = visit.interaction.id.to_string();
            tracing::error!(reference, error = format!("{error:#}"), "an interaction failed");
            (Refusal::Fault { reference }, "failed")
        }
    };
    (views::refusal::refusal(&refusal, visit.language), outcome)
}

/// Whether the database could not be asked, so that nothing was changed and a later try may help.
fn is_passing(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref::<sqlx::Error>(),
        Some(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_))
    )
}
