//! Found secrets: what the finder may know about the token, and one press that disables it.

use std::collections::BTreeSet;

use secrecy::SecretString;
use serde_json::json;
use sqlx::PgConnection;

use crate::domain::ids::{ReportId, TokenId};
use crate::domain::leak::{LeakSeverity, SecretCandidates};
use crate::domain::permission::{Action, allows};
use crate::domain::token::Token;
use crate::domain::transitions::TokenTransition;
use crate::store::leaks::{self, FoundSecret};
use crate::store::{now, tokens};

use crate::workflow::refusal::{Gone, Refusal};
use crate::workflow::token::end;
use crate::workflow::token::end_means::TokenEnd;
use crate::workflow::{Actor, Outcome, Workflow};

/// The longest text that the form accepts: a line of a log, or a whole settings file.
pub const FOUND_LIMIT: usize = 4_000;

/// What a text that somebody found is.
#[derive(Debug)]
pub enum LeakLookup {
    /// It has not the form of a secret of ours, and is not a known secret of another issuer.
    NotOurs,
    /// It has the form, but no token has it.
    Unknown,
    /// A token has it.
    Known(Box<KnownLeak>),
}

/// A token whose secret somebody presented.
#[derive(Debug)]
pub struct KnownLeak {
    /// The report that permits the button; none if there is nothing to disable.
    pub report: Option<ReportId>,
    /// The token, if this person may see it anyway.
    pub token: Option<Token>,
    /// Whether the secret opens something.
    pub opens: LeakSeverity,
    /// How many other tokens could be disabled with the text.
    pub others: usize,
}

/// The most powerful secret in the text that was presented.
#[derive(Debug)]
pub struct RecognisedSecret {
    /// The secret.
    pub found: FoundSecret,
    /// Its token.
    pub token: Token,
    /// Whether it opens something.
    pub opens: LeakSeverity,
    /// How many other tokens could be disabled with the rest of the text.
    pub others: usize,
}

/// Looks up all secrets in a text. Those that open something come first, in the order of the text: after
/// disabling one token, a person presents the same text again and gets the next.
pub async fn recognise(
    connection: &mut PgConnection,
    presented: &SecretCandidates,
) -> sqlx::Result<Option<RecognisedSecret>> {
    let now = now(connection).await?;
    let found = leaks::look_up(connection, &presented.hashes).await?;
    let ids: BTreeSet<TokenId> = found.iter().map(|found| found.token).collect();
    let ids: Vec<TokenId> = ids.into_iter().collect();
    let tokens = tokens::get_all(connection, &ids).await?;
    let with_token = found.into_iter().filter_map(|found| {
        let token = tokens.iter().find(|token| token.id == found.token)?;
        Some((LeakSeverity::at(now, token, found.state, found.valid_until), found, token))
    });
    let mut all: Vec<(LeakSeverity, FoundSecret, &Token)> = with_token.collect();
    all.sort_by_key(|(opens, ..)| *opens);
    let to_disable = all.iter().filter(|(opens, _, token)| opens.lets_disable(token));
    let mut others: BTreeSet<TokenId> = to_disable.map(|(.., token)| token.id).collect();
    let Some((opens, found, token)) = all.into_iter().next() else { return Ok(None) };
    others.remove(&token.id);
    Ok(Some(RecognisedSecret { found, token: token.clone(), opens, others: others.len() }))
}

/// A token that was disabled with its own secret.
#[derive(Debug)]
pub struct DisabledLeak {
    /// The token as it is now.
    pub token: Token,
    /// Whether this person may see it anyway.
    pub may_see: bool,
}

/// `/token leak`: the text is hashed; nothing else is kept of it.
pub async fn look_up(
    workflow: &Workflow,
    actor: &Actor,
    found: &SecretString,
) -> Outcome<LeakLookup> {
    let presented = SecretCandidates::of(found);
    let mut tx = workflow.begin(actor).await?;
    let Some(recognised) = recognise(&mut tx, &presented).await? else {
        tx.commit().await?;
        return Ok(if presented.well_formed { LeakLookup::Unknown } else { LeakLookup::NotOurs });
    };
    let RecognisedSecret { found, token, opens, others } = recognised;
    let report = leaks::note(&mut tx, actor.user, found.secret).await?;
    let detail = json!({ "report": report, "secret": found.secret, "opens": opens.as_str() });
    tx.note_token(&token, TokenTransition::ReportLeak, detail).await?;
    tx.commit().await?;
    let report = opens.lets_disable(&token).then_some(report);
    let token = may_see(workflow, actor, &token).then_some(token);
    Ok(LeakLookup::Known(Box::new(KnownLeak { report, token, opens, others })))
}

/// *Disable* below that answer: for the person who presented the secret, as long as it opens something.
pub async fn disable_token(
    workflow: &Workflow,
    actor: &Actor,
    report: ReportId,
) -> Outcome<DisabledLeak> {
    let mut tx = workflow.begin(actor).await?;
    let seen = leaks::reported(&mut tx, report, actor.user).await?;
    let id = seen.ok_or(Refusal::Gone(Gone::LeakReport))?.token;
    let token = tokens::lock(&mut tx, id).await?.ok_or(Refusal::Gone(Gone::LeakReport))?;
    // Checked again: the secret may have been replaced before the token was locked.
    let found = leaks::reported(&mut tx, report, actor.user).await?;
    let found = found.ok_or(Refusal::Gone(Gone::LeakReport))?;
    let now = now(&mut tx).await?;
    let opens = LeakSeverity::at(now, &token, found.state, found.valid_until);
    if !opens.lets_disable(&token) {
        return Err(Refusal::OpensNothing.into());
    }
    let token = end::stop_token(workflow, &mut tx, &token, TokenEnd::Leaked).await?;
    tx.commit().await?;
    let may_see = may_see(workflow, actor, &token);
    Ok(DisabledLeak { token, may_see })
}

fn may_see(workflow: &Workflow, actor: &Actor, token: &Token) -> bool {
    let provider = workflow.config.provider(&token.provider);
    allows(Action::ReadToken, actor.relationship_to(provider, token))
}
