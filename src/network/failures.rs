//! Why a connection failed, for an operator.

use std::error::Error;
use std::io;

use http::StatusCode;
use rustls::CertificateError;

const UNKNOWN_AUTHORITY: &str = "its certificate is signed by an authority that is not known here: set [network] \
     ca_file to that authority's certificate, in PEM (where a proxy inspects TLS, it is the proxy's)";

const PROXY_LOGIN: &str = "the proxy wants a login (407): write the right USER:PASSWORD@ before its host in \
     HTTPS_PROXY or HTTP_PROXY";

const PROXY_REFUSES: &str =
    "the proxy does not lead there: let it allow this host, or name the host in NO_PROXY";

const PROXY_UNREACHABLE: &str = "the proxy can't be reached: see HTTPS_PROXY and HTTP_PROXY, or name the host in \
     NO_PROXY";

/// A known failure as a sentence with what to do about it.
#[must_use]
pub fn find_cure(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(sentence) = recognise(error) {
            return Some(sentence);
        }
        // An I/O error's source is that of the error in it, which would be left out.
        let within = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = within.map(|within| within as &(dyn Error + 'static)).or_else(|| error.source());
    }
    None
}

/// The same for a proxy that answers in the place of a server that is called without TLS.
#[must_use]
pub fn find_refusal_of_proxy(status: StatusCode) -> Option<&'static str> {
    (status == StatusCode::PROXY_AUTHENTICATION_REQUIRED).then_some(PROXY_LOGIN)
}

/// The sentence of [`find_cure`], or the innermost cause in its own words.
#[must_use]
pub fn describe(error: &(dyn Error + 'static)) -> String {
    if let Some(sentence) = find_cure(error) {
        return sentence.to_owned();
    }
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

fn recognise(error: &(dyn Error + 'static)) -> Option<&'static str> {
    // A bad signature is that of an authority which is known by its name, with another key.
    if let Some(rustls::Error::InvalidCertificate(
        CertificateError::UnknownIssuer | CertificateError::BadSignature,
    )) = error.downcast_ref()
    {
        return Some(UNKNOWN_AUTHORITY);
    }
    // The library keeps the type of these to itself.
    match error.to_string().as_str() {
        "tunnel error: proxy authorization required" => Some(PROXY_LOGIN),
        "tunnel error: unsuccessful" => Some(PROXY_REFUSES),
        "tunnel error: failed to create underlying connection" => match error.source() {
            // A proxy that is reached by TLS has a certificate, too.
            Some(source) => find_cure(source).or(Some(PROXY_UNREACHABLE)),
            None => Some(PROXY_UNREACHABLE),
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_authority_is_found_within_an_io_error() {
        let inner = rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer);
        let error = io::Error::new(io::ErrorKind::InvalidData, inner);
        assert_eq!(describe(&error), UNKNOWN_AUTHORITY);
        let other = rustls::Error::InvalidCertificate(CertificateError::Expired);
        let error = io::Error::new(io::ErrorKind::InvalidData, other);
        assert_eq!(find_cure(&error), None);
        assert_eq!(describe(&error), "invalid peer certificate: Expired");
    }
}
