//! E-mail addresses.

use std::fmt;
use std::str::FromStr;

use lettre::Address;
use serde::{Deserialize, Serialize};

/// The longest address: RFC 5321's path of 256 octets, less its brackets.
pub const EMAIL_LIMIT: usize = 254;

/// An address that mail can be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(Address);

/// Why text is no address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum InvalidEmail {
    /// Over [`EMAIL_LIMIT`].
    #[error("an address has at most {EMAIL_LIMIT} characters")]
    TooLong,
    /// Not of the form name@domain.
    #[error("an address looks like name@example.com")]
    Malformed,
}

/// A piece of a list that is no address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BadAddress {
    /// As it was typed.
    pub text: String,
    /// What is wrong with it.
    pub reason: InvalidEmail,
}

impl EmailAddress {
    /// As lettre takes it.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.0
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;
    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        if text.len() > EMAIL_LIMIT {
            return Err(InvalidEmail::TooLong);
        }
        if text.chars().any(|c| c.is_control() || c.is_whitespace()) {
            return Err(InvalidEmail::Malformed);
        }
        let address: Address = text.parse().map_err(|_| InvalidEmail::Malformed)?;
        // A domain without a dot is a typing error: there are none in public (RFC 7085).
        if !address.domain().contains('.') {
            return Err(InvalidEmail::Malformed);
        }
        Ok(Self(address))
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;
    fn try_from(text: String) -> Result<Self, InvalidEmail> {
        text.parse()
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0.to_string()
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads addresses between commas, semicolons and white space; each stays once.
///
/// # Errors
/// Everything that is no address, as it was typed.
pub fn parse_list(text: &str) -> Result<Vec<EmailAddress>, Vec<BadAddress>> {
    let (mut good, mut bad) = (Vec::<EmailAddress>::new(), Vec::new());
    let pieces = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、' | '，'));
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        match piece.parse::<EmailAddress>() {
            Ok(address) if good.iter().any(|other| same_mailbox(other, &address)) => {}
            Ok(address) => good.push(address),
            Err(reason) => bad.push(BadAddress { text: piece.to_owned(), reason }),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

/// The part before the @ is the domain's to read; the domain knows no case.
fn same_mailbox(one: &EmailAddress, other: &EmailAddress) -> bool {
    one.0.user() == other.0.user() && one.0.domain().eq_ignore_ascii_case(other.0.domain())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_however_they_are_separated() {
        let list =
            parse_list("dev@example.com, ops+api@Example.com\n日本@example.jp;dev@EXAMPLE.com")
                .unwrap();
        let shown: Vec<String> = list.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["dev@example.com", "ops+api@Example.com", "日本@example.jp"]);
        assert_eq!(parse_list(" \n"), Ok(vec![]));
    }

    #[test]
    fn what_is_no_address_is_named() {
        let bad = parse_list("dev@example.com nobody @x a@b@c dev@example").unwrap_err();
        let texts: Vec<&str> = bad.iter().map(|bad| bad.text.as_str()).collect();
        assert_eq!(texts, ["nobody", "@x", "a@b@c", "dev@example"]);
        assert_eq!("a\r\nBcc: b@c.d".parse::<EmailAddress>(), Err(InvalidEmail::Malformed));
        assert_eq!(
            format!("{}@a.de", "x".repeat(254)).parse::<EmailAddress>(),
            Err(InvalidEmail::TooLong)
        );
    }
}
