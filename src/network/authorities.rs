//! Certificates of authorities.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// The characters of a line in PEM (RFC 7468).
const PEM_LINE: usize = 64;

/// Certificates of authorities, each of which can be used.
#[derive(Debug, Clone, Default)]
pub struct Authorities(Vec<CertificateDer<'static>>);

/// What the system trusts.
pub(super) struct System {
    pub(super) authorities: Authorities,
    /// What can't be read of it.
    errors: Vec<String>,
}

/// Read once: where `SSL_CERT_FILE` or `SSL_CERT_DIR` say, else where the system keeps its own. A certificate
/// that can't be used is left out: such stores hold some of other times.
pub(super) static SYSTEM: LazyLock<System> = LazyLock::new(|| {
    let read = rustls_native_certs::load_native_certs();
    let usable = read.certs.into_iter().filter(is_usable);
    System {
        authorities: Authorities(usable.collect()),
        errors: read.errors.iter().map(ToString::to_string).collect(),
    }
});

/// What can't be read of the system's authorities; a system that has none is no error.
#[must_use]
pub fn read_system_errors() -> &'static [String] {
    &SYSTEM.errors
}

impl Authorities {
    /// All certificates in a PEM file.
    ///
    /// # Errors
    /// There is none, or one that can't be used; a part of a sentence that begins with the file.
    pub fn from_pem(pem: &[u8]) -> Result<Self, &'static str> {
        let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        let certificates = certificates.map_err(|_| "is no PEM")?;
        if certificates.is_empty() {
            return Err("holds no certificate");
        }
        if !certificates.iter().all(is_usable) {
            return Err("holds a certificate that can't be used");
        }
        Ok(Self(certificates))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &CertificateDer<'static>> {
        self.0.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add_to(&self, store: &mut RootCertStore) {
        store.add_parsable_certificates(self.0.iter().cloned());
    }
}

fn is_usable(certificate: &CertificateDer<'static>) -> bool {
    RootCertStore::empty().add(certificate.clone()).is_ok()
}

/// The built-in authorities, the system's, and these; what the system shares with the built-in ones is there
/// once.
pub(super) fn build_store(own: &Authorities) -> RootCertStore {
    let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let mut others = RootCertStore::empty();
    SYSTEM.authorities.add_to(&mut others);
    own.add_to(&mut others);
    for root in others.roots {
        if !store.roots.contains(&root) {
            store.roots.push(root);
        }
    }
    store
}

/// Appends certificates to a text in PEM.
pub(super) fn write_pem<'a>(
    before: &[u8],
    certificates: impl Iterator<Item = &'a CertificateDer<'static>>,
) -> Vec<u8> {
    let mut pem = before.to_vec();
    for certificate in certificates {
        pem.extend_from_slice(b"\n-----BEGIN CERTIFICATE-----\n");
        for line in STANDARD.encode(certificate).as_bytes().chunks(PEM_LINE) {
            pem.extend_from_slice(line);
            pem.push(b'\n');
        }
        pem.extend_from_slice(b"-----END CERTIFICATE-----\n");
    }
    pem
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_survive_a_way_through_pem() {
        let all: Vec<_> = SYSTEM.authorities.iter().cloned().collect();
        assert!(!all.is_empty(), "install ca-certificates");
        let pem = write_pem(b"", all.iter());
        assert_eq!(Authorities::from_pem(&pem).unwrap().0, all);
    }

    #[test]
    fn what_holds_no_usable_certificate_is_refused() {
        let wrong = |pem: &[u8]| Authorities::from_pem(pem).unwrap_err();
        assert_eq!(wrong(b"-----BEGIN"), "holds no certificate");
        let empty = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(wrong(empty), "holds a certificate that can't be used");
        let open = b"-----BEGIN CERTIFICATE-----\nAAAA\n";
        assert_eq!(wrong(open), "is no PEM");
    }

    /// Most systems trust what is built in: the store would have all of that twice.
    #[test]
    fn an_authority_is_in_the_store_once() {
        let store = build_store(&Authorities::default());
        for (index, root) in store.roots.iter().enumerate() {
            assert!(!store.roots[index + 1..].contains(root), "{:?}", root.subject);
        }
        assert!(store.roots.len() >= webpki_roots::TLS_SERVER_ROOTS.len());
    }
}
