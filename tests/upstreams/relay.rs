//! A relay between the bot and a service, which can cut the connection when an answer comes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The relay; it stops when this is dropped.
pub struct Relay {
    port: u16,
    /// How many answers to calls that make tokens are still to be lost.
    to_lose: Arc<AtomicU32>,
    task: tokio::task::JoinHandle<()>,
}

impl Relay {
    /// Before what listens on this port of 127.0.0.1; a call that begins so makes a token there.
    pub async fn start(service: u16, makes: &'static str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        let to_lose = Arc::new(AtomicU32::new(0));
        let task = tokio::spawn({
            let to_lose = to_lose.clone();
            async move {
                while let Ok((client, _)) = listener.accept().await {
                    let to_lose = to_lose.clone();
                    // A client that was cut off notices.
                    tokio::spawn(
                        async move { carry(client, (service, makes), &to_lose).await.ok() },
                    );
                }
            }
        });
        Ok(Self { port, to_lose, task })
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The service makes the next token, and the answer is lost.
    pub fn lose_answer(&self) {
        self.to_lose.fetch_add(1, SeqCst);
    }

    /// How many answers are still to be lost.
    pub fn to_lose(&self) -> u32 {
        self.to_lose.load(SeqCst)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Carries bytes both ways until one side ends.
async fn carry(
    mut client: TcpStream,
    (service, makes): (u16, &str),
    to_lose: &AtomicU32,
) -> std::io::Result<()> {
    let mut service = TcpStream::connect(("127.0.0.1", service)).await?;
    let (mut asked, mut answered) = ([0; 16_384], [0; 16_384]);
    let mut is_making = false;
    loop {
        tokio::select! {
            length = client.read(&mut asked) => {
                let bytes = &asked[..length?];
                if bytes.is_empty() {
                    return Ok(());
                }
                is_making |= bytes.starts_with(makes.as_bytes());
                service.write_all(bytes).await?;
            }
            length = service.read(&mut answered) => {
                let bytes = &answered[..length?];
                let one_less = |left: u32| left.checked_sub(1);
                if bytes.is_empty() || (is_making && to_lose.fetch_update(SeqCst, SeqCst, one_less).is_ok()) {
                    return Ok(());
                }
                is_making = false;
                client.write_all(bytes).await?;
            }
        }
    }
}
