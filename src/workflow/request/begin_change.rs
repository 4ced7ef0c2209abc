//! Begins a change of a token: what its draft starts from.

use crate::config::{PolicySettings, Provider};
use crate::domain::catalogue::ScopeId;
use crate::domain::change::OVERLAPS;
use crate::domain::content::PreviousToken;
use crate::domain::draft::{Draft, NewDraft};
use crate::domain::form::{ContactFacts, Form, NAME_LIMIT};
use crate::domain::ids::{RequestId, TokenId};
use crate::domain::permission::Action;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::Token;
use crate::store::tx::Tx;
use crate::store::{drafts, now, requests, tokens};

use crate::workflow::refusal::{Gone, Refusal};
use crate::workflow::request::draft::{self, DraftView, NeedsReview};
use crate::workflow::request::{card, check_name, offers, refresh_draft, resolve_draft};
use crate::workflow::{Actor, Outcome, Workflow, access};

/// *Edit*, *Reset*, *Upgrade version*, *Enable*, *Extend* or *Duplicate* on a token: a draft that is filled
/// in from the token, or the one begun before. `opened_from` leads back to where it was pressed.
pub async fn open_draft(
    workflow: &Workflow,
    actor: &Actor,
    id: TokenId,
    kind: RequestKind,
    opened_from: Option<String>,
) -> Outcome<DraftView> {
    if kind.is_task() || kind == RequestKind::Create {
        // No button has these: a task needs no approvals, and a draft could ask for anything.
        return Err(Refusal::NotUnderstood.into());
    }
    let mut tx = workflow.begin(actor).await?;
    // A draft is locked before its token.
    let provider = tokens::get(&mut tx, id).await?.ok_or(Refusal::Gone(Gone::Token))?.provider;
    let begun = drafts::find(&mut tx, (&provider, actor.user, (None, Some(id)))).await?;
    let action = if kind.makes_a_token() { Action::ReadToken } else { Action::ChangeToken };
    let token = access::lock_token(workflow, &mut tx, actor, action, id).await?;
    let provider = workflow.provider(&token.provider)?;
    if kind.makes_a_token() {
        actor.must_be_allowed(Action::Ask, Some(provider), None)?;
    } else {
        check_changeable(workflow, &mut tx, &token, provider, kind).await?;
    }
    let (saved, dropped) = match begun.filter(|draft| draft.kind == kind) {
        Some(mut draft) => {
            draft.opened_from = opened_from;
            if refresh_draft::follow_token(&mut draft, &token, &provider.catalogue) {
                let changed = save_refreshed(workflow, &mut tx, actor, draft).await?;
                tx.commit().await?;
                return Ok(changed);
            }
            let known = drafts::save(&mut tx, &draft, check_name::LIMIT).await?;
            ((draft, known), Vec::new())
        }
        None => {
            let policy = &workflow.config.policy;
            let (new, dropped) = build_draft(actor, &token, (provider, policy), kind);
            let new = NewDraft { opened_from, ..new };
            (drafts::put(&mut tx, new, check_name::LIMIT).await?, dropped)
        }
    };
    let changed = draft::build_view(workflow, &mut tx, actor, saved, dropped).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Saves a draft that was updated to its token, so that its owner looks at it again.
pub(in crate::workflow) async fn save_refreshed(
    workflow: &Workflow,
    tx: &mut Tx,
    actor: &Actor,
    draft: Draft,
) -> Outcome<DraftView> {
    let known = drafts::save(tx, &draft, check_name::LIMIT).await?;
    let changed = draft::build_view(workflow, tx, actor, (draft, known), Vec::new()).await?;
    Ok(DraftView { needs_review: Some(NeedsReview::TokenChanged), ..changed })
}

/// Whether this change of a token can be requested; the caller has locked the token.
pub(in crate::workflow) async fn check_changeable(
    workflow: &Workflow,
    connection: &mut sqlx::PgConnection,
    token: &Token,
    provider: &Provider,
    kind: RequestKind,
) -> Outcome<()> {
    let policy = &workflow.config.policy;
    offers::check_kind(token, Some(provider), policy, kind, now(connection).await?)?;
    match requests::find_open_change(connection, token.id).await? {
        Some(open) => Err(describe_open_change(workflow, connection, open).await?.into()),
        None => Ok(()),
    }
}

/// Why a second change must wait, with a link to the first.
pub(in crate::workflow) async fn describe_open_change(
    workflow: &Workflow,
    connection: &mut sqlx::PgConnection,
    request: RequestId,
) -> sqlx::Result<Refusal> {
    Ok(Refusal::ChangeOpen { card: card::find_link(workflow, connection, request).await? })
}

/// The values that a draft for a change starts with, and the scopes that a newer version does not have.
fn build_draft(
    actor: &Actor,
    token: &Token,
    (provider, policy): (&Provider, &PolicySettings),
    kind: RequestKind,
) -> (NewDraft, Vec<ScopeId>) {
    let api_version = match kind {
        RequestKind::Upgrade => provider.catalogue.newest().version,
        _ => token.settings.api_version,
    };
    let version = provider.catalogue.version(api_version);
    let (scopes, dropped) = token
        .scope_ids()
        .into_iter()
        .partition(|scope| version.is_some_and(|version| version.scope(scope).is_some()));
    let name = if kind == RequestKind::Duplicate {
        name_copy(&token.settings.name)
    } else {
        token.settings.name.clone()
    };
    let form = Form { name, api_version, ..Form::of(&token.settings) };
    // The contact was a member when they were chosen; the form asks Discord again.
    let contact = ContactFacts { is_bot: false, is_member: true };
    let checked = (!kind.keeps_settings()).then(|| form.check(&provider.catalogue, contact));
    let problems = checked.and_then(Result::err).unwrap_or_default();
    let new = NewDraft {
        provider: token.provider.clone(),
        requester: actor.user,
        request: None,
        kind,
        token: Some(token.id),
        form,
        problems,
        scopes,
        lifetime_days: resolve_draft::fit_lifetime(token.lifetime_days, policy),
        keeps_expiry: !matches!(kind, RequestKind::Duplicate | RequestKind::Extend),
        overlap_seconds: OVERLAPS[0],
        begun_from: (!kind.makes_a_token()).then(|| PreviousToken::of(token)),
        opened_from: None,
    };
    (new, dropped)
}

/// "Reports" becomes "Reports (2)", and that "Reports (3)"; shortened to the limit of names.
fn name_copy(name: &str) -> String {
    let numbered = name
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
        .and_then(|(stem, number)| Some((stem, number.parse::<u32>().ok()?)));
    let (stem, number) =
        numbered.map_or((name, 2), |(stem, number)| (stem, number.saturating_add(1)));
    let suffix = format!(" ({number})");
    let room = NAME_LIMIT - suffix.len();
    let stem: String = stem.chars().take(room).collect();
    format!("{}{suffix}", stem.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_numbered() {
        for (name, copy) in [
            ("Reports", "Reports (2)"),
            ("Reports (2)", "Reports (3)"),
            ("Reports (x)", "Reports (x) (2)"),
            ("(9)", "(9) (2)"),
        ] {
            assert_eq!(name_copy(name), copy);
        }
        let longest = name_copy(&"é".repeat(64));
        assert_eq!(longest.chars().count(), 64);
        assert!(longest.ends_with(" (2)"));
    }
}
