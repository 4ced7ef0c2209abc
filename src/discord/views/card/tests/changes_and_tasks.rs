//! The cards of changes and of what a person must do: what is there now and what it would become.

use super::super::changes;
use super::*;
use crate::domain::attempt::UpstreamProblem;
use crate::domain::content::{Content, Target};
use crate::domain::issuer::IssuerKind;
use crate::domain::request_kind::RequestKind;
use crate::domain::scope::ResolvedScope;
use crate::locale::Language;

/// A request of this kind for the token that the first request made, to be as the second says.
fn change(kind: RequestKind, was: &Request, becomes: &Request) -> (Request, Token) {
    let token = token(was, TokenState::Active);
    let target = Target {
        lives_anew: kind == RequestKind::Extend,
        overlap_seconds: 3600 * u32::from(kind == RequestKind::Reset),
        ..Target::of(&token)
    };
    let content = match kind {
        RequestKind::Disable | RequestKind::Delete => Content::of_task(kind, &token),
        _ => Content { kind, target: Some(target), ..becomes.content.clone() },
    };
    let state = if kind.is_task() { RequestState::Issuing } else { RequestState::Pending };
    let request = Request { state, digest: content.digest(), content, ..becomes.clone() };
    (request, token)
}

fn shown(kind: RequestKind, was: &Request, becomes: &Request) -> Message {
    let (request, token) = change(kind, was, becomes);
    render_card(&CardFacts { token: Some(&token), ..facts(&request, &[]) })
}

/// Everything is another, but for one scope and one address.
fn edited(provider_id: &str) -> (Request, Request) {
    let provider = provider(provider_id);
    let emails = |names: [&str; 2]| names.map(|name| format!("{name}@example.com"));
    let was = settings("Reports", "Weekly numbers", &emails(["kept", "old"]));
    let becomes = settings("Reports 2", "Nightly numbers", &emails(["kept", "new"]));
    let mut becomes = request_for(provider, becomes, |at, _| (1..4).contains(&at));
    becomes.content.settings.contact = user(300);
    (request_for(provider, was, |at, _| at < 2), becomes)
}

#[test]
fn an_edit_shows_before_and_after() {
    let (was, becomes) = edited("orchard");
    let card = shown(RequestKind::Edit, &was, &becomes);
    check(&card);
    assert_snapshot!(print_text(&card));
}

#[test]
fn every_kind_in_both_languages() {
    let minted = [
        RequestKind::Edit,
        RequestKind::Upgrade,
        RequestKind::Reset,
        RequestKind::Enable,
        RequestKind::Extend,
    ];
    let by_hand =
        [RequestKind::Reset, RequestKind::Narrow, RequestKind::Disable, RequestKind::Delete];
    // Approved, so that an admin is to carry them out.
    let approved = [RequestKind::Edit, RequestKind::Extend];
    let both = |ids: [&'static str; 2], kinds: &[RequestKind]| -> Vec<_> {
        ids.iter().flat_map(|id| kinds.iter().map(move |kind| (*id, *kind))).collect()
    };
    let kinds = [both(["orchard", "mikan"], &minted), both(["brand", "brand-ja"], &by_hand)];
    let mut all = Vec::new();
    for (provider_id, kind) in kinds.concat() {
        let (was, becomes) = edited(provider_id);
        let card = shown(kind, &was, &becomes);
        check(&card);
        all.push(format!("== {kind:?} at {provider_id}\n{}", print_text(&card)));
    }
    for (provider_id, kind) in both(["brand", "brand-ja"], &approved) {
        let (was, becomes) = edited(provider_id);
        let (request, token) = change(kind, &was, &becomes);
        let request = Request { state: RequestState::Issuing, ..request };
        let card = render_card(&CardFacts { token: Some(&token), ..facts(&request, &[]) });
        check(&card);
        all.push(format!("== {kind:?} at {provider_id}, approved\n{}", print_text(&card)));
    }
    assert_snapshot!(all.join("\n"));
}

