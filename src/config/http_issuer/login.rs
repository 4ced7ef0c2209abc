//! Reads `login`, the call that gets a token for other calls, and the client's certificate.

use super::call::Reader;
use super::response;
use crate::config::document::Section;
use crate::config::http_settings::{ClientCertificate, HttpCall, HttpLogin, ResponsePointers};
use crate::config::http_template::Knows;
use crate::config::secrets::Base;
use crate::config::values::pointer;

/// The keys of `login`.
pub(super) const LOGIN_KEYS: &[&str] =
    &["method", "url", "headers", "body", "form", "response", "refused_if"];

const LOGIN_POINTER_KEYS: &[&str] = &["token", "expires_at", "error"];

impl Reader<'_> {
    /// `login`, which can use only the operator's own values.
    pub(super) fn login(&mut self, section: &Section<'_>) -> Option<HttpLogin> {
        let call = self.request(section, Knows::NOTHING);
        let answer = section.section("response", LOGIN_POINTER_KEYS);
        let cure = "where the answer holds it, such as \"/access_token\"";
        let token = answer.required("token", cure, response::source);
        let expires_at = response::end_at(&answer);
        let error = answer.optional("error", pointer);
        let token = token?;
        let secret = vec![token.clone()];
        let pointers = ResponsePointers { error, secret, ..ResponsePointers::default() };
        let call = HttpCall { response: pointers, ..call? };
        Some(HttpLogin { call, token, expires_at })
    }
}

/// `client_certificate_file` and `client_key_file`, both or neither; none outside if one can't be used.
pub(super) fn client_certificate(
    section: &Section<'_>,
    base: Base<'_>,
) -> Option<Option<ClientCertificate>> {
    const KEYS: [&str; 2] = ["client_certificate_file", "client_key_file"];
    match KEYS.map(|key| section.has(key)) {
        [false, false] => return Some(None),
        [true, true] => {}
        [has_certificate, _] => {
            let missing = KEYS[usize::from(has_certificate)];
            section.refuse(missing, "is missing: the certificate and its key belong together");
        }
    }
    let certificate = section.optional(KEYS[0], |node| base.certificates(node));
    let key = section.optional(KEYS[1], |node| base.private_key(node));
    Some(Some(ClientCertificate { certificate: certificate?, key: key? }))
}
