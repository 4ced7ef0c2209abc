use insta::assert_snapshot;

use super::*;
use crate::discord::views::card::testing::{CONFIG, hour, longest, provider, shortest, token};
use crate::discord::views::testing::{check, count_rows, print_message};
use crate::domain::ids::{DeliveryId, EventId, RequestId, TokenId};
use crate::domain::request::{Request, RequestState};
use crate::domain::request_kind::RequestKind;
use crate::domain::token::TokenStatus;
use crate::workflow::token::list::{Age, NamePart, UncollectedToken, WAITING};

fn listed(tokens: Vec<Token>, page: u16, more: bool) -> TokenPage {
    let wanted = ListQuery {
        name: NamePart::of("Rep"),
        age: Some(Age::Month),
        standing: Some(TokenStatus::Enabled),
        page,
    };
    let uses = tokens.iter().filter(|token| token.state == TokenState::Active);
    let uses = uses.map(|token| (token.id, both_used())).collect();
    TokenPage { wanted, tokens, uses, more }
}

/// In an overlap: the new secret was used, the old one was not.
fn both_used() -> Vec<WorkingSecret> {
    let used = |valid_until, last_used_at| WorkingSecret { valid_until, last_used_at };
    vec![used(None, Some(hour(2))), used(Some(hour(9)), None)]
}

fn numbered(id: i64, token: Token) -> Token {
    Token { id: TokenId::new(id).unwrap(), ..token }
}

fn named(name: &str, mut token: Token) -> Token {
    token.settings.name = name.to_owned();
    token
}

fn waiting(provider_id: &str, card: bool) -> PendingRequest {
    let card = card.then(|| "https://discord.com/channels/1/2/3".to_owned());
    let request = shortest(provider(provider_id));
    PendingRequest { request, card, is_read: false, failure: None }
}

fn uncollected(tokens: &[Token]) -> Vec<UncollectedToken> {
    let all = tokens.iter().take(WAITING).cloned();
    let delivery = |token: &Token| DeliveryId::new(token.id.get()).unwrap();
    all.map(|token| UncollectedToken { delivery: delivery(&token), token }).collect()
}

/// The same, approved, and with another id.
fn in_progress(mut waiting: PendingRequest) -> PendingRequest {
    waiting.request.id = RequestId::new(2).unwrap();
    waiting.request.state = RequestState::Issuing;
    waiting
}

#[test]
fn in_both_languages() {
    let states = [TokenState::Active, TokenState::Issued, TokenState::Expired];
    let tokens: Vec<Token> = (1..)
        .zip(states)
        .map(|(id, state)| numbered(id, token(&shortest(provider("orchard")), state)))
        .collect();
    let waits = PendingWork {
        for_my_approval: vec![waiting("orchard", true)],
        for_an_admin: vec![in_progress(waiting("brand", false))],
        mine: vec![waiting("orchard", true)],
        to_collect: uncollected(&tokens[..1]),
        page: 1,
        more: true,
    };
    let all = Language::ALL.map(|language| {
        let messages = [
            render_list(&listed(tokens.clone(), 1, true), &CONFIG, language),
            render_list(&listed(Vec::new(), 0, false), &CONFIG, language),
            render_pending(&waits, None, &CONFIG, language),
            render_pending(&PendingWork::default(), None, &CONFIG, language),
        ];
        messages.iter().map(print_message).collect::<Vec<_>>().join("\n==\n")
    });
    assert_snapshot!(all.join("\n==\n"));
}

/// An upstream swapped the secret at once, and the new one was not collected: no secret works.
#[test]
fn a_token_without_a_secret_is_not_green() {
    let active = token(&shortest(provider("orchard")), TokenState::Active);
    let mut listed = listed(vec![active], 0, false);
    let shown =
        |listed: &TokenPage| print_message(&render_list(listed, &CONFIG, Language::EnglishUs));
    assert!(shown(&listed).contains("🟢 **Reports**"), "{}", shown(&listed));
    listed.uses.clear();
    assert!(shown(&listed).contains("🟡 **Reports**"), "{}", shown(&listed));
}

