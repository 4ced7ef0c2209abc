use insta::assert_snapshot;

use super::*;
use crate::discord::views::card::testing::{
    check, hour, longest, outline, provider, read, shortest, token,
};

fn uses() -> [Use; 2] {
    [
        Use { valid_until: None, last_used_at: Some(hour(2)) },
        Use { valid_until: Some(hour(9)), last_used_at: None },
    ]
}

fn shown(state: TokenState, language: Language) -> Message {
    let orchard = provider("orchard");
    let facts = TokenFacts {
        token: &token(&shortest(orchard), state),
        uses: &uses(),
        provider: Some(orchard),
        open_change: Some("https://discord.com/channels/1/2/3"),
    };
    panel(&facts, language)
}

#[test]
fn a_token_in_both_languages() {
    let all: Vec<String> = Language::ALL
        .map(|language| {
            let message = shown(TokenState::Active, language);
            check(&message);
            read(&message)
        })
        .into();
    assert_snapshot!(all.join("\n==\n"));
}

/// Nobody but their issuer sees who uses tokens that are not Countersign's own.
#[test]
fn the_last_use_is_told_of_tokens_that_are_verified_here() {
    for (id, told) in [("orchard", true), ("brand", false)] {
        let found = provider(id);
        let facts = TokenFacts {
            token: &token(&shortest(found), TokenState::Active),
            uses: &uses(),
            provider: Some(found),
            open_change: None,
        };
        let message = panel(&facts, Language::EnglishUs);
        assert_eq!(read(&message).contains("Last used"), told, "{id}");
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
        let read = read(&message);
        let buttons = read.lines().filter(|line| line.starts_with('[') && line.contains(':'));
        format!("{state:?}: {}", buttons.collect::<Vec<_>>().join(" "))
    });
    assert_snapshot!(shown.join("\n"));
}

#[test]
fn the_longest_fits() {
    let brand = provider("brand");
    let token =
        Token { account_sid: "`".repeat(128), ..token(&longest(brand), TokenState::Active) };
    for language in Language::ALL {
        let facts =
            TokenFacts { token: &token, uses: &uses(), provider: Some(brand), open_change: None };
        check(&panel(&facts, language));
        check(&panel(&TokenFacts { provider: None, ..facts }, language));
        check(&switched_off(&token, language));
    }
    let facts = TokenFacts { token: &token, uses: &[], provider: None, open_change: None };
    assert_snapshot!(outline(&panel(&facts, Language::EnglishUs)));
}
