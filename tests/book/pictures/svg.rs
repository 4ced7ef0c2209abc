//! The elements of a picture, written as SVG.

use std::fmt::Write as _;

use super::text::{DOT, Kind, Span, font_size, width};

/// What a client that is dark is painted with.
pub mod colours {
    pub const PAGE: &str = "#313338";
    pub const PANEL: &str = "#2b2d31";
    pub const DEEP: &str = "#1e1f22";
    pub const LINE: &str = "#4e5058";
    pub const TEXT: &str = "#dbdee1";
    pub const BRIGHT: &str = "#f2f3f5";
    pub const MUTED: &str = "#a3aab3";
    pub const LINK: &str = "#00a8fc";
    pub const MENTION: &str = "#c9cdfb";
    pub const BLURPLE: &str = "#5865f2";
    pub const GREEN: &str = "#248046";
    pub const RED: &str = "#da373c";
    pub const WHITE: &str = "#ffffff";
}

const STYLE: &str = "text { font-family: Arial, 'Liberation Sans', Helvetica, 'Hiragino Sans', \
     'Yu Gothic UI', Meiryo, 'Noto Sans CJK JP', 'Noto Sans JP', sans-serif; white-space: pre } \
     .b { font-weight: bold } \
     .c { font-family: Consolas, Menlo, 'DejaVu Sans Mono', 'Liberation Mono', monospace }";

/// A rectangle.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Area {
    pub fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }
}

/// A picture while it is drawn, from above to below.
pub struct Canvas {
    width: f64,
    elements: Vec<String>,
}

/// A length as it is written: to a tenth, without zeros.
fn short(length: f64) -> String {
    let tenths = (length * 10.0).round() / 10.0;
    format!("{tenths}")
}

/// A text between tags or quotation marks.
fn escape(text: &str) -> String {
    let special = [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("\"", "&quot;")];
    special.iter().fold(text.to_owned(), |text, (one, written)| text.replace(one, written))
}

impl Canvas {
    pub fn new(width: f64) -> Self {
        Self { width, elements: Vec::new() }
    }

    /// The place of what is drawn next, for [`Self::rectangle_below`].
    pub fn place(&self) -> usize {
        self.elements.len()
    }

    pub fn rectangle(&mut self, area: Area, radius: f64, fill: &str) {
        self.rectangle_below(self.place(), area, radius, fill);
    }

    /// Below all that was drawn since that place was taken.
    pub fn rectangle_below(&mut self, place: usize, area: Area, radius: f64, fill: &str) {
        let [x, y, width, height] = [area.x, area.y, area.width, area.height].map(short);
        let element = format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" fill=\"{fill}\"/>"
        );
        self.elements.insert(place, element);
    }

    /// An element that is written as it is.
    pub fn raw(&mut self, element: String) {
        self.elements.push(element);
    }

    /// From here on all is drawn weakly, until [`Self::end_group`].
    pub fn begin_weak_group(&mut self) {
        self.elements.push("<g opacity=\"0.5\">".to_owned());
    }

    pub fn end_group(&mut self) {
        self.elements.push("</g>".to_owned());
    }

    /// The dots of the approvals, which each font has in another size.
    fn draw_dots(&mut self, (mut x, middle): (f64, f64), dots: &str, (size, fill): (f64, &str)) {
        for dot in dots.trim().chars() {
            let paint = match dot {
                '○' => format!("fill=\"none\" stroke=\"{fill}\""),
                _ => format!("fill=\"{fill}\" stroke=\"{fill}\""),
            };
            let (cx, cy, r) = (short(x + size * 0.45), short(middle), short(size * 0.36));
            self.raw(format!("<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{r}\" {paint}/>"));
            x += size * DOT;
        }
    }

    /// A text in the middle of the height of a line at `y`; the width that it takes.
    pub fn text(&mut self, (x, y): (f64, f64), height: f64, span: &Span, look: (f64, &str)) -> f64 {
        let (size, fill) = look;
        let long = width(&span.text, span.kind, size);
        assert!(x + long <= self.width, "{:?} is wider than the picture", span.text);
        if span.text.trim().chars().all(|one| "●○".contains(one)) {
            self.draw_dots((x, y + height / 2.0), &span.text, look);
            return long;
        }
        let font = font_size(span.kind, size);
        // The middle of the small letters is the middle of the line.
        let base = y + height / 2.0 + size * 0.35;
        let class = match span.kind {
            Kind::Bold => " class=\"b\"",
            Kind::Code => " class=\"c\"",
            _ => "",
        };
        // Symbols have their own width in each font, and would be deformed.
        let fitted = if span.text.chars().any(char::is_alphanumeric) {
            format!(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", short(long))
        } else {
            String::new()
        };
        let (x, base, font, text) = (short(x), short(base), short(font), escape(&span.text));
        self.elements.push(format!(
            "<text x=\"{x}\" y=\"{base}\"{class} font-size=\"{font}\" fill=\"{fill}\"{fitted}>{text}</text>"
        ));
        long
    }

    /// The whole picture, on a ground with round corners. Its texts can be selected, and read aloud.
    pub fn finish(self, height: f64, ground: &str, language: &str, title: &str) -> String {
        let (width, height) = (short(self.width), short(height.ceil()));
        let mut picture = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:lang=\"{language}\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\">\n<title>{}</title>\n<style>{STYLE}</style>\n",
            escape(title)
        );
        let _ = writeln!(
            picture,
            "<rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\" fill=\"{ground}\" stroke=\"#80848e\"/>",
            short(self.width - 1.0),
            short(height.parse::<f64>().expect("a number") - 1.0)
        );
        for element in self.elements {
            picture.push_str(&element);
            picture.push('\n');
        }
        picture + "</svg>\n"
    }
}
