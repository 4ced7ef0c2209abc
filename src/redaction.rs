//! Removes secrets from texts of others, before people read them: an API or a mail server may repeat
//! what it was sent, whole or in part, and in another form.
//!
//! - What counts is the longest row of a secret's characters that is left. At most `piece_length`
//!   minus one stay: less than half of a secret, and never more than seven.
//! - Pieces are looked for without regard to case, in the text itself and decoded
//!   (`views`): percent-encoded, as in forms, JSON, programs and HTML, in base64 and in hexadecimal digits.
//! - Eight letters and digits of a secret in a row are found whatever other signs are between them, so
//!   that groups of them go, too.
//! - Nothing else is guaranteed: not a reversed secret, or one with words between its pieces, base64 in
//!   groups, other encodings, or ciphers.
//! - The whole word around a piece is removed with it, so that no rest of the secret is left.

mod views;

use std::collections::HashSet;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;
use views::View;

/// What replaces a removed text.
pub const MARK: &str = "•••";

/// How much of a text is looked at, in bytes; people read less.
const TEXT_LIMIT: usize = 4_096;

/// A secret is taken out in pieces of this length, unless it is shorter than twice of it.
const LONGEST_PIECE: usize = 8;

/// The shortest piece. Secrets that are shorter are taken out as words alone: what is left of a text
/// without every `a` is useless.
const SHORTEST_PIECE: usize = 4;

/// The shortest user name that is taken out.
const SHORTEST_USER: usize = 3;

/// How often a secret is taken apart: a header, a login in it, its password.
const DEPTH: usize = 4;

/// A secret that must not be read.
#[derive(Clone, Default)]
pub struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Adds a secret as it is, and no other form of it.
    pub fn add_word(&mut self, secret: &str) {
        let is_there = |there: &SecretString| there.expose_secret() == secret;
        if !secret.is_empty() && !self.0.iter().any(is_there) {
            self.0.push(SecretString::from(secret));
        }
    }

    /// Adds a secret, and what of it is one by itself: what follows `Bearer`; the user and the password
    /// of a login, also in base64; the values of `name=value; …`. A URL is none, but its login, its query
    /// and what in its path has the look of a credential.
    pub fn add(&mut self, secret: &str) {
        self.add_parts(secret, DEPTH);
    }

    fn add_parts(&mut self, secret: &str, depth: usize) {
        let secret = secret.trim();
        if secret.is_empty() || depth == 0 {
            return;
        }
        if let Some(url) = web_url(secret) {
            return self.add_url(&url, depth);
        }
        self.add_word(secret);
        if let Some((_, rest)) = secret.split_once(' ') {
            self.add_parts(rest, depth - 1);
        }
        if let Some(text) = readable(secret) {
            self.add_parts(&text, depth - 1);
        }
        if let Some((user, password)) = secret.split_once(':') {
            self.add_login(user, password);
        }
        for field in secret.split([',', ';', '&', ' ']) {
            let value = field.split_once('=').map_or("", |(_, value)| value);
            let value = value.trim_matches(['"', '=']);
            if value.len() >= SHORTEST_PIECE {
                self.add_parts(value, depth - 1);
            }
        }
    }

    fn add_url(&mut self, url: &Url, depth: usize) {
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        self.add_login(&decoded(url.username()), &decoded(url.password().unwrap_or_default()));
        for (_, value) in url.query_pairs() {
            self.add_parts(&value, depth - 1);
        }
        let looks_secret = |part: &&str| {
            let (digit, letter) = (|c: char| c.is_ascii_digit(), |c: char| c.is_ascii_alphabetic());
            part.len() >= LONGEST_PIECE && part.contains(digit) && part.contains(letter)
        };
        for part in url.path_segments().into_iter().flatten().filter(looks_secret) {
            self.add_word(&decoded(part));
        }
    }

    fn add_login(&mut self, user: &str, password: &str) {
        if user.len() >= SHORTEST_USER {
            self.add_word(user);
        }
        self.add_word(password);
    }

    /// A text without any of them, nor any piece of one. Of a long text only the beginning is left.
    #[must_use]
    pub fn take_out_of(&self, text: &str) -> String {
        let text = beginning(text);
        let pieces = Pieces::of(self);
        let mut marked = vec![false; text.len()];
        for view in views::all(text) {
            for (from, to) in pieces.found_in(&view) {
                marked[from..to].fill(true);
            }
        }
        without(text, &marked)
    }
}

