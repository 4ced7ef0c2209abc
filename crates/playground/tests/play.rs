//! The program itself: it serves the page with the real bot behind it, starts a bot again that was
//! killed, and leaves nothing behind.

use std::{
    fs::Permissions,
    io::{BufRead, BufReader, Read},
    os::unix::fs::PermissionsExt,
    process::{Child, Command, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// Ended even if the test fails.
struct Playground(Child);

impl Drop for Playground {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn signal(name: &str, process: &str) {
    assert!(Command::new("kill").args(["-s", name, process]).status().unwrap().success());
}

#[tokio::test]
async fn serves_until_it_is_told_to_stop() {
    let folder = TempDir::new().unwrap();
    // Postgres may run as another user, who has to get through.
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_playground"))
        .args(["--port", "0"])
        .env("TMPDIR", folder.path())
        // So that it uses the bot beside it, if there is one, and builds none.
        .env_remove("CARGO")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut playground = Playground(child);
    let mut output = BufReader::new(playground.0.stdout.take().unwrap());
    let mut word_after = |said: &str| loop {
        let mut line = String::new();
        assert_ne!(output.read_line(&mut line).unwrap(), 0, "it ended early");
        if let Some((_, rest)) = line.split_once(said) {
            break rest.split(' ').next().unwrap().to_owned();
        }
    };
    let url = word_after("Open ");
    let bot = word_after("The bot is process ");
    let authorize = word_after("curl -i ");
    let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
    let view = http.get(format!("{url}/api/people/rin/view")).send().await.unwrap();
    let view: Value = view.json().await.unwrap();
    assert_eq!(view["commands"][0]["name"], "token", "the real bot registered its commands");
    assert_eq!(http.get(&authorize).send().await.unwrap().status(), 401);

    signal("KILL", bot.trim_end_matches('.'));
    assert_ne!(word_after("The bot is process "), bot);
    assert_eq!(word_after("curl -i "), authorize, "what was printed first still works");
    assert_eq!(http.get(authorize).send().await.unwrap().status(), 401);
    let view = format!("{url}/api/people/rin/view");
    assert_eq!(http.get(view).send().await.unwrap().status(), 200, "the page goes on");

    signal("TERM", &playground.0.id().to_string());
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert!(playground.0.wait().unwrap().success(), "{rest}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
