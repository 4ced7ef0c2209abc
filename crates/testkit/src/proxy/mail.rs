//! A proxy in front of a mail server, to count its commands and to break things from outside.
//!
//! Each command is a point that its verb names, and so is the end of each message, which is what
//! makes the server take the mail. Commands go through one after the other, each with its answer
//! ([RFC 5321](https://www.rfc-editor.org/rfc/rfc5321)). Behind `STARTTLS` nothing can be seen: bytes
//! go through uncounted. `BDAT`, which sends messages without `DATA`, is cut off.

use std::io::{Error, ErrorKind, Result};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

use super::gate::{Counters, Gate};
use discord_sim::crash_points::{Outcome, Points};

/// The label of the end of a message.
pub const END_OF_MESSAGE: &str = "end of the message";

/// Verbs that a label may name; anything else may be part of a login.
const VERBS: [&str; 12] = [
    "EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "VRFY", "QUIT",
    "HELP",
];

/// The longest line that is read, in bytes; RFC 5321 knows none above 1,000.
const LONGEST: u64 = 64 * 1024;

/// A proxy on a port of the loopback interface. It ends, with all its connections, when this is
/// dropped.
pub struct MailProxy {
    address: SocketAddr,
    points: Points,
    gate: Gate,
    /// The answer in place of the server's, and at which step.
    instead: Instead,
    _server: AbortOnDropHandle<()>,
}

/// A step, and the answer there without asking the server.
type Instead = Arc<Mutex<Option<(&'static str, String)>>>;

/// The step before any command.
pub const GREETING: &str = "greeting";

impl MailProxy {
    /// A proxy for the server on this port of 127.0.0.1.
    ///
    /// # Errors
    /// No free port. The server need not run yet.
    pub async fn start(port: u16) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("no port for the proxy")?;
        let address = listener.local_addr()?;
        let (points, gate) = (Points::default(), Gate::new());
        let instead = Instead::default();
        let (counted, open, said) = (points.clone(), gate.clone(), instead.clone());
        let serve = move |client| {
            let (points, gate, instead) = (counted.clone(), open.clone(), said.clone());
            async move {
                if let Err(error) = converse(client, port, (&points, &gate, &instead)).await {
                    tracing::debug!(%error, "a connection to the mail server ended");
                }
            }
        };
        let server = AbortOnDropHandle::new(tokio::spawn(gate.clone().serve(listener, serve)));
        Ok(Self { address, points, gate, instead, _server: server })
    }

    /// The URL without a login and without encryption, in lettre's form.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The commands.
    pub fn points(&self) -> &Points {
        &self.points
    }

    /// Cuts every connection.
    pub fn cut_all(&self) {
        self.gate.cut_all();
    }

    /// Lets no byte through in either direction; connections stay, and are accepted.
    pub fn pause(&self) {
        self.gate.pause(true);
    }

    /// Ends a pause.
    pub fn resume(&self) {
        self.gate.pause(false);
    }

    /// Closes new connections at once, until [`admit`](Self::admit).
    pub fn refuse(&self) {
        self.gate.refuse(true);
    }

    /// Serves new connections again.
    pub fn admit(&self) {
        self.gate.refuse(false);
    }

    /// Delays every line by this time before it goes to the server; zero ends that.
    pub fn delay(&self, time: Duration) {
        self.gate.delay(time);
    }

    /// Answers with this at a step, a verb or [`GREETING`], in place of the server; `None` ends it.
    pub fn answers(&self, step: &'static str, words: Option<&str>) {
        let mut instead = self.instead.lock().unwrap_or_else(PoisonError::into_inner);
        *instead = words.map(|words| (step, format!("{words}\r\n")));
    }

    /// What has passed so far.
    pub fn counters(&self) -> Counters {
        self.gate.counters()
    }
}

fn find_replacement(instead: &Instead, step: &str) -> Option<Vec<u8>> {
    let instead = instead.lock().unwrap_or_else(PoisonError::into_inner);
    let (_, words) = instead.as_ref().filter(|(at, _)| *at == step)?;
    Some(words.clone().into_bytes())
}

async fn converse(
    client: TcpStream,
    port: u16,
    (points, gate, instead): (&Points, &Gate, &Instead),
) -> Result<()> {
    client.set_nodelay(true)?;
    let server = TcpStream::connect(("127.0.0.1", port)).await?;
    server.set_nodelay(true)?;
    let (mut client, mut server) = (BufReader::new(client), BufReader::new(server));
    let greeting = read_answer(&mut server).await?;
    let greeting = find_replacement(instead, GREETING).unwrap_or(greeting);
    gate.open().await;
    client.write_all(&greeting).await?;
    let mut is_message = false;
    while let Some(line) = read_line(&mut client).await? {
        gate.open_for_request().await;
        if is_message && line != b".\r\n" {
            server.write_all(&line).await?;
            continue;
        }
        let label = if is_message { END_OF_MESSAGE } else { verb(&line)? };
        if let Some(words) = find_replacement(instead, label) {
            client.write_all(&words).await?;
            continue;
        }
        let mut passage = points.arrive(label);
        passage.before().await.map_err(Error::other)?;
        server.write_all(&line).await?;
        let answer = read_answer(&mut server).await?;
        let refused = matches!(answer.first(), Some(b'4' | b'5'));
        let outcome = if refused { Outcome::Refused } else { Outcome::Done };
        passage.after(outcome).await.map_err(Error::other)?;
        gate.open().await;
        client.write_all(&answer).await?;
        is_message = label == "DATA" && answer.starts_with(b"354");
        if label == "STARTTLS" && !refused {
            copy_bidirectional(&mut client, &mut server).await?;
            return Ok(());
        }
    }
    Ok(())
}

fn verb(line: &[u8]) -> Result<&'static str> {
    let line = String::from_utf8_lossy(line);
    let word = line.split_whitespace().next().unwrap_or_default();
    if word.eq_ignore_ascii_case("BDAT") {
        return Err(Error::new(ErrorKind::Unsupported, "BDAT is not understood here"));
    }
    let known = VERBS.into_iter().find(|verb| verb.eq_ignore_ascii_case(word));
    Ok(known.unwrap_or("another line"))
}

/// A line with its end; none if the other side has closed.
async fn read_line(reader: &mut (impl AsyncBufRead + Unpin)) -> Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    reader.take(LONGEST).read_until(b'\n', &mut line).await?;
    if !line.is_empty() && !line.ends_with(b"\n") {
        return Err(Error::new(ErrorKind::InvalidData, "half a line"));
    }
    Ok(Some(line).filter(|line| !line.is_empty()))
}

/// All lines of an answer: the last one has no hyphen behind its code.
async fn read_answer(reader: &mut (impl AsyncBufRead + Unpin)) -> Result<Vec<u8>> {
    let mut answer = Vec::new();
    loop {
        let line = read_line(reader).await?;
        let line = line.ok_or_else(|| Error::new(ErrorKind::UnexpectedEof, "the server went"))?;
        answer.extend_from_slice(&line);
        if line.get(3) != Some(&b'-') {
            return Ok(answer);
        }
    }
}
