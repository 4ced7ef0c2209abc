//! Text with its marks, line below line.

use super::markdown::{Block, Look, parse};
use super::names::Names;
use super::svg::{Area, Canvas, colours};
use super::text::{Kind, Span, wrap};

/// The size of a message's text, and the height of its lines.
pub const SIZE: f64 = 15.0;
const HEIGHT: f64 = 21.0;

/// How a paragraph is set.
#[derive(Clone, Copy)]
pub struct Setting<'a> {
    pub size: f64,
    pub height: f64,
    pub fill: &'a str,
    /// The colour of what is bold.
    pub bold: &'a str,
    /// The ground of code, where it has one.
    pub code: Option<&'a str>,
}

impl Setting<'_> {
    /// A message's own text.
    pub const PLAIN: Self = Self {
        size: SIZE,
        height: HEIGHT,
        fill: colours::TEXT,
        bold: colours::BRIGHT,
        code: Some(colours::DEEP),
    };
    pub const SMALL: Self = Self { size: 12.5, height: 18.0, fill: colours::MUTED, ..Self::PLAIN };
    const HEADING: Self = Self { size: 16.0, height: 22.0, ..Self::PLAIN };
}

/// Draws a text with Discord's markdown; the place below it.
pub fn draw_markdown(
    canvas: &mut Canvas,
    (x, mut y, room): (f64, f64, f64),
    text: &str,
    names: &Names,
) -> f64 {
    for (at, block) in parse(text, names).iter().enumerate() {
        match block {
            Block::Code(lines) => y = draw_code(canvas, (x, y, room), lines),
            Block::Line { look, spans } => {
                let (setting, indent, above) = match look {
                    Look::Heading => (Setting::HEADING, 0.0, if at == 0 { 0.0 } else { 8.0 }),
                    Look::Small => (Setting::SMALL, 0.0, 0.0),
                    Look::Quote => (Setting::PLAIN, 14.0, 0.0),
                    Look::Item => (Setting::PLAIN, 18.0, 0.0),
                    Look::Plain => (Setting::PLAIN, 0.0, 0.0),
                };
                let top = y + above;
                y = draw_paragraph(canvas, (x + indent, top, room - indent), spans, setting);
                if *look == Look::Quote {
                    canvas.rectangle(Area::new(x, top, 4.0, y - top), 2.0, colours::LINE);
                }
                if *look == Look::Item {
                    let dot = Span::new("•", Kind::Plain);
                    canvas.text((x + 5.0, top), HEIGHT, &dot, (SIZE, setting.fill));
                }
            }
        }
    }
    y
}

/// Lines of code in their box.
fn draw_code(canvas: &mut Canvas, (x, y, room): (f64, f64, f64), lines: &[String]) -> f64 {
    let height = lines.len() as f64 * 19.0 + 14.0;
    canvas.rectangle(Area::new(x, y + 2.0, room, height), 4.0, colours::DEEP);
    for (at, line) in lines.iter().enumerate() {
        let top = y + 9.0 + at as f64 * 19.0;
        let span = Span::new(line, Kind::Code);
        canvas.text((x + 10.0, top), 19.0, &span, (SIZE, colours::TEXT));
    }
    y + height + 6.0
}

/// Draws runs of text, wrapped; the place below them.
pub fn draw_paragraph(
    canvas: &mut Canvas,
    (x, mut y, room): (f64, f64, f64),
    spans: &[Span],
    setting: Setting,
) -> f64 {
    for line in wrap(spans, setting.size, room) {
        draw_line(canvas, (x, y), &line, setting);
        y += setting.height;
    }
    y
}

/// Draws runs of text beside each other; where they end.
pub fn draw_line(
    canvas: &mut Canvas,
    (mut x, y): (f64, f64),
    spans: &[Span],
    setting: Setting,
) -> f64 {
    let Setting { size, height, .. } = setting;
    for span in spans {
        let (width, padding) = (span.width(size), span.kind.padding());
        let (ground, fill) = match span.kind {
            Kind::Plain => (None, setting.fill),
            Kind::Bold => (None, setting.bold),
            Kind::Link => (None, colours::LINK),
            Kind::Code => (setting.code, setting.fill),
            Kind::Mention => (Some("#3c4270"), colours::MENTION),
            Kind::Time => (Some("#3b3d43"), setting.fill),
        };
        if let Some(ground) = ground {
            canvas.rectangle(Area::new(x, y + 1.0, width, height - 2.0), 3.0, ground);
        }
        canvas.text((x + padding, y), height, span, (size, fill));
        x += width;
    }
    x
}
