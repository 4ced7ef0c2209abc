//! The loop around twilight's shard. Each connection gets a shard of its own, which starts with the
//! session of the one before: so a connection that hangs can be dropped whatever state it is in, and
//! none follows another faster than [`Timing`](super::Timing) allows.

use std::time::{Duration, Instant};

use secrecy::ExposeSecret;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use twilight_gateway::queue::InMemoryQueue;
use twilight_gateway::{CloseFrame, Config, ConfigBuilder, Intents, Session, Shard, ShardId};

use super::connection::{Connection, ConnectionEnd};
use super::reconnect_backoff::ReconnectBackoff;
use super::relay::Relay;
use super::{Gateway, GatewayError, SavedSession, SessionStore, Status};
use crate::discord::rest::{GatewayBot, RestError};

/// How long closing may take.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

pub(super) async fn run(
    gateway: Gateway,
    sessions: &dyn SessionStore,
    stop: CancellationToken,
) -> Result<(), GatewayError> {
    let token = gateway.token.expose_secret().to_owned();
    let config = ConfigBuilder::new(token, Intents::empty()).build();
    let session = sessions.load().await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the last gateway session can't be read; starting a new one");
        None
    });
    let backoff = ReconnectBackoff::default();
    let stopped = stop.clone();
    let mut run =
        Run { gateway, sessions, config, session, try_resume_url: true, backoff, stop: stopped };
    tokio::select! {
        // The loop ends by itself once it is asked to, unless it waits for something.
        biased;
        outcome = run.reconnect_until_stopped() => outcome,
        () = async { stop.cancelled().await; sleep(2 * CLOSE_TIMEOUT).await } => Ok(()),
    }
}

struct Run<'a> {
    gateway: Gateway,
    sessions: &'a dyn SessionStore,
    /// Shared by all connections: it holds the queue that spaces identifies.
    config: Config<InMemoryQueue>,
    session: Option<SavedSession>,
    /// Whether the session's own address may be tried; after a failure, the common one is.
    try_resume_url: bool,
    backoff: ReconnectBackoff,
    stop: CancellationToken,
}

impl Run<'_> {
    async fn reconnect_until_stopped(&mut self) -> Result<(), GatewayError> {
        while !self.stop.is_cancelled() {
            let opened = match self.choose_address().await {
                Ok(Some(address)) => self.open(&address).await,
                Ok(None) => continue,
                Err(error) => return self.report_final_error(error),
            };
            let relay = match opened {
                Ok(Some(relay)) => relay,
                Ok(None) => continue,
                Err(reason) => {
                    let reason = format!("Discord's gateway can't be reached: {reason}");
                    self.handle_end(ConnectionEnd::Unreachable(reason), None).await?;
                    continue;
                }
            };
            let shard = self.build_shard(&relay);
            let address = self.session.as_ref().map(|session| session.resume_url.clone());
            let mut connection =
                Connection::new((&self.gateway, self.sessions), (shard, relay), address);
            let end = connection.run(&self.stop, &mut self.backoff).await;
            if let ConnectionEnd::Stopped = end {
                // Saved first: what comes while it closes is for the next process.
                connection.save().await;
                connection.close(CloseFrame::RESUME, CLOSE_TIMEOUT).await;
                break;
            }
            let session = connection.current_session();
            drop(connection);
            self.handle_end(end, session).await?;
        }
        self.gateway.status.send_replace(Status::default());
        Ok(())
    }

    /// Where the next connection goes; none if it is too early for it.
    async fn choose_address(&mut self) -> Result<Option<String>, GatewayError> {
        match &self.session {
            Some(session) if self.try_resume_url => Ok(Some(session.resume_url.clone())),
            _ => self.fetch_address().await,
        }
    }

    /// A connection to the gateway; none if a stop came first.
    async fn open(&self, address: &str) -> Result<Option<Relay>, String> {
        tokio::select! {
            opened = Relay::open(&self.gateway.network, address) => opened.map(Some),
            () = self.stop.cancelled() => Ok(None),
        }
    }

    /// The next connection's shard. The session's own address is not twilight's affair, since it would go there by
    /// itself.
    fn build_shard(&self, relay: &Relay) -> Shard {
        let mut builder = ConfigBuilder::from(self.config.clone());
        builder = builder.proxy_url(relay.url().to_owned());
        if let Some(session) = &self.session {
            let session = Session::new(session.sequence, session.session_id.clone());
            builder = builder.session(session);
        }
        Shard::with_config(ShardId::ONE, builder.build())
    }

    /// Asks for the gateway's address, and whether it may be entered.
    async fn fetch_address(&mut self) -> Result<Option<String>, GatewayError> {
        match self.gateway.rest.gateway_bot().await {
            Ok(GatewayBot { session_start_limit: limit, .. })
                if limit.remaining == 0 && self.session.is_none() =>
            {
                let wait = Duration::from_millis(limit.reset_after).max(Duration::from_secs(1));
                self.report_trouble(format!(
                    "the day's sessions are used up; waiting for {wait:?}"
                ));
                self.pause(wait).await;
                Ok(None)
            }
            Ok(answer) => Ok(Some(answer.url.trim_end_matches('/').to_owned())),
            Err(error @ RestError::Refused { .. }) => Err(GatewayError::Refused(error)),
            Err(error) => {
                self.report_trouble(format!("the gateway's address is unknown: {error}"));
                let wait = self.backoff.next_delay(&self.gateway.timing, Instant::now());
                self.pause(wait).await;
                Ok(None)
            }
        }
    }

    /// Decides what the end of a connection means for the next.
    async fn handle_end(
        &mut self,
        end: ConnectionEnd,
        session: Option<SavedSession>,
    ) -> Result<(), GatewayError> {
        let reason = match end {
            ConnectionEnd::Stopped => return Ok(()),
            ConnectionEnd::Final(code) => {
                self.save_session(None).await;
                return self.report_final_error(GatewayError::Closed { code });
            }
            ConnectionEnd::Unreachable(reason) => {
                self.try_resume_url = false;
                reason
            }
            // The session is the one that was tried; Discord says what is to become of it.
            ConnectionEnd::Cut(reason) => {
                self.try_resume_url = true;
                if session != self.session {
                    self.save_session(session).await;
                }
                reason
            }
        };
        self.report_trouble(reason);
        let wait = self.backoff.next_delay(&self.gateway.timing, Instant::now());
        self.pause(wait).await;
        Ok(())
    }

    async fn save_session(&mut self, session: Option<SavedSession>) {
        if let Err(error) = self.sessions.save(session.as_ref()).await {
            tracing::warn!(%error, "the gateway session can't be saved");
        }
        self.session = session;
    }

    fn report_trouble(&self, reason: String) {
        tracing::warn!(reason, "the gateway is not connected");
        self.gateway.status.send_replace(Status { trouble: Some(reason), ..Status::default() });
    }

    fn report_final_error(&self, error: GatewayError) -> Result<(), GatewayError> {
        let trouble = Some(error.to_string());
        self.gateway.status.send_replace(Status { trouble, ..Status::default() });
        Err(error)
    }

    async fn pause(&self, wait: Duration) {
        _ = timeout(wait, self.stop.cancelled()).await;
    }
}
