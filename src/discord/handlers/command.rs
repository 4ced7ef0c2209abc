//! The slash commands.

use super::route::Proposal;
use super::{Handlers, Visit};
use crate::config::Provider;
use crate::discord::commands;
use crate::discord::interaction::{Command, OptionValue};
use crate::discord::message::{Choice, Message};
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::domain::delivery::Delivery;
use crate::domain::ids::{EventId, RequestNumber, TokenId};
use crate::domain::token::{Standing, Token};
use crate::store::events::About;
use crate::workflow::Outcome;
use crate::workflow::draft::Begun;
use crate::workflow::list::{Age, NamePart, Wanted};
use crate::workflow::refusal::Refusal;

/// Discord takes so many proposals.
const PROPOSALS: usize = 25;

impl Handlers {
    pub(super) async fn command(&self, visit: &Visit<'_>, command: &Command) -> Outcome<Reply> {
        let path: Vec<&str> = command.path.iter().map(String::as_str).collect();
        match path[..] {
            [commands::TOKEN, commands::REQUEST] => self.request(visit, command).await,
            [commands::TOKEN, commands::SHOW] => {
                let token = self.named_token(visit, command).await?;
                Ok(Reply::private(self.token_panel(visit, token).await?))
            }
            [commands::TOKEN, commands::LIST] => {
                Ok(Reply::private(self.list(visit, wanted(command)?).await?))
            }
            [commands::TOKEN, commands::PENDING] => {
                Ok(Reply::private(self.pending(visit, 0).await?))
            }
            [commands::TOKEN, commands::AUDIT] => {
                let about = self.named_history(visit, command).await?;
                Ok(Reply::private(self.audit(visit, about, None).await?))
            }
            [commands::TOKEN, commands::ANNOUNCE] => {
                let provider = self.named_provider(command)?;
                Ok(Reply::private(self.begin_announcement(visit, provider).await?))
            }
            [commands::TOKEN, commands::COLLECT] => self.collect(visit).await,
            [commands::TOKEN, commands::LEAK] => {
                Ok(Reply::Modal(views::leak::form(visit.language)))
            }
            [commands::TOKEN, commands::HELP] => {
                Ok(Reply::private(views::help::help(&self.workflow.config, visit.language)))
            }
            _ => Err(Refusal::NotUnderstood.into()),
        }
    }

    async fn request(&self, visit: &Visit<'_>, command: &Command) -> Outcome<Reply> {
        let provider = self.named_provider(command)?;
        match self.workflow.begin_request(&visit.actor, provider).await? {
            Begun::Empty => {
                let (user, language) = (visit.actor.user, visit.language);
                Ok(Reply::Modal(views::form::new(provider, user, language)))
            }
            Begun::Resumed(changed) => {
                Ok(Reply::private(self.panel(visit, provider, &changed, true)))
            }
        }
    }

    /// The provider that was chosen, or the only one that there is.
    fn named_provider(&self, command: &Command) -> Result<&Provider, Refusal> {
        match command.options.get(commands::PROVIDER) {
            Some(OptionValue::Text(id)) => {
                let id = id.parse().map_err(|_| Refusal::UnknownProvider)?;
                self.workflow.provider(&id)
            }
            _ => match &self.workflow.config.providers[..] {
                [only] => Ok(only),
                _ => Err(Refusal::UnknownProvider),
            },
        }
    }

    async fn collect(&self, visit: &Visit<'_>) -> Outcome<Reply> {
        let (waiting, more) = self.workflow.waiting_for(&visit.actor).await?;
        let ready = |(delivery, token): &(Delivery, Token)| {
            let provider = self.workflow.config.provider_name(&token.provider);
            views::delivery::ready(token, delivery, provider, visit.language)
        };
        let mut messages: Vec<Message> = waiting.iter().map(ready).collect();
        if messages.is_empty() {
            return Ok(Reply::private(views::delivery::nothing_waits(visit.language)));
        }
        if more > 0 {
            messages.push(views::delivery::more_waits(more, visit.language));
        }
        Ok(Reply::Private(messages))
    }

    /// One page of the tokens that were asked for.
    pub(super) async fn list(&self, visit: &Visit<'_>, wanted: Wanted) -> Outcome<Message> {
        let listed = self.workflow.list(&visit.actor, wanted).await?;
        Ok(views::list::list(&listed, &self.workflow.config, visit.language))
    }