#[test]
fn the_longest_fit() {
    let brand = provider("brand");
    let tokens: Vec<Token> = (0..10)
        .map(|at| {
            let token = numbered(i64::MAX - at, token(&longest(brand), TokenState::Active));
            named(&"*".repeat(64), token)
        })
        .collect();
    let many = |first: i64| {
        let card = Some(format!("https://discord.com/channels/{0}/{0}/{0}", i64::MAX));
        (first..first + i64::try_from(WAITING).unwrap())
            .map(|id| {
                let request = Request { id: RequestId::new(id).unwrap(), ..longest(brand) };
                PendingRequest { request, card: card.clone(), is_read: true, failure: None }
            })
            .collect::<Vec<_>>()
    };
    let failed = |count: usize| -> Vec<PendingRequest> {
        many(i64::MAX - 20)
            .into_iter()
            .take(count)
            .map(|mut waiting| {
                waiting.request.state = RequestState::Failed;
                waiting.failure = EventId::new(i64::MAX).ok();
                waiting
            })
            .collect()
    };
    let one = PendingWork { page: u8::MAX - 1, more: true, ..PendingWork::default() };
    // A page that is full of each kind, and one of all kinds.
    let full = [
        PendingWork { to_collect: uncollected(&tokens), ..one },
        PendingWork {
            for_my_approval: many(i64::MAX - 10),
            page: u8::MAX,
            ..PendingWork::default()
        },
        PendingWork {
            for_an_admin: failed(WAITING),
            page: 7,
            more: true,
            ..PendingWork::default()
        },
        PendingWork { mine: many(i64::MAX - 30), page: 7, more: true, ..PendingWork::default() },
        PendingWork {
            to_collect: uncollected(&tokens[..2]),
            for_my_approval: many(i64::MAX - 10).split_off(WAITING - 2),
            for_an_admin: failed(2),
            mine: many(i64::MAX - 30).split_off(WAITING - 3),
            page: u8::MAX - 1,
            more: true,
        },
    ];
    for language in Language::ALL {
        let mut page = listed(tokens.clone(), u16::MAX, true);
        page.wanted.name = NamePart::of(&"🚀".repeat(50));
        check(&render_list(&page, &CONFIG, language));
        for waits in &full {
            let done = Some("*".repeat(600));
            let message = render_pending(waits, done, &CONFIG, language);
            check(&message);
            // Nothing is cut, and the buttons of every entry are there.
            let entries = waits.to_collect.len()
                + waits.for_my_approval.len()
                + waits.for_an_admin.len()
                + waits.mine.len();
            assert_eq!(entries, WAITING);
            assert_eq!(count_rows(&message), WAITING + 1);
            assert!(!message.clone().fit(), "something was lost");
        }
    }
}

#[test]
fn proposals_that_read_alike_are_told_apart() {
    let named = |id, name: &str, provider_id: &str, state| {
        named(name, numbered(id, token(&shortest(provider(provider_id)), state)))
    };
    let tokens = [
        named(2024, "Reports", "orchard", TokenState::Active),
        named(2, "REPORTS", "brand", TokenState::Disabled),
        named(3, "Reports", "orchard", TokenState::Deleted),
        named(4, "2024", "orchard", TokenState::Active),
    ];
    let shown = Language::ALL.map(|language| {
        let choices = build_proposals(&tokens, &CONFIG, language);
        let lines = choices.iter().map(|choice| format!("{} <{}>", choice.name, choice.value));
        lines.collect::<Vec<_>>().join("\n")
    });
    assert_snapshot!(shown.join("\n"), @"
    Reports · Orchard API · enabled · 2027-01-15 08:00 UTC <id:2024>
    REPORTS · impact.com (brand) · disabled · 2027-01-15 08:00 UTC <id:2>
    Reports · Orchard API · deleted · 2027-01-15 08:00 UTC <id:3>
    2024 <id:4>
    Reports · Orchard API · 有効 · 2027-01-15 08:00 UTC <id:2024>
    REPORTS · impact.com (brand) · 無効 · 2027-01-15 08:00 UTC <id:2>
    Reports · Orchard API · 削除済み · 2027-01-15 08:00 UTC <id:3>
    2024 <id:4>
    ");
    assert_eq!(parse_proposed_token("id:2024"), Some(tokens[0].id));
    for typed in ["2024", "id:", "id:x", "id:0", "Reports"] {
        assert_eq!(parse_proposed_token(typed), None, "{typed} is a name");
    }
    let long = named(i64::MAX, &"👩🏽‍🚀".repeat(16), "brand", TokenState::Expired);
    for choice in build_proposals(&[long.clone(), long], &CONFIG, Language::EnglishUs) {
        assert!(crate::discord::message::units(&choice.name) <= 100, "{}", choice.name);
        assert!(choice.name.ends_with("UTC") && choice.value.len() <= 100);
    }
}

#[test]
fn every_kind_that_waits_in_both_languages() {
    let all = Language::ALL.map(|language| {
        let lines = RequestKind::ALL.map(|kind| {
            let mut waiting = waiting("orchard", false);
            waiting.request.content.kind = kind;
            let waits = PendingWork { for_an_admin: vec![waiting], ..PendingWork::default() };
            print_message(&render_pending(&waits, None, &CONFIG, language))
        });
        lines.concat()
    });
    assert_snapshot!(all.join("\n==\n"));
}
