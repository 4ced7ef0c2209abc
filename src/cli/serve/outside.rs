//! Compares at the start what the configuration names outside with what is there, as `check` does. What is wrong goes into
//! the log with its cure. The bot runs all the same, since whoever uses tokens must not suffer from a role that was
//! deleted in Discord; only with another application's token nothing it shows could be right.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::bail;
use tokio::time::timeout;

use super::Parts;
use crate::cli::check::Findings;
use crate::cli::check::discord::{SAME_APPLICATION, belongs_elsewhere, find_cure, invite_link};
use crate::cli::check::providers::{check_roles_exist, find_channel};
use crate::config::MailTransport;
use crate::discord::rest::RestError;

/// How long Discord may keep the start waiting.
const PATIENCE: Duration = Duration::from_secs(2);

/// Logs what is wrong.
///
/// # Errors
/// The token is another application's.
pub(super) async fn compare(parts: &Parts) -> anyhow::Result<()> {
    let mut findings = Findings::default();
    if matches!(parts.config.mail.transport, MailTransport::Directory(_))
        && let Err(error) = parts.mailer.check().await
    {
        findings.failed("mail", error.to_string(), error.cure());
    }
    let compared = timeout(PATIENCE, compare_with_discord(parts, &mut findings)).await;
    findings.log_failures();
    match compared {
        Ok(compared) => compared,
        Err(_) => {
            tracing::warn!(
                "Discord doesn't answer: nobody compared what the configuration names there"
            );
            Ok(())
        }
    }
}

async fn compare_with_discord(parts: &Parts, findings: &mut Findings) -> anyhow::Result<()> {
    let (rest, discord) = (&parts.rest, &parts.config.discord);
    match rest.application().await {
        Ok(application) if application.id != discord.application_id => {
            bail!("{}: {SAME_APPLICATION}", belongs_elsewhere(&application))
        }
        // What keeps this call from working is said by those that follow.
        _ => {}
    }
    let id = discord.guild_id;
    let read = async { Ok((rest.guild(id).await?, rest.roles(id).await?)) };
    let (guild, roles) = match read.await {
        Ok(read) => read,
        Err(error) => {
            let error: RestError = error;
            let message = format!("the guild {id} can't be read: {error}");
            if error.is_temporary() {
                tracing::warn!("{message}: nobody compared what the configuration names there");
            } else {
                let invite = invite_link(discord.application_id, Some(id));
                let cure =
                    find_cure(&error, format!("if guild_id is right, invite the bot: {invite}"));
                findings.failed("guild", message, cure);
            }
            return Ok(());
        }
    };
    let mut seen = BTreeSet::new();
    for provider in &parts.config.providers {
        let subject = format!("provider {}", provider.id);
        check_roles_exist((&guild, &roles), provider, &subject, findings);
        if seen.insert(provider.approval_channel) {
            find_channel(rest, &guild, provider.approval_channel, &subject, findings).await;
        }
    }
    Ok(())
}
