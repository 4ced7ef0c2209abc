//! The path of the request that is to be authorized.
//!
//! A proxy, the service behind it and we each read the same path in their own way: one decodes it,
//! one resolves dots, one merges slashes. Whatever two readers could see differently is refused here,
//! so that no path that arrives as another one is ever authorized. What is left reads the same
//! everywhere, except for its percent-encoded and its capital letters, a slash at its end, and encoded
//! slashes; for those [`super::matcher`] tries every reading, and all must agree.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization as _;

/// The longest accepted path, in bytes, as it is written.
pub const LENGTH_LIMIT: usize = 4096;

/// A path whose readings are all known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestPath<'a> {
    written: &'a str,
    decoded: Cow<'a, str>,
    /// The positions of encoded slashes in it.
    opened: Option<String>,
}

/// Why a path is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnclearPath {
    /// It does not begin with a slash: an absolute URI, `*`, or nothing.
    #[error("it does not begin with a slash")]
    NotAPath,
    /// Over [`LENGTH_LIMIT`].
    #[error("it is longer than {LENGTH_LIMIT} bytes")]
    TooLong,
    /// A space, a control character, a character outside of ASCII, or one that no URI holds.
    #[error("it holds a character that must be percent-encoded")]
    Character,
    /// A fragment, which no client sends, and which some servers cut off.
    #[error("it holds a fragment")]
    Fragment,
    /// A backslash, which some servers take for a slash.
    #[error("it holds a backslash")]
    Backslash,
    /// A semicolon, behind which some servers cut off the segment.
    #[error("it holds a semicolon")]
    Semicolon,
    /// `//`, of which some servers make `/`; a slash beside an encoded one, too.
    #[error("it holds an empty segment")]
    EmptySegment,
    /// `.` or `..`, or a segment that ends in a dot or a space, which some servers remove.
    #[error("it holds a segment that ends in a dot or a space")]
    DotSegment,
    /// `%` without two hexadecimal digits behind it.
    #[error("it holds a percent sign that encodes nothing")]
    Encoding,
    /// An encoded backslash, percent sign, `?`, `#` or `;`, which would be read once more.
    #[error("it encodes a character that separates")]
    EncodedSeparator,
    /// An encoded control character.
    #[error("it encodes a control character")]
    EncodedControl,
    /// What is encoded is not UTF-8.
    #[error("what it encodes is not UTF-8")]
    NotUtf8,
    /// A character that some servers take for a separator or a dot, such as U+FF0F.
    #[error("it holds a character that looks like one that separates")]
    Lookalike,
}

impl<'a> RequestPath<'a> {
    /// Reads a request's target: a path, with or without a query, which is dropped.
    ///
    /// # Errors
    /// A path that can be read in two ways.
    pub fn parse(target: &'a str) -> Result<Self, UnclearPath> {
        let written = target.split_once('?').map_or(target, |(path, _)| path);
        if !written.starts_with('/') {
            return Err(UnclearPath::NotAPath);
        }
        if written.len() > LENGTH_LIMIT {
            return Err(UnclearPath::TooLong);
        }
        let holds_slashes = check_characters(written)?;
        let all = decode(written)?;
        // An encoded slash is neither the end of a path nor the beginning of a segment.
        check_segments(&all, written.ends_with('/'))?;
        if !holds_slashes {
            return Ok(Self { written, decoded: all, opened: None });
        }
        let decoded = Cow::Owned(decode_between_slashes(written)?);
        Ok(Self { written, decoded, opened: Some(all.into_owned()) })
    }

    /// As it arrived.
    #[must_use]
    pub fn written(&self) -> &'a str {
        self.written
    }

    /// With everything decoded, once, but slashes: those that were encoded are `%2F`. So it has the
    /// segments that the written one has.
    #[must_use]
    pub fn decoded(&self) -> &str {
        &self.decoded
    }

    /// With slashes decoded as well, if some are encoded: what a server reads that decodes before it
    /// looks for segments.
    #[must_use]
    pub fn opened(&self) -> Option<&str> {
        self.opened.as_deref()
    }
}

