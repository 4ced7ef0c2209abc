//! A real SMTP server, Exim, on a loopback port: it takes mail only after STARTTLS and a login, and
//! leaves each message in a folder that a [`Mailbox`] reads. A second port takes all mail as it is,
//! so that a proxy before it can see the protocol.
//!
//! It runs from a folder of its own, with its own configuration and a certificate made on the spot;
//! an Exim that the machine runs is not touched.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::mailbox::Mailbox;
use crate::ports::find_free_port;

/// Where Debian installs the server, which is often not on a user's PATH.
const PROGRAMS: [&str; 2] = ["/usr/sbin/exim4", "/usr/sbin/exim"];

/// How long it may take until it answers.
const START_LIMIT: Duration = Duration::from_secs(15);

/// How long it may take until it is gone.
const STOP_LIMIT: Duration = Duration::from_secs(5);

/// The login's password; it is found where a password must not be.
const PASSWORD: &str = "smtp-password-that-nobody-may-log";

/// The login's name.
const USER: &str = "countersign";

/// The file of the access tokens that it takes.
const TOKENS: &str = "tokens";

/// Whom access tokens are for.
pub const TOKEN_USER: &str = "tokens@example.com";

/// If another process takes the port between our check and Exim's start, another port is tried.
const ATTEMPTS: usize = 3;

/// When in the conversation the server refuses a recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refuses {
    /// As soon as it is named.
    Recipient,
    /// After the whole message.
    Message,
}

impl Refuses {
    fn file(self) -> &'static str {
        match self {
            Self::Recipient => "recipients",
            Self::Message => "messages",
        }
    }
}

/// A running server; it ends when this is dropped.
pub struct Smtp {
    child: Child,
    port: u16,
    open_port: u16,
    folder: TempDir,
    mailbox: Mailbox,
}

impl Smtp {
    /// Starts the server.
    pub async fn start() -> anyhow::Result<Self> {
        let program = find_program()?;
        let account = Account::find().await?;
        let folder = TempDir::with_prefix("countersign-smtp-")?;
        let mails = folder.path().join("mails");
        for path in [folder.path().join("spool"), folder.path().join("log"), mails.clone()] {
            std::fs::create_dir(path)?;
        }
        make_certificates(folder.path())?;
        for file in [Refuses::Recipient.file(), Refuses::Message.file(), TOKENS] {
            std::fs::write(folder.path().join(file), "")?;
        }
        let mut outcome = Err(anyhow::anyhow!("never tried"));
        for _ in 0..ATTEMPTS {
            let (port, open_port) = (find_free_port()?, find_free_port()?);
            let config = folder.path().join("exim.conf");
            std::fs::write(&config, configuration(folder.path(), (port, open_port), &account))?;
            account.own(folder.path()).await?;
            outcome = start_program(&program, &account, &config, port)
                .await
                .map(|child| (child, port, open_port));
            if outcome.is_ok() {
                break;
            }
        }
        let (child, port, open_port) = outcome?;
        Ok(Self { child, port, open_port, mailbox: Mailbox::new(mails), folder })
    }

    /// The server's URL with its login, in lettre's form.
    pub fn url(&self) -> String {
        self.url_with_password(PASSWORD)
    }

    /// The URL with another password.
    pub fn url_with_password(&self, password: &str) -> String {
        format!("smtp://{USER}:{password}@localhost:{}?tls=required", self.port)
    }

    /// The URL of [`TOKEN_USER`], who has no password.
    pub fn url_for_tokens(&self) -> String {
        let user = TOKEN_USER.replace('@', "%40");
        format!("smtp://{user}@localhost:{}?tls=required", self.port)
    }

    /// Takes these access tokens for `XOAUTH2` from now on, and no others.
    pub fn take_tokens(&self, tokens: &[&str]) -> anyhow::Result<()> {
        let lines: String = tokens.iter().map(|token| format!("{token}: {TOKEN_USER}\n")).collect();
        Ok(std::fs::write(self.folder.path().join(TOKENS), lines)?)
    }

    /// Offers no login by a password from now on.
    pub fn take_no_passwords(&self) -> anyhow::Result<()> {
        Ok(std::fs::write(self.folder.path().join("no-passwords"), "")?)
    }

    /// The port that it listens on, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The second port, which requires neither encryption nor a login.
    pub fn open_port(&self) -> u16 {
        self.open_port
    }

    /// The certificate of the authority that signed the server's own, as PEM.
    pub fn ca_file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// The delivered emails.
    pub fn mailbox(&self) -> &Mailbox {
        &self.mailbox
    }

    /// The server's log of each message and each refusal.
    pub fn log(&self) -> String {
        let read = |name: &str| std::fs::read_to_string(self.folder.path().join("log").join(name));
        ["main.log", "reject.log", "panic.log"].map(|name| read(name).unwrap_or_default()).concat()
    }

    /// Answers every message to this address with this text from now on, such as
    /// `450 4.7.1 Try again later`; without a text it accepts them again. `*` stands for every address.
    pub fn refuse(&self, when: Refuses, address: &str, words: Option<&str>) -> anyhow::Result<()> {
        let line = words.map(|words| format!("{address}: {words}\n")).unwrap_or_default();
        Ok(std::fs::write(self.folder.path().join(when.file()), line)?)
    }

