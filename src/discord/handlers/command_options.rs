//! The options of commands: what is proposed while they are typed, and what was chosen with them.

use super::{Context, Handlers};
use crate::config::Provider;
use crate::discord::commands::{CommandOption, OptionKind};
use crate::discord::interaction::{Command, OptionValue};
use crate::discord::message::Choice;
use crate::discord::views;
use crate::domain::event::HistorySubject;
use crate::domain::ids::{RequestNumber, TokenId};
use crate::domain::token::TokenStatus;
use crate::workflow::Outcome;
use crate::workflow::refusal::Refusal;
use crate::workflow::token::history;
use crate::workflow::token::list::{self, Age, ListQuery, NamePart};

/// Discord's limit for proposals.
const PROPOSALS: u8 = 25;

impl Handlers {
    pub(super) async fn propose_values(
        &self,
        context: &Context<'_>,
        kind: Option<OptionKind>,
        typed: &str,
    ) -> Outcome<Vec<Choice>> {
        match kind {
            Some(OptionKind::Provider) => Ok(self.propose_providers(typed)),
            Some(OptionKind::Token { proposed, .. }) => {
                let (actor, limit) = (&context.actor, PROPOSALS.into());
                let tokens =
                    list::search_tokens(&self.workflow, actor, typed, proposed, limit).await?;
                Ok(views::list::build_proposals(&tokens, &self.workflow.config, context.language))
            }
            // Discord asks for proposals of no other option.
            _ => Ok(Vec::new()),
        }
    }

    /// The providers whose name or id contains what was typed so far.
    fn propose_providers(&self, typed: &str) -> Vec<Choice> {
        let typed = typed.trim().to_lowercase();
        let fits = |provider: &&Provider| {
            provider.name.to_lowercase().contains(&typed) || provider.id.as_str().contains(&typed)
        };
        let choice = |provider: &Provider| Choice {
            name: provider.name.clone(),
            value: provider.id.to_string(),
        };
        let providers = self.workflow.config.providers.iter();
        providers.filter(fits).take(PROPOSALS.into()).map(choice).collect()
    }

    /// The provider that was chosen, or the only one that is configured.
    pub(super) fn find_named_provider(&self, command: &Command) -> Result<&Provider, Refusal> {
        match command.options.get(CommandOption::PROVIDER.name) {
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
    /// The token that was chosen among the proposals, or whose name was typed in full.
    pub(super) async fn find_named_token(
        &self,
        context: &Context<'_>,
        command: &Command,
    ) -> Outcome<TokenId> {
        let Some(OptionValue::Text(typed)) = command.options.get(CommandOption::TOKEN.name) else {
            return Err(Refusal::NotUnderstood.into());
        };
        match views::list::parse_proposed_token(typed) {
            Some(id) => Ok(id),
            // A whole name may be that of a token that is being deleted, which no list holds.
            None => {
                list::find_token_by_name(&self.workflow, &context.actor, typed, &TokenStatus::ALL)
                    .await
            }
        }
    }

    /// What `/token audit` is about: a request by its number, or a token.
    pub(super) async fn find_audited(
        &self,
        context: &Context<'_>,
        command: &Command,
    ) -> Outcome<HistorySubject> {
        let option = |option: CommandOption| command.options.get(option.name);
        match (option(CommandOption::AUDITED_TOKEN), option(CommandOption::NUMBER)) {
            (None, None) => Err(Refusal::NoHistoryNamed.into()),
            (Some(_), Some(_)) => Err(Refusal::TwoHistoriesNamed.into()),
            (Some(_), None) => {
                Ok(HistorySubject::Token(self.find_named_token(context, command).await?))
            }
            (None, Some(OptionValue::Integer(number))) => {
                let number = RequestNumber::new(*number).map_err(|_| Refusal::NoSuchRequest)?;
                Ok(HistorySubject::Request(
                    history::find_request_by_number(&self.workflow, number).await?,
                ))
            }
            (None, Some(_)) => Err(Refusal::NotUnderstood.into()),
        }
    }
}

/// Which tokens `/token list` is asked for.
pub(super) fn read_filter(command: &Command) -> Result<ListQuery, Refusal> {
    let text = |option: CommandOption| match command.options.get(option.name) {
        Some(OptionValue::Text(text)) => Some(text.as_str()),
        _ => None,
    };
    let age = text(CommandOption::CREATED);
    let age = age.map(|age| Age::of(age).ok_or(Refusal::NotUnderstood));
    let standing = text(CommandOption::STATE);
    let standing = standing.map(|name| TokenStatus::of(name).ok_or(Refusal::NotUnderstood));
    Ok(ListQuery {
        name: NamePart::of(text(CommandOption::NAME).unwrap_or_default()),
        age: age.transpose()?,
        standing: standing.transpose()?,
        page: 0,
    })
}
