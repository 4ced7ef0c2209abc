//! Postgres' messages as they go over the wire, version 3 of the protocol:
//! <https://www.postgresql.org/docs/current/protocol-message-formats.html>.
//!
//! Only their frames are read here, and the few texts that show commits. The crates that know the
//! protocol read one side of it only: the server's.

use std::io::{Error, ErrorKind, Result};

use tokio::io::{AsyncRead, AsyncReadExt};

/// The largest message that Postgres itself takes: `MaxAllocSize`, just under 1 GiB.
const LARGEST: usize = 0x3fff_ffff;

/// The largest first message that it takes: `MAX_STARTUP_PACKET_LENGTH`.
const LARGEST_OPENING: usize = 10_000;

/// Codes in place of a version: `CANCEL_REQUEST_CODE`, `NEGOTIATE_SSL_CODE`, `NEGOTIATE_GSS_CODE`.
const CANCEL: i32 = 80_877_102;
const ENCRYPT: [i32; 2] = [80_877_103, 80_877_104];

/// How a connection begins; the bytes are the whole message.
pub(super) enum Opening {
    /// It requests TLS or GSS encryption, and accepts `N` as an answer.
    WantsEncryption,
    /// It cancels what another connection does.
    Cancels(Vec<u8>),
    /// It begins a session.
    Starts(Vec<u8>),
}

/// One message of a session.
pub(super) struct Message {
    /// The first byte.
    pub tag: u8,
    /// All of it, tag and length included.
    pub bytes: Vec<u8>,
}

impl Message {
    /// What comes after tag and length.
    pub(super) fn body(&self) -> &[u8] {
        self.bytes.get(5..).unwrap_or_default()
    }

    /// The texts at the beginning of the body, each ended by a zero byte.
    pub(super) fn texts(&self) -> impl Iterator<Item = String> {
        texts(self.body())
    }
}

/// Texts that are ended by zero bytes each.
pub(super) fn texts(bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes.split(|byte| *byte == 0).map(|text| String::from_utf8_lossy(text).into_owned())
}

/// Reads the first message; none if the other side has closed.
pub(super) async fn read_opening(reader: &mut (impl AsyncRead + Unpin)) -> Result<Option<Opening>> {
    let Some(bytes) = read_frame(reader, Vec::new(), LARGEST_OPENING).await? else {
        return Ok(None);
    };
    let code = bytes.get(4..8).and_then(|code| code.try_into().ok()).map(i32::from_be_bytes);
    Ok(Some(match code {
        Some(CANCEL) => Opening::Cancels(bytes),
        Some(code) if ENCRYPT.contains(&code) => Opening::WantsEncryption,
        _ => Opening::Starts(bytes),
    }))
}

/// Reads a message of a session; none if the other side has closed.
pub(super) async fn read(reader: &mut (impl AsyncRead + Unpin)) -> Result<Option<Message>> {
    let tag = match reader.read_u8().await {
        Ok(tag) => tag,
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    let bytes = read_frame(reader, vec![tag], LARGEST).await?;
    Ok(bytes.map(|bytes| Message { tag, bytes }))
}

/// Reads a length that counts itself, and the bytes that it counts, after those already read.
async fn read_frame(
    reader: &mut (impl AsyncRead + Unpin),
    mut bytes: Vec<u8>,
    largest: usize,
) -> Result<Option<Vec<u8>>> {
    let before = bytes.len();
    let length = match reader.read_u32().await {
        Ok(length) => length,
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    };
    let rest = usize::try_from(length).unwrap_or(usize::MAX).checked_sub(4);
    let rest = rest.filter(|rest| *rest <= largest);
    let rest = rest.ok_or_else(|| Error::new(ErrorKind::InvalidData, "no Postgres message"))?;
    bytes.extend(length.to_be_bytes());
    bytes.resize(before + 4 + rest, 0);
    let unread = bytes.get_mut(before + 4..).unwrap_or_default();
    reader.read_exact(unread).await?;
    Ok(Some(bytes))
}
