//! What people press and choose in: buttons and selects.

use serde_json::Value;

use super::names::Names;
use super::svg::{Area, Canvas, colours};
use super::text::{Kind, Span, width};

const GAP: f64 = 8.0;
const BUTTON_HEIGHT: f64 = 32.0;
/// The size of a button's text.
const SIZE: f64 = 14.0;

/// The texts at a key of a list's members.
fn text<'a>(part: &'a Value, key: &str) -> &'a str {
    part[key].as_str().unwrap_or_default()
}

/// What stands on a button.
fn label(button: &Value) -> Span {
    let emoji = text(&button["emoji"], "name");
    let link = if button["url"].is_string() { " ↗" } else { "" };
    let label = format!("{emoji} {}{link}", text(button, "label"));
    Span::new(label.trim(), Kind::Plain)
}

/// How wide a button is.
pub fn button_width(button: &Value) -> f64 {
    width(&label(button).text, Kind::Plain, SIZE) + 32.0
}

/// Draws a button.
pub fn draw_button(canvas: &mut Canvas, (x, y): (f64, f64), button: &Value) {
    let fill = match button["style"].as_u64() {
        Some(1) => colours::BLURPLE,
        Some(3) => colours::GREEN,
        Some(4) => colours::RED,
        _ => colours::LINE,
    };
    let weak = button["disabled"] == true;
    if weak {
        canvas.begin_weak_group();
    }
    canvas.rectangle(Area::new(x, y, button_width(button), BUTTON_HEIGHT), 4.0, fill);
    canvas.text((x + 16.0, y), BUTTON_HEIGHT, &label(button), (SIZE, colours::WHITE));
    if weak {
        canvas.end_group();
    }
}

/// Draws a row of buttons, or a select; the place below it. A select with the placeholder `open` shows its options.
pub fn draw_row(
    canvas: &mut Canvas,
    (x, y, room): (f64, f64, f64),
    row: &Value,
    (names, open): (&Names, Option<&str>),
) -> f64 {
    let inside = row["components"].as_array().expect("components");
    let (mut at, mut top) = (x, y + GAP);
    for component in inside {
        if component["type"] != 2 {
            let is_open = open.is_some_and(|open| component["placeholder"] == open);
            return draw_select(canvas, (x, top, room), component, names, is_open);
        }
        let wide = button_width(component);
        if at > x && at + wide > x + room {
            (at, top) = (x, top + BUTTON_HEIGHT + GAP);
        }
        draw_button(canvas, (at, top), component);
        at += wide + GAP;
    }
    top + BUTTON_HEIGHT
}

/// What is chosen, by name.
fn chosen(select: &Value, names: &Names) -> Vec<String> {
    let options = select["options"].as_array().into_iter().flatten();
    let named = options.filter(|option| option["default"] == true);
    let named = named.map(|option| text(option, "label").to_owned());
    let people = select["default_values"].as_array().into_iter().flatten();
    let person = |value: &Value| {
        let mention = format!("@{}", text(value, "id"));
        names.shown(&mention, Kind::Plain).map(|span| span.text.replacen('@', "", 1))
    };
    named.chain(people.filter_map(person)).collect()
}

/// Draws a select; the place below it.
pub fn draw_select(
    canvas: &mut Canvas,
    (x, y, room): (f64, f64, f64),
    select: &Value,
    names: &Names,
    is_open: bool,
) -> f64 {
    let room = room.min(480.0);
    let several = select["max_values"].as_u64().unwrap_or(1) > 1;
    let chosen = chosen(select, names);
    let place = canvas.place();
    let (mut at, mut top) = (x + 12.0, y + 6.0);
    for label in &chosen {
        let span = Span::new(label, Kind::Plain);
        let wide = width(label, Kind::Plain, SIZE) + if several { 16.0 } else { 0.0 };
        if at > x + 12.0 && at + wide > x + room - 30.0 {
            (at, top) = (x + 12.0, top + 30.0);
        }
        if several {
            canvas.rectangle(Area::new(at, top + 2.0, wide, 24.0), 4.0, "#404249");
            canvas.text((at + 8.0, top + 2.0), 24.0, &span, (SIZE, colours::TEXT));
        } else {
            canvas.text((at, top), 28.0, &span, (SIZE, colours::TEXT));
        }
        at += wide + 4.0;
    }
    if chosen.is_empty() {
        let span = Span::new(text(select, "placeholder"), Kind::Plain);
        canvas.text((at, top), 28.0, &span, (SIZE, colours::MUTED));
    }
    let bottom = top + 34.0;
    canvas.rectangle_below(place, Area::new(x, y, room, bottom - y), 4.0, colours::DEEP);
    draw_arrow(canvas, (x + room - 24.0, (y + bottom) / 2.0), is_open);
    if is_open { draw_options(canvas, (x, bottom + 2.0, room), select) } else { bottom }
}

fn draw_arrow(canvas: &mut Canvas, (x, y): (f64, f64), is_open: bool) {
    let (from, to) = if is_open { (y + 2.5, -5) } else { (y - 2.5, 5) };
    let colour = colours::MUTED;
    canvas.raw(format!(
        "<path d=\"M{x} {from}l5 {to}l5 {}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
        -to
    ));
}

/// The list of a select that is open, with a box for each option that may be ticked.
fn draw_options(canvas: &mut Canvas, (x, y, room): (f64, f64, f64), select: &Value) -> f64 {
    let options = select["options"].as_array().expect("options");
    let height = 44.0;
    let all = Area::new(x, y, room, height * options.len() as f64 + 8.0);
    canvas.rectangle(all, 4.0, colours::DEEP);
    for (at, option) in options.iter().enumerate() {
        let top = y + 4.0 + at as f64 * height;
        let (ticked, box_x) = (option["default"] == true, x + room - 32.0);
        if ticked {
            canvas.rectangle(Area::new(x + 4.0, top, room - 8.0, height), 4.0, "#404249");
        }
        let label = Span::new(text(option, "label"), Kind::Plain);
        canvas.text((x + 12.0, top + 4.0), 20.0, &label, (SIZE, colours::TEXT));
        let description = Span::new(text(option, "description"), Kind::Plain);
        canvas.text((x + 12.0, top + 22.0), 18.0, &description, (12.0, colours::MUTED));
        draw_tick_box(canvas, (box_x, top + 12.0), ticked);
    }
    all.y + all.height
}

fn draw_tick_box(canvas: &mut Canvas, (x, y): (f64, f64), ticked: bool) {
    let (fill, stroke) =
        if ticked { (colours::BLURPLE, colours::BLURPLE) } else { ("none", "#80848e") };
    canvas.raw(format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"20\" height=\"20\" rx=\"4\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"2\"/>"
    ));
    if ticked {
        draw_tick(canvas, (x + 10.0, y + 10.0), 1.0);
    }
}

/// A white tick around this middle.
pub fn draw_tick(canvas: &mut Canvas, (x, y): (f64, f64), scale: f64) {
    canvas.raw(format!(
        "<path transform=\"translate({x} {y}) scale({scale})\" d=\"M-5 0l3.5 4l6.5 -8\" fill=\"none\" stroke=\"#ffffff\" stroke-width=\"2.4\"/>"
    ));
}
