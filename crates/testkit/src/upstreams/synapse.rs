//! Synapse, a homeserver of Matrix, with the admin as whom accounts are made.

use anyhow::ensure;
use tokio::process::Command;

use super::process::Process;
use super::{Ready, Upstream, installed};

/// The admin's name.
const ADMIN: &str = "countersign";

/// Their password; it shows up where a password must not.
const PASSWORD: &str = "synapse-password-that-nobody-may-log";

/// What lets the first admin be made.
const SHARED: &str = "shared-secret-of-these-tests";

/// Starts it, and makes the admin.
pub async fn start() -> anyhow::Result<Upstream> {
    let installed = installed()?;
    let config = ("synapse_alone.py", include_str!("../../upstreams/synapse_alone.py"));
    let process = Process::start(config, "/health", |port| {
        let mut command = Command::new(installed.join("python/bin/python"));
        command
            .arg("synapse_alone.py")
            .env("SYNAPSE_PORT", port.to_string())
            .env("SYNAPSE_SECRET", SHARED);
        command
    })
    .await?;
    let made = Command::new(installed.join("python/bin/register_new_matrix_user"))
        .args(["--user", ADMIN, "--password", PASSWORD, "--shared-secret", SHARED, "--admin"])
        .arg(process.url())
        .kill_on_drop(true)
        .output()
        .await?;
    ensure!(made.status.success(), "Synapse did not make the admin: {made:?}");
    Ok(Upstream {
        process,
        ready: Ready { file: "synapse.toml", address: "https://matrix.example.com" },
        secrets: vec![("PASSWORD", PASSWORD.to_owned())],
        _database: None,
    })
}
