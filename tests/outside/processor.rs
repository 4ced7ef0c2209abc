//! How much processor time a process uses.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The share of one core that a process used during the measurement.
pub async fn share(process: u32, long: Duration) -> Result<f64> {
    let (start, before) = (Instant::now(), time(process)?);
    tokio::time::sleep(long).await;
    let used = time(process)?.saturating_sub(before);
    Ok(used.as_secs_f64() / start.elapsed().as_secs_f64())
}

/// Its processor time so far: fields 14 and 15 of proc(5), two of which are before the parenthesis,
/// in hundredths of a second as on every Linux.
fn time(process: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').context("an unknown format")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks: u64 = fields[11].parse::<u64>()? + fields[12].parse::<u64>()?;
    Ok(Duration::from_millis(ticks * 10))
}