    /// Starts a stopped server again, on the same port.
    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        let (program, account) = (find_program()?, Account::find().await?);
        let config = self.folder.path().join("exim.conf");
        self.child = start_program(&program, &account, &config, self.port).await?;
        Ok(())
    }

    /// Stops the server; delivered emails stay readable.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        say_stop(&mut self.child).await;
        let gone = tokio::time::timeout(STOP_LIMIT, self.child.wait()).await;
        gone.context("Exim did not stop")??;
        Ok(())
    }
}

impl Drop for Smtp {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let start = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) && start.elapsed() < STOP_LIMIT {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// The account that the server runs as: that of this process, but `nobody` instead of root, as which Exim
/// refuses to deliver.
struct Account {
    name: String,
    group: String,
    through_sudo: bool,
}

impl Account {
    async fn find() -> anyhow::Result<Self> {
        let name = id(&["-un"]).await?;
        let through_sudo = name == "root";
        if !through_sudo {
            return Ok(Self { name, group: id(&["-gn"]).await?, through_sudo });
        }
        if Command::new("sudo").arg("--version").output().await.is_err() {
            bail!("Exim must not run as root here. To install sudo: apt-get install sudo");
        }
        let group = id(&["-gn", "nobody"]).await?;
        Ok(Self { name: "nobody".to_owned(), group, through_sudo })
    }

    async fn own(&self, folder: &Path) -> anyhow::Result<()> {
        if self.through_sudo {
            let mut chown = Command::new("chown");
            let status = chown.arg("-R").arg(&self.name).arg(folder).status().await?;
            anyhow::ensure!(status.success(), "{} can't be given away", folder.display());
        }
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        if !self.through_sudo {
            return Command::new(program);
        }
        let mut command = Command::new("sudo");
        command.args(["-u", &self.name, program]);
        command
    }
}

async fn id(arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("id").args(arguments).output().await.context("no program `id`")?;
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The shell ends the server when told so, or when its input ends: then this process is gone,
/// however it went, and the files go too.
const KEEPER: &str = r#"folder=$1; shift
exec 3<&0
# A group of its own, since Exim has a process for each connection and each delivery.
setsid "$@" & server=$!
(read -r word <&3
    kill -s TERM -- "-$server"
    sleep 0.1
    kill -s KILL -- "-$server"
    [ "$word" = stop ] || rm -rf "$folder") 2>/dev/null &
cleaner=$!
wait "$server"; code=$?
[ "$code" -ne 0 ] && [ "$code" -lt 128 ] || wait "$cleaner"
exit $code"#;

async fn start_program(
    program: &Path,
    account: &Account,
    config: &Path,
    port: u16,
) -> anyhow::Result<Child> {
    let mut child = account
        .command("sh")
        .args(["-c", KEEPER, "keeper"])
        .arg(config.parent().context("a configuration without a folder")?)
        .arg(program)
        .arg("-C")
        .arg(config)
        // In the foreground.
        .arg("-bdf")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .context("Exim did not start")?;
    let start = Instant::now();
    while !greets(port).await {
        if child.try_wait()?.is_some() || start.elapsed() > START_LIMIT {
            say_stop(&mut child).await;
            let output = child.wait_with_output().await?;
            let log = config.with_file_name("log").join("panic.log");
            bail!(
                "Exim did not start: {}{}",
                String::from_utf8_lossy(&output.stderr),
                std::fs::read_to_string(log).unwrap_or_default()
            );
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    Ok(child)
}

async fn say_stop(keeper: &mut Child) {
    if let Some(mut input) = keeper.stdin.take() {
        // It may have ended already.
        let _ = input.write_all(b"stop\n").await;
    }
}

async fn greets(port: u16) -> bool {
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)).await else { return false };
    let mut greeting = String::new();
    BufReader::new(stream).read_line(&mut greeting).await.is_ok() && greeting.starts_with("220 ")
}

fn find_program() -> anyhow::Result<PathBuf> {
    let found = PROGRAMS.iter().map(PathBuf::from).find(|program| program.is_file());
    found.context(
        "the SMTP server Exim was not found in /usr/sbin. To install it: \
         apt-get install exim4-daemon-light",
    )
}

/// An authority, and a certificate of the server that it signed.
fn make_certificates(folder: &Path) -> anyhow::Result<()> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "Countersign's playground");
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate = CertificateParams::new(names)?.signed_by(&key, &authority)?;
    std::fs::write(folder.join("ca.pem"), authority.pem())?;
    std::fs::write(folder.join("server.pem"), certificate.pem())?;
    std::fs::write(folder.join("server.key"), key.serialize_pem())?;
    Ok(())
}

/// The file `exim.conf`, preceded by its definitions.
fn configuration(folder: &Path, (port, open_port): (u16, u16), account: &Account) -> String {
    let folder = folder.display();
    let Account { name: user, group, .. } = account;
    format!(
        "KIT_FOLDER = {folder}\nKIT_PORT = {port}\nKIT_OPEN_PORT = {open_port}\nKIT_USER = {user}\n\
         KIT_GROUP = {group}\nKIT_LOGIN = {USER}\nKIT_PASSWORD = {PASSWORD}\n{}",
        include_str!("smtp/exim.conf")
    )
}
