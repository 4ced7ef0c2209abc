use insta::assert_snapshot;

use super::*;
use crate::discord::views::card::testing::{
    CONFIG, check, hour, longest, outline, print_text, provider, shortest, token,
};
use crate::discord::views::testing::{check_form, print_form, print_message};
use crate::domain::ids::UserId;
use crate::domain::request::Request;
use crate::domain::token::TokenStatus;
use crate::workflow::Actor;
use crate::workflow::request::offers as offered_kinds;
use crate::workflow::token::list::{Age, NamePart};

mod offers;

fn uses() -> [WorkingSecret; 2] {
    [
        WorkingSecret { valid_until: None, last_used_at: Some(hour(2)) },
        WorkingSecret { valid_until: Some(hour(9)), last_used_at: None },
    ]
}

/// The longest list that a panel can be opened from.
fn list() -> ListQuery {
    let (age, standing) = (Some(Age::Older), Some(TokenStatus::Disabled));
    ListQuery { name: NamePart::of(&"🚀".repeat(64)), age, standing, page: u16::MAX }
}

fn person(user: UserId, role: &str) -> Actor {
    Actor {
        user,
        name: "Rin".to_owned(),
        roles: Some([role.parse().unwrap()].into()),
        locale: "en-US".to_owned(),
        interaction: "1".parse().unwrap(),
    }
}

/// What its owner can do with a token without an open change.
fn offered(token: &Token, provider: Option<&Provider>) -> Vec<RequestKind> {
    let actor = person(token.owner, "55");
    offered_kinds::list_offered(&actor, token, (provider, &CONFIG.policy), false, hour(0))
}

fn shown(state: TokenState, language: Language) -> Message {
    let orchard = provider("orchard");
    let token = token(&shortest(orchard), state);
    let card = Some("https://discord.com/channels/1/2/3".to_owned());
    let facts = TokenFacts {
        token: &token,
        uses: &uses(),
        provider: Some(orchard),
        open_change: Some(&OpenChange { card }),
        offered: &offered(&token, Some(orchard)),
    };
    render_panel(&facts, &PanelExtras::default(), language)
}

#[test]
fn a_token_in_both_languages() {
    let all: Vec<String> = Language::ALL
        .map(|language| {
            let message = shown(TokenState::Active, language);
            check(&message);
            print_text(&message)
        })
        .into();
    assert_snapshot!(all.join("\n==\n"));
}

/// Its stripe says what its first line says.
#[test]
fn a_token_without_a_secret_is_not_green() {
    let token = token(&shortest(provider("orchard")), TokenState::Active);
    let stripe = |uses: &[WorkingSecret]| {
        let facts =
            TokenFacts { token: &token, uses, provider: None, open_change: None, offered: &[] };
        render_panel(&facts, &PanelExtras::default(), Language::EnglishUs).colour
    };
    assert_eq!(stripe(&uses()), Some(colour::GREEN));
    assert_eq!(stripe(&[]), Some(colour::YELLOW));
}

/// Countersign does not see the use of tokens of other issuers.
#[test]
fn the_last_use_is_told_of_tokens_that_are_verified_here() {
    for (id, told) in [("orchard", true), ("brand", false)] {
        let found = provider(id);
        let facts = TokenFacts {
            token: &token(&shortest(found), TokenState::Active),
            uses: &uses(),
            provider: Some(found),
            open_change: None,
            offered: &[],
        };
        let message = render_panel(&facts, &PanelExtras::default(), Language::EnglishUs);
        assert_eq!(print_text(&message).contains("Last used"), told, "{id}");
    }
}

#[test]
fn what_can_be_done_in_each_state() {
    let states = [
        TokenState::Issued,
        TokenState::Active,
        TokenState::Disabling,
        TokenState::Disabled,
        TokenState::Deleting,
        TokenState::Deleted,
        TokenState::Expired,
    ];
    let shown = states.map(|state| {
        let message = shown(state, Language::EnglishUs);
        let read = print_text(&message);
        let buttons = read.lines().filter(|line| line.starts_with('[') && line.contains(':'));
        format!("{state:?}: {}", buttons.collect::<Vec<_>>().join(" "))
    });
    assert_snapshot!(shown.join("\n"));
}

/// A panel has a button for what its reader can do, and for nothing else.
#[test]
fn a_panel_has_the_buttons_that_are_offered() {
    let orchard = provider("orchard");
    let token = token(&shortest(orchard), TokenState::Active);
    let changes = RequestKind::ALL
        .into_iter()
        .filter(|kind| !matches!(kind, RequestKind::Create | RequestKind::Narrow));
    for kind in changes {
        let facts = TokenFacts {
            token: &token,
            uses: &uses(),
            provider: Some(orchard),
            open_change: None,
            offered: &[kind],
        };
        let read = print_text(&render_panel(&facts, &PanelExtras::default(), Language::EnglishUs));
        let buttons = read.lines().filter(|line| line.starts_with('[') && line.contains(':'));
        let buttons: Vec<&str> = buttons.collect();
        assert_eq!(buttons.len(), 1, "{read}");
        assert!(
            buttons[0].ends_with(&format!("{}:3", kind.as_str()))
                || buttons[0].ends_with(&format!("change:3:{}", kind.as_str())),
            "{read}"
        );
    }
}