/// How long a piece of a secret of this length is that must not be left.
const fn piece_length(secret: usize) -> usize {
    let half = secret.div_ceil(2);
    if half < SHORTEST_PIECE {
        SHORTEST_PIECE
    } else if half > LONGEST_PIECE {
        LONGEST_PIECE
    } else {
        half
    }
}

/// The beginning of a long text, without the word that it breaks off in.
fn beginning(text: &str) -> &str {
    if text.len() <= TEXT_LIMIT {
        return text;
    }
    let cut = text.floor_char_boundary(TEXT_LIMIT);
    text[..cut].rfind(char::is_whitespace).map_or("", |at| &text[..at])
}

/// The text with [`MARK`] for the words that something is marked in.
fn without(text: &str, marked: &[bool]) -> String {
    let is_word = |at: usize| text.as_bytes()[at].is_ascii_alphanumeric();
    let is_space = |at: usize| text.as_bytes()[at].is_ascii_whitespace();
    let mut out = marked.to_vec();
    // A piece may begin or end with the space beside a word, which is no secret.
    let is_edge = |at: usize| {
        let inside = (0..at).rev().find(|before| !is_space(*before)).is_some_and(|at| marked[at])
            && (at..text.len()).find(|after| !is_space(*after)).is_some_and(|at| marked[at]);
        is_space(at) && !inside
    };
    (0..out.len()).filter(|at| marked[*at] && is_edge(*at)).for_each(|at| out[at] = false);
    for at in 1..out.len() {
        out[at] |= out[at - 1] && is_word(at - 1) && is_word(at);
    }
    for at in (1..out.len()).rev() {
        out[at - 1] |= out[at] && is_word(at - 1) && is_word(at);
    }
    // What fills base64 up at its end.
    for at in 1..out.len() {
        out[at] |= out[at - 1] && text.as_bytes()[at] == b'=';
    }
    let mut clean = String::new();
    let mut is_out = false;
    for (at, letter) in text.char_indices() {
        let goes = out[at..at + letter.len_utf8()].contains(&true);
        if !goes {
            clean.push(letter);
        } else if !is_out {
            clean.push_str(MARK);
        }
        is_out = goes;
    }
    clean
}

fn web_url(text: &str) -> Option<Url> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    if is_web { text.parse().ok() } else { None }
}

/// The text that base64 holds, if it is text.
fn readable(text: &str) -> Option<String> {
    let bytes = from_base64(text.as_bytes())?;
    let text = String::from_utf8(bytes).ok()?;
    let is_text = text.chars().count() >= SHORTEST_USER && !text.chars().any(char::is_control);
    is_text.then_some(text)
}

/// Decodes base64 in either alphabet, padded or not, with whatever bits at its end.
fn from_base64(text: &[u8]) -> Option<Vec<u8>> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const ENGINE: GeneralPurpose = GeneralPurpose::new(&STANDARD, CONFIG);
    let standard = |byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => *byte,
    };
    ENGINE.decode(text.iter().map(standard).collect::<Vec<u8>>()).ok()
}

/// Decodes a run of characters that may encode something.
type Decode = fn(&[u8]) -> Option<Vec<u8>>;

/// Pieces of secrets, in small letters.
#[derive(Default)]
struct Pieces {
    /// By their length, each packed into a number.
    by_length: [HashSet<u64>; LONGEST_PIECE + 1],
    /// Of the longest length, of letters and digits alone.
    squeezed: HashSet<u64>,
    /// What is taken out as a word alone.
    words: Vec<Vec<u8>>,
}

impl Pieces {
    fn of(secrets: &Secrets) -> Self {
        let mut pieces = Self::default();
        for secret in &secrets.0 {
            pieces.add_base64(secret.expose_secret().as_bytes());
            let secret = secret.expose_secret().to_ascii_lowercase().into_bytes();
            let squeezed = squeezed(&secret);
            pieces.squeezed.extend(squeezed.windows(LONGEST_PIECE).map(packed));
            let length = piece_length(secret.len());
            if secret.len() < SHORTEST_PIECE {
                pieces.words.push(secret);
            } else {
                pieces.by_length[length].extend(secret.windows(length).map(packed));
            }
        }
        pieces
    }

