//! How wide text is, and where it wraps.
//!
//! A picture is shown in whatever fonts its reader has. So widths are those of Arial, which most have or have a
//! twin of, and each run of text is told its width in the picture (`textLength`): another font is set a bit
//! wider or closer, and nothing overlaps.

use textwrap::core::{Fragment, display_width};
use textwrap::wrap_algorithms::wrap_first_fit;
use unicode_linebreak::linebreaks;

/// The widths of the characters from U+0020 to U+007E, in thousandths of the size.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];
/// Bold letters are wider by so much, on average.
const BOLD: f64 = 1.07;
/// Every letter of a font for code.
const CODE: f64 = 0.6;

/// A dot of the approvals.
pub const DOT: f64 = 0.9;

/// How a run of text looks, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Bold,
    Code,
    Link,
    /// A person, a role or a command, on a coloured ground.
    Mention,
    Time,
}

impl Kind {
    /// The ground's margin at each end.
    pub fn padding(self) -> f64 {
        match self {
            Self::Plain | Self::Bold | Self::Link => 0.0,
            Self::Code => 3.0,
            Self::Mention | Self::Time => 2.0,
        }
    }
}

/// A run of text that looks alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub text: String,
    pub kind: Kind,
}

impl Span {
    pub fn new(text: impl Into<String>, kind: Kind) -> Self {
        Self { text: text.into(), kind }
    }

    /// With the margins of its ground.
    pub fn width(&self, size: f64) -> f64 {
        width(&self.text, self.kind, size) + 2.0 * self.kind.padding()
    }
}

/// The width of a text without margins. Code is set a bit smaller than what it stands in.
pub fn width(text: &str, kind: Kind, size: f64) -> f64 {
    let wide: f64 = text.chars().map(|one| letter_width(one, kind)).sum();
    wide * font_size(kind, size)
}

/// The size at which it is set in a text of that size.
pub fn font_size(kind: Kind, size: f64) -> f64 {
    if kind == Kind::Code { (size * 0.87 * 2.0).round() / 2.0 } else { size }
}

fn letter_width(letter: char, kind: Kind) -> f64 {
    let mut buffer = [0; 4];
    let columns = display_width(letter.encode_utf8(&mut buffer));
    match letter {
        _ if columns == 2 => 1.0,
        _ if columns == 0 => 0.0,
        _ if kind == Kind::Code => CODE,
        ' '..='~' => {
            let plain = f64::from(WIDTHS[letter as usize - 0x20]) / 1000.0;
            if kind == Kind::Bold { plain * BOLD } else { plain }
        }
        '‘' | '’' => 0.22,
        '“' | '”' | '·' => 0.33,
        '…' | '✏' => 1.0,
        '●' | '○' => DOT,
        _ => 0.56,
    }
}

/// What no line breaks: the texts of one or more runs, and the spaces behind them.
#[derive(Debug)]
struct Word {
    spans: Vec<Span>,
    width: f64,
    space: f64,
}

impl Fragment for Word {
    fn width(&self) -> f64 {
        self.width
    }

    fn whitespace_width(&self) -> f64 {
        self.space
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

/// The lines of a paragraph in a room of this width.
pub fn wrap(spans: &[Span], size: f64, room: f64) -> Vec<Vec<Span>> {
    let words = words(spans, size);
    let lines = wrap_first_fit(&words, &[room]);
    lines.into_iter().map(joined).collect()
}

/// Cut where Unicode lets a line break, but within no mention.
fn words(spans: &[Span], size: f64) -> Vec<Word> {
    let whole: String = spans.iter().map(|span| span.text.as_str()).collect();
    let mut starts = Vec::new();
    let mut end = 0;
    for span in spans {
        starts.push((end, span));
        end += span.text.len();
    }
    let inside_mention = |at: usize| {
        starts.iter().any(|(start, span)| {
            span.kind == Kind::Mention && *start < at && at < start + span.text.len()
        })
    };
    let mut words = Vec::new();
    let mut from = 0;
    for (to, _) in linebreaks(&whole).filter(|(at, _)| !inside_mention(*at)) {
        let parts = starts.iter().filter_map(|(start, span)| {
            let (a, b) = (from.max(*start), to.min(start + span.text.len()));
            (a < b).then(|| Span::new(&span.text[a - start..b - start], span.kind))
        });
        words.push(word(parts.collect(), size));
        from = to;
    }
    words
}

fn word(spans: Vec<Span>, size: f64) -> Word {
    let all: f64 = spans.iter().map(|span| span.width(size)).sum();
    let last = spans.last().map_or((0.0, 0.0), |last| {
        let seen = Span::new(last.text.trim_end(), last.kind);
        (last.width(size), seen.width(size))
    });
    Word { width: all - last.0 + last.1, space: last.0 - last.1, spans }
}

/// A line's runs: neighbours that look alike are one, and no space is at its end.
fn joined(words: &[Word]) -> Vec<Span> {
    let mut line: Vec<Span> = Vec::new();
    for span in words.iter().flat_map(|word| &word.spans) {
        match line.last_mut().filter(|last| last.kind == span.kind) {
            Some(last) => last.text.push_str(&span.text),
            None => line.push(span.clone()),
        }
    }
    if let Some(last) = line.last_mut() {
        last.text.truncate(last.text.trim_end().len());
    }
    line
}

#[test]
fn lines_break_as_people_of_each_language_expect() {
    let lines = |spans: &[Span], room: f64| -> Vec<String> {
        let lines = wrap(spans, 10.0, room);
        lines.iter().map(|line| line.iter().map(|span| span.text.as_str()).collect()).collect()
    };
    let plain = |text: &str| [Span::new(text, Kind::Plain)];
    assert_eq!(lines(&plain("to open, one to close"), 60.0), ["to open, one", "to close"]);
    // No line begins with a full stop.
    assert_eq!(lines(&plain("開けるには二人。"), 70.0), ["開けるには二", "人。"]);
    // A mention stays whole.
    let mention = [Span::new("for ", Kind::Plain), Span::new("@token-admins", Kind::Mention)];
    assert_eq!(lines(&mention, 60.0), ["for", "@token-admins"]);
}
