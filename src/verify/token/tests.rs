use chrono::{DateTime, Utc};
use proptest::prelude::*;

use super::*;
use crate::domain::catalogue::Method;
use crate::domain::scope::ResolvedScope;

fn secret(id: i64) -> SecretId {
    SecretId::new(id).unwrap()
}

fn at(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap()
}

fn presented(state: TokenState, name: &str) -> PresentedSecret {
    let live = |id, valid_until: Option<i64>| LiveSecret {
        id: secret(id),
        created_at: at(5),
        valid_until: valid_until.map(at),
    };
    PresentedSecret {
        secret: secret(1),
        token: TokenId::new(7).unwrap(),
        provider: "gone".into(),
        api_version: 2,
        account_sid: "CS1".into(),
        name: name.into(),
        scopes: vec![ResolvedScope {
            approvals: None,
            id: "trees:listTrees".parse().unwrap(),
            method: Method::Get,
            path: "/Orchards/{AccountSID}/Trees".parse().unwrap(),
            sensitive: false,
            value: "trees:listTrees".into(),
        }],
        state,
        expires_at: Some(at(100)),
        current: Some(live(1, None)),
        outgoing: Some(live(2, Some(50))),
        now: at(10),
    }
}

fn token(state: TokenState) -> CachedToken {
    CachedToken::new(&presented(state, "Reports"), &Catalogues::default())
}

#[test]
fn cached_tokens_expire() {
    let token = token(TokenState::Active);
    let until = |end| SecretValidity::Token { created_at: 5, ends_at: Some(end) };
    assert_eq!(token.opens(secret(1), 99), until(100));
    assert_eq!(token.opens(secret(1), 100), SecretValidity::Nothing);
    assert_eq!(token.opens(secret(2), 49), until(50));
    assert_eq!(token.opens(secret(2), 50), SecretValidity::Nothing);
    assert_eq!(token.opens(secret(3), 10), SecretValidity::Nothing);
}

#[test]
fn only_an_active_token_opens() {
    for state in
        [TokenState::Issued, TokenState::Deleting, TokenState::Deleted, TokenState::Expired]
    {
        assert_eq!(token(state).opens(secret(1), 10), SecretValidity::Nothing, "{state:?}");
    }
    for state in [TokenState::Disabled, TokenState::Disabling] {
        assert_eq!(token(state).opens(secret(1), 10), SecretValidity::SwitchedOff, "{state:?}");
    }
}

#[test]
fn a_token_without_a_catalogue_has_no_scopes() {
    let token = token(TokenState::Active);
    assert!(token.catalogue.is_none() && (0..200).all(|scope| !token.holds(scope)));
}

#[test]
fn a_use_is_noted_once_a_minute_for_each_secret() {
    let token = token(TokenState::Active);
    let minute = 60_000_000;
    assert!(token.is_first_use(secret(1), 0) && !token.is_first_use(secret(1), minute - 1));
    assert!(token.is_first_use(secret(2), 1));
    assert!(token.is_first_use(secret(1), minute) && !token.is_first_use(secret(1), minute));
    assert!(token.is_first_use(secret(1), -minute), "the clock was set back");
}

proptest! {
    #[test]
    fn every_name_fits_into_a_header(name in any::<String>()) {
        let token = CachedToken::new(&presented(TokenState::Active, &name), &Catalogues::default());
        prop_assert!(axum::http::HeaderValue::from_str(token.encoded_name()).is_ok());
        let back = percent_encoding::percent_decode_str(token.encoded_name()).decode_utf8().unwrap();
        prop_assert_eq!(back, name);
    }
}
