//! Another clock for the bot, or for Postgres: libfaketime, preloaded into the process. The clock for
//! durations (the monotonic clock) is not changed, as when an operator sets a
//! machine's clock.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use tempfile::TempDir;

/// Where Debian puts libraries: a folder for each kind of machine.
const LIBRARIES: &str = "/usr/lib";

/// The library for programs with threads.
const NAME: &str = "faketime/libfaketimeMT.so.1";

/// A clock that can be set while processes use it.
pub struct Clock {
    library: PathBuf,
    folder: TempDir,
}

impl Clock {
    /// A clock without an offset.
    ///
    /// # Errors
    /// The library is not installed.
    pub fn new() -> Result<Self> {
        let clock = Self { library: find()?, folder: TempDir::with_prefix("countersign-clock-")? };
        // Postgres may run as another user.
        std::fs::set_permissions(clock.folder.path(), Permissions::from_mode(0o755))?;
        clock.step(0)?;
        Ok(clock)
    }

    /// Sets it this many seconds ahead of the real time, or behind it.
    ///
    /// # Errors
    /// An error of the operating system.
    pub fn step(&self, seconds: i64) -> Result<()> {
        // Renamed into place, so that readers never see half of it.
        let unfinished = self.folder.path().join("unfinished");
        std::fs::write(&unfinished, format!("{seconds:+}\n"))?;
        Ok(std::fs::rename(unfinished, self.file())?)
    }

    /// The environment of a process that uses it.
    pub fn environment(&self) -> Vec<(String, String)> {
        let variables = [
            ("LD_PRELOAD", self.library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", self.file().display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("DONT_FAKE_MONOTONIC", "1".to_owned()),
        ];
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("offset")
    }
}

fn find() -> Result<PathBuf> {
    let folders = std::fs::read_dir(LIBRARIES).context(LIBRARIES)?.flatten();
    let mut found = folders.map(|folder| folder.path().join(NAME)).filter(|file| file.is_file());
    found.next().with_context(|| {
        format!("{LIBRARIES}/*/{NAME} is not there. To install it: apt-get install faketime")
    })
}
