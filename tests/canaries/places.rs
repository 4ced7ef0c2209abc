//! Every place where something could have been written.

use std::time::{Duration, Instant};

use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use testkit::bot::Bot;
use testkit::mailbox::Mailbox;
use testkit::setup::Setup;
use tokio::process::Command;

use super::search::Place;

fn place(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Place {
    Place { name: name.into(), content: content.into() }
}

/// What the bot has written so far, anywhere; `mailboxes` beside the setup's own.
pub async fn everywhere(setup: &Setup, mailboxes: &[Mailbox]) -> Vec<Place> {
    let mut places = vec![dump(setup).await];
    places.extend(logs(setup));
    places.extend(answers_over_http(setup).await);
    for mailbox in mailboxes.iter().chain([&setup.mailbox]) {
        places.extend(mails(mailbox));
    }
    for message in setup.discord.all_messages() {
        let name = format!("message {} ({})", message["id"], visibility(&message));
        places.push(place(name, message.to_string()));
    }
    for request in setup.discord.requests() {
        let name = format!("body of {} ({:?})", request.route, request.status);
        // JSON escapes would hide secrets with unusual characters.
        places.push(place(name, request.body.unwrap_or_default()));
    }
    places
}

/// Whether only its reader sees the message.
fn visibility(message: &Value) -> &'static str {
    let ephemeral = message["flags"].as_u64().unwrap_or_default() & 64 != 0;
    if ephemeral { "private" } else { "shown" }
}

/// The whole database as SQL; bytes are in hexadecimal.
async fn dump(setup: &Setup) -> Place {
    let output = Command::new("pg_dump")
        .arg(format!("--dbname={}", setup.database.admin_url))
        .output()
        .await
        .expect("pg_dump, which comes with Postgres, is not on the PATH");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "pg_dump failed: {said}");
    for table in ["countersign.events", "countersign.reveals", "countersign.jobs"] {
        let copies = format!("COPY {table}");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains(&copies), "{table} is not in the dump");
    }
    place("the database", output.stdout)
}

/// What every process and subcommand printed.
fn logs(setup: &Setup) -> Vec<Place> {
    let folder = setup.bot.folder().join("log");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let read = |file: std::path::PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        place(format!("the log {name}"), std::fs::read(&file).unwrap())
    };
    files.map(read).collect()
}

/// How long the first metrics may take.
const PATIENCE: Duration = Duration::from_secs(20);

async fn answers_over_http(setup: &Setup) -> Vec<Place> {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let begun = Instant::now();
    let mut places = Vec::new();
    for path in ["/metrics", "/livez", "/readyz", "/", "/discord/interactions"] {
        let url = format!("{}{path}", setup.bot.url().unwrap());
        let (headers, body) = loop {
            let answer = client.get(&url).send().await.unwrap();
            let headers = format!("{:?}", answer.headers());
            let body = answer.text().await.unwrap();
            // Some are counted a while after the start.
            if path != "/metrics" || body.contains("countersign") {
                break (headers, body);
            }
            assert!(begun.elapsed() < PATIENCE, "no metrics: {body}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        places.push(place(format!("the answer of {path}"), format!("{headers}\n{body}")));
    }
    places
}

/// Each mail as it was sent, and decoded.
fn mails(mailbox: &Mailbox) -> Vec<Place> {
    let mut places = Vec::new();
    for mail in mailbox.all().unwrap() {
        let decoded = format!("{:?}\n{:?}\n{:?}", mail.headers, mail.text, mail.html);
        places.push(place(format!("the mail {:?}", mail.subject), mail.raw.clone()));
        places.push(place(format!("the mail {:?}, decoded", mail.subject), decoded));
    }
    places
}

/// The memory of the bot's process that it may write to, see proc(5).
pub fn memory(bot: &Bot) -> Place {
    let id = bot.process_id().unwrap();
    let maps = std::fs::read_to_string(format!("/proc/{id}/maps")).unwrap();
    let memory = std::fs::File::open(format!("/proc/{id}/mem"))
        .unwrap_or_else(|error| panic!("let tests read the memory of their children: {error}"));
    let mut content = Vec::new();
    for line in maps.lines() {
        let (range, rest) = line.split_once(' ').unwrap();
        // Read-only memory comes from a file, as it is on the disk.
        if !rest.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let [start, end] = [start, end].map(|at| u64::from_str_radix(at, 16).unwrap());
        let mut part = vec![0; usize::try_from(end - start).unwrap()];
        // It may be closed in the meantime.
        if memory.read_exact_at(&mut part, start).is_ok() {
            content.extend_from_slice(&part);
            // Nothing may be found across the border of two parts.
            content.push(0);
        }
    }
    place("the memory of the process", content)
}

/// What the bot's process can read without the database: its arguments, its environment, the files in its
/// folder, its open files, and its memory.
pub fn of_the_process(bot: &Bot) -> Vec<Place> {
    let process = PathBuf::from(format!("/proc/{}", bot.process_id().unwrap()));
    let read =
        |file: PathBuf| Some(place(format!("{}", file.display()), std::fs::read(&file).ok()?));
    let mut places: Vec<Place> =
        ["cmdline", "environ"].into_iter().filter_map(|name| read(process.join(name))).collect();
    assert_eq!(places.len(), 2, "the process can't be looked at");
    let open = std::fs::read_dir(process.join("fd")).unwrap().flatten();
    let open = open.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    let files = files_in(bot.folder()).into_iter().chain(open.filter(|file| file.is_file()));
    places.extend(files.filter_map(read));
    places.push(memory(bot));
    places
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}