    /// Base64 in lower case can't be decoded, so the secret is encoded here instead: as it
    /// comes out at each of the three places that a secret can have in a group.
    fn add_base64(&mut self, secret: &[u8]) {
        for before in 0..3 {
            let all = [&vec![0; before], secret].concat();
            // What the bytes around it have a part in.
            let (from, to) = ((before * 8).div_ceil(6), all.len() * 8 / 6);
            for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                let encoded = engine.encode(&all)[from..to].to_ascii_lowercase();
                let pieces = encoded.as_bytes().windows(LONGEST_PIECE).map(packed);
                self.by_length[LONGEST_PIECE].extend(pieces);
            }
        }
    }

    /// Its places in a view, as places in the text.
    fn found_in(&self, view: &View) -> Vec<(usize, usize)> {
        let small = view.bytes().to_ascii_lowercase();
        let mut found: Vec<_> =
            self.rows_in(&small).map(|(from, to)| view.place(from, to)).collect();
        let decoded_runs = [
            (view.runs(is_base64), 4, from_base64 as Decode),
            (view.runs(|byte| byte.is_ascii_hexdigit()), 2, from_hex as _),
        ];
        for (runs, group, decode) in decoded_runs {
            for (from, to) in runs {
                if self.is_encoded_in(&view.bytes()[from..to], group, decode) {
                    found.push(view.place(from, to));
                }
            }
        }
        if let Some(view) = view.squeezed() {
            let small = view.bytes().to_ascii_lowercase();
            found.extend(self.squeezed_in(&small).map(|at| view.place(at, at + LONGEST_PIECE)));
            // All words together would be one run of base64.
            for (from, to) in view.runs(|byte| byte.is_ascii_hexdigit()) {
                if self.is_encoded_in(&view.bytes()[from..to], 2, from_hex) {
                    found.push(view.place(from, to));
                }
            }
        }
        found
    }

    /// Where pieces of letters and digits alone begin.
    fn squeezed_in<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
        let windows = bytes.windows(LONGEST_PIECE).enumerate();
        windows.filter(|(_, piece)| self.squeezed.contains(&packed(piece))).map(|(at, _)| at)
    }

    /// Whether a run holds one when it is decoded, wherever in it the encoded text begins.
    fn is_encoded_in(&self, run: &[u8], group: usize, decode: Decode) -> bool {
        (0..group.min(run.len())).any(|start| {
            let rest = &run[start..];
            // One character more than a whole number of groups encodes nothing.
            let rest = if rest.len() % group == 1 { &rest[..rest.len() - 1] } else { rest };
            let decoded = decode(rest).unwrap_or_default().to_ascii_lowercase();
            self.rows_in(&decoded).next().is_some()
                || self.squeezed_in(&squeezed(&decoded)).next().is_some()
        })
    }

    /// Its places in a row of bytes.
    fn rows_in<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, usize)> + 'a {
        let lengths = (SHORTEST_PIECE..=LONGEST_PIECE)
            .filter(|length| !self.by_length[*length].is_empty())
            .flat_map(move |length| {
                let windows = bytes.windows(length).enumerate();
                let known = move |(_, piece): &(usize, &[u8])| {
                    self.by_length[length].contains(&packed(piece))
                };
                windows.filter(known).map(move |(at, _)| (at, at + length))
            });
        let words = self.words.iter().flat_map(move |word| {
            let same = move |(_, row): &(usize, &[u8])| row == word;
            let places = bytes.windows(word.len()).enumerate().filter(same);
            let ends = move |at: usize| !bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
            let is_one =
                move |(from, to): &(usize, usize)| (*from == 0 || ends(from - 1)) && ends(*to);
            places.map(move |(at, _)| (at, at + word.len())).filter(is_one)
        });
        lengths.chain(words)
    }
}

fn squeezed(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(u8::is_ascii_alphanumeric).collect()
}

fn packed(piece: &[u8]) -> u64 {
    piece.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

fn from_hex(digits: &[u8]) -> Option<Vec<u8>> {
    hex::decode(digits).ok()
}

#[cfg(test)]
mod tests;
