//! How many instructions the bot executes, and where: callgrind's table.

use testkit::instructions::work::{self, WORKFLOWS, Work};

use crate::report::{Row, Section};

/// How many functions the table shows for each.
const FUNCTIONS: usize = 12;

const HOW: &str = "Counted by callgrind, which executes the program slowly and counts the same on a busy machine. \
    What runs by the clock alone\nis taken off. Of a token that is not cached, the verification's own function is \
    counted, without the connection.";

pub async fn section() -> anyhow::Result<Section> {
    let all = work::measure("bench instructions").await?;
    let rows = all.iter().map(row).collect();
    let mut below = "The functions that took the most, with all that they called; those that the compiler put into \
        their callers are\nmissing:\n\n| of | share | instructions | function |\n|---|---|---|---|"
        .to_owned();
    // A workflow is made of many things. The rest is what people wait for.
    for work in all.iter().skip(1) {
        for (name, count) in work.largest(FUNCTIONS) {
            let share = 100.0 * count / work.instructions;
            let count = show(count);
            below += &format!("\n| {} | {share:.0} % | {count} | `{name}` |", work.what);
        }
    }
    Ok(Section { title: "Instructions", how: HOW.to_owned(), rows, below })
}

fn row(work: &Work) -> Row {
    let [fewest, most] = work.range.map(show);
    let beside = format!("{fewest} to {most} in {WORKFLOWS}");
    Row::note(work.what, show(work.instructions), &beside)
}

fn show(count: f64) -> String {
    format!("{:.1} thousand", count / 1e3)
}
