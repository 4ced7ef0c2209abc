//! The page: what was measured, when, and on what.

use std::process::Command;

use anyhow::Context as _;

/// One line of the table.
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What came of it.
    pub figure: String,
    /// What it is compared with, with its figure.
    pub beside: String,
    /// What is wanted.
    pub goal: String,
    /// Whether that is reached.
    pub met: bool,
}

/// The whole of docs/performance.md.
pub fn page(rows: &[Row]) -> anyhow::Result<String> {
    let date = said("date", &["-u", "+%Y-%m-%d %H:%M UTC"])?;
    let commit = said("git", &["rev-parse", "--short=12", "HEAD"])?;
    let changed = said("git", &["status", "--porcelain", "--untracked-files=no", "--", ":!docs"])?;
    let changed = if changed.is_empty() { "" } else { ", with changes" };
    let mut page = format!(
        "# Performance\n\nWritten by `make bench`, which measures everything in one run, each beside \
         what it is compared\nwith. Times of one machine say little of another; ratios say more.\n\n\
         - {date}, commit {commit}{changed}\n- {}\n\n\
         | what | figure | beside | goal | reached |\n|---|---|---|---|---|\n",
        machine()?
    );
    for row in rows {
        let met = if row.met { "yes" } else { "**no**" };
        let cells = [row.what.as_str(), &row.figure, &row.beside, &row.goal, met];
        page.push_str(&format!("| {} |\n", cells.join(" | ")));
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
