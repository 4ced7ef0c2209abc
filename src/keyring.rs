//! Encrypts and decrypts what must not be in the database in plain text.
//!
//! A key file has lines `id:base64`, 32 bytes each. The first key encrypts, all of them decrypt, so a
//! new key goes to the top and old ones stay until nothing is encrypted with them. Empty lines and
//! lines that start with `#` are ignored.
//!
//! The format, XChaCha20-Poly1305: a version byte (1), the length of the key's id in a byte, the
//! id, 24 bytes of nonce, the ciphertext with its tag. Everything before the ciphertext, and the
//! identity of the row, are authenticated with it: moved to another row, it can't be decrypted.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{Key, KeyInit, XChaCha20Poly1305, XNonce};
use rand::TryRngCore as _;
use rand::rngs::OsRng;
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const KEY_SIZE: usize = 32;
const NONCE_SIZE: usize = 24;
/// The id of the user who may do everything.
#[cfg(unix)]
const ROOT: u32 = 0;
/// Longest id of a key; its length has to fit a byte.
const ID_LIMIT: usize = 32;

/// An encrypted secret that only a [`Keyring`] opens. Safe to store; `Debug` doesn't show it all the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// What the database stores.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// From the database. It is not checked until it is opened.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The id of the key that encrypted it, if it is whole enough to tell; what comes before the nonce suffices.
    pub fn key_id(&self) -> Option<&str> {
        let [VERSION, length, ..] = *self.0 else { return None };
        let id = std::str::from_utf8(self.0.get(2..2 + usize::from(length))?).ok()?;
        is_id(id).then_some(id)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// The keys of a key file.
pub struct Keyring {
    /// The first seals; there is at least one.
    keys: Vec<NamedKey>,
    /// What `check` shows the operator.
    warning: Option<KeyFileWarning>,
}

struct NamedKey {
    id: String,
    cipher: XChaCha20Poly1305,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.key_ids()).finish()
    }
}

/// What is unwise about a key file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{} can be read by others than its owner: keep them out with `chmod 600 {}`",
    file.display(),
    file.display()
)]
pub struct KeyFileWarning {
    /// The key file.
    pub file: PathBuf,
}

/// Why a key file gives no keyring. No part of a key is quoted.
#[derive(Debug)]
pub enum KeyFileError {
    /// It can't be read.
    Read(PathBuf, std::io::Error),
    /// It has no key in it.
    Empty,
    /// A line has another form.
    Line {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl KeyFileError {
    /// What is wrong.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Read(file, error) => {
                let why = match error.kind() {
                    ErrorKind::NotFound => "there is no such file".to_owned(),
                    ErrorKind::InvalidData => "it is no text".to_owned(),
                    _ => error.to_string(),
                };
                format!("the key file {} can't be read: {why}", file.display())
            }
            Self::Empty => "the key file has no key".to_owned(),
            Self::Line { line, reason } => format!("line {line} of the key file {reason}"),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn cure(&self) -> String {
        const COPY: &str = "put your copy of the key file in its place";
        match self {
            Self::Read(file, error) if error.kind() == ErrorKind::NotFound => format!(
                "`countersign keys generate --file {}` makes one. If there was one before, put your copy of it \
                 back: nothing else opens what it encrypted",
                file.display()
            ),
            Self::Read(_, error) if error.kind() == ErrorKind::PermissionDenied => {
                "let the user that runs this read it, and nobody else".to_owned()
            }
            Self::Read(..) => COPY.to_owned(),
            Self::Empty => format!(
                "{COPY}; if there was never a key, put the line into it that `countersign keys generate` prints"
            ),
            Self::Line { .. } => format!(
                "correct that line (ID:BASE64, as `countersign keys generate` prints it), or {COPY}"
            ),
        }
    }
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what(), self.cure())
    }
}

impl std::error::Error for KeyFileError {}

/// Why a secret can't be encrypted.
#[derive(Debug, thiserror::Error)]
#[error("a secret couldn't be sealed: the operating system gave no randomness, or it is too large")]
pub struct SealError;

/// Why something encrypted can't be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It was encrypted with a key that is gone.
    #[error("it was sealed with the key \"{0}\", which the key file lacks: put that line back")]
    UnknownKey(String),
    /// It was altered, cut, or belongs to another row.
    #[error("it was altered, or belongs elsewhere")]
    Altered,
}

impl Keyring {
    /// Reads a key file.
    pub fn load(file: &Path) -> Result<Self, KeyFileError> {
        let failed = |error| KeyFileError::Read(file.to_owned(), error);
        let text = Zeroizing::new(std::fs::read_to_string(file).map_err(failed)?);
        let mut keyring = Self::parse(&text)?;
        let open = is_open_to_others(file).map_err(failed)?;
        keyring.warning = open.then(|| KeyFileWarning { file: file.to_owned() });
        Ok(keyring)
    }