/// What an admin may have begun at the provider, when the request was taken back, denied or changed; and why a
/// request was withdrawn whose token is to end.
#[test]
fn what_may_have_been_done_by_hand_is_to_be_undone() {
    let mut all = Vec::new();
    for provider_id in ["brand", "brand-ja"] {
        let (was, becomes) = edited(provider_id);
        let (request, token) = change(RequestKind::Edit, &was, &becomes);
        let approvals = both_approvals(&request);
        let show = |request: &Request, approvals: &[Approval]| {
            let card = render_card(&CardFacts { token: Some(&token), ..facts(request, approvals) });
            check(&card);
            headline(&card)
        };
        for reason in ["maybe_done", "token_disabling", "token_deleting"] {
            let (state, reason) = (RequestState::Withdrawn, Some(reason.to_owned()));
            all.push(show(&Request { state, reason, ..request.clone() }, &approvals));
        }
        let denied = in_state(provider_id, RequestState::Denied);
        let undo = ["⚠️ An admin who has already", "⚠️ すでにプロバイダーで"];
        let begun = show(&denied, &both_approvals(&denied));
        assert!(undo.iter().any(|said| begun.contains(said)), "{begun}");
        // Nobody begins before it has all its approvals.
        let early = show(&denied, &[approval(&denied, 1)]);
        assert!(!undo.iter().any(|said| early.contains(said)), "{early}");
        let returned = Request { revision: 2, digest: denied.digest, ..request };
        let said = show(&returned, &approvals).lines().nth(4).unwrap_or_default().to_owned();
        all.extend([begun, said]);
    }
    assert_snapshot!(all.join("\n\n"));
}

/// What an API refused to change was not to be created.
#[test]
fn a_change_that_failed_changed_nothing() {
    let troubles = [
        UpstreamProblem::Refused("422".to_owned()),
        UpstreamProblem::Away("it can't be reached".to_owned()),
        UpstreamProblem::Waits("429: later".to_owned()),
    ];
    let mut all = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        let (was, becomes) = edited(provider_id);
        let (request, token) = change(RequestKind::Edit, &was, &becomes);
        for trouble in &troubles {
            let (state, reason) = (RequestState::Failed, Some(trouble.to_string()));
            let request = Request { state, reason, ..request.clone() };
            let shown = CardFacts { token: Some(&token), ..facts(&request, &[]) };
            all.push(headline(&render_card(&shown)));
        }
    }
    assert_snapshot!(all.join("\n\n"));
}

/// A token of version 1 with all that there is there, to have one scope of version 2 that it had with
/// another path, and one that it didn't have.
fn upgraded(provider_id: &str) -> Message {
    let provider = provider(provider_id);
    let plain = || settings("Reports", "Weekly numbers", &[]);
    let becomes = request_for(provider, plain(), |_, id| {
        ["trees:getTree", "trees:plantTree"].contains(&id.as_str())
    });
    let old = provider.catalogue.version("1".parse().unwrap()).unwrap();
    let mut token = Token {
        scopes: old.scopes().map(ResolvedScope::of).collect(),
        ..token(&becomes, TokenState::Active)
    };
    token.settings.api_version = old.version;
    let target = Some(Target::of(&token));
    let content = Content { kind: RequestKind::Upgrade, target, ..becomes.content.clone() };
    let request = Request { digest: content.digest(), content, ..becomes };
    let card = render_card(&CardFacts { token: Some(&token), ..facts(&request, &[]) });
    check(&card);
    card
}

#[test]
fn an_upgrade_tells_gone_from_removed_and_changed_from_added() {
    let both: Vec<String> =
        ["orchard", "mikan"].map(|provider_id| print_text(&upgraded(provider_id))).to_vec();
    assert_snapshot!(both.join("\n\n"));
}

