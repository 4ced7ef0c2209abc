//! Files in the directory for emails.

use std::fs::Permissions;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::NamedTempFile;

/// A hidden file of its own, which goes with its value. Whoever else may write there can't have prepared it, and lead a
/// process of root's to another file.
pub(super) fn new_file(directory: &Path) -> std::io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".")
        .suffix(".part")
        // As of any new file; the process masks what it masks.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(directory)
}

/// Writes a file so that whoever looks sees all of it or nothing; the same name again replaces it.
pub(super) async fn write_whole(
    directory: &Path,
    name: &str,
    content: &[u8],
) -> std::io::Result<()> {
    let (directory, file, content) =
        (directory.to_owned(), directory.join(name), content.to_owned());
    let written = tokio::task::spawn_blocking(move || {
        let mut unfinished = new_file(&directory)?;
        unfinished.write_all(&content)?;
        unfinished.persist(file).map(drop).map_err(|error| error.error)
    });
    written.await.unwrap_or_else(|error| Err(error.into()))
}
