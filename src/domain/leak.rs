//! A secret that somebody found: what may be one in a text, and what it still opens.

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};

use super::request::RequestKind;
use super::secret;
use super::token::{IssuerKind, Token, TokenState};

/// What somebody presented, by hashes alone.
#[derive(Debug)]
pub struct Presented {
    /// SHA-256 of each part that may be a secret, the likeliest first.
    pub hashes: Vec<[u8; 32]>,
    /// Whether one of them has the form of a secret of ours, with the right checksum.
    pub well_formed: bool,
}

impl Presented {
    /// Looks for secrets in a text. Those of ours are known by their form, whatever stands around
    /// them, such as the name of a variable; any other is the whole text.
    #[must_use]
    pub fn of(text: &SecretString) -> Self {
        let text = text.expose_secret().trim();
        let ours: Vec<&str> = secret::all_in(text).collect();
        let hash = |part: &str| secret::sha256_of(part);
        Self {
            well_formed: !ours.is_empty(),
            hashes: ours.into_iter().chain([text]).map(hash).collect(),
        }
    }
}

/// Where one of a token's secrets stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SecretState {
    /// Nobody pressed *Reveal*.
    Waiting,
    /// It opens the token.
    Current,
    /// It still does, for a while.
    Outgoing,
    /// It opens nothing any more.
    Dead,
}

/// Whether a secret opens something; what is worse stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opens {
    /// It does.
    Yes,
    /// It will, once its owner collects it.
    NotYet,
    /// It may, until a person has switched the token off.
    UntilSwitchedOff,
    /// It does not, and never will.
    Nothing,
}

impl Opens {
    /// What a secret opens at this moment, as far as is known here. What another issuer made may work
    /// there from the moment at which it was made.
    #[must_use]
    pub fn at(
        now: DateTime<Utc>,
        token: &Token,
        state: SecretState,
        valid_until: Option<DateTime<Utc>>,
    ) -> Self {
        let is_ours = token.issuer == IssuerKind::Builtin;
        let past = |end: Option<DateTime<Utc>>| end.is_some_and(|end| end <= now);
        match (token.state, state) {
            (TokenState::Disabled | TokenState::Deleted | TokenState::Expired, _)
            | (_, SecretState::Dead) => Self::Nothing,
            (TokenState::Disabling | TokenState::Deleting, _) => Self::UntilSwitchedOff,
            _ if is_ours && past(token.expires_at) => Self::Nothing,
            (_, SecretState::Outgoing) if past(valid_until) => Self::Nothing,
            (_, SecretState::Waiting) if is_ours => Self::NotYet,
            _ => Self::Yes,
        }
    }

    /// Whether whoever holds the secret may disable the token, and there is something to disable. A
    /// secret that opens nothing gives no power over a token that others use.
    #[must_use]
    pub fn lets_disable(self, token: &Token) -> bool {
        matches!(self, Self::Yes | Self::NotYet) && token.state.allows(RequestKind::Disable)
    }

    /// What machines call it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::NotYet => "not_yet",
            Self::UntilSwitchedOff => "until_switched_off",
            Self::Nothing => "nothing",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ours_are_found_among_other_text() {
        let (one, two) = (secret::mint().unwrap(), secret::mint().unwrap());
        let (one, two) = (one.expose_secret(), two.expose_secret());
        for text in [
            format!("  {one}\n"),
            format!("TOKEN=\"{one}\""),
            format!("Authorization: Bearer {one}"),
            format!("cst_cst_{one}"),
            format!("é{one}é"),
        ] {
            let presented = Presented::of(&text.into());
            assert!(presented.well_formed);
            assert_eq!(presented.hashes[0], secret::sha256_of(one));
        }
        let both = Presented::of(&format!("{one}{two}").into());
        assert_eq!(both.hashes[..2], [secret::sha256_of(one), secret::sha256_of(two)]);
    }

    #[test]
    fn others_are_the_whole_text() {
        let presented = Presented::of(&" whatever-it-is \n".to_owned().into());
        assert!(!presented.well_formed);
        assert_eq!(presented.hashes, [secret::sha256_of("whatever-it-is")]);
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "(cst_|[0-9a-zA-Zé🚀]){0,200}") {
            prop_assert!(!Presented::of(&text.into()).hashes.is_empty());
        }
    }
}
