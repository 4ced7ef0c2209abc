//! Bodies of `multipart/form-data`: the JSON in the part `payload_json`, files in `files[0]` and so on.

use axum::body::Bytes;
use serde_json::Value;

use crate::{
    attachments::{Upload, Uploads},
    refusal::{self, Refusal},
};

/// What one file may weigh in a guild without boosts.
pub(crate) const MOST_BYTES: usize = 10 * 1024 * 1024;

/// The boundary that a content type names, where it is one of parts.
pub(crate) fn boundary(content_type: &str) -> Option<&str> {
    let parameters = content_type.strip_prefix("multipart/form-data")?;
    let named = parameters.split(';').find_map(|part| part.trim().strip_prefix("boundary="));
    named.map(|boundary| boundary.trim_matches('"'))
}

/// Reads all parts.
pub(crate) fn read(boundary: &str, bytes: &Bytes) -> Result<(Value, Uploads), Refusal> {
    let (mut json, mut files) = (Value::Null, Uploads::new());
    for part in parts(boundary, bytes).ok_or(refusal::INVALID_JSON)? {
        let name = part.parameter("name").unwrap_or_default();
        if name == "payload_json" {
            json = serde_json::from_slice(&part.content).map_err(|_| refusal::INVALID_JSON)?;
            continue;
        }
        let number = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']'));
        let number = number.and_then(|number| number.parse().ok());
        let (Some(number), Some(file)) = (number, part.parameter("filename")) else { continue };
        if part.content.len() > MOST_BYTES {
            return Err(refusal::ENTITY_TOO_LARGE);
        }
        let content_type = part.header("content-type").map(str::to_owned);
        let upload = Upload { name: file.to_owned(), content_type, bytes: part.content.clone() };
        files.insert(number, upload);
    }
    Ok((json, files))
}

struct Part<'a> {
    head: &'a str,
    content: Bytes,
}

impl Part<'_> {
    fn header(&self, wanted: &str) -> Option<&str> {
        let mut headers = self.head.split("\r\n").filter_map(|line| line.split_once(':'));
        headers.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim())
    }

    /// A quoted parameter of the disposition.
    fn parameter(&self, wanted: &str) -> Option<&str> {
        let parameters = self.header("content-disposition")?.split("; ");
        let mut named = parameters.filter_map(|parameter| parameter.split_once('='));
        named.find(|(name, _)| *name == wanted).map(|(_, value)| value.trim_matches('"'))
    }
}

/// The parts between the boundaries; nothing where they aren't as they must be.
fn parts<'a>(boundary: &str, bytes: &'a Bytes) -> Option<Vec<Part<'a>>> {
    let delimiter = format!("\r\n--{boundary}");
    let mut at = format!("--{boundary}").len();
    if !bytes.starts_with(format!("--{boundary}").as_bytes()) {
        return None;
    }
    let mut parts = Vec::new();
    while !bytes.get(at..)?.starts_with(b"--") {
        let start = at + find(bytes.get(at..)?, b"\r\n")? + 2;
        let head = start + find(bytes.get(start..)?, b"\r\n\r\n")?;
        let end = head + 4 + find(bytes.get(head + 4..)?, delimiter.as_bytes())?;
        let content = bytes.slice(head + 4..end);
        parts.push(Part { head: std::str::from_utf8(&bytes[start..head]).ok()?, content });
        at = end + delimiter.len();
    }
    Some(parts)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_json_and_files() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\
            Content-Type: application/json\r\n\r\n{\"content\":\"x\"}\r\n--b\r\n\
            Content-Disposition: form-data; name=\"files[3]\"; filename=\"a.txt\"\r\n\
            Content-Type: text/plain\r\n\r\none\r\n\r\ntwo\r\n--b--\r\n";
        let boundary = boundary("multipart/form-data; boundary=b").unwrap();
        let (json, files) = read(boundary, &Bytes::from(body)).unwrap();
        assert_eq!(json["content"], "x");
        assert_eq!(files[&3].name, "a.txt");
        assert_eq!(files[&3].content_type.as_deref(), Some("text/plain"));
        assert_eq!(files[&3].bytes, "one\r\n\r\ntwo");
        for broken in ["", "--b", "--b\r\nContent", "--c\r\n\r\n\r\n--c--"] {
            assert!(read("b", &Bytes::from(broken)).is_err(), "{broken:?}");
        }
    }
}
