//! A drawing of lines over numbers, as SVG, with both axes from zero.

use std::fmt::Write as _;

/// A line, with its name.
pub struct Line {
    pub name: &'static str,
    pub points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 50.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 40.0;

/// Told apart in grey as well, by how the lines are dashed.
const LOOKS: [(&str, &str); 3] = [("#b3261e", "none"), ("#1a5fb4", "6 4"), ("#26734d", "2 3")];

/// How many parts an axis has at least.
const PARTS: f64 = 4.0;

pub fn draw(title: &str, lines: &[Line]) -> String {
    let all = lines.iter().flat_map(|line| line.points.iter());
    let (most_x, most_y) =
        all.fold((0.0_f64, 0.0_f64), |most, point| (most.0.max(point.0), most.1.max(point.1)));
    let x = |value: f64| LEFT + value / most_x * (WIDTH - LEFT - RIGHT);
    let y = |value: f64| HEIGHT - BOTTOM - value / most_y * (HEIGHT - TOP - BOTTOM);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         font-family=\"sans-serif\" font-size=\"12\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"{LEFT}\" y=\"20\" font-size=\"14\">{title}</text>\n"
    );
    for value in ticks(most_y) {
        let at = y(value);
        let _ = writeln!(
            svg,
            "<path d=\"M{LEFT} {at:.1}H{:.1}\" stroke=\"#ddd\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{value}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 4.0
        );
    }
    for value in ticks(most_x) {
        let (at, below) = (x(value), HEIGHT - BOTTOM + 18.0);
        let _ = writeln!(
            svg,
            "<text x=\"{at:.1}\" y=\"{below:.1}\" text-anchor=\"middle\">{value}</text>"
        );
    }
    for (number, (line, (colour, dash))) in lines.iter().zip(LOOKS).enumerate() {
        let points = line.points.iter().map(|point| format!("{:.1},{:.1}", x(point.0), y(point.1)));
        let points = points.collect::<Vec<_>>().join(" ");
        let key = TOP + 14.0 + 18.0 * number as f64;
        let _ = writeln!(
            svg,
            "<g stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{dash}\" fill=\"none\">\
             <polyline points=\"{points}\"/><path d=\"M{:.1} {:.1}h30\"/></g>\
             <text x=\"{:.1}\" y=\"{key:.1}\">{}</text>",
            LEFT + 12.0,
            key - 4.0,
            LEFT + 50.0,
            line.name
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Round numbers from zero up to this one.
fn ticks(most: f64) -> Vec<f64> {
    let rough = (most / PARTS).max(f64::MIN_POSITIVE);
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0].iter().map(|factor| factor * power).rfind(|step| *step <= rough);
    let step = step.unwrap_or(power);
    let count = (most / step) as usize;
    // Sums of fractions would show their last digits.
    (0..=count).map(|number| (number as f64 * step * 1e6).round() / 1e6).collect()
}
