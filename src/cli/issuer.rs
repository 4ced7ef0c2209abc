//! `countersign issuer`: the APIs that mint tokens, for an operator at the machine.

mod create;
mod preview;
mod report;

use std::process::ExitCode;

use chrono::Utc;
use clap::{Args, Subcommand};
use rand::TryRngCore as _;
use rand::rngs::OsRng;

use crate::config::{Config, Provider, UpstreamValues};
use crate::domain::catalogue::{Scope, Version};
use crate::issuer::Upstreams;

/// How long the token of a trial would live, in seconds.
const LIFETIME: u64 = 24 * 60 * 60;

/// Arguments of `issuer`.
#[derive(Debug, Args)]
pub struct IssuerArguments {
    #[command(subcommand)]
    action: IssuerAction,
}

#[derive(Debug, Subcommand)]
enum IssuerAction {
    /// Show what a provider's API would be sent; with --create, make one token and revoke it
    ///
    /// Without --create nothing is sent: each call is rendered with every scope of the
    /// catalogue, and shown without its credentials.
    ///
    /// With --create one token is made, which lives for a day and is named
    /// countersign-try-…; it is looked for, changed by each call that there is, revoked, and
    /// looked for again. What was seen is said at each step, and what to do if anything is
    /// left. Its secret is shown nowhere. Countersign's database is not used.
    ///
    /// Ends with 0 if all went well, and the token was seen to be gone or off, with 1 if
    /// not, and with 2 where there is no such provider or scope.
    #[command(verbatim_doc_comment)]
    Try(TryArguments),
}

#[derive(Debug, Args)]
struct TryArguments {
    /// The provider's id in the configuration
    provider: String,

    /// Make a token there, and revoke it
    #[arg(long)]
    create: bool,

    /// A scope of the token, by its id in the catalogue; may be repeated
    ///
    /// Without it --create takes the first one that is not sensitive, and a trial without
    /// --create shows all.
    #[arg(long = "scope", value_name = "ID", verbatim_doc_comment)]
    scopes: Vec<String>,

    /// Say it as JSON
    #[arg(long)]
    json: bool,
}

/// Runs `issuer`.
pub async fn run(config: &Config, arguments: &IssuerArguments) -> anyhow::Result<ExitCode> {
    let IssuerAction::Try(arguments) = &arguments.action;
    let chosen = match choose(config, arguments) {
        Ok(chosen) => chosen,
        Err(why) => {
            eprintln!("countersign: {why}");
            return Ok(ExitCode::from(2));
        }
    };
    let upstreams = Upstreams::new(config)?;
    let Some(upstream) = upstreams.of(config, &chosen.provider.id) else {
        eprintln!("countersign: {} has no issuer of kind http", chosen.provider.id);
        return Ok(ExitCode::from(2));
    };
    let values = chosen.values(config)?;
    let has_failed = if arguments.create {
        create::run(&upstream, chosen.provider, values, arguments.json).await?
    } else {
        preview::run(&upstream, chosen.provider, values, arguments.json)?
    };
    Ok(if has_failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// What is tried.
struct Chosen<'a> {
    provider: &'a Provider,
    version: &'a Version,
    scopes: Vec<&'a Scope>,
}

fn choose<'a>(config: &'a Config, arguments: &TryArguments) -> Result<Chosen<'a>, String> {
    let provider = config.providers.iter().find(|one| one.id.as_str() == arguments.provider);
    let provider = provider.ok_or_else(|| {
        let known: Vec<&str> = config.providers.iter().map(|one| one.id.as_str()).collect();
        format!("there is no provider {}: there are {}", arguments.provider, known.join(", "))
    })?;
    let version = provider.catalogue.recommended();
    let named = |id: &String| {
        let found = version.scopes().find(|scope| scope.id.to_string() == *id);
        found.ok_or_else(|| format!("version {} has no scope {id}", version.version.get()))
    };
    let mut scopes: Vec<&Scope> = arguments.scopes.iter().map(named).collect::<Result<_, _>>()?;
    if scopes.is_empty() && arguments.create {
        let harmless = version.scopes().find(|scope| !scope.sensitive);
        scopes.extend(harmless.or_else(|| version.scopes().next()));
    } else if scopes.is_empty() {
        scopes.extend(version.scopes());
    }
    Ok(Chosen { provider, version, scopes })
}

impl Chosen<'_> {
    fn values(&self, config: &Config) -> anyhow::Result<UpstreamValues> {
        let mut bytes = [0_u8; 8];
        OsRng
            .try_fill_bytes(&mut bytes)
            .map_err(|_| anyhow::anyhow!("the operating system gives no randomness"))?;
        let person = config.discord.application_id.to_string();
        Ok(UpstreamValues {
            name: "Countersign trial".to_owned(),
            description: "Made by countersign issuer try. It can be deleted at any time."
                .to_owned(),
            marker: format!("countersign-try-{}", hex::encode(bytes)),
            api_version: self.version.version.get(),
            scopes: self.scopes.iter().map(|scope| scope.value.clone()).collect(),
            requester: person.clone(),
            contact: person,
            developer_emails: Vec::new(),
            lifetime_seconds: LIFETIME,
            expires_at: UpstreamValues::end_of(LIFETIME, Utc::now()),
            upstream_id: None,
        })
    }
}
