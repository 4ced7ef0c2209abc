//! How spans get to the collector: with the authorities and proxies of every other client.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::network::{self, ClientTls, Network};

/// How much of an answer is read: it says how many spans were not taken, and why.
const ANSWER_LIMIT: usize = 64 << 10;

/// A client for the library's thread.
#[derive(Debug)]
pub(super) struct Client {
    network: Network,
    /// Made when it is first needed, so that what there is to say of authorities comes into the log.
    client: OnceCell<reqwest::Client>,
    /// The library's thread has none.
    runtime: tokio::runtime::Runtime,
    /// For one try.
    limit: Duration,
    /// Why the last try failed; the library keeps it from its caller.
    failure: Mutex<Option<String>>,
}

impl Client {
    pub(super) fn new(network: &Network, limit: Duration) -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.context("no connection to the collector can be made")?;
        let (network, client) = (network.clone(), OnceCell::new());
        Ok(Self { network, client, runtime, limit, failure: Mutex::default() })
    }

    /// Why the last try failed, if it did.
    pub(super) fn take_failure(&self) -> Option<String> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    async fn build_client(&self) -> Result<reqwest::Client, String> {
        let client = self.network.http_client(ClientTls::default());
        // Between two batches nobody would notice that the collector closed a connection.
        let client = client.map_err(|error| error.to_string())?.pool_max_idle_per_host(0);
        client.build().map_err(|error| network::describe(&error))
    }

    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, String> {
        let describe = |error: reqwest::Error| network::describe(&error.without_url());
        let request = reqwest::Request::try_from(request).map_err(describe)?;
        let mut response = self
            .client
            .get_or_try_init(|| self.build_client())
            .await?
            .execute(request)
            .await
            .map_err(describe)?;
        let mut answer = Response::new(Bytes::new());
        *answer.status_mut() = response.status();
        answer.headers_mut().clone_from(response.headers());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(describe)? {
            if body.len() + chunk.len() > ANSWER_LIMIT {
                return Err("its answer is too long".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        *answer.body_mut() = body.into();
        Ok(answer)
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let sent = async { timeout(self.limit, self.send(request)).await };
        let sent = self.runtime.block_on(sent);
        let sent = sent.unwrap_or_else(|_| Err("it does not answer in time".to_owned()));
        let failure = match &sent {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("it answers {}", answer.status())),
            Err(why) => Some(why.clone()),
        };
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
        Ok(sent?)
    }
}
