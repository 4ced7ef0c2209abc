//! What a panel offers: what would be accepted, each with the way back.

use super::*;

/// What the rules allow, told once more: for each state, version, end and open change.
fn is_possible(kind: RequestKind, token: &Token, at: &Provider, is_open: bool) -> bool {
    use TokenState::{Active, Deleted, Deleting, Disabled, Issued};
    let (state, version) = (token.state, token.settings.api_version);
    let versions: Vec<_> = at.catalogue.versions().iter().map(|known| known.version).collect();
    let (is_known, is_http) = (versions.contains(&version), token.issuer == IssuerKind::Http);
    let changes = matches!(state, Active | Disabled) && !is_open;
    // The policy's longest lifetime is a year.
    let ends_in_time = token.expires_at.is_some_and(|at| at < hour(365 * 24));
    match kind {
        RequestKind::Create | RequestKind::Narrow => false,
        RequestKind::Duplicate => true,
        RequestKind::Edit => changes && is_known,
        // The API has no calls for these here.
        RequestKind::Reset => changes && state == Active && is_known && !is_http,
        RequestKind::Enable => changes && state == Disabled && is_known && !is_http,
        RequestKind::Extend => changes && is_known && ends_in_time && !is_http,
        RequestKind::Upgrade => {
            changes && versions.iter().any(|newer| *newer > version) && !is_http
        }
        RequestKind::Disable => matches!(state, Issued | Active) && !is_http,
        RequestKind::Delete => !matches!(state, Deleting | Deleted),
    }
}

#[test]
fn what_is_offered_is_what_would_be_accepted() {
    for id in ["orchard", "brand", "registry"] {
        let at = provider(id);
        let about = (Some(at), &CONFIG.policy);
        let versions = at.catalogue.versions().iter().map(|known| known.version.get());
        for version in versions.chain([99]) {
            for (state, days) in
                TokenState::ALL.iter().flat_map(|state| [(*state, 30), (*state, 1_000)])
            {
                for is_open in [false, true] {
                    let mut token = token(&shortest(at), state);
                    token.settings.api_version = version.to_string().parse().unwrap();
                    token.expires_at = Some(hour(days * 24));
                    let (owner, now) = (person(token.owner, "78"), hour(0));
                    let offered = offered_kinds::list_offered(&owner, &token, about, is_open, now);
                    let possible = RequestKind::ALL.into_iter();
                    let possible: Vec<RequestKind> =
                        possible.filter(|kind| is_possible(*kind, &token, at, is_open)).collect();
                    assert_eq!(offered, possible, "{id} {version} {state:?} {days} {is_open}");
                    // Others see none of it.
                    let other = person("999".parse().unwrap(), "78");
                    let offered = offered_kinds::list_offered(&other, &token, about, is_open, now);
                    assert_eq!(offered, []);
                }
            }
        }
    }
}

/// *Back* leads to the same list, however often the panel changes.
#[test]
fn every_button_keeps_the_way_back() {
    let orchard = provider("orchard");
    let token = token(&shortest(orchard), TokenState::Active);
    let facts = TokenFacts {
        token: &token,
        uses: &uses(),
        provider: Some(orchard),
        open_change: None,
        offered: &RequestKind::ALL,
    };
    let list = ListQuery { name: NamePart::of("Rep"), page: 2, ..ListQuery::default() };
    let extras = PanelExtras { done: None, back: Some(list.clone()) };
    let panel = print_text(&render_panel(&facts, &extras, Language::EnglishUs));
    let question = render_disable_question(&token, Some(orchard), Some(&list), Language::EnglishUs);
    let question = print_text(&question);
    let form = render_delete_form(&token, Some(&list), Language::EnglishUs).custom_id;
    let ids = panel.split_whitespace().chain(question.split_whitespace()).chain([form.as_str()]);
    let ids: Vec<&str> = ids.filter(|word| word.contains(":3") || word.contains("list:")).collect();
    assert!(ids.len() >= 12, "{ids:?}");
    for id in ids {
        assert!(id.ends_with(":2:::Rep"), "{id}");
    }
}
