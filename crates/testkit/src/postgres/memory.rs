//! Where a Postgres that needn't survive keeps its files in memory: tests create thousands of databases, and
//! on a disk a tenth of a run would be spent on creating and removing their files.

use std::path::Path;

/// A folder in memory; <https://docs.kernel.org/filesystems/tmpfs.html>.
const FOLDER: &str = "/dev/shm";

/// How much must be free, there and of the memory, in bytes; else the files are on the disk. Several servers
/// at once, each with a gigabyte of log and its databases, took 3 GB.
const ROOM: u64 = 8 << 30;

/// The folder in memory, if it has room.
pub fn folder() -> Option<&'static Path> {
    let there = rustix::fs::statvfs(FOLDER).ok()?;
    let free = there.f_bavail.checked_mul(there.f_frsize)?;
    (free.min(available_memory()?) >= ROOM).then_some(Path::new(FOLDER))
}

/// The memory available without swapping, in bytes: `MemAvailable` of proc_meminfo(5), which is in KiB.
fn available_memory() -> Option<u64> {
    let all = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = all.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    kibibytes.checked_mul(1024)
}
