//! Creates new secrets for calls in which the caller chooses the secret.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use secrecy::SecretString;
use zeroize::Zeroizing;

use super::answer::{Answer, NotDone};
use crate::config::{Generated, GeneratedForm};
use crate::domain::secret::random_text;

/// A new value for each name.
pub(super) fn generate(
    wanted: &BTreeMap<String, Generated>,
) -> Answer<BTreeMap<String, SecretString>> {
    let mint = |(name, how): (&String, &Generated)| -> Answer<(String, SecretString)> {
        Ok((name.clone(), mint(*how)?))
    };
    wanted.iter().map(mint).collect()
}

fn mint(how: Generated) -> Answer<SecretString> {
    let text = match how.form {
        GeneratedForm::Alphanumeric => random_text(how.length).map_err(|_| no_randomness())?,
        GeneratedForm::Hex => {
            Zeroizing::new(hex::encode(random(how.length.div_ceil(2))?.as_slice()))
        }
        GeneratedForm::Base64Url => {
            Zeroizing::new(URL_SAFE_NO_PAD.encode(random(how.length)?.as_slice()))
        }
        GeneratedForm::Uuid => {
            let bytes = random(16)?.first_chunk().copied().unwrap_or_default();
            Zeroizing::new(uuid::Builder::from_random_bytes(bytes).into_uuid().to_string())
        }
    };
    let length = if how.form == GeneratedForm::Uuid { text.len() } else { how.length };
    Ok(SecretString::from(text.get(..length).unwrap_or_default()))
}

fn random(length: usize) -> Answer<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; length]);
    OsRng.try_fill_bytes(&mut bytes).map_err(|_| no_randomness())?;
    Ok(bytes)
}

fn no_randomness() -> NotDone {
    NotDone::not_sent("the operating system gives no randomness")
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn values_have_the_form_and_length_that_they_should() {
        let minted = |form, length| {
            let value = mint(Generated { form, length }).unwrap();
            value.expose_secret().to_owned()
        };
        for (form, besides) in [
            (GeneratedForm::Alphanumeric, ""),
            (GeneratedForm::Hex, ""),
            (GeneratedForm::Base64Url, "-_"),
        ] {
            for length in [33, 40, 512] {
                let value = minted(form, length);
                assert_eq!(value.len(), length, "{form:?}");
                let fits = |c: char| c.is_ascii_alphanumeric() || besides.contains(c);
                assert!(value.chars().all(fits), "{value}");
                assert_ne!(value, minted(form, length));
            }
        }
        let uuid: uuid::Uuid = minted(GeneratedForm::Uuid, 40).parse().unwrap();
        assert_eq!(uuid.get_version_num(), 4);
    }
}
