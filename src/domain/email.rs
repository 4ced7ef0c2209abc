//! Email addresses.

use std::fmt;
use std::str::FromStr;

use lettre::Address;
use serde::{Deserialize, Serialize};

/// The longest address: RFC 5321 allows 256 octets with its brackets.
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

/// A piece of a list that is not an address.
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

    /// The key by which mailboxes are compared. Only the domain may interpret the part before the @.
    /// Domains ignore case, and a domain in its own script equals its code.
    fn mailbox(&self) -> (&str, String) {
        let domain = self.0.domain();
        let coded = idna::domain_to_ascii(domain);
        (self.0.user(), coded.unwrap_or_else(|_| domain.to_ascii_lowercase()))
    }

    fn plainly_written(self) -> Result<Self, InvalidEmail> {
        let domain = self.0.domain();
        let plain = if domain.is_ascii() {
            domain.to_ascii_lowercase()
        } else {
            let (plain, read) = idna::domain_to_unicode(domain);
            read.map_err(|_| InvalidEmail::Malformed)?;
            plain
        };
        format!("{}@{plain}", self.0.user()).parse()
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;
    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        if text.len() > EMAIL_LIMIT {
            return Err(InvalidEmail::TooLong);
        }
        if text.chars().any(char::is_control) || !pieces(text).eq([text]) {
            return Err(InvalidEmail::Malformed);
        }
        let address: Address = text.parse().map_err(|_| InvalidEmail::Malformed)?;
        // A domain without a dot is a typing error: no public domain is like that (RFC 7085).
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

/// Reads addresses separated by commas, semicolons or white space, and drops duplicates. A domain is shown
/// in small letters and in its own script, unless it was typed as code.
///
/// # Errors
/// Each piece that is not an address, as it was typed.
pub fn parse_list(text: &str) -> Result<Vec<EmailAddress>, Vec<BadAddress>> {
    let (mut good, mut bad) = (Vec::<EmailAddress>::new(), Vec::new());
    for piece in pieces(text) {
        match piece.parse::<EmailAddress>().and_then(EmailAddress::plainly_written) {
            Ok(address) if good.iter().any(|other| other.mailbox() == address.mailbox()) => {}
            Ok(address) => good.push(address),
            Err(reason) => bad.push(BadAddress { text: piece.to_owned(), reason }),
        }
    }
    if bad.is_empty() { Ok(good) } else { Err(bad) }
}

/// Addresses as [`parse_list`] reads them.
#[must_use]
pub fn join_list(addresses: &[EmailAddress]) -> String {
    addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Splits at separators, except within quotation marks (RFC 5321, 4.1.2).
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let separates = move |c: char| {
        let was_escaped = is_escaped;
        is_escaped = is_quoted && c == '\\' && !was_escaped;
        is_quoted ^= c == '"' && !was_escaped;
        !is_quoted && (c.is_whitespace() || matches!(c, ',' | ';' | '、' | '，'))
    };
    text.split(separates).filter(|piece| !piece.is_empty())
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
        assert_eq!(shown, ["dev@example.com", "ops+api@example.com", "日本@example.jp"]);
        assert_eq!(parse_list(" \n"), Ok(vec![]));
    }

    #[test]
    fn equivalent_addresses_are_one_mailbox() {
        let shown = |text| -> Vec<String> {
            parse_list(text).unwrap().iter().map(ToString::to_string).collect()
        };
        assert_eq!(shown("a@Bücher.example a@xn--bcher-kva.example"), ["a@bücher.example"]);
        // Codes stay codes: decoded, they could look like another domain.
        assert_eq!(
            shown("a@XN--bcher-kva.example a@bu\u{308}cher.example"),
            ["a@xn--bcher-kva.example"]
        );
        assert_eq!(
            shown("Dev@example.com dev@example.com").len(),
            2,
            "that is the domain's to say"
        );
    }

    #[test]
    fn a_quoted_local_part_is_one_address() {
        let list = "\"a b, c; d\"@example.com,\"say \\\"hi\\\" \"@example.com; dev@example.com";
        let shown: Vec<String> =
            parse_list(list).unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            ["\"a b, c; d\"@example.com", "\"say \\\"hi\\\" \"@example.com", "dev@example.com"]
        );
        for alone in shown {
            assert_eq!(alone.parse::<EmailAddress>().unwrap().to_string(), alone);
        }
        let bad = parse_list("dev@example.com \"never ends@example.com").unwrap_err();
        assert_eq!(bad[0].text, "\"never ends@example.com");
        for two in ["a@b.example c@d.example", "a b@c.example", "\"a\" b@c.example"] {
            assert_eq!(two.parse::<EmailAddress>(), Err(InvalidEmail::Malformed), "{two}");
        }
        let header = "\"a\r\nBcc: b\"@c.example";
        assert_eq!(header.parse::<EmailAddress>(), Err(InvalidEmail::Malformed));
    }

    #[test]
    fn invalid_addresses_are_named() {
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
