//! The panels of changes: what can be chosen for each, and in which words.

use super::super::super::card::testing::{shortest, token};
use super::*;
use crate::domain::permission::Action;
use crate::domain::request_kind::RequestKind;
use crate::domain::token::TokenState;

const KINDS: [RequestKind; 6] = [
    RequestKind::Edit,
    RequestKind::Reset,
    RequestKind::Upgrade,
    RequestKind::Enable,
    RequestKind::Extend,
    RequestKind::Duplicate,
];

/// A change of a token of the provider, which may have another issuer.
fn changed(kind: RequestKind, provider: &Provider, issuer_of: &str) -> DraftView {
    use crate::discord::views::card::testing::provider as configured;
    let token = token(&shortest(configured(issuer_of)), TokenState::Active);
    let mut draft = draft(provider);
    draft.kind = kind;
    draft.token = Some(token.id);
    draft.keeps_expiry = !matches!(kind, RequestKind::Extend | RequestKind::Duplicate);
    draft.overlap_seconds = 3600 * u32::from(kind == RequestKind::Reset);
    draft.scopes = vec![scope("harvests:listHarvests")];
    DraftView {
        draft,
        dropped: Vec::new(),
        name: NameAnswer::Free,
        token: Some(token),
        asks_for: Some(Digest::of(b"content")),
        refusal: None,
        lifetimes: LIFETIMES.to_vec(),
        needs_review: None,
    }
}

#[test]
fn every_kind_in_both_languages() {
    let provider = provider("Orchard", ORCHARD);
    let mut all = Vec::new();
    for language in Language::ALL {
        for kind in KINDS {
            let message = shown(&changed(kind, &provider, "orchard"), &provider, false, language);
            all.push(format!("== {kind:?}\n{}", print_message(&message)));
        }
        // Where an admin makes the secret, both can't live side by side.
        let by_hand = changed(RequestKind::Reset, &provider, "brand");
        all.push(print_message(&shown(&by_hand, &provider, false, language)));
    }
    assert_snapshot!(all.join("\n"));
}

fn lead(changed: &DraftView, provider: &Provider, language: Language) -> String {
    let message = shown(changed, provider, false, language);
    message.prose().lines().nth(1).unwrap().to_owned()
}

/// Where the provider enables a token, it works before anybody has collected.
#[test]
fn who_enables_a_token() {
    let provider = provider("Orchard", ORCHARD);
    let all = Language::ALL.map(|language| {
        ["orchard", "brand", "registry"].map(|issuer_of| {
            lead(&changed(RequestKind::Enable, &provider, issuer_of), &provider, language)
        })
    });
    assert_snapshot!(all.concat().join("\n"));
}

/// A lead that names only what the panel of a waiting request has.
#[test]
fn what_can_be_edited_in_a_request_that_waits() {
    use crate::discord::views::card::testing::provider as configured;
    let orchard = provider("Orchard", ORCHARD);
    let kinds = [
        (RequestKind::Edit, "orchard"),
        (RequestKind::Upgrade, "orchard"),
        (RequestKind::Reset, "orchard"),
        (RequestKind::Extend, "orchard"),
        (RequestKind::Enable, "orchard"),
        (RequestKind::Reset, "brand"),
        (RequestKind::Edit, "registry"),
    ];
    let all = Language::ALL.map(|language| {
        kinds.map(|(kind, issuer_of)| {
            let http = configured("registry");
            let provider = if issuer_of == "registry" { http } else { &orchard };
            let mut changed = changed(kind, provider, issuer_of);
            changed.draft.request = Some(RequestId::new(3).unwrap());
            let rows = count_rows(&shown(&changed, provider, false, language));
            format!(
                "== {kind:?} at {issuer_of}, {rows} rows\n{}",
                lead(&changed, provider, language)
            )
        })
    });
    assert_snapshot!(all.concat().join("\n"));
}

/// Whatever it is, *Submit* is disabled; each reason that stands nowhere else is said.
#[test]
fn why_it_cannot_be_submitted_in_both_languages() {
    let provider = provider("Orchard", ORCHARD);
    let name = "Harvest report".to_owned();
    let refusals = [
        Refusal::TokenUnchanged,
        Refusal::NothingChanged,
        Refusal::AsksForNothing,
        Refusal::NotLater { ends: noon() },
        Refusal::LivesTooLong { most: 90 },
        Refusal::NotNewer,
        Refusal::VersionGone,
        Refusal::NotOffered,
        Refusal::NotAllowed(Action::NarrowToken),
        Refusal::NameTaken { name },
        Refusal::TooManyNames { until: noon() },
        Refusal::UnknownScopes(Vec::new()),
        Refusal::NothingChosen,
    ];
    let mut all = Vec::new();
    for language in Language::ALL {
        let submit = text!(language, "panel-submit");
        for refusal in &refusals {
            let mut changed = changed(RequestKind::Edit, &provider, "orchard");
            let usual = shown(&changed, &provider, false, language).prose();
            changed.refusal = Some(refusal.clone());
            let message = shown(&changed, &provider, false, language);
            let printed = print_message(&message);
            assert!(printed.contains(&format!("[off success {submit}")), "{printed}");
            let prose = message.prose();
            let said = prose.lines().find(|line| !usual.contains(line)).unwrap_or("–");
            all.push(format!("{refusal:?}: {said}"));
        }
    }
    assert_snapshot!(all.join("\n"));
}

#[test]
fn the_longest_fit() {
    let provider = provider("Brand", BRAND);
    for kind in KINDS {
        for language in Language::ALL {
            let mut changed = changed(kind, &provider, "brand");
            changed.draft.form.name = "*".repeat(64);
            changed.draft.form.description = "_".repeat(1_000);
            let newest = provider.catalogue.newest();
            changed.draft.scopes = newest.scopes().map(|scope| scope.id.clone()).collect();
            if let Some(token) = &mut changed.token {
                token.settings.name = "*".repeat(64);
            }
            print_message(&shown(&changed, &provider, false, language));
        }
    }
}
