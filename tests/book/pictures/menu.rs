//! What a client shows while one types a command.

use serde_json::Value;

use super::flow::{Setting, draw_paragraph};
use super::names::Names;
use super::svg::{Area, Canvas, colours};
use super::text::{Kind, Span};

const WIDTH: f64 = 620.0;

/// Draws the commands of `/token`, and the line in which one types.
pub fn draw_menu(names: &Names, title: &str) -> String {
    let mut canvas = Canvas::new(WIDTH);
    let parent = &names.commands()[0];
    let typed = format!("/{}", names.localized(parent, "name"));
    let mut y = 12.0;
    for command in parent["options"].as_array().expect("subcommands") {
        if y == 12.0 {
            canvas.rectangle(Area::new(12.0, y, WIDTH - 24.0, 42.0), 4.0, "#404249");
        }
        y = draw_command(&mut canvas, y, (&typed, command), names);
    }
    y += 8.0;
    canvas.rectangle(Area::new(12.0, y, WIDTH - 24.0, 44.0), 8.0, "#383a40");
    let line = Span::new(typed, Kind::Plain);
    let end = 28.0 + canvas.text((28.0, y), 44.0, &line, (15.0, colours::TEXT));
    canvas.rectangle(Area::new(end + 2.0, y + 12.0, 1.5, 20.0), 0.0, colours::TEXT);
    canvas.finish(y + 56.0, colours::PANEL, names.language, title)
}

fn draw_command(
    canvas: &mut Canvas,
    y: f64,
    (parent, command): (&str, &Value),
    names: &Names,
) -> f64 {
    let name = format!("{parent} {}", names.localized(command, "name"));
    let mut x = 24.0;
    x += canvas.text((x, y + 3.0), 19.0, &Span::new(name, Kind::Bold), (14.0, colours::BRIGHT));
    for option in command["options"].as_array().into_iter().flatten() {
        let name = Span::new(names.localized(option, "name"), Kind::Plain);
        let wide = name.width(11.5) + 12.0;
        x += 8.0;
        canvas.rectangle(Area::new(x, y + 4.0, wide, 17.0), 3.0, colours::DEEP);
        canvas.text((x + 6.0, y + 4.0), 17.0, &name, (11.5, colours::MUTED));
        x += wide;
    }
    let description = Span::new(names.localized(command, "description"), Kind::Plain);
    let area = (24.0, y + 21.0, WIDTH - 48.0);
    draw_paragraph(canvas, area, &[description], Setting::SMALL) + 3.0
}
