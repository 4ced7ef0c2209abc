//! A text itself, and what it encodes, each part with its place in the text.

/// The digits of a number that are looked at; more than a few are zeros.
const LONGEST_NUMBER: usize = 64;

/// How often a text is decoded: once for how it was sent, once for how it was quoted.
const DEPTH: usize = 2;

/// Bytes, each with the part of the text that it comes from.
pub(super) struct View {
    bytes: Vec<u8>,
    places: Vec<(usize, usize)>,
}

/// What the beginning of some bytes encodes, and how many of them that is; none if they encode
/// nothing.
type DecodeUnit = fn(&[u8]) -> Option<(Vec<u8>, usize)>;

/// The text, and every other one that decoding makes of it.
pub(super) fn all(text: &str) -> Vec<View> {
    const WAYS: [DecodeUnit; 4] = [percent, form, json, html];
    let places = (0..text.len()).map(|at| (at, at + 1)).collect();
    let mut views = vec![View { bytes: text.as_bytes().to_vec(), places }];
    let mut latest = 0;
    for _ in 0..DEPTH {
        let before = views.len();
        let decoded = |view: &View| WAYS.iter().filter_map(|way| view.decoded(*way)).collect();
        let more: Vec<View> = views[latest..].iter().flat_map::<Vec<View>, _>(decoded).collect();
        views.extend(more);
        latest = before;
    }
    views
}

impl View {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The part of the text that these bytes come from; there is at least one of them.
    pub(super) fn place(&self, from: usize, to: usize) -> (usize, usize) {
        (self.places[from].0, self.places[to - 1].1)
    }

    /// The longest rows of such bytes.
    pub(super) fn runs(&self, is_one: fn(u8) -> bool) -> Vec<(usize, usize)> {
        let mut runs = Vec::new();
        let mut start = None;
        for (at, byte) in self.bytes.iter().copied().chain([b' ']).enumerate() {
            match (is_one(byte), start) {
                (true, None) => start = Some(at),
                (false, Some(from)) => {
                    runs.push((from, at));
                    start = None;
                }
                _ => {}
            }
        }
        runs
    }

    /// Its letters and digits alone, which is what is left of something in groups, or in two bytes for each
    /// letter; none where that is all there is.
    pub(super) fn squeezed(&self) -> Option<Self> {
        let kept: Vec<usize> =
            (0..self.bytes.len()).filter(|at| self.bytes[*at].is_ascii_alphanumeric()).collect();
        (kept.len() < self.bytes.len()).then(|| Self {
            bytes: kept.iter().map(|at| self.bytes[*at]).collect(),
            places: kept.iter().map(|at| self.places[*at]).collect(),
        })
    }

    /// The same decoded; none where nothing is encoded in this way.
    fn decoded(&self, way: DecodeUnit) -> Option<Self> {
        let (mut bytes, mut places) = (Vec::new(), Vec::new());
        let (mut at, mut is_other) = (0, false);
        while at < self.bytes.len() {
            let found = way(&self.bytes[at..]);
            is_other |= found.is_some();
            let (meant, length) = found.unwrap_or_else(|| (vec![self.bytes[at]], 1));
            places.extend(meant.iter().map(|_| self.place(at, at + length)));
            bytes.extend(meant);
            at += length;
        }
        is_other.then_some(Self { bytes, places })
    }
}

/// `%41` (RFC 3986, 2.1).
fn percent(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let digits = bytes.strip_prefix(b"%")?.get(..2)?;
    Some((hex::decode(digits).ok()?, 3))
}

/// The same, with `+` for a space, as in a form (URL Standard, 5.1).
fn form(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    if bytes[0] == b'+' { Some((vec![b' '], 1)) } else { percent(bytes) }
}

/// `\"`, `\u0041` (RFC 8259, 7), and what programming languages have beside: `\x41`, `\101`, `\u{41}`.
fn json(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let rest = bytes.strip_prefix(b"\\")?;
    let short = match rest.first()? {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 8,
        b'f' => 12,
        b'u' => return braced(bytes).or_else(|| unicode(bytes)),
        b'x' => return Some((hex::decode(rest.get(1..3)?).ok()?, 4)),
        b'0'..=b'7' => return octal(rest),
        letter @ (b'"' | b'\\' | b'/' | b'\'') => *letter,
        _ => return None,
    };
    Some((vec![short], 2))
}

/// Up to three digits.
fn octal(digits: &[u8]) -> Option<(Vec<u8>, usize)> {
    let length = digits.iter().take(3).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
    let number =
        digits[..length].iter().fold(0_u16, |all, digit| all * 8 + u16::from(digit - b'0'));
    Some((vec![u8::try_from(number).ok()?], 1 + length))
}

/// `\u{41}`.
fn braced(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let rest = bytes.strip_prefix(b"\\u{")?;
    let length = rest.iter().take(LONGEST_NUMBER).position(|byte| *byte == b'}')?;
    Some((letter(&rest[..length], 16)?, length + 4))
}

/// The letter of this number.
fn letter(digits: &[u8], radix: u32) -> Option<Vec<u8>> {
    let number = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    Some(char::from_u32(number)?.to_string().into_bytes())
}

/// One or two units of UTF-16.
fn unicode(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let unit = |bytes: &[u8]| {
        let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let first = unit(bytes)?;
    let second = bytes.get(6..).and_then(unit);
    let of = |units: &[u16]| String::from_utf16(units).ok().map(String::into_bytes);
    let one = of(&[first]).map(|letter| (letter, 6));
    one.or_else(|| Some((of(&[first, second?])?, 12)))
}

/// `&quot;`, `&#34;`, `&#x0022;`, as those write it who escape for HTML.
fn html(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let rest = bytes.strip_prefix(b"&")?;
    if let Some(digits) = rest.strip_prefix(b"#x").or_else(|| rest.strip_prefix(b"#X")) {
        return numbered(digits, 16, 3);
    }
    if let Some(digits) = rest.strip_prefix(b"#") {
        return numbered(digits, 10, 2);
    }
    let end = rest.iter().take(8).position(|byte| *byte == b';')?;
    let name = std::str::from_utf8(&rest[..end]).ok()?;
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "sol" => '/',
        "plus" => '+',
        "equals" => '=',
        "colon" => ':',
        _ => return None,
    };
    Some((letter.to_string().into_bytes(), end + 2))
}

/// A number after so many characters, with the `;` that browsers do without.
fn numbered(digits: &[u8], radix: u32, before: usize) -> Option<(Vec<u8>, usize)> {
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let length = digits.iter().take(LONGEST_NUMBER).take_while(is_digit).count();
    let end = usize::from(digits.get(length) == Some(&b';'));
    Some((letter(&digits[..length], radix)?, before + length + end))
}
