//! What happens to each interaction: it is parsed, dispatched to its handler, and answered.
//!
//! A handler is a method of [`Handlers`] that a table names: that of custom ids or that of commands. It
//! reads what was submitted, calls one workflow, and makes a reply of a view. There is a file for each
//! subject. Handlers don't decide who may do what: workflows do, with what the interaction says of the
//! person.

mod announcement;
mod audit;
mod command_options;
mod delivery;
mod departure;
mod dispatch;
mod draft;
mod health;
mod leak_report;
mod list;
mod place;
mod request;
mod request_panel;
mod token;
mod user_concurrency;

use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tracing::{Instrument as _, Span};

use super::interaction::{Interaction, InteractionKind, ParseError};
use super::message::Message;
use super::part_status::ReadParts;
use super::reply::{self, Reply};
use super::rest::{ErrorCode, Rest, RestError};
use super::routing::{Location, Route};
use super::views;
use crate::counters;
use crate::locale::Language;
use crate::workflow::refusal::Refusal;
use crate::workflow::{Actor, Failure, Outcome, Workflow, answer_first, explain_lost_database};
use dispatch::{HandlerFuture, Target};
use user_concurrency::UserConcurrency;

/// How long a repeated interaction waits before it is answered: if the first one's answer is on its
/// way, Discord takes that one and refuses this.
const REPEATED: Duration = Duration::from_secs(1);

/// How long an interaction may be worked on. What takes longer waits for a server that no longer answers, and would keep
/// its person's place.
const WORK_LIMIT: Duration = Duration::from_secs(20);

/// Handles interactions. Cheap to clone.
#[derive(Clone)]
pub struct Handlers {
    workflow: Workflow,
    rest: Arc<Rest>,
    read_parts: ReadParts,
    user_concurrency: Arc<UserConcurrency>,
}

/// What every handler is given: one interaction, and the person who caused it.
struct Context<'a> {
    interaction: &'a Interaction,
    route: Route,
    actor: Actor,
    language: Language,
}

impl Handlers {
    /// What handles interactions with these workflows, and answers through this client. `read_parts` says how this
    /// process is.
    #[must_use]
    pub fn new(workflow: Workflow, rest: Arc<Rest>, read_parts: ReadParts) -> Self {
        Self { workflow, rest, read_parts, user_concurrency: Arc::default() }
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
        if let InteractionKind::Command(command) = &interaction.kind
            && let Some(id) = command.id
            && interaction.application_id == self.rest.application_id()
        {
            // Whoever registers the commands again may change it.
            self.rest.learn_command(id);
        }
        let target = Target::find(&interaction.kind);
        let span = tracing::info_span!(
            "interaction",
            id = %interaction.id,
            kind = target.route().name,
            user = %interaction.user.id,
            request = target.request().map(tracing::field::display),
            outcome = tracing::field::Empty,
        );
        self.answer(&interaction, target).instrument(span).await;
    }

    async fn answer(&self, interaction: &Interaction, target: Target<'_>) {
        let context = self.build_context(interaction, target.route());
        let work = match self.check_location(&context) {
            Ok(()) => self.dispatch(&context, target),
            Err(refusal) => HandlerFuture::refuse(refusal),
        };
        let answered = match work {
            HandlerFuture::Reply(reply) => self.respond(&context, reply).await,
            HandlerFuture::Answer(answer) => answer.await,
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

    /// Refuses what another application or guild sent, and what doesn't work in direct messages, before
    /// anything is looked up.
    fn check_location(&self, context: &Context<'_>) -> Result<(), Refusal> {
        let discord = &self.workflow.config.discord;
        if context.interaction.application_id != discord.application_id {
            return Err(Refusal::WrongGuild);
        }
        match (context.interaction.guild_id, context.route.location) {
            (Some(guild), _) if guild != discord.guild_id => Err(Refusal::WrongGuild),
            (None, Location::Guild) => Err(Refusal::OutsideGuild),
            (Some(_), _) | (None, Location::GuildOrDm) => Ok(()),
        }
    }

    fn build_context<'a>(&self, interaction: &'a Interaction, route: Route) -> Context<'a> {
        let ours = interaction.guild_id == Some(self.workflow.config.discord.guild_id);
        let roles = interaction.roles.iter().flatten().copied().collect::<BTreeSet<_>>();
        let actor = Actor {
            user: interaction.user.id,
            name: interaction.user.display_name.clone(),
            roles: ours.then_some(roles),
            locale: interaction.locale.clone(),
            interaction: interaction.id,
        };
        Context { interaction, route, actor, language: Language::of(&interaction.locale) }
    }

