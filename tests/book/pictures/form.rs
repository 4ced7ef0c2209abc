//! A form as a client shows it, filled in.

use discord_sim::Modal;
use serde_json::Value;

use super::controls::draw_select;
use super::flow::{Setting, draw_paragraph};
use super::names::Names;
use super::svg::{Area, Canvas, colours};
use super::text::{Kind, Span, width};

const WIDTH: f64 = 480.0;
const MARGIN: f64 = 18.0;
const ROOM: f64 = WIDTH - 2.0 * MARGIN;

/// Draws a form with what was entered.
pub fn draw_form(form: &Modal, names: &Names, title: &str) -> String {
    let mut canvas = Canvas::new(WIDTH);
    let heading = Span::new(form.title(), Kind::Bold);
    canvas.text((MARGIN, 16.0), 26.0, &heading, (19.0, colours::BRIGHT));
    let mut y = 54.0;
    for part in form.json()["components"].as_array().expect("components") {
        assert_eq!(part["type"], 18, "only labels with their fields are drawn: {part}");
        y = draw_field(&mut canvas, y, part, (form, names)) + 14.0;
    }
    let buttons = [
        (names.say("Submit", "送信"), colours::BLURPLE),
        (names.say("Cancel", "キャンセル"), colours::LINE),
    ];
    let mut x = WIDTH - MARGIN;
    for (label, fill) in buttons {
        let wide = width(label, Kind::Plain, 14.0) + 36.0;
        x -= wide;
        canvas.rectangle(Area::new(x, y, wide, 36.0), 4.0, fill);
        let label = Span::new(label, Kind::Plain);
        canvas.text((x + 18.0, y), 36.0, &label, (14.0, colours::WHITE));
        x -= 8.0;
    }
    canvas.finish(y + 52.0, colours::PAGE, names.language, title)
}

/// Draws a label with its field; the place below it.
fn draw_field(canvas: &mut Canvas, y: f64, part: &Value, (form, names): (&Modal, &Names)) -> f64 {
    let (label, field) = (part["label"].as_str().expect("a label"), &part["component"]);
    let span = Span::new(label, Kind::Bold);
    let long = canvas.text((MARGIN, y), 20.0, &span, (14.5, colours::BRIGHT));
    if field["required"] != false {
        let star = Span::new("*", Kind::Plain);
        canvas.text((MARGIN + long + 4.0, y), 20.0, &star, (14.5, "#fa777c"));
    }
    let description = Span::new(part["description"].as_str().unwrap_or_default(), Kind::Plain);
    let area = (MARGIN, y + 20.0, ROOM);
    let top = draw_paragraph(canvas, area, &[description], Setting::SMALL) + 4.0;
    let mut entered = form.value(label).expect("a field of the form");
    if field["type"] != 4 {
        // What was chosen is now what a new form would begin with.
        let mut field = field.clone();
        match field["type"].as_u64() {
            Some(5) => field["default_values"] = ids(&entered),
            _ => choose(&mut field, &entered),
        }
        return draw_select(canvas, (MARGIN, top, ROOM), &field, names, false);
    }
    let place = canvas.place();
    let spans = [Span::new(entered.pop().unwrap_or_default(), Kind::Plain)];
    let area = (MARGIN + 10.0, top + 8.0, ROOM - 20.0);
    let bottom = draw_paragraph(canvas, area, &spans, Setting::PLAIN) + 8.0;
    let least = if field["style"] == 2 { 58.0 } else { 37.0 };
    let height = (bottom - top).max(least);
    canvas.rectangle_below(place, Area::new(MARGIN, top, ROOM, height), 4.0, colours::DEEP);
    top + height
}

fn ids(values: &[String]) -> Value {
    values.iter().map(|id| serde_json::json!({ "id": id, "type": "user" })).collect()
}

fn choose(select: &mut Value, values: &[String]) {
    for option in select["options"].as_array_mut().expect("options") {
        let is_chosen = values.iter().any(|value| option["value"] == value.as_str());
        option["default"] = is_chosen.into();
    }
}
