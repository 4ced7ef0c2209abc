//! Carries one call out: waits for limits, sends, tries again where that is safe, and tells the
//! outcome without a URL.

use std::borrow::Cow;
use std::time::Duration;

use axum::body::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serenity::http::{LightMethod, Route};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tracing::Instrument as _;
use zeroize::Zeroizing;

use super::error::refusal;
use super::rate_limits::{Key, LimitHeaders, RateLimitResponse, method_name};
use super::{Rest, RestError, zeroized_body};
use crate::discord::message::File;
use crate::domain::ids::CommandId;
use crate::{network, traces};

/// Tries of one call, where trying again is safe.
const MAX_TRIES: u32 = 3;

/// 429s of one call, after which the caller is told: a limit that moves away is no limit to wait for.
const MAX_RATE_LIMITS: u32 = 5;

/// The longest answer that is read; the longest expected one, a guild's 250 roles, is under 200 kB.
const MAX_BODY: usize = 4 << 20;

/// Room for most answers whose length is not told.
const USUAL_BODY: usize = 8 << 10;

const HOST: &str = "https://discord.com";

/// One call, as it is built up.
pub(super) struct Call {
    method: Method,
    path: String,
    body: Option<Bytes>,
    content_type: Cow<'static, str>,
    /// What is sent beside the body.
    file: Option<File>,
    /// None for routes of an interaction, which have limits of their own that end with them.
    key: Option<Key>,
    authorized: bool,
    repeatable: bool,
    within: Option<Duration>,
    each: Option<Duration>,
}

/// The outcome of sending a call once.
enum SendResult {
    Done(Zeroizing<Vec<u8>>),
    RateLimited(RateLimitResponse),
    /// A failure that may pass.
    Transient(RestError),
    Refused(RestError),
}

/// What an executed call brought.
pub(super) struct ApiResponse {
    body: Zeroizing<Vec<u8>>,
}

/// What a failed call brought.
pub(super) struct FailedCall {
    pub(super) error: RestError,
    /// Over 1, an earlier try may have taken effect without our hearing of it.
    pub(super) tries: u32,
}

impl Call {
    /// A call in the bot's name, that may be repeated if its method says so.
    pub(super) fn new(method: LightMethod, route: Route<'_>) -> Self {
        Self {
            path: route.path().into_owned(),
            key: Some((method_name(method), route.ratelimiting_bucket())),
            authorized: true,
            // Discord's PATCHes and PUTs set, so that doing it twice is doing it once.
            repeatable: !matches!(method, LightMethod::Post),
            method: method.reqwest_method(),
            body: None,
            content_type: Cow::Borrowed("application/json"),
            file: None,
            within: None,
            each: None,
        }
    }

    /// A call in the name of an interaction's token, which stands in its path.
    pub(super) fn with_token(method: LightMethod, route: Route<'_>) -> Self {
        Self { key: None, authorized: false, ..Self::new(method, route) }
    }

    /// A call to a path that serenity has no route for.
    pub(super) fn get(path: &str) -> Self {
        let plain = Self::new(LightMethod::Get, Route::UserMe);
        Self { path: format!("{HOST}/api/v10{path}"), key: None, ..plain }
    }

    pub(super) fn query(mut self, query: &str) -> Self {
        self.path = format!("{}?{query}", self.path);
        self
    }

    pub(super) fn body(mut self, body: &Value) -> Self {
        self.body = Some(zeroized_body::serialize(body));
        self
    }

    /// Sends a file beside the body, which names it.
    pub(super) fn file(mut self, file: Option<&File>) -> Self {
        self.file = file.cloned();
        self
    }

    /// Makes the body what is sent: with the command's id in it, and the file beside it.
    fn finish(&mut self, command: Option<CommandId>) {
        let body = self.body.take().map(|body| zeroized_body::fill_mentions(body, command));
        self.body = match (body, self.file.take()) {
            (Some(body), Some(file)) => {
                // Nobody can have put it into the file.
                let boundary = format!("{:032x}", rand::random::<u128>());
                let whole = file.build_multipart(&body, &boundary);
                self.content_type = format!("multipart/form-data; boundary={boundary}").into();
                Some(whole.into())
            }
            (body, _) => body,
        };
    }

    /// Doing it twice is doing it once, although it is a POST.
    pub(super) fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Gives up altogether after this long.
    pub(super) fn within(mut self, within: Duration) -> Self {
        self.within = Some(within);
        self
    }

    /// Gives up each try after this long, where that is less than for other calls.
    pub(super) fn each(mut self, each: Duration) -> Self {
        self.each = Some(each);
        self
    }
}

impl ApiResponse {
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, RestError> {
        serde_json::from_slice(&self.body)
            .map_err(|_| RestError::Malformed { what: "not the JSON that was expected" })
    }
}

impl Rest {
    /// Executes a call and reads its answer.
    pub(super) async fn fetch<T: DeserializeOwned>(&self, call: Call) -> Result<T, RestError> {
        self.execute(call).await.map_err(|failure| failure.error)?.json()
    }

    /// Executes a call whose answer says nothing.
    pub(super) async fn perform(&self, call: Call) -> Result<(), RestError> {
        self.execute(call).await.map(|_| ()).map_err(|failure| failure.error)
    }

