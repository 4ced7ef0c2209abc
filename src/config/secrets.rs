//! Secrets and other files that a configuration names.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use url::Url;

use super::document::{Node, Read, Section};
use super::problem::Place;
use super::values::{quoted, text};

/// The directory of the configuration, which every path starts from.
#[derive(Clone, Copy)]
pub(super) struct Base<'a> {
    pub(super) folder: &'a Path,
    /// Collects the files that secrets were read from.
    pub(super) secret_files: &'a RefCell<BTreeSet<PathBuf>>,
}

impl Base<'_> {
    /// A path, whether or not something is there.
    pub(super) fn path(self, node: &Node) -> Read<PathBuf> {
        let text = text(node)?;
        if text.is_empty() || text.contains('\0') {
            return Err("takes a path".to_owned());
        }
        Ok(self.folder.join(text))
    }

    /// The text of a file.
    pub(super) fn file_text(self, node: &Node) -> Read<String> {
        let path = self.path(node)?;
        std::fs::read_to_string(&path).map_err(|error| cannot_read(&path, &error))
    }

    /// A file of certificates in PEM.
    pub(super) fn certificates(self, node: &Node) -> Read<PathBuf> {
        if self.file_text(node)?.contains("-----BEGIN CERTIFICATE-----") {
            return self.path(node);
        }
        Err(format!("takes a PEM file, and {} holds no certificate", quoted(text(node)?)))
    }

    /// A file of a private key in PEM.
    pub(super) fn private_key(self, node: &Node) -> Read<PathBuf> {
        if self.file_text(node)?.contains("PRIVATE KEY-----") {
            return self.path(node);
        }
        Err(format!("takes a PEM file, and {} holds no private key", quoted(text(node)?)))
    }

    /// A secret, in the key itself or in the file that `KEY_file` names. The environment wins over
    /// the file, whichever of the two it sets.
    pub(super) fn secret(self, section: &Section<'_>, key: &str) -> Option<SecretString> {
        let file_key = format!("{key}_file");
        let in_environment = |key: &str| matches!(section.place_of(key), Place::Variable(_));
        let (here, there) = (section.has(key), section.has(&file_key));
        if here && there && in_environment(key) == in_environment(&file_key) {
            section.refuse(key, format!("and {file_key} are both set: keep one of them"));
            return None;
        }
        if there && (!here || in_environment(&file_key)) {
            section.optional(&file_key, |node| self.secret_in_file(node))
        } else {
            section.optional(key, |node| self.secret_here(node))
        }
    }

    /// The secret in the file that a value names.
    pub(super) fn secret_in_file(self, node: &Node) -> Read<SecretString> {
        let read = secret(&self.file_text(node)?)?;
        self.secret_files.borrow_mut().insert(self.path(node)?);
        Ok(read)
    }

    /// The secret that is a value itself.
    pub(super) fn secret_here(self, node: &Node) -> Read<SecretString> {
        let written = text(node)?;
        if let Place::File(file, _) = &node.place
            && holds_secret(written)
        {
            self.secret_files.borrow_mut().insert(PathBuf::from(&**file));
        }
        secret(written)
    }

    /// A [`Self::secret`] that has to be there.
    pub(super) fn required_secret(
        self,
        section: &Section<'_>,
        key: &str,
        cure: &str,
    ) -> Option<SecretString> {
        if !section.has(key) && !section.has(&format!("{key}_file")) {
            section.refuse(
                key,
                format!("is missing: set it to {cure}, or {key}_file to a file that holds it"),
            );
        }
        self.secret(section, key)
    }
}

/// So long a part of a web address's path may be a key, as of a webhook.
const LIKE_A_KEY: usize = 16;

/// Whether a value tells a secret: everything does but an address that shows none. `user:secret` has the form of a URL,
/// so only the schemes that are addresses count.
fn holds_secret(written: &str) -> bool {
    const ADDRESSES: [&str; 7] =
        ["postgres", "postgresql", "smtp", "smtps", "file", "http", "https"];
    let Ok(url) = Url::parse(written) else { return true };
    let is_web = matches!(url.scheme(), "http" | "https");
    !ADDRESSES.contains(&url.scheme())
        || url.password().is_some()
        // A token may stand in the place of a user, or in the query.
        || is_web && (!url.username().is_empty() || url.query().is_some())
        || is_web && url.path().split('/').any(|part| part.len() >= LIKE_A_KEY)
        || url.query_pairs().any(|(key, _)| key.to_ascii_lowercase().contains("password"))
}

/// One line; what ends it is no part of the secret.
pub(super) fn secret(text: &str) -> Read<SecretString> {
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    if text.chars().any(char::is_control) || text != text.trim() {
        return Err("takes a single line without spaces around it".to_owned());
    }
    Ok(SecretString::from(text))
}

/// What reading a file that the configuration names came to, with what to do about it.
pub(super) fn cannot_read(path: &Path, error: &std::io::Error) -> String {
    let hint = match error.kind() {
        std::io::ErrorKind::NotFound => "; relative paths start where the configuration is",
        _ => "",
    };
    format!("can't be read from {}: {}{hint}", path.display(), reason(error))
}

/// Why a file can't be read, for people.
pub(super) fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "let the user that runs this read it".to_owned(),
        ErrorKind::InvalidData => "it has to be text, in UTF-8".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_secret_unless_it_is_an_address_without_one() {
        for (written, expected) in [
            ("MTIz.abc.def", true),
            ("user:secret", true),
            ("user:/secret", true),
            ("postgres://bot:secret@db/countersign", true),
            ("postgres://db/countersign?user=bot&password=secret", true),
            ("https://token@example.com", true),
            ("https://example.com/?key=secret", true),
            ("https://hooks.example.com/T0/b7Kq2ZpW9xY4mN1c", true),
            ("https://example.com/api/v1", false),
            ("postgres://bot@%2Frun%2Fpostgresql/countersign?sslmode=disable", false),
            ("smtp://localhost:25", false),
            ("file:///var/mail/countersign", false),
            ("http://127.0.0.1:3000", false),
        ] {
            assert_eq!(holds_secret(written), expected, "{written}");
        }
    }
}
