//! A standby of a temporary Postgres, by streaming replication.

use std::sync::Arc;

use super::Postgres;
use super::server::Server;
use sqlx::Connection as _;

impl Postgres {
    /// A standby of this server, on another port: it has every change, and accepts none.
    pub async fn standby(&self) -> anyhow::Result<Self> {
        let primary = self.own_server()?;
        let server = tokio::task::spawn_blocking(move || Server::standby_of(&primary)).await??;
        let standby =
            Self { admin_url: server.admin_url().parse()?, server: Some(Arc::new(server)) };
        standby.wait_until_up().await?;
        Ok(standby)
    }

    /// Makes a standby the primary.
    pub async fn promote(&self) -> anyhow::Result<()> {
        let mut connection = self.connect().await?;
        sqlx::query("SELECT pg_promote()").execute(&mut connection).await?;
        Ok(connection.close().await?)
    }

    /// From now on a commit waits until the standby has it as well.
    pub async fn wait_for_standby(&self) -> anyhow::Result<()> {
        let mut connection = self.connect().await?;
        for statement in
            ["ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"]
        {
            sqlx::raw_sql(statement).execute(&mut connection).await?;
        }
        Ok(connection.close().await?)
    }
}
