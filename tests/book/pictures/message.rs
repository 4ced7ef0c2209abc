//! A message as a client shows it: who wrote it, its components, and who else sees it.

use serde_json::Value;

use super::controls::{button_width, draw_button, draw_row, draw_tick};
use super::flow::{Setting, draw_line, draw_markdown};
use super::names::{Names, clock};
use super::svg::{Area, Canvas, colours};
use super::text::{Kind, Span, width};

const WIDTH: f64 = 620.0;
/// Where a message's content begins, and how wide it may be.
const CONTENT: f64 = 72.0;
const ROOM: f64 = WIDTH - CONTENT - 16.0;
/// Of a container's corners.
const RADIUS: f64 = 6.0;

/// What a message's body doesn't tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Around<'a> {
    /// Who used which command, by its default names, if it is the answer to one.
    pub command: Option<(&'a str, &'a str)>,
    /// The placeholder of the select that is open.
    pub open: Option<&'a str>,
    /// Whether only one person sees it.
    pub private: bool,
}

/// Draws a message.
pub fn draw_message(body: &Value, around: Around, names: &Names, title: &str) -> String {
    let mut canvas = Canvas::new(WIDTH);
    let mut y = 14.0;
    if let Some((person, command)) = around.command {
        draw_used(&mut canvas, y, (person, command), names);
        y += 26.0;
    }
    draw_author(&mut canvas, y, names.language);
    y += 26.0;
    for component in body["components"].as_array().expect("components") {
        y = draw_component(&mut canvas, (CONTENT, y, ROOM), component, (names, around.open));
    }
    if around.private {
        y = draw_private(&mut canvas, y + 6.0, names);
    }
    canvas.finish(y + 14.0, colours::PAGE, names.language, title)
}

/// The line above an answer.
fn draw_used(canvas: &mut Canvas, y: f64, (person, command): (&str, &str), names: &Names) {
    let hook = format!("M36 {}v-6q0 -6 6 -6h22", y + 17.0);
    let colour = colours::LINE;
    canvas
        .raw(format!("<path d=\"{hook}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>"));
    let spans = [
        Span::new(person, Kind::Bold),
        Span::new(names.say(" used ", "さんが"), Kind::Plain),
        Span::new(names.command(command), Kind::Mention),
        Span::new(names.say("", "を使いました"), Kind::Plain),
    ];
    let setting = Setting { size: 13.5, height: 20.0, ..Setting::SMALL };
    draw_line(canvas, (CONTENT, y), &spans, setting);
}

fn draw_author(canvas: &mut Canvas, y: f64, language: &str) {
    let (middle, green) = (y + 20.0, colours::GREEN);
    canvas.raw(format!("<circle cx=\"36\" cy=\"{middle}\" r=\"20\" fill=\"{green}\"/>"));
    draw_tick(canvas, (36.0, middle), 1.6);
    let name = Span::new("Countersign", Kind::Bold);
    let mut x = CONTENT;
    x += canvas.text((x, y), 20.0, &name, (15.0, "#57d28f")) + 6.0;
    let tag = Span::new("APP", Kind::Bold);
    let wide = width(&tag.text, tag.kind, 10.0) + 10.0;
    canvas.rectangle(Area::new(x, y + 2.0, wide, 16.0), 4.0, colours::BLURPLE);
    canvas.text((x + 5.0, y + 2.0), 16.0, &tag, (10.0, colours::WHITE));
    let time = Span::new(clock(language), Kind::Plain);
    canvas.text((x + wide + 8.0, y), 20.0, &time, (12.0, colours::MUTED));
}

fn draw_private(canvas: &mut Canvas, y: f64, names: &Names) -> f64 {
    let (middle, colour) = (y + 9.0, colours::MUTED);
    canvas.raw(format!(
        "<path d=\"M72 {middle}q8 -9 16 0q-8 9 -16 0z\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>\
         <circle cx=\"80\" cy=\"{middle}\" r=\"2.5\" fill=\"{colour}\"/>"
    ));
    let says = names.say("Only you can see this", "ご自身だけに表示されています");
    let spans = [
        Span::new(format!("{says} · "), Kind::Plain),
        Span::new(names.say("Dismiss message", "メッセージを閉じる"), Kind::Link),
    ];
    draw_line(canvas, (CONTENT + 22.0, y), &spans, Setting::SMALL);
    y + 18.0
}

type Context<'a> = (&'a Names, Option<&'a str>);

/// Draws a component at the top level or in a container; the place below it.
fn draw_component(
    canvas: &mut Canvas,
    (x, y, room): (f64, f64, f64),
    component: &Value,
    context: Context,
) -> f64 {
    let content = component["content"].as_str().unwrap_or_default();
    match component["type"].as_u64() {
        Some(1) => draw_row(canvas, (x, y, room), component, context),
        Some(9) => draw_section(canvas, (x, y, room), component, context),
        Some(10) => draw_markdown(canvas, (x, y + 2.0, room), content, context.0) + 2.0,
        Some(14) => {
            if component["divider"] != false {
                canvas.rectangle(Area::new(x, y + 8.0, room, 1.0), 0.0, colours::LINE);
            }
            y + 16.0
        }
        Some(17) => draw_container(canvas, (x, y, room), component, context),
        other => panic!("a component of type {other:?} isn't drawn yet: {component}"),
    }
}

/// Texts with a button beside them.
fn draw_section(
    canvas: &mut Canvas,
    (x, y, room): (f64, f64, f64),
    section: &Value,
    context: Context,
) -> f64 {
    let accessory = &section["accessory"];
    assert_eq!(accessory["type"], 2, "only buttons are drawn beside a text: {section}");
    let beside = room - button_width(accessory) - 12.0;
    draw_button(canvas, (x + room - button_width(accessory), y + 4.0), accessory);
    let mut bottom = y;
    for text in section["components"].as_array().expect("texts") {
        bottom = draw_component(canvas, (x, bottom, beside), text, context);
    }
    bottom.max(y + 40.0)
}

fn draw_container(
    canvas: &mut Canvas,
    (x, y, room): (f64, f64, f64),
    container: &Value,
    context: Context,
) -> f64 {
    let place = canvas.place();
    let (padding, mut bottom) = (16.0, y + 12.0);
    for inside in container["components"].as_array().expect("components") {
        let area = (x + padding + 2.0, bottom, room - 2.0 * padding - 2.0);
        bottom = draw_component(canvas, area, inside, context);
    }
    bottom += 14.0;
    let whole = Area::new(x, y, room, bottom - y);
    canvas.rectangle_below(place, whole, RADIUS, colours::PANEL);
    if let Some(colour) = container["accent_color"].as_u64() {
        // A bar whose outer corners are those of the panel.
        let (height, colour) = (whole.height - 2.0 * RADIUS, format!("#{colour:06x}"));
        let bar = format!(
            "M{} {y}a{RADIUS} {RADIUS} 0 0 0 -{RADIUS} {RADIUS}v{height}a{RADIUS} {RADIUS} 0 0 0 {RADIUS} {RADIUS}\
             a2 {RADIUS} 0 0 1 -2 -{RADIUS}v-{height}a2 {RADIUS} 0 0 1 2 -{RADIUS}z",
            x + RADIUS
        );
        canvas.raw(format!("<path d=\"{bar}\" fill=\"{colour}\"/>"));
    }
    bottom
}
