//! A disk of a fixed size that can be filled up: a file system in memory, mounted for as long as
//! this process runs.
//!
//! Root mounts it for the whole machine. Others mount it in a namespace of a process that
//! does nothing else, and reach it through that process' folder in `/proc`, which is open to processes
//! of the same user.

use std::fs::{File, Permissions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;

use crate::watchdog::Watchdog;

/// The file that fills the disk.
const BALLAST: &str = "ballast";

/// The size of one write.
const BLOCK: usize = 64 << 10;

/// A process in its own namespace: it mounts the disk, prints its id, and stays until it is
/// told to end. If this process dies first, it stays a little longer, so that a clean-up of
/// processes on the disk still finds it.
const STAYS: &str = r#"mount -t tmpfs -o "size=$1,mode=0755" countersign "$2" || exit
echo $$
read -r word || sleep 20
"#;

const NEEDED: &str = "a disk of a fixed size needs root with the right to mount, or user namespaces \
    for everybody (sysctl user.max_user_namespaces, and kernel.unprivileged_userns_clone where it \
    exists; in a container: one that allows `unshare`)";

/// A small disk. It is unmounted, and its content lost, when this is dropped.
pub struct Disk {
    folder: PathBuf,
    way: Way,
    /// The mount point; dropped last.
    _point: TempDir,
}

enum Way {
    Mounted(Option<Watchdog>),
    Namespace(Child),
}

impl Disk {
    /// An empty disk of this many bytes, writable for this user.
    ///
    /// # Errors
    /// Mounting is not allowed here; the error says what it needs.
    pub fn new(bytes: u64) -> Result<Self> {
        let point = TempDir::with_prefix("countersign-disk-")?;
        std::fs::set_permissions(point.path(), Permissions::from_mode(0o755))?;
        if crate::is_root() { Self::mounted(bytes, point) } else { Self::hidden(bytes, point) }
            .context(NEEDED)
    }

    fn mounted(bytes: u64, point: TempDir) -> Result<Self> {
        let folder = point.path().to_owned();
        let watchdog = Watchdog::start("umount -l \"$1\"; rmdir \"$1\"", &[folder.as_os_str()])?;
        let mount = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={bytes},mode=0755"), "countersign"])
            .arg(&folder)
            .output()?;
        let said = String::from_utf8_lossy(&mount.stderr);
        ensure!(mount.status.success(), "mount: {said}");
        Ok(Self { folder, way: Way::Mounted(Some(watchdog)), _point: point })
    }

    fn hidden(bytes: u64, point: TempDir) -> Result<Self> {
        let mut holder = Command::new("unshare")
            .args(["--user", "--map-root-user", "--mount", "sh", "-c", STAYS, "disk"])
            .arg(bytes.to_string())
            .arg(point.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Ctrl-C goes to the whole group of the parent; what runs on the disk ends first.
            .process_group(0)
            .spawn()
            .context("no unshare (of util-linux)")?;
        let mut said = holder.stdout.take().context("it says nothing")?;
        let mut line = Vec::new();
        let mut byte = [0];
        while said.read(&mut byte)? == 1 && byte != *b"\n" {
            line.extend_from_slice(&byte);
        }
        let number = String::from_utf8(line)?;
        if number.is_empty() {
            bail!("unshare and mount: {}", holder.wait()?);
        }
        let inside = point.path().strip_prefix("/").context("a relative temporary folder")?;
        let folder = Path::new("/proc").join(number).join("root").join(inside);
        Ok(Self { folder, way: Way::Namespace(holder), _point: point })
    }

    /// The mount point.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Fills it up except for this many bytes.
    ///
    /// # Errors
    /// An error of the operating system, except a full disk.
    pub fn leave(&self, bytes: u64) -> Result<()> {
        let path = self.folder.join(BALLAST);
        let mut ballast = File::options().create(true).append(true).open(&path)?;
        let block = vec![0; BLOCK];
        loop {
            match ballast.write(&block) {
                Ok(0) => break,
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => return Err(error.into()),
            }
        }
        let length = ballast.metadata()?.len();
        Ok(ballast.set_len(length.saturating_sub(bytes))?)
    }

    /// Removes the file that fills it.
    ///
    /// # Errors
    /// It was never filled up.
    pub fn clear(&self) -> Result<()> {
        std::fs::remove_file(self.folder.join(BALLAST)).context("nothing was filled in")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        match &mut self.way {
            Way::Mounted(watchdog) => {
                let gone = Command::new("umount").arg("-l").arg(&self.folder).status();
                if gone.is_ok_and(|status| status.success())
                    && let Some(watchdog) = watchdog.take()
                {
                    watchdog.dismiss();
                }
            }
            Way::Namespace(holder) => {
                if let Some(mut stdin) = holder.stdin.take() {
                    // It may be gone already.
                    let _ = stdin.write_all(b"go\n");
                }
                let _ = holder.wait();
            }
        }
    }
}