    /// Reads the text of a key file.
    pub fn parse(text: &str) -> Result<Self, KeyFileError> {
        let mut keys: Vec<NamedKey> = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let refuse = |reason| KeyFileError::Line { line: index + 1, reason };
            let key = parse_key(line).map_err(refuse)?;
            if keys.iter().any(|other| other.id == key.id) {
                return Err(refuse("has the id of an earlier line"));
            }
            keys.push(key);
        }
        if keys.is_empty() {
            return Err(KeyFileError::Empty);
        }
        Ok(Self { keys, warning: None })
    }

    /// What is unwise about the file that it came from.
    pub fn warning(&self) -> Option<&KeyFileWarning> {
        self.warning.as_ref()
    }

    /// The ids of its keys; the first one's seals.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|key| key.id.as_str())
    }

    /// Seals a secret for the row of that identity, e.g. `delivery:42`.
    pub fn seal(&self, secret: &SecretString, identity: &str) -> Result<Sealed, SealError> {
        let key = self.keys.first().ok_or(SealError)?;
        let length = u8::try_from(key.id.len()).map_err(|_| SealError)?;
        let mut nonce = [0; NONCE_SIZE];
        OsRng.try_fill_bytes(&mut nonce).map_err(|_| SealError)?;

        let mut sealed = vec![VERSION, length];
        sealed.extend_from_slice(key.id.as_bytes());
        let aad = associated_data(&sealed, identity);
        let payload = Payload { msg: secret.expose_secret().as_bytes(), aad: &aad };
        let ciphertext =
            key.cipher.encrypt(XNonce::from_slice(&nonce), payload).map_err(|_| SealError)?;
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&ciphertext);
        Ok(Sealed(sealed))
    }

    /// Opens what was encrypted for the row of that identity.
    pub fn open(&self, sealed: &Sealed, identity: &str) -> Result<SecretString, OpenError> {
        let parts = split(&sealed.0).ok_or(OpenError::Altered)?;
        let id = std::str::from_utf8(parts.id).map_err(|_| OpenError::Altered)?;
        // An altered id may be anything, and errors are logged.
        let key = match self.keys.iter().find(|key| key.id == id) {
            Some(key) => key,
            None if is_id(id) => return Err(OpenError::UnknownKey(id.to_owned())),
            None => return Err(OpenError::Altered),
        };
        let aad = associated_data(parts.header, identity);
        let payload = Payload { msg: parts.ciphertext, aad: &aad };
        let opened = key.cipher.decrypt(XNonce::from_slice(parts.nonce), payload);
        let opened = Zeroizing::new(opened.map_err(|_| OpenError::Altered)?);
        let text = std::str::from_utf8(&opened).map_err(|_| OpenError::Altered)?;
        Ok(SecretString::from(text))
    }
}

struct SealedParts<'a> {
    /// All before the nonce.
    header: &'a [u8],
    id: &'a [u8],
    nonce: &'a [u8],
    ciphertext: &'a [u8],
}

fn split(sealed: &[u8]) -> Option<SealedParts<'_>> {
    let [version, length, ..] = *sealed else { return None };
    let (header, rest) = sealed.split_at_checked(2 + usize::from(length))?;
    let (nonce, ciphertext) = rest.split_at_checked(NONCE_SIZE)?;
    (version == VERSION).then(|| SealedParts { header, id: &header[2..], nonce, ciphertext })
}

/// The header has its own length, so that no identity can look like a part of it.
fn associated_data(header: &[u8], identity: &str) -> Vec<u8> {
    [header, identity.as_bytes()].concat()
}

fn is_id(text: &str) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    (1..=ID_LIMIT).contains(&text.len()) && text.bytes().all(known)
}

fn parse_key(line: &str) -> Result<NamedKey, &'static str> {
    let (id, encoded) = line.split_once(':').ok_or("has no colon")?;
    if !is_id(id) {
        return Err("has another id than 1 to 32 of A-Z, a-z, 0-9, - and _");
    }
    let wrong = "has no key of 32 bytes in base64";
    let mut key = Zeroizing::new([0; KEY_SIZE + 3]); // the decoder wants whole groups of three
    match STANDARD.decode_slice(encoded.trim(), key.as_mut_slice()) {
        Ok(KEY_SIZE) => {}
        _ => return Err(wrong),
    }
    let cipher = XChaCha20Poly1305::new(Key::from_slice(&key[..KEY_SIZE]));
    Ok(NamedKey { id: id.to_owned(), cipher })
}

/// Whether others may read or write a file.
#[cfg(unix)]
pub(crate) fn is_open_to_others(file: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let about = std::fs::metadata(file)?;
    let reader = rustix::process::geteuid().as_raw();
    Ok(is_mode_open(about.mode(), about.uid(), reader))
}

/// Whether everyone on this machine may read or write a file.
#[cfg(unix)]
pub(crate) fn is_open_to_all(file: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    Ok(std::fs::metadata(file)?.mode() & 0o007 != 0)
}

/// The same by its mode, its owner, and who reads it. A file of root that we may read, as systemd (by an access list,
/// which shows as the group's rights) and Kubernetes hand them out, can only be read through its group. Root needs no
/// group to read a file of another user.
#[cfg(unix)]
fn is_mode_open(mode: u32, owner: u32, reader: u32) -> bool {
    let reads_by_group = reader != owner && reader != ROOT;
    let closed = if reads_by_group { 0o037 } else { 0o077 };
    mode & closed != 0
}

#[cfg(not(unix))]
pub(crate) fn is_open_to_all(_: &Path) -> std::io::Result<bool> {
    Ok(false)
}

#[cfg(not(unix))]
pub(crate) fn is_open_to_others(_: &Path) -> std::io::Result<bool> {
    Ok(false)
}

/// A line for a key file with a new key, without its end. The id is random too: it only has to
/// differ from those of other keys.
pub fn generate() -> Result<SecretString, SealError> {
    let mut id = [0; 4];
    let mut key = Zeroizing::new([0; KEY_SIZE]);
    OsRng.try_fill_bytes(&mut id).map_err(|_| SealError)?;
    OsRng.try_fill_bytes(key.as_mut_slice()).map_err(|_| SealError)?;
    let encoded = Zeroizing::new(STANDARD.encode(key.as_slice()));
    Ok(SecretString::from(format!("k{}:{}", hex::encode(id), encoded.as_str())))
}

#[cfg(test)]
mod tests;
