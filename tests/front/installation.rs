//! The README's installation, line by line, on a machine where nothing of a bot is, up to one that answers. The lines
//! are those of the document.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use discord_sim::{Discord, Options, standard};
use tempfile::TempDir;
use testkit::bot::{AtTerminal, answer_at_terminal, find_binary};
use testkit::ports::find_free_address;

const MACHINE: &str = include_str!("installation/machine.sh");

/// What every shell command needs to be root.
const NEEDED: &str = "this test installs on a copy of this machine's root, which takes root, or sudo without a \
     password, with the right to mount, and Postgres as Debian packages it";

/// The machine; it is gone with this value.
struct Machine {
    holder: Child,
    place: TempDir,
    discord: String,
}

impl Machine {
    async fn start(discord: &Discord, listen: SocketAddr) -> Self {
        let place = TempDir::with_prefix("countersign-machine-").unwrap();
        let mut command = as_root();
        command
            .args([
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                MACHINE,
                "machine",
            ])
            .arg(place.path())
            .arg(env!("CARGO_MANIFEST_DIR"))
            .arg(find_binary().await.unwrap())
            .arg(discord.base_url())
            .arg(listen.to_string());
        let mut holder =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect(NEEDED);
        let mut said = String::new();
        BufReader::new(holder.stdout.take().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said, "ready\n", "{NEEDED}");
        Self { holder, place, discord: discord.base_url() }
    }

    /// Runs a line of the document in the folder of the sources, at a terminal.
    async fn run(&self, line: &str, answers: &[(&str, &str)]) -> AtTerminal {
        let mut command = self.command(line);
        command.env_remove("COUNTERSIGN_OWNER_URL");
        let seen = answer_at_terminal(&command, answers).await.unwrap();
        assert!(seen.succeeded, "{line}\n{}\n{}", seen.appeared, self.log());
        seen
    }

    fn command(&self, line: &str) -> Command {
        let parent = self.holder.id();
        let children = std::fs::read_to_string(format!("/proc/{parent}/task/{parent}/children"));
        let holder = children.unwrap().trim().to_owned();
        let mut command = as_root();
        command.args(["nsenter", "--target", &holder, "--mount", "--pid", "chroot"]);
        command.arg(self.place.path().join("root"));
        let variables = [
            format!("COUNTERSIGN_DISCORD__PROXY={}", self.discord),
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
        ];
        command.args(["env", "--ignore-environment", "TERM=dumb"]).args(variables);
        command.args(["bash", "-euc", &format!("cd /sources && {line}")]);
        command
    }

    fn output(&self, line: &str) -> String {
        let output = self.command(line).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn log(&self) -> String {
        self.output("tail -n 20 /var/log/countersign.log 2>/dev/null || true")
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        drop(self.holder.stdin.take());
        // Whatever was started there ends with its first process.
        let _ = self.holder.wait();
    }
}

fn as_root() -> Command {
    use std::os::unix::fs::MetadataExt as _;
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = Command::new(if is_root { "env" } else { "sudo" });
    if !is_root {
        command.arg("-n");
    }
    command
}

/// The lines of a chapter's blocks of code, up to the next chapter.
fn lines_of(chapter: &str) -> Vec<String> {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = std::fs::read_to_string(readme).unwrap();
    let (_, rest) = text.split_once(&format!("## {chapter}\n")).unwrap();
    let chapter = rest.split("\n## ").next().unwrap();
    let blocks = chapter.split("```\n").skip(1).step_by(2);
    let lines = blocks.flat_map(str::lines).map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

/// What a newcomer types where a line asks.
fn answers_to(line: &str) -> Vec<(&'static str, &'static str)> {
    let url = "postgres://countersign:bots-own@localhost/countersign?host=/run/postgresql";
    let owner =
        "postgres://countersign_owner:owners-own@localhost/countersign?host=/run/postgresql";
    let twice = |word| vec![("Enter password", word), ("Enter it again", word)];
    match line {
        line if line.ends_with("createuser --pwprompt countersign_owner") => twice("owners-own"),
        line if line.ends_with("createuser --pwprompt countersign") => twice("bots-own"),
        "sudo countersign init" => vec![
            ("Token (not shown)", standard::TOKEN),
            ("Number or name", "approvals"),
            ("Number or name", "token-admins"),
            ("Number or name", "own-api"),
            ("URL (not shown)", url),
            ("Whom emails come from", "Countersign <tokens@example.com>"),
            ("Number: ", "2"),
            ("Directory", "/var/lib/countersign"),
            ("The owner's login, postgres://USER:PASSWORD@HOST/DATABASE (not shown)", owner),
        ],
        _ => Vec::new(),
    }
}

fn is_ready(listen: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect(listen) else { return false };
    let mut said = String::new();
    let asked = stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    asked.and_then(|()| stream.read_to_string(&mut said)).is_ok()
        && said.starts_with("HTTP/1.1 200")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_readmes_installation_ends_with_a_bot_that_answers() {
    let discord = Discord::start(Options::standard().for_bot("Countersign")).await.unwrap();
    let listen = find_free_address().unwrap();
    let machine = Machine::start(&discord, listen).await;
    let lines = lines_of("Install it for your Discord server");
    assert!(lines.contains(&"sudo countersign init".to_owned()), "{lines:?}");
    for line in &lines {
        let seen = machine.run(line, &answers_to(line)).await;
        if line == "sudo countersign init" {
            assert!(seen.appeared.contains(" 0 failed"), "{}", seen.appeared);
        }
    }
    let start = std::time::Instant::now();
    while !is_ready(listen) {
        assert!(start.elapsed() < Duration::from_secs(30), "{}", machine.log());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let rin = discord.person("rin").unwrap();
    let help = rin.type_command("/token help").await.unwrap().private().unwrap();
    assert!(help.contains("/token request"), "{help}");
    let modes = machine.output(
        "cd /etc/countersign && stat -c '%a %U:%G %n' . countersign.toml secrets secrets/*",
    );
    let expected = "750 root:countersign .\n640 root:countersign countersign.toml\n700 root:root secrets\n\
         600 root:root secrets/database-url\n600 root:root secrets/discord-token\n600 root:root secrets/keys\n\
         600 root:root secrets/mail-url\n";
    assert_eq!(modes, expected);
    // Nothing else may be executed by the service, and this program needs its loader and libraries.
    let unit = machine.output("cat /etc/systemd/system/countersign.service");
    let paths = unit.lines().find_map(|line| line.strip_prefix("ExecPaths=")).unwrap();
    let paths: Vec<_> = paths.split(' ').map(|path| path.trim_start_matches('-')).collect();
    let needed = machine.output(
        "echo /usr/local/bin/countersign; ldd /usr/local/bin/countersign | grep -o '/[^ ]*'",
    );
    assert!(needed.lines().count() > 2, "{needed}");
    for file in needed.lines() {
        assert!(paths.iter().any(|path| file.starts_with(path)), "{file} is not in {paths:?}");
    }
    assert_eq!(machine.output("ps -o user:32= -C countersign").trim(), "countersign");
}
