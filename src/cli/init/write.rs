//! Writes the configuration's folder: nothing that is there is replaced unless that was wanted.

use std::fs::Permissions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use secrecy::{ExposeSecret as _, SecretString};
use tempfile::NamedTempFile;

use super::shipped::FILES;
use crate::cli::keys;
use crate::config::Config;
use crate::keyring::Keyring;

/// For its owner alone.
const SECRET: u32 = 0o600;

/// For its owner and the group of its folder, as which a service may run.
const CONFIGURATION: u32 = 0o640;

/// Holds nothing that others may not know.
const TEMPLATE: u32 = 0o644;

/// The folder of a configuration.
pub(super) struct Place {
    /// The configuration's file.
    pub(super) file: PathBuf,
    folder: PathBuf,
}

impl Place {
    pub(super) fn new(file: &Path) -> Self {
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        Self { file: file.to_owned(), folder: folder.unwrap_or(Path::new(".")).to_owned() }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Fails early if this user can't write there.
    pub(super) fn check_writable(&self) -> anyhow::Result<()> {
        let there = self.folder.ancestors().find(|folder| folder.exists());
        let there = there.filter(|there| !there.as_os_str().is_empty()).unwrap_or(Path::new("."));
        ensure!(
            rustix::fs::access(there, rustix::fs::Access::WRITE_OK).is_ok(),
            "this user can't write into {}: run this with sudo, or name another place with --config FILE",
            there.display()
        );
        Ok(())
    }

    fn secret(&self, name: &str) -> PathBuf {
        self.folder.join("secrets").join(name)
    }

    /// The secrets whose files are there with another content.
    pub(super) fn list_other_secrets(&self, secrets: &[(&str, &SecretString)]) -> Vec<PathBuf> {
        let is_other = |(name, secret): &(&str, &SecretString)| {
            let file = self.secret(name);
            let old = std::fs::read_to_string(&file).map(SecretString::from);
            let is_same =
                |old: SecretString| old.expose_secret().trim_end() == secret.expose_secret();
            match old {
                Ok(old) => (!is_same(old)).then_some(file),
                Err(error) => (error.kind() != ErrorKind::NotFound).then_some(file),
            }
        };
        secrets.iter().filter_map(is_other).collect()
    }

    /// Writes the secrets, the keys unless there are some, what ships unless it is there, and the configuration,
    /// once it was read without a fault.
    pub(super) fn write(
        &self,
        content: &str,
        secrets: &[(&str, &SecretString)],
    ) -> anyhow::Result<Config> {
        make_folder(&self.folder, 0o700)?;
        make_folder(&self.folder.join("secrets"), 0o700)?;
        // First what may fail, so that nothing was replaced then.
        self.make_keys()?;
        for (name, secret) in secrets {
            let text = SecretString::from(format!("{}\n", secret.expose_secret()));
            self.put(&self.secret(name), &text, SECRET)?;
        }
        for (path, text) in FILES {
            let file = self.folder.join(path);
            if !file.exists() {
                make_folder(file.parent().unwrap_or(&self.folder), 0o755)?;
                self.put(&file, &SecretString::from(*text), TEMPLATE)?;
            }
        }
        self.put_configuration(content)
    }

    /// Keys are never replaced: nothing else opens what they encrypted.
    fn make_keys(&self) -> anyhow::Result<()> {
        let file = self.secret("keys");
        if file.exists() {
            Keyring::load(&file)?;
            eprintln!("Kept {}, which was there.", file.display());
            return Ok(());
        }
        keys::create(&file)
    }

    /// It gets its name when it was read, so that the name always stands for a whole one.
    fn put_configuration(&self, content: &str) -> anyhow::Result<Config> {
        let text = SecretString::from(content);
        let new = self.prepare(&self.file, &text, CONFIGURATION)?;
        Config::load(new.path()).map_err(|errors| {
            anyhow::anyhow!("the configuration would not be usable, and was not written\n{errors}")
        })?;
        self.keep(new, &self.file)?;
        Config::load(&self.file).map_err(|errors| anyhow::anyhow!("{errors}"))
    }

    fn put(&self, file: &Path, text: &SecretString, mode: u32) -> anyhow::Result<()> {
        let new = self.prepare(file, text, mode)?;
        self.keep(new, file)
    }

    /// The file beside its place, under another name, with its mode and its folder's group.
    fn prepare(
        &self,
        file: &Path,
        text: &SecretString,
        mode: u32,
    ) -> anyhow::Result<NamedTempFile> {
        let folder = file.parent().unwrap_or(&self.folder);
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let written = || {
            let mut new = NamedTempFile::new_in(folder)?;
            new.write_all(text.expose_secret().as_bytes())?;
            new.as_file().set_permissions(Permissions::from_mode(mode))?;
            let group = std::fs::metadata(folder)?.gid();
            if mode == CONFIGURATION && new.as_file().metadata()?.gid() != group {
                std::os::unix::fs::fchown(new.as_file(), None, Some(group))?;
            }
            new.as_file().sync_all()?;
            Ok(new)
        };
        let written: std::io::Result<NamedTempFile> = written();
        written.with_context(|| format!("{} can't be written", file.display()))
    }

    fn keep(&self, new: NamedTempFile, file: &Path) -> anyhow::Result<()> {
        let kept = new.persist(file).map(drop).map_err(|error| error.error);
        kept.with_context(|| format!("{} can't be written", file.display()))
    }
}

/// Makes a folder, and those above it for everyone; one that is there stays as it is.
fn make_folder(folder: &Path, mode: u32) -> anyhow::Result<()> {
    let made = || {
        if let Some(above) = folder.parent().filter(|above| !above.as_os_str().is_empty()) {
            std::fs::create_dir_all(above)?;
        }
        match std::fs::DirBuilder::new().mode(mode).create(folder) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            // Whatever the process masks.
            Ok(()) => std::fs::set_permissions(folder, Permissions::from_mode(mode)),
            Err(error) => Err(error),
        }
    };
    made().with_context(|| format!("{} can't be made", folder.display()))
}
