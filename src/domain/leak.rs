//! Leaked secrets: finds candidates in a text, and says whether a secret still works.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};

use super::issuer::IssuerKind;
use super::request_kind::RequestKind;
use super::secret;
use super::token::{Token, TokenState};

/// What a person presented, by hashes alone.
#[derive(Debug)]
pub struct SecretCandidates {
    /// SHA-256 of each part that may be a secret, the likeliest first.
    pub hashes: Vec<[u8; 32]>,
    /// Whether one of them has the form of a secret of ours, with the right checksum.
    pub well_formed: bool,
}

impl SecretCandidates {
    /// Looks for secrets in a text. A secret of ours is recognised by its form, whatever surrounds it. A
    /// secret of another issuer may be the whole text or a part of it.
    #[must_use]
    pub fn of(text: &SecretString) -> Self {
        let text = text.expose_secret().trim();
        let ours: Vec<&str> = secret::find_all(text).collect();
        let well_formed = !ours.is_empty();
        let mut known = HashSet::new();
        let parts = ours.into_iter().chain([text]).chain(parts(text));
        let hashes = parts.map(secret::sha256_of).filter(|hash| known.insert(*hash)).collect();
        Self { hashes, well_formed }
    }
}

/// The parts of a line that may be another issuer's secret, as in `AUTH_TOKEN="…"`, `Authorization: Bearer
/// …` or `https://SID:…@host`: the words between blanks and quotes, the part of a word after `=` or `:`,
/// and its parts between all such signs.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| c.is_whitespace() || "\"'`".contains(c));
    let parts = words.flat_map(|word| {
        let value = word.split_once(['=', ':']).map(|(_, value)| value);
        let bare =
            word.split(['=', ':', ',', ';', '&', '?', '@', '<', '>', '(', ')', '[', ']', '{', '}']);
        [word]
            .into_iter()
            .chain(value)
            .chain(bare)
            .map(|part| part.trim_end_matches(['.', ',', ';']))
    });
    parts.filter(|part| !part.is_empty())
}

/// The state of one of a token's secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SecretState {
    /// Waits for *Reveal*.
    Waiting,
    /// It works.
    Current,
    /// It still does, for a while.
    Outgoing,
    /// It no longer opens anything.
    Dead,
}

/// What a found secret opens; the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeakSeverity {
    /// It does.
    Yes,
    /// It will, once its owner collects it.
    NotYet,
    /// It may work until an admin has disabled the token.
    UntilSwitchedOff,
    /// It does not, and never will.
    Nothing,
}

impl LeakSeverity {
    /// What a secret opens now, as far as Countersign knows. A secret of another issuer may work there from
    /// the moment when it was made.
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
            (TokenState::Disabled | TokenState::Deleted | TokenState::Expired, _) => Self::Nothing,
            // This includes a secret that its owner disowned unread: it is dead only in Countersign.
            (TokenState::Disabling | TokenState::Deleting, _) => Self::UntilSwitchedOff,
            (_, SecretState::Dead) => Self::Nothing,
            _ if is_ours && past(token.expires_at) => Self::Nothing,
            (_, SecretState::Outgoing) if past(valid_until) => Self::Nothing,
            (_, SecretState::Waiting) if is_ours => Self::NotYet,
            _ => Self::Yes,
        }
    }

    /// Whether the finder may disable the token, and there is something to disable. A secret that opens
    /// nothing gives no power over a token that others use.
    #[must_use]
    pub fn lets_disable(self, token: &Token) -> bool {
        matches!(self, Self::Yes | Self::NotYet) && token.state.allows(RequestKind::Disable)
    }

    /// Its name in JSON.
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
    fn our_secrets_are_found_inside_other_text() {
        let (one, two) = (secret::mint().unwrap(), secret::mint().unwrap());
        let (one, two) = (one.expose_secret(), two.expose_secret());
        for text in [
            format!("  {one}\n"),
            format!("TOKEN=\"{one}\""),
            format!("Authorization: Bearer {one}"),
            format!("cst_cst_{one}"),
            format!("é{one}é"),
        ] {
            let presented = SecretCandidates::of(&text.into());
            assert!(presented.well_formed);
            assert_eq!(presented.hashes[0], secret::sha256_of(one));
        }
        let both = SecretCandidates::of(&format!("{one}{two}").into());
        assert_eq!(both.hashes[..2], [secret::sha256_of(one), secret::sha256_of(two)]);
    }

    #[test]
    fn other_secrets_may_be_the_whole_text() {
        let presented = SecretCandidates::of(&" whatever-it-is \n".to_owned().into());
        assert!(!presented.well_formed);
        assert_eq!(presented.hashes, [secret::sha256_of("whatever-it-is")]);
    }

    #[test]
    fn other_secrets_are_found_in_their_line() {
        for secret in ["whatever-it-is", "k9/+Zm8=", "a.b.c", "x_y~z!"] {
            for line in [
                format!("AUTH_TOKEN={secret}"),
                format!("export AUTH_TOKEN=\"{secret}\"; run"),
                format!("Authorization: Bearer {secret}"),
                format!("{{\"AccountSid\":\"IR1\",\"AuthToken\":\"{secret}\"}}"),
                format!("curl -u IR1:{secret} https://api.example.com"),
                format!("auth_token: {secret}"),
                format!("It is {secret}, I think."),
                format!("The token was {secret}."),
                format!("a first line\n{secret}\r\na third"),
            ] {
                let found = SecretCandidates::of(&line.clone().into()).hashes;
                assert!(found.contains(&secret::sha256_of(secret)), "{secret} in {line}");
            }
        }
        let address = "https://IR1:whatever-it-is@api.example.com/Campaigns".to_owned();
        let found = SecretCandidates::of(&address.into()).hashes;
        assert!(found.contains(&secret::sha256_of("whatever-it-is")));
    }

    /// The number of candidates grows with the length of the text, not with its square.
    #[test]
    fn text_of_punctuation_has_few_candidates() {
        for text in ["=", ":=", "a=", "a:b ", "\"a=b\""] {
            let text = text.chars().cycle().take(4_000).collect::<String>();
            assert!(SecretCandidates::of(&text.into()).hashes.len() < 100);
        }
        let words: Vec<String> = (0..800).map(|n| format!("w{n}")).collect();
        assert!(SecretCandidates::of(&words.join("=").into()).hashes.len() < 900);
    }

    proptest! {
        #[test]
        fn arbitrary_text_is_handled(text in "(cst_|[0-9a-zA-Zé🚀=:\"' ]){0,200}") {
            prop_assert!(!SecretCandidates::of(&text.into()).hashes.is_empty());
        }
    }
}