/// Whether encoded slashes are in it.
fn check_characters(written: &str) -> Result<bool, UnclearPath> {
    let bytes = written.as_bytes();
    let mut holds_slashes = false;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'#' => return Err(UnclearPath::Fragment),
            b'\\' => return Err(UnclearPath::Backslash),
            b';' => return Err(UnclearPath::Semicolon),
            b'%' => holds_slashes |= encoded(bytes.get(at + 1..at + 3))? == b'/',
            _ if !is_plain(*byte) => return Err(UnclearPath::Character),
            _ => {}
        }
    }
    Ok(holds_slashes)
}

/// What RFC 3986 allows in a path besides `%`; `;` is checked before.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,=:@".contains(&byte)
}

/// The byte that two digits encode.
fn encoded(digits: Option<&[u8]>) -> Result<u8, UnclearPath> {
    let text = digits.and_then(|digits| std::str::from_utf8(digits).ok());
    let text = text.filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let byte = text.and_then(|text| u8::from_str_radix(text, 16).ok());
    match byte.ok_or(UnclearPath::Encoding)? {
        b'\\' | b'%' | b'?' | b'#' | b';' => Err(UnclearPath::EncodedSeparator),
        byte if byte.is_ascii_control() => Err(UnclearPath::EncodedControl),
        byte => Ok(byte),
    }
}

/// Decodes all but slashes, of a path whose percent signs all encode something.
fn decode_between_slashes(written: &str) -> Result<String, UnclearPath> {
    let mut decoded = String::with_capacity(written.len());
    for (at, piece) in written.replace("%2f", "%2F").split("%2F").enumerate() {
        if at > 0 {
            decoded.push_str("%2F");
        }
        decoded
            .push_str(&percent_decode_str(piece).decode_utf8().map_err(|_| UnclearPath::NotUtf8)?);
    }
    Ok(decoded)
}

fn decode(written: &str) -> Result<Cow<'_, str>, UnclearPath> {
    let decoded = percent_decode_str(written).decode_utf8().map_err(|_| UnclearPath::NotUtf8)?;
    if decoded.chars().any(char::is_control) {
        return Err(UnclearPath::EncodedControl);
    }
    if !decoded.is_ascii() {
        check_lookalikes(&decoded)?;
    }
    Ok(decoded)
}

/// Servers that normalise Unicode read U+FF0F as a slash, and U+2025 as dots.
fn check_lookalikes(decoded: &str) -> Result<(), UnclearPath> {
    let turns = |letter: char| {
        let plain = |to: char| matches!(to, '/' | '\\' | '%' | '?' | '#' | ';' | '.');
        !letter.is_ascii() && std::iter::once(letter).nfkc().any(plain)
    };
    // Slashes that have no equal in Unicode's tables, but in those of Windows.
    let known = |letter: char| matches!(letter, '\u{2044}' | '\u{2215}' | '\u{2216}' | '\u{29f5}');
    let unclear = decoded.chars().any(|letter| turns(letter) || known(letter));
    if unclear { Err(UnclearPath::Lookalike) } else { Ok(()) }
}

/// `may_end` says whether there may be a slash at its end.
fn check_segments(decoded: &str, may_end: bool) -> Result<(), UnclearPath> {
    let rest = decoded.strip_prefix('/').ok_or(UnclearPath::NotAPath)?;
    if rest.is_empty() {
        return Ok(());
    }
    let rest = rest.strip_suffix('/').filter(|_| may_end).unwrap_or(rest);
    for segment in rest.split('/') {
        if segment.is_empty() {
            return Err(UnclearPath::EmptySegment);
        }
        if segment.ends_with(|letter: char| letter == '.' || letter.is_whitespace()) {
            return Err(UnclearPath::DotSegment);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
