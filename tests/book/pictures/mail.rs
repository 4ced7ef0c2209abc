//! An email as a mail program shows it, from the part that is HTML.

use roxmltree::{Document, Node};
use testkit::mailbox::Mail;

use super::flow::{Setting, draw_line, draw_paragraph};
use super::names::Names;
use super::svg::{Area, Canvas};
use super::text::{Kind, Span};

const WIDTH: f64 = 620.0;
const MARGIN: f64 = 24.0;
const ROOM: f64 = WIDTH - 2.0 * MARGIN;
/// The cells of a table beside its heads.
const CELLS: f64 = 150.0;
const INK: &str = "#1b1b1b";
const GREY: &str = "#5c5c5c";
const RULE: &str = "#d0d0d0";

const TEXT: Setting = Setting { size: 14.0, height: 21.0, fill: INK, bold: INK, code: None };
const HEADING: Setting = Setting { size: 18.0, height: 25.0, ..TEXT };
const SMALL: Setting = Setting { size: 12.0, height: 18.0, fill: GREY, ..TEXT };

/// Draws an email.
pub fn draw_mail(mail: &Mail, html: &str, names: &Names, title: &str) -> String {
    let mut canvas = Canvas::new(WIDTH);
    let mut y = 16.0;
    for (label, value) in [
        (names.say("From: ", "差出人："), mail.from.as_str()),
        (names.say("To: ", "宛先："), &mail.to.join(", ")),
        (names.say("Subject: ", "件名："), &mail.subject),
    ] {
        let spans = [Span::new(label, Kind::Bold), Span::new(value, Kind::Plain)];
        y = draw_paragraph(&mut canvas, (MARGIN, y, ROOM), &spans, SMALL);
    }
    y += 12.0;
    canvas.rectangle(Area::new(0.5, y, WIDTH - 1.0, 1.0), 0.0, RULE);
    y += 18.0;
    // The head isn't well-formed XML, and says nothing more.
    let body = html.find("<body").zip(html.find("</html>")).map(|(from, to)| &html[from..to]);
    let document = Document::parse(body.expect("a body")).expect("elements that are closed");
    for element in document.descendants().filter(Node::is_element) {
        y = draw_element(&mut canvas, y, element);
    }
    canvas.finish(y + 8.0, "#ffffff", names.language, title)
}

/// Draws an element that stands by itself; those around and in it are drawn on their own, or with it.
fn draw_element(canvas: &mut Canvas, y: f64, element: Node) -> f64 {
    let spans = spans(element);
    match element.tag_name().name() {
        "h1" => draw_paragraph(canvas, (MARGIN, y, ROOM), &bold(spans), HEADING) + 12.0,
        "p" if style(element).contains("border-top") => {
            canvas.rectangle(Area::new(MARGIN, y, ROOM, 1.0), 0.0, RULE);
            draw_paragraph(canvas, (MARGIN, y + 12.0, ROOM), &spans, SMALL) + 12.0
        }
        "p" => draw_paragraph(canvas, (MARGIN, y, ROOM), &spans, TEXT) + 12.0,
        "tr" => draw_row(canvas, y, element),
        "table" => y,
        "li" => {
            let dot = [Span::new("•", Kind::Plain)];
            draw_line(canvas, (MARGIN + 4.0, y), &dot, TEXT);
            let end = draw_paragraph(canvas, (MARGIN + 20.0, y, ROOM - 20.0), &spans, TEXT);
            end + if element.next_sibling_element().is_none() { 12.0 } else { 0.0 }
        }
        "body" | "div" | "ul" | "th" | "td" | "code" | "strong" | "br" => y,
        other => panic!("<{other}> isn't drawn yet"),
    }
}

fn style<'a>(element: Node<'a, '_>) -> &'a str {
    element.attribute("style").unwrap_or_default()
}

fn draw_row(canvas: &mut Canvas, y: f64, row: Node) -> f64 {
    canvas.rectangle(Area::new(MARGIN, y, ROOM, 1.0), 0.0, RULE);
    let mut bottom = y;
    for (at, cell) in row.children().filter(Node::is_element).enumerate() {
        let left = CELLS * at as f64;
        let spans = if at == 0 { bold(spans(cell)) } else { spans(cell) };
        let area = (MARGIN + left, y + 6.0, ROOM - left);
        bottom = bottom.max(draw_paragraph(canvas, area, &spans, TEXT) + 6.0);
    }
    let is_last = row.next_sibling_element().is_none();
    if is_last { bottom + 12.0 } else { bottom }
}

fn bold(spans: Vec<Span>) -> Vec<Span> {
    spans.into_iter().map(|span| Span::new(span.text, Kind::Bold)).collect()
}

/// The runs of text in an element.
fn spans(element: Node) -> Vec<Span> {
    let texts = element.descendants().filter(Node::is_text);
    let span = |text: Node| {
        let kind = match text.parent_element().map_or("", |around| around.tag_name().name()) {
            "code" => Kind::Code,
            "strong" => Kind::Bold,
            _ => Kind::Plain,
        };
        Span::new(text.text().unwrap_or_default(), kind)
    };
    texts.map(span).collect()
}
