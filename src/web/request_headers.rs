//! What a proxy's headers say of the request that is to be authorized, and whether any other header
//! could make the service behind the proxy take it for another one.
//!
//! A proxy hands the client's own headers on to us and to the service. So a header that some framework
//! or proxy reads as the request's method or path must not be there, however it is spelled: servers
//! for CGI and WSGI hand `X_Original_URL` on as `HTTP_X_ORIGINAL_URL` (RFC 3875, 4.1.18), and some do
//! so with dots and other characters as well. Names are therefore read word by word, whatever stands
//! between the words; the http library has put them in small letters.

use axum::http::HeaderMap;

use crate::config::HeaderFamily;
use crate::verify::Wanted;
use crate::verify::path::{RequestPath, UnclearPath};

/// Why it can't be told for certain what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclear<'a> {
    /// The proxy said nothing.
    #[error("the proxy did not tell the method and the path")]
    Missing,
    /// A client sent them as well, and the proxy let them through.
    #[error("the method or the path is told twice")]
    Twice,
    /// A header of the family that is not configured, whose name this is.
    #[error("{0} is another proxy's word on the method or the path; let your proxy remove it")]
    OtherFamily(&'a str),
    /// A header by which some service takes a request for another one, whose name this is.
    #[error("a service could take it for another one because of {0}; let your proxy remove it")]
    Misleading(&'a str),
    /// None that a scope can be for.
    #[error("the method is none that a token can be for")]
    Method,
    /// A path that can be read in two ways.
    #[error("the path can be read in two ways: {0}")]
    Path(#[from] UnclearPath),
}

/// The headers that tell the method and the path.
const fn told_by(family: HeaderFamily) -> [&'static str; 2] {
    match family {
        HeaderFamily::Forwarded => ["x-forwarded-method", "x-forwarded-uri"],
        HeaderFamily::Original => ["x-original-method", "x-original-uri"],
    }
}

const FAMILIES: [HeaderFamily; 2] = [HeaderFamily::Forwarded, HeaderFamily::Original];

/// Misleading headers whose names hold no word for a method or a path. The first one is a prefix to
/// some services; by the other two a client has Rack and Plack answer with a path that nginx then
/// serves by itself (CVE-2025-61780).
const OTHER_MISLEADING: [&str; 3] = ["x-forwarded-context", "x-accel-mapping", "x-sendfile-type"];

/// What we answer, and what the proxy hands to the service under exactly these names: in another
/// spelling they are a client's.
const ANSWERED: [&str; 3] = ["x-token-sid", "x-token-name", "x-token-version"];

/// A question of browsers (Fetch, "CORS-preflight request") that changes no request.
const PREFLIGHT: &str = "access-control-request-method";

/// What the proxy says is wanted.
///
/// # Errors
/// Where it says nothing, where it is not the only one who does, or where a header is there that could
/// lead the service past it.
pub(super) fn wanted(headers: &HeaderMap, family: HeaderFamily) -> Result<Wanted<'_>, Unclear<'_>> {
    let [method_name, path_name] = told_by(family);
    let (mut method, mut path) = (None, None);
    let mut twice = false;
    for (name, value) in headers {
        let name = name.as_str();
        if name == method_name {
            twice |= method.replace(value).is_some();
        } else if name == path_name {
            twice |= path.replace(value).is_some();
        } else if says_method_or_path(name) {
            if is_spelled_like(name, method_name) || is_spelled_like(name, path_name) {
                twice = true;
            } else {
                misleads(name)?;
            }
        } else if is_imitation(name) {
            return Err(Unclear::Misleading(name));
        }
    }
    let (Some(method), Some(path)) = (method, path) else { return Err(Unclear::Missing) };
    if twice {
        return Err(Unclear::Twice);
    }
    let method = method.to_str().ok().and_then(|method| method.parse().ok());
    let path = path.to_str().map_err(|_| UnclearPath::Character)?;
    Ok(Wanted { method: method.ok_or(Unclear::Method)?, path: RequestPath::parse(path)? })
}

/// Refuses a name that says something of a method or a path, unless it is clear that no service takes
/// it for the request's.
fn misleads(name: &str) -> Result<(), Unclear<'_>> {
    let others = FAMILIES.into_iter().flat_map(told_by);
    if others.into_iter().any(|other| is_spelled_like(name, other)) {
        return Err(Unclear::OtherFamily(name));
    }
    let (mut is_the_requests, mut says_whose) = (false, false);
    for word in words(name).filter_map(|word| part_in(word).map_or(Some(word), |rest| rest)) {
        if is_of_a_request(word) {
            is_the_requests = true;
        } else if !matches!(word, b"" | b"x" | b"name" | b"info") {
            says_whose = true;
        }
    }
    // `X-Payment-Method` is somebody's own; `X-Method` and `X-Http-Method` are not.
    let harmless = name == PREFLIGHT || (says_whose && !is_the_requests);
    if harmless { Ok(()) } else { Err(Unclear::Misleading(name)) }
}

/// Whether a header's name speaks of a method or a path at all, be it the request's or not.
fn says_method_or_path(name: &str) -> bool {
    words(name).any(|word| part_in(word).is_some())
}

fn words(name: &str) -> impl Iterator<Item = &[u8]> {
    name.as_bytes().split(|byte| !byte.is_ascii_alphanumeric())
}

/// What is left of a word that names a part of a request when that part is taken away: `original` of
/// `originalurl`, nothing of `url`. `None` where it names none.
fn part_in(word: &[u8]) -> Option<Option<&[u8]>> {
    // Most words are none, which one letter tells.
    let part: &[u8] = match word.last()? {
        b'd' => b"method",
        b'l' => b"url",
        b'i' => b"uri",
        b'h' => b"path",
        b'b' => b"verb",
        b'x' => b"prefix",
        b't' => b"script",
        b'e' if word == b"pathname" => b"pathname",
        b'e' if word == b"pathbase" => return Some(Some(b"base")),
        b'o' if word == b"pathinfo" => b"pathinfo",
        _ => return None,
    };
    let rest = word.strip_suffix(part)?;
    Some((!rest.is_empty()).then_some(rest))
}

/// Words by which proxies and frameworks mean the request itself. Seen in: Envoy, IIS and Azure,
/// ISAPI_Rewrite, Kong, Next.js and Vercel, OData, Rack, Rest.li, Spring, Symfony, Traefik, WebLogic,
/// and services of one's own behind them.
fn is_of_a_request(word: &[u8]) -> bool {
    matches!(
        word,
        b"original"
            | b"originally"
            | b"orig"
            | b"forwarded"
            | b"forward"
            | b"rewrite"
            | b"rewritten"
            | b"override"
            | b"overridden"
            | b"overwrite"
            | b"replaced"
            | b"unencoded"
            | b"encoded"
            | b"decoded"
            | b"raw"
            | b"real"
            | b"request"
            | b"requested"
            | b"matched"
            | b"invoke"
            | b"invoked"
            | b"tunnel"
            | b"tunneled"
            | b"http"
            | b"proxy"
            | b"ingress"
            | b"backend"
            | b"upstream"
            | b"context"
            | b"servlet"
            | b"base"
            | b"envoy"
            | b"restli"
            | b"wl"
    )
}

fn is_imitation(name: &str) -> bool {
    let like = |known: &&str| is_spelled_like(name, known);
    OTHER_MISLEADING.iter().any(like) || (ANSWERED.iter().any(like) && !ANSWERED.contains(&name))
}

/// Whether two names are the same to a server that takes everything between words for one character.
fn is_spelled_like(name: &str, known: &str) -> bool {
    let as_read = |byte: u8| if byte.is_ascii_alphanumeric() { byte } else { b'-' };
    name.len() == known.len()
        && name.bytes().map(as_read).zip(known.bytes()).all(|(read, known)| read == known)
}

#[cfg(test)]
mod tests;
