//! One call: rendered, sent, read up to a limit, and told what its status means.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Response, Url};
use secrecy::ExposeSecret as _;
use zeroize::Zeroizing;

use super::answer::{Answer, NotDone, words};
use super::credentials;
use crate::config::{HttpCall, Outside, RenderError, UpstreamValues, is_exposed};

/// What is read of an answer. Lists of tokens are the longest; 4 MiB hold ten thousand of them.
const ANSWER_LIMIT: usize = 4 << 20;

/// How long an upstream that says "later" may have us wait at a time.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// What sends calls to one upstream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender<'a> {
    pub(super) client: &'a reqwest::Client,
    pub(super) outside: &'a Outside,
    /// Whether calls may go to another machine over plain HTTP.
    pub(super) allow_plaintext: bool,
}

/// The bytes of an answer, which may hold a secret.
pub(super) type Body = Zeroizing<Vec<u8>>;

impl Sender<'_> {
    /// Sends a call. What was never sent, and what the upstream says no to, leaves nothing behind;
    /// every other end is doubtful.
    pub(super) async fn send(&self, call: &HttpCall, values: &UpstreamValues) -> Answer<Body> {
        let request = self.request(call, values).map_err(|error| {
            let secrets = credentials::of_operator(self.outside);
            NotDone::unasked(&secrets.take_out_of(&error.to_string()))
        })?;
        let secrets = credentials::of_call(self.outside, &request, values);
        let response = self.client.execute(request).await.map_err(|error| not_answered(&error))?;
        let (status, wait) = (response.status(), retry_after(&response));
        let body = read(response).await;
        match status.as_u16() {
            200..=299 => body.map_err(NotDone::doubtful),
            400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 => {
                let body = body.unwrap_or_default();
                let words = words(&body, call.response.error.as_ref(), &secrets);
                Err(NotDone::Refused { status: Some(status.as_u16()), words })
            }
            408 | 425 | 429 => Err(NotDone::NotNow(wait)),
            _ => Err(NotDone::doubtful(&format!("the answer was {}", status.as_u16()))),
        }
    }

    fn request(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
    ) -> Result<reqwest::Request, RequestError> {
        let url = call.url.render(values, self.outside)?;
        let url: Url = url.expose_secret().parse().map_err(|_| RequestError::Url)?;
        // The configuration was asked before with made-up values; a template may lead elsewhere for
        // these.
        if is_exposed(&url) && !self.allow_plaintext {
            return Err(RequestError::Exposed);
        }
        let method = reqwest::Method::from_bytes(call.method.as_str().as_bytes())
            .map_err(|_| RequestError::Method)?;
        let mut request = self.client.request(method, url);
        if !call.headers.contains_key(ACCEPT.as_str()) {
            request = request.header(ACCEPT, "application/json");
        }
        if let Some(body) = &call.body {
            if !call.headers.contains_key(CONTENT_TYPE.as_str()) {
                request = request.header(CONTENT_TYPE, "application/json");
            }
            request = request.body(body.render(values, self.outside)?.expose_secret().to_owned());
        }
        for (name, value) in &call.headers {
            let value = value.render(values, self.outside)?;
            let mut value = HeaderValue::from_bytes(value.expose_secret().as_bytes())?;
            // So that no library prints it.
            value.set_sensitive(true);
            request = request.header(HeaderName::from_bytes(name.as_bytes())?, value);
        }
        Ok(request.build()?)
    }
}

/// Why a call can't be made of what was asked for.
#[derive(Debug, thiserror::Error)]
enum RequestError {
    #[error(transparent)]
    Template(#[from] RenderError),
    #[error("its URL is none")]
    Url,
    #[error(
        "its URL would send credentials unencrypted to another machine: the configuration has to say \
         https, or allow_plaintext = true"
    )]
    Exposed,
    #[error("its method is none")]
    Method,
    #[error("a header can't be sent")]
    Value(#[from] reqwest::header::InvalidHeaderValue),
    #[error("a header can't be sent")]
    Name(#[from] reqwest::header::InvalidHeaderName),
    #[error("its URL can't be called")]
    Request(#[from] reqwest::Error),
}

fn not_answered(error: &reqwest::Error) -> NotDone {
    if error.is_connect() {
        // Neither a byte of the request nor an answer went anywhere.
        NotDone::NotNow(None)
    } else if error.is_timeout() {
        NotDone::doubtful("no answer came in time")
    } else {
        NotDone::doubtful("the connection was cut")
    }
}

async fn read(mut response: Response) -> Result<Body, &'static str> {
    let mut body = Body::default();
    while let Some(part) = response.chunk().await.map_err(|_| "the answer was cut")? {
        if body.len() + part.len() > ANSWER_LIMIT {
            return Err("the answer was too long");
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// `Retry-After` in seconds. A date is left to our own pace.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
    let seconds: u64 = value.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.max(1)).min(LONGEST_WAIT))
}
