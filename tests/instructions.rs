//! How many instructions the bot executes for a workflow, for *Approve* and for an answer of `/v1/authorize`. Compared
//! with the file `instructions.txt` beside this one, so that none grows unnoticed. Times are not: they vary with the
//! machine.
//!
//! The file is renewed, where less is needed, more is worth it or the compiler is another one, with
//! `COUNTERSIGN_RENEW_INSTRUCTIONS=1`. Under each sum it has the functions that took the most, to see what grew.

// Another processor has other instructions.
#![cfg(target_arch = "x86_64")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use testkit::instructions::work::{self, Work};

/// How much more of anything fails.
const GROWTH: f64 = 1.1;

/// How many functions the file has for each.
const FUNCTIONS: usize = 30;

const RENEWS: &str = "COUNTERSIGN_RENEW_INSTRUCTIONS";

/// How many functions that grew are shown.
const SHOWN: usize = 15;

/// What a function's line begins with.
const INDENT: &str = "    ";

/// Of the functions, and of all by no name, the thousands of instructions.
type Counts = BTreeMap<String, f64>;

#[tokio::test]
async fn nothing_takes_more_instructions_than_before() {
    let all = work::measure("instructions").await.unwrap();
    for work in &all {
        let [fewest, most] = work.range.map(|count| count / 1e3);
        println!("{}: {:.1} ({fewest:.1} to {most:.1})", work.what, work.instructions / 1e3);
    }
    let file = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/instructions.txt"));
    let tools = format!("{}, {}", version("rustc"), version("valgrind"));
    if std::env::var_os(RENEWS).is_some() {
        std::fs::write(&file, format!("{tools}\n{}", write(&all))).unwrap();
        return;
    }
    let text = std::fs::read_to_string(&file).unwrap();
    let (made_with, counts) = text.split_once('\n').unwrap();
    if made_with != tools {
        println!("not compared: the file was made with {made_with}, and here are {tools}");
        return;
    }
    let before = read(counts);
    let mut grown = String::new();
    for work in &all {
        let renews =
            format!("{} has nothing of {}: {RENEWS}=1 renews it", file.display(), work.what);
        let before = before.get(work.what).expect(&renews);
        let (old, new) = (before[""], work.instructions / 1e3);
        if new > old * GROWTH {
            let _ = writeln!(
                grown,
                "{}: {old:.1} → {new:.1}\n{}",
                work.what,
                differences(before, work)
            );
        } else if new < old / GROWTH {
            println!("{}: {old:.1} → {new:.1}; renew the file with {RENEWS}=1", work.what);
        }
    }
    assert!(
        grown.is_empty(),
        "More than a tenth more thousands of instructions than before. If that is worth it, {RENEWS}=1 renews {}.\n\
         {grown}",
        file.display()
    );
}

/// Another compiler makes other instructions.
fn version(program: &str) -> String {
    let said = std::process::Command::new(program).arg("--version").output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

/// A line for each sum, and below it one for each of its largest functions.
fn write(all: &[Work]) -> String {
    let mut file = String::new();
    for work in all {
        let _ = writeln!(file, "{:.1}\t{}", work.instructions / 1e3, work.what);
        for (name, count) in work.largest(FUNCTIONS) {
            let _ = writeln!(file, "{INDENT}{:.1}\t{name}", count / 1e3);
        }
    }
    file
}

fn read(file: &str) -> BTreeMap<String, Counts> {
    let mut all: BTreeMap<String, Counts> = BTreeMap::new();
    let mut sum = String::new();
    for line in file.lines() {
        let (count, name) = line.trim_start().split_once('\t').unwrap();
        let mut function = name;
        if !line.starts_with(INDENT) {
            (sum, function) = (name.to_owned(), "");
        }
        let counts = all.entry(sum.clone()).or_default();
        counts.insert(function.to_owned(), count.parse().unwrap());
    }
    all
}

/// The largest functions that take more than a tenth more, or are new among the largest.
fn differences(before: &Counts, work: &Work) -> String {
    let largest = work.largest(usize::MAX).into_iter();
    let all = largest
        .map(|(name, count)| (before.get(name).copied().unwrap_or_default(), count / 1e3, name));
    let grown = all.filter(|(old, new, _)| *new > old * GROWTH).take(SHOWN);
    grown.fold(String::new(), |text, (old, new, name)| {
        text + &format!("{INDENT}{old:.1} → {new:.1}: {name}\n")
    })
}
