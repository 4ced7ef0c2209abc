//! Where the configuration is if nobody names it.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::bail;

use super::init::CONFIGURATION;

/// Beside the sources, and where a folder of its own is worked in.
const HERE: &str = "config/countersign.toml";

/// Where packages and `init` put it.
pub(super) const INSTALLED: &str = "/etc/countersign/countersign.toml";

/// The configuration to use.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ConfigFile {
    pub(super) path: PathBuf,
    /// Whether nobody named it.
    pub(super) is_default: bool,
}

impl ConfigFile {
    /// Says which file it is, if nobody named it.
    pub(super) fn log_default(&self) {
        if self.is_default {
            tracing::info!(file = %self.path.display(), "the configuration");
        }
    }
}

/// The file that was named, else the first of the usual ones that is there. The one that comes with the sources and was
/// not changed is nobody's, so that whoever installs from their folder gets the installed one.
pub(super) fn find(named: Option<&Path>) -> anyhow::Result<ConfigFile> {
    if let Some(named) = named {
        return Ok(ConfigFile { path: named.to_owned(), is_default: false });
    }
    let usual = [HERE, INSTALLED].map(Path::new);
    let root = rustix::process::geteuid().is_root();
    find_usual(usual, root && is_anothers(usual[0]))
}

/// The first of the usual ones that is there. One of another user could lead root to any file and any server.
fn find_usual(usual: [&Path; 2], is_anothers: bool) -> anyhow::Result<ConfigFile> {
    if !is_anothers {
        return find_among(usual);
    }
    let [here, installed] = usual;
    if !installed.exists() {
        let here = here.display();
        bail!("{here} belongs to another user than root: --config {here} takes it all the same");
    }
    eprintln!(
        "{HERE} is passed over: it belongs to another user than root. --config {HERE} takes it."
    );
    Ok(ConfigFile { path: installed.to_owned(), is_default: true })
}

/// Whether a file, or the folder that it is in, is there and belongs to another user than root.
fn is_anothers(file: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| path.metadata().map(|about| about.uid());
    [Some(file), file.parent()]
        .into_iter()
        .flatten()
        .any(|path| owner(path).is_ok_and(|uid| uid != 0))
        && file.exists()
}

fn find_among(usual: [&Path; 2]) -> anyhow::Result<ConfigFile> {
    // One that can't be looked at is there, and why it can't be read is said when it is.
    let is_there = |path: &&Path| match path.metadata() {
        Ok(_) => true,
        Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    };
    let [here, installed] = usual;
    let is_example =
        |path: &Path| std::fs::read_to_string(path).is_ok_and(|text| text == CONFIGURATION);
    let usual = if is_there(&installed) && is_example(here) { [installed, here] } else { usual };
    match usual.into_iter().find(is_there) {
        Some(path) => Ok(ConfigFile { path: path.to_owned(), is_default: true }),
        None => bail!(
            "there is no configuration, neither {} nor {}: `countersign init` writes one, --config FILE names \
             another",
            usual[0].display(),
            usual[1].display()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_here_comes_before_the_installed_one() {
        let folder = tempfile::tempdir().unwrap();
        let [here, installed] = ["here", "installed"].map(|name| folder.path().join(name));
        let found = || find_among([&here, &installed]);
        let none = found().unwrap_err().to_string();
        assert!(none.contains("countersign init") && none.contains("installed"), "{none}");
        for file in [&installed, &here] {
            std::fs::write(file, "").unwrap();
            assert_eq!(found().unwrap(), ConfigFile { path: file.clone(), is_default: true });
        }
        std::fs::write(&here, CONFIGURATION).unwrap();
        assert_eq!(found().unwrap().path, installed);
        std::fs::remove_file(&installed).unwrap();
        assert_eq!(found().unwrap().path, here);
        let anothers = || find_usual([&here, &installed], true);
        let refused = anothers().unwrap_err().to_string();
        assert!(refused.contains("belongs to another user than root: --config"), "{refused}");
        std::fs::write(&installed, "").unwrap();
        assert_eq!(anothers().unwrap().path, installed);
        let named = find(Some(Path::new("x"))).unwrap();
        assert_eq!(named, ConfigFile { path: "x".into(), is_default: false });
    }
}
