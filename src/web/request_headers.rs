//! What a proxy sends about the request to authorize, and whether any other header could make
//! the service behind the proxy read another request.
//!
//! A proxy passes the client's own headers to us and to the service. So a header that some framework
//! or proxy reads as the request's method or path must not be there, however it is spelled: servers
//! for CGI and WSGI pass `X_Original_URL` on as `HTTP_X_ORIGINAL_URL` (RFC 3875, 4.1.18), some do so with
//! dots and other characters as well, and others compare without any of them. Names are therefore read
//! as their letters alone, and word by word, whatever is between the words; digits are
//! ignored. The http library has put them in small letters.

use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, HeaderValue, Method, Uri};

use crate::config::HeaderFamily;
use crate::verify::RequestedCall;
use crate::verify::path::{RequestPath, UnclearPath};

use super::authorize::PATH;

/// Why the request is unclear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unclear<'a> {
    /// The proxy sent nothing.
    #[error("the proxy did not tell the method and the path")]
    Missing,
    /// A client sent them as well, and the proxy passed them on.
    #[error("the method or the path is told twice")]
    Twice,
    /// A header of a family that is not configured, with its name.
    #[error("{0} is another proxy's word on the method or the path; let your proxy remove it")]
    OtherFamily(&'a str),
    /// A header by which some service reads another request, with its name.
    #[error("a service could take it for another one because of {0}; let your proxy remove it")]
    Misleading(&'a str),
    /// Not a URL as ingress-nginx writes it.
    #[error("the URL is none of a scheme, a host and a path")]
    Url,
    /// A method that no scope can have.
    #[error("the method is none that a token can be for")]
    Method,
    /// A path that can be read in two ways.
    #[error("the path can be read in two ways: {0}")]
    Path(#[from] UnclearPath),
}

/// A proxy's question, as it arrived.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

impl<'a> From<&'a Request> for Question<'a> {
    fn from(request: &'a Request) -> Self {
        Self { method: request.method(), uri: request.uri(), headers: request.headers() }
    }
}

impl<'a> From<&'a Parts> for Question<'a> {
    fn from(parts: &'a Parts) -> Self {
        Self { method: &parts.method, uri: &parts.uri, headers: &parts.headers }
    }
}

/// The headers with the method and the path; Envoy has none.
const fn headers_of(family: HeaderFamily) -> &'static [&'static str] {
    match family {
        HeaderFamily::Forwarded => &["x-forwarded-method", "x-forwarded-uri"],
        HeaderFamily::Original => &["x-original-method", "x-original-uri"],
        HeaderFamily::IngressNginx => &["x-original-method", "x-original-url"],
        HeaderFamily::Envoy => &[],
    }
}

/// The headers of all families.
const FAMILY_HEADERS: [&str; 5] = [
    "x-forwarded-method",
    "x-forwarded-uri",
    "x-original-method",
    "x-original-uri",
    "x-original-url",
];

/// Misleading headers whose names hold no word for a method or a path, or not the request's, in letters.
const OTHER_MISLEADING: [&str; 7] = [
    // Some services read it as a prefix.
    "xforwardedcontext",
    // With these a client makes Rack and Plack answer with a path that nginx then serves by itself
    // (CVE-2025-61780).
    "xaccelmapping",
    "xsendfiletype",
    // The second path of WebDAV (RFC 4918, 10.3).
    "destination",
    // The parameters of Vercel's and Next.js' routes.
    "xnowroutematches",
    "xoriginalrequest",
    "xrequesttarget",
];

/// Next.js stores in these what its middleware decided: another path, or not to be called at all
/// (CVE-2025-29927).
const NEXT_MIDDLEWARE: &[u8] = b"xmiddleware";

/// Our answer, which the proxy sends to the service under exactly these names. In another
/// spelling they are the client's.
const ANSWERED: [&str; 3] = ["x-token-sid", "x-token-name", "x-token-version"];

/// A question of browsers (Fetch, "CORS-preflight request") that changes no request: which method the
/// real one will have.
const PREFLIGHT: &str = "access-control-request-method";

