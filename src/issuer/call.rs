//! One call: rendered, sent, read up to a limit, and classified by its status.

use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Response, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::answer::{Answer, NotDone};
use super::credentials;
use super::login::Session;
use super::reply::{Body, Reply};
use super::words::words;
use crate::config::{
    HttpBody, HttpCall, HttpLogin, Outside, RenderError, Template, UpstreamValues, is_exposed,
};

/// How much of an answer is read. Lists of tokens are the longest; 4 MiB hold ten thousand of them.
const ANSWER_LIMIT: usize = 4 << 20;

/// The longest wait that an upstream may request at a time.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Sends calls to one upstream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sender<'a> {
    pub(super) client: &'a reqwest::Client,
    pub(super) outside: &'a Outside,
    /// Whether calls may go to another machine over plain HTTP.
    pub(super) allow_plaintext: bool,
    /// Whether a token's id is its secret.
    pub(super) id_is_secret: bool,
    /// Where calls get `login.token`, if they use it.
    pub(super) login: Option<(&'a HttpLogin, &'a Session)>,
}

impl Sender<'_> {
    /// Sends a call. A call that was never sent or was refused leaves nothing behind;
    /// every other failure is doubtful. A 200 with an error in it comes back as [`Reply::says_no`].
    ///
    /// If the upstream no longer accepts the login (401), the login is renewed once.
    pub(super) async fn send(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
        elsewhere: Option<&Url>,
    ) -> Answer<Reply> {
        let Some((login, session)) = self.login.filter(|_| call.shows_login()) else {
            return self.send_once(call, values, elsewhere).await;
        };
        let token = session.token(self, login, None).await?;
        let answer = self.send_as(&token, call, (values, elsewhere)).await;
        if !matches!(answer, Err(NotDone::Refused { status: Some(401), .. })) {
            return answer;
        }
        let token = session.token(self, login, Some(&token)).await?;
        self.send_as(&token, call, (values, elsewhere)).await
    }

    async fn send_as(
        &self,
        token: &SecretString,
        call: &HttpCall,
        (values, elsewhere): (&UpstreamValues, Option<&Url>),
    ) -> Answer<Reply> {
        let outside = self.outside.with_login(token.clone());
        Sender { outside: &outside, ..*self }.send_once(call, values, elsewhere).await
    }

    /// The same without a login.
    pub(super) async fn send_once(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
        elsewhere: Option<&Url>,
    ) -> Answer<Reply> {
        let request =
            self.request(call, values, elsewhere).map_err(|error| self.unasked(&error))?;
        let id_is_secret = self.id_is_secret;
        let secrets = credentials::of_call(self.outside, &request, values, id_is_secret);
        let response = self.client.execute(request).await.map_err(|error| not_answered(&error))?;
        let (status, wait) = (response.status(), retry_after(&response));
        let headers = response.headers().clone();
        let body = read(response).await;
        let said =
            |reply: &Reply| words(reply.json().ok()?, call.response.error.as_ref(), &secrets);
        match status.as_u16() {
            200..=299 => {
                let body = body.map_err(NotDone::doubtful)?;
                let mut reply = Reply::new(headers, &body);
                reply.says_no = said(&reply);
                let refuses = |json: &Value| call.refused_if.iter().any(|no| no.holds(json));
                if reply.json().is_ok_and(refuses) {
                    let words = reply.says_no;
                    return Err(NotDone::Refused { status: Some(status.as_u16()), words });
                }
                Ok(reply)
            }
            400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 => {
                let words = said(&Reply::new(headers, &body.unwrap_or_default()));
                Err(NotDone::Refused { status: Some(status.as_u16()), words })
            }
            408 | 425 | 429 => Err(NotDone::NotNow(wait)),
            status => {
                let words = said(&Reply::new(headers, &body.unwrap_or_default()));
                let words = words.map(|words| format!(": {words}")).unwrap_or_default();
                Err(NotDone::Doubtful(format!("the answer was {status}{words}")))
            }
        }
    }

    /// The same, but an error in a 200 is a refusal, and a proxy's page is unclear.
    pub(super) async fn ask(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
        elsewhere: Option<&Url>,
    ) -> Answer<Reply> {
        let reply = self.send(call, values, elsewhere).await?;
        match reply.says_no {
            _ if reply.is_page() => Err(NotDone::doubtful("the answer was a page, not the API's")),
            Some(words) => Err(NotDone::Refused { status: Some(200), words: Some(words) }),
            None => Ok(reply),
        }
    }

    /// The URL of a call.
    pub(super) fn url(&self, call: &HttpCall, values: &UpstreamValues) -> Answer<Url> {
        self.rendered_url(call, values).map_err(|error| self.unasked(&error))
    }

    fn rendered_url(&self, call: &HttpCall, values: &UpstreamValues) -> Result<Url, RequestError> {
        let url = call.url.render(values, self.outside)?;
        url.expose_secret().parse().map_err(|_| RequestError::Url)
    }

    pub(super) fn unasked(&self, error: &RequestError) -> NotDone {
        let secrets = credentials::of_operator(self.outside);
        NotDone::unasked(&secrets.take_out_of(&error.to_string()))
    }

    /// A call before it is sent.
    pub(super) fn request(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
        elsewhere: Option<&Url>,
    ) -> Result<reqwest::Request, RequestError> {
        let url = elsewhere.cloned().map_or_else(|| self.rendered_url(call, values), Ok)?;
        // The configuration was checked with example values; a template may lead elsewhere with
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
        let is_typed = call.headers.contains_key(CONTENT_TYPE.as_str());
        let body = call.body.as_ref().map(|body| self.body(body, values)).transpose()?;
        if let Some((content_type, body)) = body {
            if !is_typed {
                request = request.header(CONTENT_TYPE, content_type);
            }
            request = request.body(body);
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

    /// A body, and its content type.
    fn body(
        &self,
        body: &HttpBody,
        values: &UpstreamValues,
    ) -> Result<(&'static str, String), RequestError> {
        let rendered = |template: &Template| template.render(values, self.outside);
        match body {
            HttpBody::Json(template) => {
                Ok(("application/json", rendered(template)?.expose_secret().to_owned()))
            }
            HttpBody::Form(fields) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                for (name, template) in fields {
                    form.append_pair(name, rendered(template)?.expose_secret());
                }
                Ok(("application/x-www-form-urlencoded", form.finish()))
            }
        }
    }
}

/// Why a call can't be rendered from these values.
#[derive(Debug, thiserror::Error)]
pub(super) enum RequestError {
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
        // Neither the request nor an answer was sent, not even in part.
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