#[test]
fn whoever_approved_hears_of_all_that_changed() {
    let (was, becomes) = edited("orchard");
    let (request, _) = change(RequestKind::Reset, &was, &becomes);
    let before = request.content;
    let mut now = before.clone();
    now.issuer = IssuerKind::Manual;
    now.scopes[0].path = "/Elsewhere".parse().unwrap();
    let target = now.target.as_mut().unwrap();
    target.revision += 1;
    target.lives_anew = true;
    let both: Vec<String> = [Language::EnglishUs, Language::Japanese]
        .map(|language| changes::list_changes(&before, &now, language).join("\n"))
        .to_vec();
    assert_snapshot!(both.join("\n\n"));
}

#[test]
fn the_longest_change_fits_or_asks_for_all_scopes_first() {
    for provider_id in ["orchard", "brand"] {
        let provider = provider(provider_id);
        let long = longest(provider);
        let others: Vec<String> = (0..10).map(|at| long_address(at).replace('e', "f")).collect();
        let other = settings(&"*".repeat(64), &"_".repeat(1_000), &others);
        let other = request_for(provider, other, |_, _| true);
        let few = request_for(provider, settings("a", "b", &[]), |at, _| at == 0);
        for (was, becomes) in [(&long, &other), (&few, &other), (&long, &few)] {
            for kind in RequestKind::ALL {
                if kind == RequestKind::Create {
                    continue;
                }
                let (request, token) = change(kind, was, becomes);
                let card = render_card(&CardFacts { token: Some(&token), ..facts(&request, &[]) });
                check(&card);
                let done = Request { state: RequestState::Done, ..request.clone() };
                let approvals = both_approvals(&done);
                check(&super::render_card(&CardFacts {
                    token: Some(&token),
                    ..facts(&done, &approvals)
                }));
                // What was cut is said, and then it has to be read first.
                let says = print_text(&card).contains("before **Approve**");
                if request.state == RequestState::Pending {
                    assert_eq!(says, is_cut(&request, CONFIG.provider(&provider.id)), "{kind:?}");
                }
            }
        }
    }
}

/// What a provider's API did not take from a token: an admin is asked to, and can have it tried again.
#[test]
fn an_admin_reads_why_an_api_did_not_reduce_a_tokens_access() {
    let words = || "409: **no** <@1>".to_owned();
    let troubles = [
        None,
        Some(UpstreamProblem::Refused("403".to_owned())),
        Some(UpstreamProblem::Refused(words())),
        Some(UpstreamProblem::Waits("429: later".to_owned())),
        Some(UpstreamProblem::Away("it can't be reached".to_owned())),
        Some(UpstreamProblem::Changing("the connection was cut".to_owned())),
    ];
    let mut all = Vec::new();
    for provider_id in ["orchard", "mikan"] {
        let (was, becomes) = edited(provider_id);
        let (mut request, token) = change(RequestKind::Narrow, &was, &becomes);
        request.content.issuer = IssuerKind::Http;
        let failure = Some(EventId::new(9).unwrap());
        for trouble in &troubles {
            request.reason = trouble.as_ref().map(ToString::to_string);
            let shown = CardFacts { token: Some(&token), failure, ..facts(&request, &[]) };
            let card = render_card(&shown);
            check(&card);
            all.push(headline(&card));
        }
        for reason in [None, Some("maybe_changed".to_owned())] {
            let state = RequestState::Withdrawn;
            let request = Request { state, reason, ..request.clone() };
            let shown = CardFacts { token: Some(&token), failure, ..facts(&request, &[]) };
            all.push(headline(&render_card(&shown)));
        }
    }
    assert_snapshot!(all.join("\n\n"));
}

/// What stands above the content, and the buttons.
fn headline(card: &Message) -> String {
    let text = print_text(card);
    let parts: Vec<&str> = text.split("──\n").collect();
    let buttons = parts.last().unwrap().lines().filter(|line| line.starts_with('['));
    [parts[0]].into_iter().chain(buttons).collect::<Vec<_>>().join("\n")
}
