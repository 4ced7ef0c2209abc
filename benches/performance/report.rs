//! The page: what was measured, when, and on what.

use std::process::Command;

use anyhow::Context as _;

/// One line of a table.
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What came of it.
    pub figure: String,
    /// What it is compared with, with its figure.
    pub beside: String,
    /// What is wanted.
    pub goal: String,
    /// Whether that is reached; none where nothing is wanted.
    pub met: Option<bool>,
}

impl Row {
    /// A figure beside another, with a goal.
    pub fn new(what: &str, figure: String, beside: String, goal: String, met: bool) -> Self {
        Self { what: what.to_owned(), figure, beside, goal, met: Some(met) }
    }

    /// A figure that explains others, and has no goal.
    pub fn note(what: &str, figure: String, beside: &str) -> Self {
        let (what, beside) = (what.to_owned(), beside.to_owned());
        Self { what, figure, beside, goal: "–".to_owned(), met: None }
    }
}

/// A part of the page: a table, and what is to be said of it.
pub struct Section {
    pub title: &'static str,
    /// How it was measured, before the table.
    pub how: String,
    pub rows: Vec<Row>,
    /// What stands below the table, in Markdown.
    pub below: String,
}

/// The whole of docs/performance.md.
pub fn page(sections: &[Section]) -> anyhow::Result<String> {
    let date = said("date", &["-u", "+%Y-%m-%d %H:%M UTC"])?;
    let commit = said("git", &["rev-parse", "--short=12", "HEAD"])?;
    let changed = said("git", &["status", "--porcelain", "--untracked-files=no", "--", ":!docs"])?;
    let changed = if changed.is_empty() { "" } else { ", with changes" };
    let mut page = format!(
        "# Performance\n\nWritten by `make bench`, which measures everything in one run, each beside \
         what it is compared\nwith. Times of one machine say little of another; ratios say more.\n\n\
         - {date}, commit {commit}{changed}\n- {}\n",
        machine()?
    );
    for section in sections {
        page.push_str(&format!("\n## {}\n\n{}\n\n", section.title, section.how));
        page.push_str("| what | figure | beside | goal | reached |\n|---|---|---|---|---|\n");
        for row in &section.rows {
            let met = row.met.map_or("–", |met| if met { "yes" } else { "**no**" });
            let cells = [row.what.as_str(), &row.figure, &row.beside, &row.goal, met];
            page.push_str(&format!("| {} |\n", cells.join(" | ")));
        }
        if !section.below.is_empty() {
            page.push_str(&format!("\n{}\n", section.below));
        }
    }
    Ok(page)
}

/// Processor, memory and kernel.
fn machine() -> anyhow::Result<String> {
    let processor = std::fs::read_to_string("/proc/cpuinfo")?;
    let model = processor.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.and_then(|rest| rest.split_once(": ")).map_or("unknown processor", |m| m.1);
    let cores = std::thread::available_parallelism()?;
    let memory = std::fs::read_to_string("/proc/meminfo")?;
    let kilobytes = memory.split_whitespace().nth(1).context("MemTotal")?.parse::<u64>()?;
    let kernel = said("uname", &["-sr"])?;
    Ok(format!("{model}, {cores} cores, {} GB, {kernel}", kilobytes.div_ceil(1024 * 1024)))
}

fn said(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program).args(arguments).output().context(program.to_owned())?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