/// What Countersign ends itself can still be ended by its people.
#[test]
fn what_can_be_done_where_the_provider_is_gone() {
    for (id, buttons) in [("orchard", &["disable:3", "delete:3"][..]), ("brand", &[])] {
        let token = token(&shortest(provider(id)), TokenState::Active);
        let offered = &offered(&token, None);
        let facts =
            TokenFacts { token: &token, uses: &uses(), provider: None, open_change: None, offered };
        let message = render_panel(&facts, &PanelExtras::default(), Language::EnglishUs);
        check(&message);
        let read = print_text(&message);
        let shown = read.lines().filter(|line| line.starts_with('[') && line.contains(':'));
        let shown: Vec<_> = shown.filter_map(|line| line.split(' ').next_back()).collect();
        assert_eq!(shown, buttons, "{id}");
    }
}

#[test]
fn the_longest_fits() {
    let brand = provider("brand");
    let token =
        Token { account_sid: "`".repeat(128), ..token(&longest(brand), TokenState::Active) };
    for language in Language::ALL {
        let facts = TokenFacts {
            token: &token,
            uses: &uses(),
            provider: Some(brand),
            open_change: Some(&OpenChange { card: None }),
            offered: &RequestKind::ALL,
        };
        let extras = PanelExtras { done: Some("*".repeat(300)), back: Some(list()) };
        check(&render_panel(&facts, &extras, language));
        check(&render_disable_question(&token, Some(brand), Some(&list()), language));
        check(&render_panel(&facts, &PanelExtras::default(), language));
        let gone = TokenFacts { provider: None, ..facts };
        check(&render_panel(&gone, &PanelExtras::default(), language));
        check(&render_switched_off(&token, Some(brand), language));
    }
    let facts =
        TokenFacts { token: &token, uses: &[], provider: None, open_change: None, offered: &[] };
    assert_snapshot!(outline(&render_panel(&facts, &PanelExtras::default(), Language::EnglishUs)));
}

/// All that the panel leaves out can be read, and there is a button for it only then.
#[test]
fn what_the_panel_has_no_room_for() {
    let brand = provider("brand");
    let (long, short) = (longest(brand), shortest(brand));
    for language in Language::ALL {
        for (request, cut) in [(&long, true), (&short, false)] {
            let token = token(request, TokenState::Active);
            for provider in [Some(brand), None] {
                let facts = TokenFacts {
                    token: &token,
                    uses: &[],
                    provider,
                    open_change: None,
                    offered: &[],
                };
                let shown = print_text(&render_panel(&facts, &PanelExtras::default(), language));
                assert_eq!(shown.contains("token-scopes:3"), cut, "{shown}");
                let messages = render_all(&facts, language);
                messages.iter().for_each(check);
                let read = messages.iter().map(print_text).collect::<Vec<_>>().join("\n");
                for line in all::addresses(&token).iter().chain(&all::scopes(&token)) {
                    assert!(read.contains(line), "{line} in {read}");
                }
            }
        }
    }
}

#[test]
fn all_scopes_in_both_languages() {
    let shown = Language::ALL.map(|language| {
        let of = |id: &str, request: fn(&Provider) -> Request| {
            let token = token(&request(provider(id)), TokenState::Active);
            let provider = Some(provider(id));
            let facts =
                TokenFacts { token: &token, uses: &[], provider, open_change: None, offered: &[] };
            render_all(&facts, language).iter().map(outline).collect::<Vec<_>>().join("\n==\n")
        };
        format!("{}\n==\n{}", of("orchard", shortest), of("brand", longest))
    });
    assert_snapshot!(shown.join("\n==\n"));
}

/// What is off, or going off, or narrowed; of each kind of issuer.
#[test]
fn what_becomes_of_it_in_both_languages() {
    let of = |id: &str, state| token(&shortest(provider(id)), state);
    let http = |state| Token { issuer: IssuerKind::Http, ..of("orchard", state) };
    let all = Language::ALL.map(|language| {
        let mut shown = vec![print_form(&render_delete_form(
            &of("orchard", TokenState::Active),
            None,
            language,
        ))];
        let tokens = [
            of("orchard", TokenState::Disabled),
            of("orchard", TokenState::Deleted),
            of("brand", TokenState::Disabling),
            of("brand", TokenState::Deleting),
            http(TokenState::Disabling),
            http(TokenState::Deleting),
        ];
        let off = |token: &Token, provider| {
            print_message(&render_switched_off(token, provider, language)) //
        };
        shown.extend(tokens.iter().map(|token| off(token, Some(provider("orchard")))));
        // Where its provider was removed, nothing enables it again.
        shown.push(off(&tokens[0], None));
        let task = shortest(provider("brand"));
        let edited = Some(task.number);
        for (task, instead_of) in [(None, None), (Some(task), None), (None, edited)] {
            let done = Narrowed { token: of("brand", TokenState::Active), task, instead_of };
            shown.push(print_message(&render_narrowed(&done, language)));
        }
        let token = http(TokenState::Disabling);
        let facts = TokenFacts {
            token: &token,
            uses: &[],
            provider: None,
            open_change: None,
            offered: &[],
        };
        shown.push(print_message(&render_panel(&facts, &PanelExtras::default(), language)));
        shown.join("\n==\n")
    });
    assert_snapshot!(all.join("\n==\n"));
}

#[test]
fn the_longest_of_it_fits() {
    let request = longest(provider("brand"));
    for language in Language::ALL {
        check_form(&render_delete_form(
            &token(&request, TokenState::Active),
            Some(&list()),
            language,
        ));
        for state in [TokenState::Disabled, TokenState::Deleted, TokenState::Deleting] {
            check(&render_switched_off(&token(&request, state), None, language));
        }
        let token = token(&request, TokenState::Active);
        let (task, instead_of) = (Some(request.clone()), Some(request.number));
        check(&render_narrowed(&Narrowed { token, task, instead_of }, language));
    }
}
