//! Bodies that may hold a secret: our copy is wiped after its last use. What
//! the HTTP library copies into buffers of its own is not ours.

use axum::body::Bytes;
use serde_json::Value;
use zeroize::{Zeroize as _, Zeroizing};

use crate::discord::commands;
use crate::domain::ids::CommandId;

/// More than the message with a secret takes, so that its text does not move while it is written and
/// leave a part of itself behind.
const CAPACITY: usize = 16 << 10;

/// A body whose texts are wiped with it.
pub(super) struct ZeroizedBody(pub(super) Value);

impl Drop for ZeroizedBody {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A body as it is sent, once for all tries; wiped when the last of them let go of it.
pub(super) fn serialize(body: &Value) -> Bytes {
    let mut bytes = Zeroizing::new(Vec::with_capacity(CAPACITY));
    // Writing into memory does not fail, and a value's keys are texts.
    let _ = serde_json::to_writer(&mut *bytes, body);
    Bytes::from_owner(bytes)
}

/// The same body with the command's id in all mentions of commands.
pub(super) fn fill_mentions(body: Bytes, command: Option<CommandId>) -> Bytes {
    match std::str::from_utf8(&body) {
        Ok(text) if commands::has_mentions(text) => {
            Bytes::from_owner(Zeroizing::new(commands::fill_mentions(text, command).into_bytes()))
        }
        _ => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_wiped_and_nothing_else_changes() {
        let mut body = serde_json::json!({ "content": "x", "embeds": [{ "title": "y" }], "n": 1 });
        assert_eq!(serialize(&body), body.to_string());
        wipe(&mut body);
        assert_eq!(body, serde_json::json!({ "content": "", "embeds": [{ "title": "" }], "n": 1 }));
    }
}