    /// One page of what waits for somebody.
    pub(super) async fn pending(&self, visit: &Visit<'_>, page: u16) -> Outcome<Message> {
        let pending = self.workflow.pending(&visit.actor, page).await?;
        Ok(views::list::pending(&pending, &self.workflow.config, visit.language))
    }

    /// What happened to a token or a request.
    pub(super) async fn audit(
        &self,
        visit: &Visit<'_>,
        about: About,
        before: Option<EventId>,
    ) -> Outcome<Message> {
        let history = self.workflow.history(&visit.actor, about, before).await?;
        Ok(views::audit::history(&history, visit.language))
    }

    /// What `/token audit` is about: a request by its number, or a token.
    async fn named_history(&self, visit: &Visit<'_>, command: &Command) -> Outcome<About> {
        let option = |name: &str| command.options.get(name);
        match (option(commands::TOKEN_OPTION), option(commands::REQUEST_OPTION)) {
            (None, None) => Err(Refusal::NoHistoryNamed.into()),
            (Some(_), Some(_)) => Err(Refusal::TwoHistoriesNamed.into()),
            (Some(_), None) => Ok(About::Token(self.named_token(visit, command).await?)),
            (None, Some(OptionValue::Integer(number))) => {
                let number = RequestNumber::new(*number).map_err(|_| Refusal::Gone)?;
                Ok(About::Request(self.workflow.request_numbered(number).await?))
            }
            (None, Some(_)) => Err(Refusal::NotUnderstood.into()),
        }
    }

    /// The token that was chosen among the proposals, or whose name was typed in full.
    async fn named_token(&self, visit: &Visit<'_>, command: &Command) -> Outcome<TokenId> {
        let Some(OptionValue::Text(typed)) = command.options.get(commands::TOKEN_OPTION) else {
            return Err(Refusal::NotUnderstood.into());
        };
        match views::list::chosen(typed) {
            Some(id) => Ok(id),
            // Whoever types a whole name may mean what is being deleted, which no list holds.
            None => self.workflow.token_called(&visit.actor, typed, &Standing::ALL).await,
        }
    }

    /// What is proposed for the option that is being typed.
    pub(super) async fn propose(
        &self,
        visit: &Visit<'_>,
        Proposal { command, option, typed }: &Proposal,
    ) -> Outcome<Vec<Choice>> {
        if option != commands::TOKEN_OPTION {
            return Ok(self.propose_providers(typed));
        }
        let most = u32::try_from(PROPOSALS).unwrap_or(u32::MAX);
        let standings = looked_for(command);
        let tokens = self.workflow.tokens_like(&visit.actor, typed, standings, most).await?;
        Ok(views::list::proposals(&tokens, &self.workflow.config, visit.language))
    }

    /// The providers whose name or id holds what was typed so far.
    fn propose_providers(&self, typed: &str) -> Vec<Choice> {
        let typed = typed.trim().to_lowercase();
        let fits = |provider: &&Provider| {
            provider.name.to_lowercase().contains(&typed) || provider.id.as_str().contains(&typed)
        };
        let choice = |provider: &Provider| Choice {
            name: provider.name.clone(),
            value: provider.id.to_string(),
        };
        self.workflow.config.providers.iter().filter(fits).take(PROPOSALS).map(choice).collect()
    }
}

/// Among which tokens a command looks for a name.
fn looked_for(command: &str) -> &'static [Standing] {
    match command {
        // The audit log speaks of tokens that are in no list any more.
        commands::AUDIT => &Standing::ALL,
        _ => &Standing::LISTED,
    }
}

/// What `/token list` is asked for.
fn wanted(command: &Command) -> Result<Wanted, Refusal> {
    let text = |option: &str| match command.options.get(option) {
        Some(OptionValue::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let age = text(commands::CREATED).map(|age| Age::of(age).ok_or(Refusal::NotUnderstood));
    let standing = text(commands::STATE).map(|of| Standing::of(of).ok_or(Refusal::NotUnderstood));
    Ok(Wanted {
        name: NamePart::of(text(commands::NAME).unwrap_or_default()),
        age: age.transpose()?,
        standing: standing.transpose()?,
        page: 0,
    })
}
