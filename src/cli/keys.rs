//! `countersign keys`: work with key files.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use secrecy::ExposeSecret as _;

use crate::keyring;

/// Arguments of `keys`.
#[derive(Debug, Args)]
pub struct KeysArguments {
    #[command(subcommand)]
    action: KeysAction,
}

#[derive(Debug, Subcommand)]
enum KeysAction {
    /// Make a new key for sealing secrets
    ///
    /// Prints a line for the key file, or creates the file. The first line of a key file seals, all
    /// of them open: to change keys, put a new line on top and keep the old ones.
    Generate(GenerateArguments),
}

#[derive(Debug, Args)]
struct GenerateArguments {
    /// Create this file, for its owner alone, instead of printing the line
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Runs `keys`.
pub fn run(arguments: KeysArguments) -> anyhow::Result<ExitCode> {
    let KeysAction::Generate(GenerateArguments { file }) = arguments.action;
    match file {
        None => print()?,
        Some(file) => {
            create(&file)?;
            eprintln!("Created {}. Keep a copy in a safe place: what it sealed,", file.display());
            eprintln!("nothing else opens. Name it in the configuration, as `file` in [keys].");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Only the line goes to stdout, so that it can be redirected into a file.
fn print() -> anyhow::Result<()> {
    let line = keyring::generate()?;
    writeln!(std::io::stdout(), "{}", line.expose_secret()).context("the key can't be printed")?;
    eprintln!(
        "Put this line on top of the key file that `file` in [keys] names; keep the old lines."
    );
    Ok(())
}

/// Creates a key file that only its owner may read; never overwrites a file.
pub fn create(file: &Path) -> anyhow::Result<()> {
    let line = keyring::generate()?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut created = options.open(file).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => anyhow::anyhow!(
            "{} exists, and its keys may be in use. To add a key, run `keys generate` without \
             --file and put the line on top of it",
            file.display()
        ),
        std::io::ErrorKind::NotFound => anyhow::anyhow!(
            "{} can't be created: there is no folder {folder}. Make it first: mkdir -p -m 700 {folder}",
            file.display(),
            folder = file.parent().unwrap_or(file).display()
        ),
        _ => anyhow::Error::new(error).context(format!("{} can't be created", file.display())),
    })?;
    let written = writeln!(created, "{}", line.expose_secret()).and_then(|()| created.sync_all());
    written.with_context(|| format!("{} can't be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_created_once_for_its_owner() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("keys");
        create(&file).unwrap();
        let keyring = keyring::Keyring::load(&file).unwrap();
        assert_eq!(keyring.warning(), None);
        let before = std::fs::read(&file).unwrap();
        let refusal = create(&file).unwrap_err().to_string();
        assert!(refusal.contains("its keys may be in use"), "{refusal}");
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }

    #[test]
    fn a_missing_directory_is_named() {
        let error = create(Path::new("/nowhere/at/all/keys")).unwrap_err().to_string();
        assert!(error.starts_with("/nowhere/at/all/keys can't be created: "), "{error}");
        assert!(error.ends_with("mkdir -p -m 700 /nowhere/at/all"), "{error}");
    }
}
