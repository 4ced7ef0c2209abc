//! A file that comes with a message.

use std::fmt;

use axum::body::Bytes;
use serde_json::{Value, json};

/// A file, and what it is called where it is downloaded.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Letters, digits, dots and hyphens only: Discord changes others.
    pub name: String,
    /// What is in it.
    pub content: Bytes,
}

/// The number by which the body of a message knows the file that is sent beside it.
const NUMBER: u8 = 0;

impl File {
    /// Discord's component for it.
    pub(super) fn build_component(&self) -> Value {
        json!({"type": 13, "file": {"url": format!("attachment://{}", self.name)}})
    }

    /// Its entry among the message's attachments.
    pub(super) fn describe(&self) -> Value {
        json!({"id": NUMBER.to_string(), "filename": self.name})
    }

    /// The body of `multipart/form-data` that holds the message, as JSON, and the file. The boundary must
    /// stand in neither.
    pub fn build_multipart(&self, message: &[u8], boundary: &str) -> Vec<u8> {
        let mut body = Vec::with_capacity(message.len() + self.content.len() + 512);
        body.extend_from_slice(
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\
                 Content-Type: application/json\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(message);
        body.extend_from_slice(
            format!(
                "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"files[{NUMBER}]\"; \
                 filename=\"{}\"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
                self.name
            )
            .as_bytes(),
        );
        body.extend_from_slice(&self.content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        body
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({:?}, {} bytes)", self.name, self.content.len())
    }
}
