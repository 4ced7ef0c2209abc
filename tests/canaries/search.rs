//! Searches for secrets in any encoding.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A part of a secret counts too: so many bytes of either end.
const PIECE: usize = 16;

/// How much of the text around a copy is shown.
const AROUND: usize = 60;

/// A secret that is looked for.
pub struct Canary {
    /// Its name in reports; never the secret itself.
    pub name: String,
    /// The bytes that must not be found.
    pub bytes: Vec<u8>,
}

/// A place that is searched.
pub struct Place {
    /// What it is.
    pub name: String,
    /// All that is there.
    pub content: Vec<u8>,
}

impl Canary {
    pub fn new(name: impl Into<String>, bytes: impl AsRef<[u8]>) -> Self {
        let (name, bytes) = (name.into(), bytes.as_ref().to_vec());
        assert!(bytes.len() >= PIECE, "{name} is too short to be told from chance");
        Self { name, bytes }
    }

    /// The encodings of it, each with its name.
    pub fn shapes(&self) -> Vec<(&'static str, Vec<u8>)> {
        let bytes = &self.bytes[..];
        let mut shapes = vec![
            ("as it is", bytes.to_vec()),
            ("its beginning", bytes[..PIECE].to_vec()),
            ("its end", bytes[bytes.len() - PIECE..].to_vec()),
            ("as hexadecimal digits", hex::encode(bytes).into_bytes()),
            ("as capital hexadecimal digits", hex::encode_upper(bytes).into_bytes()),
        ];
        for shift in 0..3 {
            shapes.push(("in base64", base64_inside(bytes, shift, &STANDARD)));
            shapes.push(("in URL-safe base64", base64_inside(bytes, shift, &URL_SAFE)));
        }
        if let Ok(text) = std::str::from_utf8(bytes) {
            let percent = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
            shapes.push(("percent-encoded", percent.into_bytes()));
            let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            shapes.push(("in UTF-16", utf16));
        }
        shapes
    }
}

/// The base64 of the bytes inside something longer, without the digits that also depend on the neighbouring
/// bytes.
fn base64_inside(bytes: &[u8], shift: usize, engine: &impl base64::Engine) -> Vec<u8> {
    let mut padded = vec![0; shift];
    padded.extend_from_slice(bytes);
    padded.resize(padded.len().next_multiple_of(3), 0);
    let digits = engine.encode(&padded).into_bytes();
    let first = (shift * 8).div_ceil(6);
    let last = (shift + bytes.len()) * 8 / 6;
    digits[first..last].to_vec()
}

/// Which canary is where, and in which encoding; nothing of the secrets.
pub fn search(canaries: &[Canary], places: &[Place]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for canary in canaries {
        for (shape, wanted) in canary.shapes() {
            let searcher = Searcher::new(&wanted);
            for place in places {
                if searcher.is_in(&place.content) {
                    found.insert(format!("{}, {shape}, in {}", canary.name, place.name));
                }
            }
        }
    }
    found
}

/// The text around each copy of a canary, which shows whose copy it is. It contains no part of the secret,
/// and only plain text.
pub fn surroundings(canary: &Canary, place: &Place) -> Vec<String> {
    let (searcher, content) = (Searcher::new(&canary.bytes), &place.content);
    let plain = |bytes: &[u8]| -> String {
        let letter = |byte: &u8| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '·' };
        bytes.iter().map(letter).collect()
    };
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(at) = searcher.first(&content[from..]).map(|at| from + at) {
        let end = at + canary.bytes.len();
        let before = plain(&content[at.saturating_sub(AROUND)..at]);
        let after = plain(&content[end..content.len().min(end + AROUND)]);
        found.push(format!("{before}[{}]{after}", canary.name));
        from = end;
    }
    found
}

/// Boyer, Moore and Horspool's search: dumps are large.
struct Searcher<'a> {
    wanted: &'a [u8],
    steps: [usize; 256],
}

impl<'a> Searcher<'a> {
    fn new(wanted: &'a [u8]) -> Self {
        let mut steps = [wanted.len(); 256];
        for (at, byte) in wanted[..wanted.len() - 1].iter().enumerate() {
            steps[usize::from(*byte)] = wanted.len() - 1 - at;
        }
        Self { wanted, steps }
    }

    fn is_in(&self, content: &[u8]) -> bool {
        self.first(content).is_some()
    }

    fn first(&self, content: &[u8]) -> Option<usize> {
        let length = self.wanted.len();
        let mut at = 0;
        while let Some(window) = content.get(at..at + length) {
            if window == self.wanted {
                return Some(at);
            }
            at += self.steps[usize::from(window[length - 1])];
        }
        None
    }
}

#[test]
fn every_shape_is_found_at_every_place_of_something_longer() {
    let canary = Canary::new("it", "cst_0123456789ABCDEF~?");
    let around = |shift: usize, bytes: &[u8]| [&b"zzz"[..shift], bytes, b"zzzz"].concat();
    for shift in 0..3 {
        for content in [
            around(shift, &canary.bytes),
            hex::encode(&canary.bytes).into_bytes(),
            STANDARD.encode(around(shift, &canary.bytes)).into_bytes(),
            URL_SAFE.encode(around(shift, &canary.bytes)).into_bytes(),
            around(shift, &canary.bytes[..PIECE]),
        ] {
            let place = Place { name: "there".to_owned(), content };
            let other = Canary::new("another", "cst_another-one-that-is-not-there");
            let found = search(&[other, Canary::new("it", &canary.bytes)], &[place]);
            assert!(!found.is_empty(), "shift {shift}");
            assert!(found.iter().all(|found| found.starts_with("it, ")), "{found:?}");
        }
    }
}
