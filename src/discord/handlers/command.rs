//! The slash commands.

use super::{Handlers, Visit};
use crate::config::Provider;
use crate::discord::commands;
use crate::discord::interaction::{Command, OptionValue};
use crate::discord::message::{Choice, Message};
use crate::discord::reply::Reply;
use crate::discord::views;
use crate::domain::delivery::Delivery;
use crate::domain::ids::TokenId;
use crate::domain::token::Token;
use crate::workflow::Outcome;
use crate::workflow::draft::Begun;
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
            [commands::TOKEN, commands::COLLECT] => self.collect(visit).await,
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
        let waiting = self.workflow.waiting_for(&visit.actor).await?;
        let ready = |(delivery, token): &(Delivery, Token)| {
            let provider = self.workflow.config.provider_name(&token.provider);
            views::delivery::ready(token, delivery, provider, visit.language)
        };
        let messages: Vec<Message> = waiting.iter().map(ready).collect();
        if messages.is_empty() {
            return Ok(Reply::private(views::delivery::nothing_waits(visit.language)));
        }
        Ok(Reply::Private(messages))
    }

    /// The token that was chosen among the proposals, or whose name was typed in full.
    async fn named_token(&self, visit: &Visit<'_>, command: &Command) -> Outcome<TokenId> {
        let Some(OptionValue::Text(typed)) = command.options.get(commands::TOKEN_OPTION) else {
            return Err(Refusal::NotUnderstood.into());
        };
        match typed.parse() {
            Ok(id) => Ok(id),
            Err(_) => self.workflow.token_called(&visit.actor, typed).await,
        }
    }

    /// What is proposed for the option that is being typed.
    pub(super) async fn propose(
        &self,
        visit: &Visit<'_>,
        option: &str,
        typed: &str,
    ) -> Outcome<Vec<Choice>> {
        if option != commands::TOKEN_OPTION {
            return Ok(self.propose_providers(typed));
        }
        let tokens = self.workflow.tokens_like(&visit.actor, typed, PROPOSALS).await?;
        let choice = |token: Token| Choice { name: token.name, value: token.id.to_string() };
        Ok(tokens.into_iter().map(choice).collect())
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
