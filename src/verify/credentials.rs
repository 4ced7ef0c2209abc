//! A request's credentials: a secret alone, or with its public id.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::domain::secret;

/// The credentials in `Authorization`. The secret itself is hashed and dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// Nothing at all.
    Missing,
    /// Something that can't be a token of ours, known without a look-up.
    Malformed,
    /// Something in the form of our secrets.
    Presented {
        /// Its SHA-256.
        sha256: [u8; 32],
        /// The public id that came with it, if any.
        account_sid: Option<String>,
    },
}

impl Credentials {
    /// Reads the values of all `Authorization` headers: `Basic` with the public id and the secret, or
    /// `Bearer` with the secret.
    pub fn read<'a>(mut values: impl Iterator<Item = &'a [u8]>) -> Self {
        match (values.next(), values.next()) {
            (None, _) => Self::Missing,
            // Proxy and service might read different ones.
            (Some(_), Some(_)) => Self::Malformed,
            (Some(value), None) => Self::parse(value).unwrap_or(Self::Malformed),
        }
    }

    fn parse(value: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(value).ok()?;
        let (scheme, rest) = text.split_once(' ')?;
        let rest = rest.trim_matches(' ');
        if scheme.eq_ignore_ascii_case("bearer") {
            return Self::of(rest, None);
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let bytes = Zeroizing::new(STANDARD.decode(rest).ok()?);
        let (account_sid, secret) = std::str::from_utf8(&bytes).ok()?.split_once(':')?;
        Self::of(secret, Some(account_sid.to_owned()))
    }

    fn of(secret: &str, account_sid: Option<String>) -> Option<Self> {
        let ours = secret::is_well_formed(secret);
        ours.then(|| Self::Presented { sha256: secret::sha256_of(secret), account_sid })
    }
}

/// The secret in a form's field, hashed; `None` where it can't be one of ours.
#[must_use]
pub fn sha256_of_token(token: &SecretString) -> Option<[u8; 32]> {
    use secrecy::ExposeSecret as _;
    secret::is_well_formed(token.expose_secret()).then(|| secret::sha256(token))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use secrecy::ExposeSecret as _;

    use super::*;

    fn read(values: &[&str]) -> Credentials {
        Credentials::read(values.iter().map(|value| value.as_bytes()))
    }

    #[test]
    fn both_forms_are_read() {
        let secret = secret::mint().unwrap();
        let (secret, hash) = (secret.expose_secret(), secret::sha256(&secret));
        let alone = Credentials::Presented { sha256: hash, account_sid: None };
        for scheme in ["Bearer", "bearer", "BEARER"] {
            assert_eq!(read(&[&format!("{scheme} {secret}")]), alone);
        }
        let pair = STANDARD.encode(format!("CS1:{secret}"));
        let with_id = Credentials::Presented { sha256: hash, account_sid: Some("CS1".into()) };
        assert_eq!(read(&[&format!("Basic {pair}")]), with_id);
        assert_eq!(read(&[&format!("basic  {pair}")]), with_id);
    }

    #[test]
    fn anything_else_is_none() {
        let secret = secret::mint().unwrap();
        let secret = secret.expose_secret();
        let bearer = format!("Bearer {secret}");
        assert_eq!(read(&[]), Credentials::Missing);
        for wrong in [
            String::new(),
            secret.to_owned(),
            "Bearer".to_owned(),
            "Bearer ".to_owned(),
            format!("Bearer {secret} {secret}"),
            format!("Bearer {secret}x"),
            format!("Bearer\t{secret}"),
            format!("Token {secret}"),
            format!("Basic {}", STANDARD.encode(secret)),
            format!("Basic {secret}"),
            "Basic ////".to_owned(),
        ] {
            assert_eq!(read(&[&wrong]), Credentials::Malformed, "{wrong:?}");
        }
        assert_eq!(read(&[&bearer, &bearer]), Credentials::Malformed);
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_handled(value in prop::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(Credentials::read([&value[..]].into_iter()), Credentials::Malformed);
        }

        #[test]
        fn an_arbitrary_pair_is_handled(pair in any::<String>()) {
            let value = format!("Basic {}", STANDARD.encode(pair));
            prop_assert_eq!(read(&[&value]), Credentials::Malformed);
        }
    }
}
