//! The bot of discord.js, on a simulated Discord and a database of its own.

use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use discord_sim::{Discord, standard};
use sqlx::{Connection as _, PgConnection};
use testkit::postgres::{Database, Postgres};

use super::Peers;
use crate::lane::{self, Lane};
use crate::process::megabytes;
use crate::stage::OLD;

/// Node.js may take a while where the machine is busy.
const READY: Duration = Duration::from_secs(30);

pub struct Twin {
    pub lanes: Vec<Lane>,
    /// Once it was ready, in megabytes.
    pub first_memory: f64,
    discord: Discord,
    database: Database,
    child: Child,
    /// Workflows that were played so far.
    played: usize,
}

impl Twin {
    /// Starts it, with people for so many lanes; it is ready when this returns.
    pub async fn start(peers: &Peers, postgres: &Postgres, lanes: usize) -> anyhow::Result<Self> {
        let database = postgres.database("twin").await?;
        let discord = Discord::start(lane::guild(lanes)).await?;
        let lanes = lane::lanes(&discord, lanes)?;
        let mut command = peers.command("discordjs");
        command.stdin(Stdio::null());
        command.envs([
            ("DISCORD_API", format!("{}/api", discord.base_url())),
            ("DISCORD_TOKEN", standard::TOKEN.to_owned()),
            ("DISCORD_APPLICATION", standard::APPLICATION.to_string()),
            ("DISCORD_GUILD", standard::GUILD.to_string()),
            ("APPROVAL_CHANNEL", standard::APPROVALS.to_string()),
            ("ADMIN_ROLE", standard::ADMINS.to_string()),
            ("DATABASE_URL", database.owner_url.clone()),
            ("SEALING_KEY", STANDARD.encode(rand::random::<[u8; 32]>())),
        ]);
        let child = command.spawn().context("Node.js")?;
        let mut twin = Self { lanes, first_memory: 0.0, discord, database, child, played: 0 };
        twin.discord.gateway().context("no gateway")?.wait_ready_within(READY).await?;
        twin.first_memory = twin.memory()?;
        Ok(twin)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// In megabytes.
    pub fn memory(&self) -> anyhow::Result<f64> {
        megabytes(self.id())
    }

    /// Checks that so many more workflows came to their end.
    pub async fn settle(&mut self, count: usize) -> anyhow::Result<()> {
        self.played += count;
        let mut connection = PgConnection::connect(&self.database.admin_url).await?;
        let query = "select count(*) from events where kind = 'stored'";
        let stored: i64 = sqlx::query_scalar(query).fetch_one(&mut connection).await?;
        connection.close().await?;
        anyhow::ensure!(stored == self.played as i64, "{stored} ends of {} workflows", self.played);
        let violations = self.discord.violations();
        anyhow::ensure!(violations.is_empty(), "Discord would have refused: {violations:?}");
        self.discord.forget(OLD);
        Ok(())
    }
}

impl Drop for Twin {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