    /// Executes a call within its bounds.
    pub(super) async fn execute(&self, mut call: Call) -> Result<ApiResponse, FailedCall> {
        call.finish(self.known_command());
        let mut run =
            Run { rest: self, call: &call, tries: 0, rate_limits: 0, waited: Duration::ZERO };
        let span = traces::call_discord(call.method.as_str(), &call.path);
        let running = run.run().instrument(span.clone());
        let outcome = match call.within {
            None => running.await,
            Some(within) => timeout_at(Instant::now() + within, running)
                .await
                .unwrap_or(Err(RestError::TimedOut)),
        };
        let again = (run.tries + run.rate_limits).saturating_sub(1);
        if again > 0 {
            span.record("http.request.resend_count", again);
        }
        match outcome {
            Ok(body) => Ok(ApiResponse { body }),
            Err(error) => {
                traces::note_failure(&span, error.kind());
                Err(FailedCall { error, tries: run.tries })
            }
        }
    }

    async fn send(&self, call: &Call) -> SendResult {
        match call.each {
            None => self.send_unbounded(call).await,
            // Its connection goes with it, so that the next try takes another.
            Some(each) => timeout(each, self.send_unbounded(call))
                .await
                .unwrap_or(SendResult::Transient(RestError::TimedOut)),
        }
    }

    async fn send_unbounded(&self, call: &Call) -> SendResult {
        let url = match &self.proxy {
            Some(proxy) => call.path.replacen(HOST, proxy, 1),
            None => call.path.clone(),
        };
        let mut request = self.client.request(call.method.clone(), url);
        if call.authorized {
            request = request.header(AUTHORIZATION, self.authorization.clone());
        }
        if let Some(body) = &call.body {
            request = request.header("content-type", &*call.content_type).body(body.clone());
        } else if call.method != Method::GET {
            request = request.header("content-length", "0");
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => return SendResult::Transient(convert_error(error)),
        };
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        if status != 429 {
            self.limits.update(call.key, LimitHeaders::parse(&headers), Instant::now());
        }
        match read_body(response).await {
            Ok(body) => classify_response(status, &headers, body),
            // The status alone says enough of what went wrong.
            Err(_) if status >= 400 => classify_response(status, &headers, Zeroizing::default()),
            Err(error) => SendResult::Transient(error),
        }
    }
}

/// One call under way.
struct Run<'a> {
    rest: &'a Rest,
    call: &'a Call,
    tries: u32,
    rate_limits: u32,
    waited: Duration,
}

impl Run<'_> {
    async fn run(&mut self) -> Result<Zeroizing<Vec<u8>>, RestError> {
        loop {
            while let Err(wait) = self.rest.limits.acquire(self.call.key, Instant::now()) {
                self.wait(wait).await?;
            }
            self.tries += 1;
            match self.rest.send(self.call).await {
                SendResult::Done(body) => return Ok(body),
                SendResult::Refused(error) => return Err(error),
                SendResult::RateLimited(limited) => self.handle_rate_limit(limited).await?,
                SendResult::Transient(error) => self.wait_to_retry(error).await?,
            }
        }
    }

    /// Discord counted the call as too many: it did nothing, so that any call may be repeated.
    async fn handle_rate_limit(&mut self, limited: RateLimitResponse) -> Result<(), RestError> {
        self.tries -= 1;
        self.rate_limits += 1;
        let retry_after = limited.retry_after;
        tracing::warn!(?retry_after, global = limited.global, "Discord's rate limit was hit");
        self.rest.limits.block(self.call.key, &limited, Instant::now());
        if self.rate_limits >= MAX_RATE_LIMITS {
            return Err(RestError::RateLimited { retry_after });
        }
        self.wait(retry_after).await
    }

    async fn wait_to_retry(&mut self, error: RestError) -> Result<(), RestError> {
        if !self.call.repeatable || self.tries >= MAX_TRIES {
            return Err(error);
        }
        let backoff = self.rest.times.backoff * (1 << (self.tries - 1));
        tracing::warn!(%error, try_number = self.tries, "a call to Discord failed; trying again");
        // Jitter, so that calls that failed together don't come back together.
        sleep(backoff.mul_f64(rand::random_range(0.8..1.2))).await;
        Ok(())
    }

    async fn wait(&mut self, wait: Duration) -> Result<(), RestError> {
        if self.waited + wait > self.rest.times.wait {
            return Err(RestError::RateLimited { retry_after: wait });
        }
        self.waited += wait;
        sleep(wait).await;
        Ok(())
    }
}

fn classify_response(status: u16, headers: &HeaderMap, body: Zeroizing<Vec<u8>>) -> SendResult {
    match status {
        200..300 => SendResult::Done(body),
        429 => SendResult::RateLimited(RateLimitResponse::parse(headers, &body)),
        500.. => SendResult::Transient(RestError::Unavailable { status }),
        400.. => SendResult::Refused(refusal(status, &body)),
        _ => SendResult::Refused(RestError::Malformed { what: "a redirect" }),
    }
}

/// Discord repeats what was sent, and with it the secret that a message shows: so it is wiped, and
/// does not move while it grows, where Discord says how long it is.
async fn read_body(mut response: Response) -> Result<Zeroizing<Vec<u8>>, RestError> {
    let length = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut body = Zeroizing::new(Vec::with_capacity(length.unwrap_or(USUAL_BODY).min(MAX_BODY)));
    while let Some(chunk) = response.chunk().await.map_err(convert_error)? {
        if body.len() + chunk.len() > MAX_BODY {
            return Err(RestError::Malformed { what: "too long" });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The library's error holds the URL, and with it an interaction's token; only its cause is kept.
fn convert_error(error: reqwest::Error) -> RestError {
    if error.is_timeout() {
        return RestError::TimedOut;
    }
    RestError::Network { cause: network::describe(&error.without_url()) }
}
