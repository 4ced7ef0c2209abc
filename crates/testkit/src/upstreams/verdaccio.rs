//! Verdaccio, a registry for npm, with the one user that tokens belong to.

use std::process::Output;

use anyhow::{Context, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use tempfile::TempDir;
use tokio::process::Command;

use super::process::Process;
use super::{Ready, Upstream, installed};

/// The user's name; the configuration lets it publish.
pub const USER: &str = "countersign";

/// Its password; it shows up where a password must not.
const PASSWORD: &str = "verdaccio-password-that-nobody-may-log";

/// Starts it, and makes the user.
pub async fn start() -> anyhow::Result<Upstream> {
    let installed = installed()?;
    let config = ("config.yaml", include_str!("../../upstreams/verdaccio.yaml"));
    let process = Process::start(config, "/-/ping", |port| {
        let mut command = Command::new(installed.join("node/bin/node"));
        command.arg(installed.join("verdaccio/node_modules/verdaccio/bin/verdaccio")).args([
            "--config",
            "config.yaml",
            "--listen",
            &format!("127.0.0.1:{port}"),
        ]);
        command
    })
    .await?;
    let url = format!("{}/-/user/org.couchdb.user:{USER}", process.url());
    let client = reqwest::Client::builder().no_proxy().build()?;
    let user = json!({ "name": USER, "password": PASSWORD });
    let answer = client.put(url).json(&user).send().await?;
    ensure!(answer.status() == 201, "Verdaccio did not make the user: {}", process.log());
    let login = STANDARD.encode(format!("{USER}:{PASSWORD}"));
    Ok(Upstream {
        process,
        ready: Ready { file: "npm-verdaccio.toml", address: "https://npm.example.com" },
        secrets: vec![("LOGIN", login), ("PASSWORD", PASSWORD.to_owned())],
        _database: None,
    })
}

/// The package in the folder that [`npm`] runs in.
pub const PACKAGE: &str = "orchard-reports";

/// Runs npm at this registry with this token, in a folder with a [`PACKAGE`].
pub async fn npm(upstream: &Upstream, token: &str, arguments: &[&str]) -> anyhow::Result<Output> {
    let node = installed()?.join("node");
    let home = TempDir::with_prefix("countersign-npm-")?;
    let settings = format!(
        "registry={}/\n//127.0.0.1:{}/:_authToken={token}\nupdate-notifier=false\n",
        upstream.url(),
        upstream.port()
    );
    std::fs::write(home.path().join(".npmrc"), settings)?;
    let package = json!({ "name": PACKAGE, "version": "1.0.0" });
    std::fs::write(home.path().join("package.json"), package.to_string())?;
    let program = node.join("bin/node");
    // What is set where the tests run, a proxy for one, is none of npm's business here.
    Command::new(&program)
        .arg(node.join("lib/node_modules/npm/bin/npm-cli.js"))
        .args(arguments)
        .current_dir(home.path())
        .env_clear()
        .env("HOME", home.path())
        .kill_on_drop(true)
        .output()
        .await
        .with_context(|| program.display().to_string())
}