/// The request that the proxy sent.
///
/// # Errors
/// It sent nothing, a client sent such a header too, or another header could make the service
/// read another request.
pub(super) fn read_request(
    question: Question<'_>,
    family: HeaderFamily,
) -> Result<RequestedCall<'_>, Unclear<'_>> {
    let values = read_once(question.headers, headers_of(family))?;
    let (method, target) = match (family, values) {
        (HeaderFamily::Envoy, _) => (question.method.as_str(), path_after_ours(question.uri)),
        (_, [Some(method), Some(path)]) => (method.to_str().unwrap_or_default(), text(path)?),
        _ => return Err(Unclear::Missing),
    };
    let path = match family {
        HeaderFamily::IngressNginx => path_of(target).ok_or(Unclear::Url)?,
        _ => target,
    };
    let method = method.parse().map_err(|_| Unclear::Method)?;
    Ok(RequestedCall { method, path: RequestPath::parse(path)? })
}

/// The values of the headers with these names, each of which may be there once, in no other spelling,
/// and without any header that misleads.
fn read_once<'a>(
    headers: &'a HeaderMap,
    names: &[&str],
) -> Result<[Option<&'a HeaderValue>; 2], Unclear<'a>> {
    let mut values = [None; 2];
    let mut twice = false;
    let mut letters = Vec::new();
    for (name, value) in headers {
        let name = name.as_str();
        letters.clear();
        letters.extend(name.bytes().filter(u8::is_ascii_alphabetic));
        let place = names.iter().position(|known| name == *known);
        if let Some(place) = place.and_then(|place| values.get_mut(place)) {
            twice |= place.replace(value).is_some();
        } else if names.iter().any(|known| are_letters_of(&letters, known)) {
            twice = true;
        } else if is_imitation(name, &letters) {
            return Err(Unclear::Misleading(name));
        } else if holds_part(&letters) {
            check_name(name, &letters)?;
        }
    }
    if twice && values.iter().all(Option::is_some) { Err(Unclear::Twice) } else { Ok(values) }
}

fn text(value: &HeaderValue) -> Result<&str, UnclearPath> {
    value.to_str().map_err(|_| UnclearPath::Character)
}

/// The path after our own, where Envoy appends the request's, query included.
fn path_after_ours(uri: &Uri) -> &str {
    let whole = uri.path_and_query().map_or("", PathAndQuery::as_str);
    whole.strip_prefix(PATH).unwrap_or_default()
}

/// The path of a URL as ingress-nginx writes it: scheme, host, and what the request's first line had. The
/// client chooses the host, in which nginx allows characters that begin a query or a fragment.
fn path_of(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    (!host.is_empty() && host.bytes().all(is_plain)).then_some(path)
}

/// Whether a request with `OPTIONS` and no credentials is a browser's preflight, which has no
/// token: some proxies pass a client's token headers on if we don't set them.
pub(super) fn is_preflight(headers: &HeaderMap) -> bool {
    let mut methods = headers.get_all(PREFLIGHT).iter();
    let (Some(method), None) = (methods.next(), methods.next()) else { return false };
    Method::from_bytes(method.as_bytes()).is_ok()
        && !ANSWERED.into_iter().any(|name| headers.contains_key(name))
}

/// Refuses a name about a method or a path, unless it is clear that no service reads
/// it as the request's.
fn check_name<'a>(name: &'a str, letters: &[u8]) -> Result<(), Unclear<'a>> {
    if FAMILY_HEADERS.into_iter().any(|other| are_letters_of(letters, other)) {
        return Err(Unclear::OtherFamily(name));
    }
    // `X-Payment-Method` is about something else; `X-Method` and `X-Http-Method` are not.
    let is_the_requests = names_method_or_path(name) && !is_about_something_else(name)
        || has_part_beside_request(letters)
        || is_nothing_but_part(letters);
    if is_the_requests && name != PREFLIGHT { Err(Unclear::Misleading(name)) } else { Ok(()) }
}

/// Whether a word of a header's name is about a method or a path at all, the request's or not.
fn names_method_or_path(name: &str) -> bool {
    words(name).any(|word| part_in(word).is_some())
}

