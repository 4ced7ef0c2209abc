//! The secrets that Countersign makes. They are recognisable, can be checked offline, and a double-click
//! selects all of one.

use chrono::{DateTime, Utc};
use rand::TryRngCore as _;
use rand::rand_core::OsError;
use rand::rngs::OsRng;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX: &str = "cst_";
/// 62^32 possibilities: 190 bits.
const RANDOM_LENGTH: usize = 32;
/// 62^6 is more than 2^32, so every CRC-32 fits.
const CHECKSUM_LENGTH: usize = 6;
const SID_PREFIX: &str = "CS";
const SID_LENGTH: usize = 24;

/// A secret that works.
#[derive(Debug, Clone)]
pub struct WorkingSecret {
    /// Until when it works, if a newer secret replaces it.
    pub valid_until: Option<DateTime<Utc>>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A new public id: `CS` and 24 of `0-9A-Za-z`.
///
/// # Errors
/// If the operating system gives no randomness.
pub fn mint_account_sid() -> Result<String, OsError> {
    Ok(format!("{SID_PREFIX}{}", random_text(SID_LENGTH)?.as_str()))
}

/// A new secret: `cst_`, 32 of `0-9A-Za-z`, and the CRC-32 of both in six more.
///
/// # Errors
/// If the operating system gives no randomness.
pub fn mint() -> Result<SecretString, OsError> {
    let mut text = Zeroizing::new(String::with_capacity(64));
    text.push_str(PREFIX);
    text.push_str(&random_text(RANDOM_LENGTH)?);
    let checksum = checksum(text.as_bytes());
    text.extend(checksum.map(char::from));
    Ok(SecretString::from(text.as_str()))
}

/// Whether a text has the form of a secret of ours and its checksum is right.
#[must_use]
pub fn is_well_formed(text: &str) -> bool {
    let length = PREFIX.len() + RANDOM_LENGTH + CHECKSUM_LENGTH;
    if text.len() != length || !text.is_ascii() || !text.starts_with(PREFIX) {
        return false;
    }
    let (body, sum) = text.split_at(length - CHECKSUM_LENGTH);
    checksum(body.as_bytes()) == *sum.as_bytes()
}

/// All parts of a text that have the form of a secret of ours and the right checksum.
pub fn find_all(text: &str) -> impl Iterator<Item = &str> {
    let length = PREFIX.len() + RANDOM_LENGTH + CHECKSUM_LENGTH;
    text.match_indices(PREFIX)
        .filter_map(move |(at, _)| text.get(at..at + length))
        .filter(|part| is_well_formed(part))
}

/// The hash that is stored of a secret and that it is looked up by.
#[must_use]
pub fn sha256(secret: &SecretString) -> [u8; 32] {
    sha256_of(secret.expose_secret())
}

/// The same for a part of a text.
#[must_use]
pub fn sha256_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// CRC-32 (IEEE) in base 62, most significant digit first.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let mut rest = crc32fast::hash(bytes) as usize;
    let mut digits = [b'0'; CHECKSUM_LENGTH];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[rest % ALPHABET.len()];
        rest /= ALPHABET.len();
    }
    digits
}

/// So many of `0-9A-Za-z`, from the operating system's random bytes; those that would make some letters
/// likelier are dropped.
///
/// # Errors
/// If the operating system gives no randomness.
pub fn random_text(length: usize) -> Result<Zeroizing<String>, OsError> {
    const FAIR: u8 = (256 / ALPHABET.len() * ALPHABET.len()) as u8;
    let mut text = Zeroizing::new(String::with_capacity(length));
    let mut bytes = Zeroizing::new([0_u8; 64]);
    while text.len() < length {
        OsRng.try_fill_bytes(bytes.as_mut())?;
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        for byte in fair.take(length - text.len()) {
            text.push(char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_checksum_is_the_ieee_crc() {
        // CRC-32 of "123456789" is 0xCBF43926 by the catalogue of CRC algorithms; 3421780262 in base 62.
        assert_eq!(crc32fast::hash(b"123456789"), 0xCBF4_3926);
        let value = checksum(b"123456789").iter().fold(0_u64, |sum, digit| {
            sum * 62 + ALPHABET.iter().position(|a| a == digit).unwrap() as u64
        });
        assert_eq!(value, 0xCBF4_3926);
        assert_eq!(&checksum(b""), b"000000");
    }

    #[test]
    fn created_secrets_are_well_formed_and_unique() {
        let (one, two) = (mint().unwrap(), mint().unwrap());
        assert!(is_well_formed(one.expose_secret()));
        assert_ne!(one.expose_secret(), two.expose_secret());
        let sid = mint_account_sid().unwrap();
        assert!(sid.starts_with("CS") && sid.len() == 26);
        assert!(sid.bytes().all(|b| b.is_ascii_alphanumeric()));
    }

    proptest! {
        #[test]
        fn one_wrong_letter_fails_the_checksum(at in 4_usize..42, to in 0_usize..62) {
            let secret = mint().unwrap();
            let mut bytes = secret.expose_secret().as_bytes().to_vec();
            prop_assume!(bytes[at] != ALPHABET[to]);
            bytes[at] = ALPHABET[to];
            prop_assert!(!is_well_formed(std::str::from_utf8(&bytes).unwrap()));
        }
    }
}
