//! The bot with both listeners, and honest requests to both.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use discord_sim::Options;
use discord_sim::http_ingress::HttpIngress;
use ed25519_dalek::SigningKey;
use sha2::{Digest as _, Sha256};
use testkit::bot::Ingress;
use testkit::team::Team;

/// What the introspection client presents.
pub const BEARER: &str = "bearer-of-the-gateway";

/// How long an honest client waits.
const PATIENCE: Duration = Duration::from_secs(10);

/// The bot, and Rin's token.
pub struct Fixture {
    pub team: Team,
    pub sid: String,
    pub secret: String,
    key: SigningKey,
}

impl Fixture {
    /// With so many descriptors, or with as many as this process may have.
    pub async fn open(label: &str, descriptors: Option<u64>) -> Self {
        let key = SigningKey::from_bytes(&[7; 32]);
        let public_key = hex::encode(key.verifying_key().to_bytes());
        let hash = hex::encode(Sha256::digest(BEARER));
        let settings = format!(
            "[verify]
             listen = \"127.0.0.1:0\"
             headers = \"forwarded\"
             introspection_clients = [{{ name = \"gateway\", bearer_sha256 = \"{hash}\" }}]"
        );
        let team = Team::with(label, Options::standard(), |config| {
            config.ingress = Ingress::Http { public_key };
            config.overrides = toml::from_str(&settings).unwrap();
            config.descriptors = descriptors;
        })
        .await;
        let url = format!("{}/discord/interactions", team.setup.bot.url().unwrap());
        let ingress = HttpIngress::new(url, key.clone()).unwrap();
        team.setup.discord.set_ingress(Arc::new(ingress));
        let ready = team.issue_token("Reports").await;
        let [sid, secret] = team.collect_secret(&team.rin, &ready).await;
        Self { team, sid, secret, key }
    }

    /// `[http] listen`.
    pub fn http(&self) -> SocketAddr {
        let url = self.team.setup.bot.url().unwrap();
        url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    /// `[verify] listen`.
    pub fn verify(&self) -> SocketAddr {
        self.team.setup.bot.verify_address().unwrap()
    }

    pub fn process(&self) -> u32 {
        self.team.setup.bot.process_id().unwrap()
    }

    /// The requests of honest clients to both listeners.
    pub fn questions(&self) -> Vec<Question> {
        let (http, verify) = (self.http(), self.verify());
        let authorize = format!(
            "GET /v1/authorize HTTP/1.1\r\nX-Forwarded-Method: GET\r\n\
             X-Forwarded-Uri: /Orchards/{}/Trees\r\nAuthorization: Bearer {}",
            self.sid, self.secret
        );
        let introspect = format!(
            "POST /v1/introspect HTTP/1.1\r\nAuthorization: Bearer {BEARER}\r\n\
             Content-Type: application/x-www-form-urlencoded"
        );
        vec![
            Question::new(verify, &authorize, ""),
            Question::new(verify, &introspect, &format!("token={}", self.secret)),
            Question::new(http, "GET /livez HTTP/1.1", ""),
            Question::new(http, "GET /readyz HTTP/1.1", ""),
            self.ping(),
        ]
    }

    /// Discord's ping, signed.
    fn ping(&self) -> Question {
        use ed25519_dalek::Signer as _;
        use std::time::{SystemTime, UNIX_EPOCH};
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let body = "{\"type\":1}";
        let signature = self.key.sign(format!("{now}{body}").as_bytes());
        let head = format!(
            "POST /discord/interactions HTTP/1.1\r\nX-Signature-Timestamp: {now}\r\n\
             X-Signature-Ed25519: {}",
            hex::encode(signature.to_bytes())
        );
        Question::new(self.http(), &head, body)
    }

    /// Stops in order; messages that were not read don't matter here.
    pub async fn close(self) {
        self.team.setup.settle().await.unwrap();
        for person in [&self.team.rin, &self.team.aki, &self.team.ben, &self.team.chiyo] {
            person.dms();
        }
        self.team.aki.channel("approvals").unwrap();
        self.team.finish().await;
    }
}

/// How many descriptors a process has open, and its resident memory in megabytes: proc(5).
pub fn measure(process: u32) -> (usize, f64) {
    let open = testkit::sockets::count_descriptors(process).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    let kilobytes: f64 = line.split_whitespace().next().unwrap().parse().unwrap();
    (open, kilobytes / 1024.0)
}

/// A whole request to a listener.
#[derive(Clone)]
pub struct Question {
    pub address: SocketAddr,
    bytes: String,
}

impl Question {
    /// `head` without its end, and without the fields that each request has.
    pub fn new(address: SocketAddr, head: &str, body: &str) -> Self {
        let length = body.len();
        let bytes = format!(
            "{head}\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        );
        Self { address, bytes }
    }

    /// Sends a request over a connection of its own. Returns how long the answer 200 took, or what was wrong. It
    /// blocks: an honest client runs elsewhere, and doesn't wait behind the attackers.
    pub fn ask(&self) -> Result<Duration, String> {
        let start = Instant::now();
        let asked = || {
            let mut stream = std::net::TcpStream::connect_timeout(&self.address, PATIENCE)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.write_all(self.bytes.as_bytes())?;
            let mut said = String::new();
            stream.read_to_string(&mut said)?;
            std::io::Result::Ok(said)
        };
        let line = self.bytes.lines().next().unwrap_or_default();
        match asked() {
            Ok(said) if said.starts_with("HTTP/1.1 200") => Ok(start.elapsed()),
            Ok(said) => Err(format!("{line}: {said:?}")),
            Err(error) => Err(format!("{line}: {error} after {:?}", start.elapsed())),
        }
    }
}