/// Whether a word shows that it is about another method or path, and none that it is the request's.
fn is_about_something_else(name: &str) -> bool {
    let mut is_other = false;
    for word in words(name).filter_map(|word| part_in(word).map_or(Some(word), |rest| rest)) {
        if is_of_a_request(word) {
            return false;
        }
        is_other |= !matches!(word, b"" | b"x" | b"name" | b"info");
    }
    is_other
}

/// Without digits at their ends.
fn words(name: &str) -> impl Iterator<Item = &[u8]> {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .map(|word| word.trim_matches(|c: char| c.is_ascii_digit()).as_bytes())
}

/// Parts of a request in names; one that another one begins with comes first.
const PARTS: [&[u8]; 7] = [b"method", b"path", b"prefix", b"script", b"uri", b"url", b"verb"];

/// The part that some letters begin with.
fn part_at(letters: &[u8]) -> Option<&'static [u8]> {
    if !matches!(letters.first()?, b'm' | b'p' | b's' | b'u' | b'v') {
        return None;
    }
    let part = PARTS.into_iter().find(|part| letters.starts_with(part))?;
    let is_other: [&[u8]; 3] = [b"verbose", b"verbosity", b"verbatim"];
    (!is_other.iter().any(|word| letters.starts_with(word))).then_some(part)
}

/// Whether they contain any part, in any word.
fn holds_part(letters: &[u8]) -> bool {
    (0..letters.len()).any(|at| part_at(&letters[at..]).is_some())
}

/// Whether a part is right before or after a word that means the request: `methodoverride`. Short
/// words are parts of others too often (`database`, `crawl`).
fn has_part_beside_request(letters: &[u8]) -> bool {
    let is_long = |word: &&&[u8]| word.len() >= 4 && **word != b"base";
    (0..letters.len()).any(|at| {
        let Some(part) = part_at(&letters[at..]) else { return false };
        let (before, after) = (&letters[..at], &letters[at + part.len()..]);
        let after = after.strip_prefix(b"s").unwrap_or(after);
        REQUEST_WORDS
            .iter()
            .filter(is_long)
            .any(|word| before.ends_with(word) || after.starts_with(word))
    })
}

/// Whether it is only a part's name: `xscriptname`.
fn is_nothing_but_part(mut letters: &[u8]) -> bool {
    const BESIDE: [&[u8]; 4] = [b"x", b"name", b"info", b"s"];
    while !letters.is_empty() {
        let beside = || BESIDE.into_iter().find(|word| letters.starts_with(word));
        let Some(word) = part_at(letters).or_else(beside) else { return false };
        letters = &letters[word.len()..];
    }
    true
}

/// The rest of a word that contains the name of a part of a request: `original` of
/// `originalurl`, nothing of `url`. `None` where it names none.
fn part_in(word: &[u8]) -> Option<Option<&[u8]>> {
    // Most words match none, which one letter shows.
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
const REQUEST_WORDS: [&[u8]; 36] = [
    b"original",
    b"originally",
    b"orig",
    b"forwarded",
    b"forward",
    b"rewrite",
    b"rewritten",
    b"override",
    b"overridden",
    b"overwrite",
    b"replaced",
    b"unencoded",
    b"encoded",
    b"decoded",
    b"raw",
    b"real",
    b"request",
    b"requested",
    b"matched",
    b"invoke",
    b"invoked",
    b"tunnel",
    b"tunneled",
    b"http",
    b"proxy",
    b"ingress",
    b"backend",
    b"upstream",
    b"context",
    b"servlet",
    b"base",
    b"envoy",
    b"restli",
    b"wl",
    b"destination",
    b"prepend",
];

fn is_of_a_request(word: &[u8]) -> bool {
    REQUEST_WORDS.contains(&word)
}

fn is_imitation(name: &str, letters: &[u8]) -> bool {
    OTHER_MISLEADING.iter().any(|known| known.as_bytes() == letters)
        || letters.starts_with(NEXT_MIDDLEWARE)
        || (ANSWERED.iter().any(|known| are_letters_of(letters, known))
            && !ANSWERED.contains(&name))
}

/// Whether these are the letters of a known name.
fn are_letters_of(letters: &[u8], known: &str) -> bool {
    letters.iter().copied().eq(known.bytes().filter(u8::is_ascii_alphabetic))
}

#[cfg(test)]
mod tests;
