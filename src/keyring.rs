//! See the map in the crate's root.
use secrecy::SecretString;
pub struct Sealed(Vec<u8>);
impl Sealed {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
    pub fn from_bytes(b: Vec<u8>) -> Self {
        Self(b)
    }
}
impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed")
    }
}
pub struct Keyring;
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct OpenError;
impl Keyring {
    pub fn seal(&self, _s: &SecretString, _i: &str) -> Result<Sealed, OpenError> {
        Err(OpenError)
    }
    pub fn open(&self, _s: &Sealed, _i: &str) -> Result<SecretString, OpenError> {
        Err(OpenError)
    }
}