    /// Awaits a handler's reply and sends it, at once or deferred.
    async fn respond(
        &self,
        context: &Context<'_>,
        reply: impl Future<Output = Outcome<Reply>>,
    ) -> Result<(), RestError> {
        let busy = views::refusal::render_refusal(&Refusal::Busy, context.language);
        let reply = async {
            let (reply, outcome) = match self.run_limited(context, reply).await {
                Ok(reply) => (reply, "done"),
                Err(failure) => {
                    let (message, outcome) = explain_failure(context, failure).await;
                    (Reply::private(message), outcome)
                }
            };
            note_outcome(context.route.name, outcome);
            reply
        };
        // It is large: on the stack, it would be there more than once.
        answer_first(Box::pin(reply::answer(
            &self.rest,
            context.interaction,
            context.route,
            busy,
            reply,
        )))
        .await
    }

    /// Awaits what needs the database, within the limit of this user. Refusals are recorded, so that a
    /// repeat of the interaction is refused, too; that of the limit is not, since it has to cost nothing.
    async fn run_limited<T>(
        &self,
        context: &Context<'_>,
        work: impl Future<Output = Outcome<T>>,
    ) -> Outcome<T> {
        let permit = self.user_concurrency.acquire(context.actor.user).await;
        let _permit = permit.ok_or(Refusal::TooManyAtOnce)?;
        let done = tokio::time::timeout(WORK_LIMIT, work).await.unwrap_or_else(|_| {
            let why = format!("not done within {} s", WORK_LIMIT.as_secs());
            let error = std::io::Error::new(std::io::ErrorKind::TimedOut, why);
            Err(Failure::Fault(sqlx::Error::Io(error).into()))
        });
        if let Err(Failure::Refused(refusal)) = &done
            && !matches!(refusal, Refusal::Replayed)
        {
            tracing::info!(?refusal, "refused");
            if let Err(error) = self.workflow.remember_interaction(context.interaction.id).await {
                tracing::warn!(error = format!("{error:#}"), "a refusal is not remembered");
            }
        }
        done
    }
}

/// Counts how the interaction that is being handled ended, and notes it in its span.
fn note_outcome(kind: &'static str, outcome: &'static str) {
    counters::count_interaction(kind, outcome);
    Span::current().record("outcome", outcome);
}

/// The message that explains a failure to the person, and its name in the metrics.
async fn explain_failure(context: &Context<'_>, failure: Failure) -> (Message, &'static str) {
    let (refusal, outcome) = match failure {
        Failure::Refused(Refusal::Replayed) => {
            tokio::time::sleep(REPEATED).await;
            (Refusal::Replayed, "repeated")
        }
        Failure::Refused(refusal) => (refusal, "refused"),
        Failure::Fault(error) => match explain_lost_database(&error) {
            Some(refusal) => {
                tracing::error!(error = format!("{error:#}"), "the database is out of reach");
                (refusal, "busy")
            }
            None => {
                let reference = context.interaction.id.to_string();
                tracing::error!(reference, error = format!("{error:#}"), "an interaction failed");
                (Refusal::Fault { reference }, "failed")
            }
        },
    };
    (views::refusal::render_refusal(&refusal, context.language), outcome)
}

/// Reads what a select carries. Its own options can be read, so anything else is forged.
fn parse<T: FromStr>(value: &str) -> Result<T, Refusal> {
    value.parse().map_err(|_| Refusal::NotUnderstood)
}

fn first_chosen<T: FromStr>(values: &[String]) -> Result<T, Refusal> {
    parse(values.first().map_or("", String::as_str))
}

fn parse_chosen<T: FromStr, C: FromIterator<T>>(values: &[String]) -> Result<C, Refusal> {
    values.iter().map(|value| parse(value)).collect()
}
