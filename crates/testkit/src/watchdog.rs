//! Cleans up after this process, however it ended.
//!
//! A watchdog is a shell whose input is a pipe that only this process holds open. When the input
//! ends, this process is gone, killed or not, and the shell does what it was left to do. Unlike a
//! signal on the parent's death, this doesn't depend on which thread began it.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use anyhow::Context;

/// What the shell does before the script: one line of input calls it off.
const WAIT: &str = "read -r word; [ \"$word\" = dismissed ] && exit 0\n";

/// A shell that waits for this process to be gone. Dropping it makes it act.
pub(crate) struct Watchdog(Child);

impl Watchdog {
    /// Will run this script, with these arguments as `$1`, `$2`, …
    pub fn start(script: &str, arguments: &[&OsStr]) -> anyhow::Result<Self> {
        let child = Command::new("sh")
            .arg("-c")
            .arg(format!("{WAIT}{script}"))
            .arg("watchdog")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Ctrl-C goes to the whole group of the parent; this one has to outlive it.
            .process_group(0)
            .spawn()
            .context("no shell")?;
        Ok(Self(child))
    }

    /// Cancels it: everything was cleaned up.
    pub fn dismiss(mut self) {
        if let Some(input) = &mut self.0.stdin {
            // One that is gone already does nothing either.
            let _ = input.write_all(b"dismissed\n");
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // So that it does not stay as a zombie.
        let _ = self.0.wait();
    }
}
