//! Updates a draft when its token changed since the draft was begun: others' changes are taken over, and
//! the owner's own changes stay.

use crate::domain::catalogue::{Catalogue, ScopeId};
use crate::domain::content::PreviousToken;
use crate::domain::draft::Draft;
use crate::domain::email;
use crate::domain::form::Form;
use crate::domain::token::Token;

/// Updates the draft of a change to its token. Returns whether anything in it changed: then its owner must
/// look at it again.
pub(in crate::workflow) fn follow_token(
    draft: &mut Draft,
    token: &Token,
    catalogue: &Catalogue,
) -> bool {
    let Some(was) = draft.begun_from.take() else { return false };
    draft.begun_from = Some(PreviousToken::of(token));
    let before = (draft.form.clone(), draft.scopes.clone());
    follow_settings(draft, &was, token);
    follow_scopes(draft, &was, token, catalogue);
    before != (draft.form.clone(), draft.scopes.clone())
}

fn follow_settings(draft: &mut Draft, was: &PreviousToken, token: &Token) {
    let form = &mut draft.form;
    if form.name == was.settings.name {
        form.name.clone_from(&token.settings.name);
    }
    if form.description == was.settings.description {
        form.description.clone_from(&token.settings.description);
    }
    if form.api_version == was.settings.api_version {
        form.api_version = token.settings.api_version;
    }
    if form.contact == was.settings.contact {
        form.contact = token.settings.contact;
    }
    let typed = email::parse_list(&form.developer_emails);
    if typed.is_ok_and(|typed| typed == was.settings.developer_emails)
        && token.settings.developer_emails != was.settings.developer_emails
    {
        form.developer_emails = email::join_list(&token.settings.developer_emails);
    }
}

/// The token's current scopes without those that the owner removed, and with those that the owner added.
fn follow_scopes(draft: &mut Draft, was: &PreviousToken, token: &Token, catalogue: &Catalogue) {
    let version = catalogue.version(draft.form.api_version);
    let is_there = |id: &ScopeId| version.is_some_and(|version| version.scope(id).is_some());
    draft.scopes.retain(|id| token.has_scope(id) || !was.has_scope(id));
    for id in token.scope_ids() {
        if !was.has_scope(&id) && is_there(&id) && !draft.scopes.contains(&id) {
            draft.scopes.push(id);
        }
    }
    if token.settings.api_version != was.settings.api_version {
        draft.scopes.retain(is_there);
    }
}

/// A kind that keeps the token's settings shows the token's current ones, whatever the draft was begun
/// from.
pub(in crate::workflow) fn restore_settings(draft: &mut Draft, token: &Token) {
    draft.form = Form::of(&token.settings);
    draft.scopes = token.scope_ids();
}
