//! `compress=zlib-stream` (one zlib context for a whole connection) and payloads that are
//! compressed each by itself.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compress, Compression, FlushCompress};
use tokio_tungstenite::tungstenite::Message;

/// How payloads become WebSocket messages on one connection.
pub(super) enum Encoder {
    Plain,
    ZlibStream(Box<Compress>),
    /// Requested by the client in its IDENTIFY; only without transport compression.
    Payloads,
}

impl Encoder {
    pub fn zlib_stream() -> Self {
        Self::ZlibStream(Box::new(Compress::new(Compression::default(), true)))
    }

    pub fn encode(&mut self, payload: String) -> std::io::Result<Message> {
        match self {
            Self::Plain => Ok(Message::text(payload)),
            Self::ZlibStream(context) => {
                flush_through(context, payload.as_bytes()).map(Message::binary)
            }
            Self::Payloads => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
                encoder.write_all(payload.as_bytes())?;
                encoder.finish().map(Message::binary)
            }
        }
    }
}

/// Ends with the bytes `00 00 ff ff` (`Z_SYNC_FLUSH`), by which a client knows that the payload is
/// complete.
fn flush_through(context: &mut Compress, input: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut output = Vec::with_capacity(input.len() / 2 + 64);
    let start = context.total_in();
    loop {
        let consumed = usize::try_from(context.total_in() - start).unwrap_or(input.len());
        context.compress_vec(&input[consumed..], &mut output, FlushCompress::Sync)?;
        // A flush is complete once there was room to spare behind it.
        if output.len() < output.capacity() {
            return Ok(output);
        }
        output.reserve(output.capacity().max(64));
    }
}
