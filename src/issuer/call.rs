//! One call: rendered, sent, read up to a limit, and classified by its status.

use std::time::{Duration, SystemTime};

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use reqwest::{Request, Response, StatusCode, Url};
use secrecy::{ExposeSecret as _, SecretString};
use tracing::Instrument as _;

use super::answer::{Answer, Later, NotDone, gives};
use super::credentials;
use super::login::Session;
use super::own_secret;
use super::reply::{Body, Reply};
use super::words::words;
use crate::config::{
    HttpBody, HttpCall, HttpLogin, Outside, RenderError, Template, UpstreamValues, is_exposed,
};
use crate::traces;

/// How much of an answer is read. Lists of tokens are the longest; 4 MiB hold ten thousand of them.
const ANSWER_LIMIT: usize = 4 << 20;

/// How soon an upstream that says "later" is asked again at the soonest.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);

/// How long an upstream that says "later" may have us wait at a time.
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
    /// Whether it matters what a call did that was refused: a refusal that is not the API's own leaves that
    /// in doubt.
    pub(super) makes: bool,
    /// Whether what a call made can be looked for, so that doubt costs little.
    pub(super) can_look: bool,
    /// What an answer before this one gave: nobody reads it in this one either.
    pub(super) hidden: Option<&'a SecretString>,
}

/// What an answer held, or why it could not be read.
type ReadBody = Result<Body, &'static str>;

/// Why a call was not seen to be done.
struct Failed {
    not_done: NotDone,
    /// Whether its login was not taken (401).
    is_unauthorized: bool,
}

impl From<NotDone> for Failed {
    fn from(not_done: NotDone) -> Self {
        Self { not_done, is_unauthorized: false }
    }
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
        let not_done = match self.send_as(&token, call, (values, elsewhere)).await {
            Err(Failed { not_done, is_unauthorized: true }) => not_done,
            answer => return answer.map_err(|failed| failed.not_done),
        };
        let token = session.token(self, login, Some(&token)).await;
        if matches!(not_done, NotDone::Doubtful(_)) {
            // Who said so is not known: it may have been done, and is not sent twice.
            return Err(not_done);
        }
        let answer = self.send_as(&token?, call, (values, elsewhere)).await;
        answer.map_err(|failed| failed.not_done)
    }

    async fn send_as(
        &self,
        token: &SecretString,
        call: &HttpCall,
        (values, elsewhere): (&UpstreamValues, Option<&Url>),
    ) -> Result<Reply, Failed> {
        let outside = self.outside.with_login(token.clone());
        Sender { outside: &outside, ..*self }.exchange(call, values, elsewhere).await
    }

    /// The same without a login.
    pub(super) async fn send_once(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
        elsewhere: Option<&Url>,
    ) -> Answer<Reply> {
        self.exchange(call, values, elsewhere).await.map_err(|failed| failed.not_done)
    }

    async fn exchange(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
        elsewhere: Option<&Url>,
    ) -> Result<Reply, Failed> {
        let request =
            self.request(call, values, elsewhere).map_err(|error| self.not_sent(&error))?;
        let id_is_secret = self.id_is_secret;
        let secrets = credentials::of_call(self.outside, &request, values, id_is_secret);
        let is_plain = request.url().scheme() == "http";
        let (response, body) = self.execute(request).await?;
        let (status, wait) = (response.status(), retry_after(&response));
        let body = match body {
            Err(why) if status.is_success() => return Err(NotDone::doubtful(why).into()),
            body => body.unwrap_or_default(),
        };
        let mut reply = Reply::new(response.headers().clone(), &body);
        reply.secrets = secrets;
        self.hidden.iter().for_each(|secret| reply.secrets.add(secret.expose_secret()));
        own_secret::add(&mut reply, (call, values, id_is_secret));
        reply.status = status.as_u16();
        if status.is_success() {
            reply.says_no = said(&reply, call);
            return Ok(self.refused_if(reply, call, status.as_u16())?);
        }
        if status == StatusCode::PROXY_AUTHENTICATION_REQUIRED
            && is_plain
            && !gives(&reply, &call.response)
        {
            // Said by a proxy on the way there (RFC 9110, 15.5.8), which passed nothing on. Through TLS only the
            // API answers.
            return Err(NotDone::NotNow(None).into());
        }
        let not_done = self.meaning(call, (status.as_u16(), wait), &reply);
        Err(Failed { not_done, is_unauthorized: status == StatusCode::UNAUTHORIZED })
    }

    /// Sends a request, and reads what comes back.
    async fn execute(&self, request: Request) -> Result<(Response, ReadBody), NotDone> {
        let span = traces::call_upstream(request.method().as_str(), request.url().host_str());
        let exchange = async {
            let mut response = self.client.execute(request).await?;
            let body = read(&mut response).await;
            Ok((response, body))
        };
        let answered: reqwest::Result<_> = exchange.instrument(span.clone()).await;
        match &answered {
            Ok((response, body)) => {
                traces::note_status(&span, response.status().as_u16());
                if body.is_err() {
                    traces::note_failure(&span, "cut");
                }
            }
            Err(error) if error.is_timeout() => traces::note_failure(&span, "timeout"),
            Err(_) => traces::note_failure(&span, "network"),
        }
        answered.map_err(|error| not_answered(&error))
    }

    /// An answer of 200 to 299, unless it is a refusal as the configuration says.
    fn refused_if(&self, reply: Reply, call: &HttpCall, status: u16) -> Answer<Reply> {
        if !reply.json().is_ok_and(|json| call.refuses(json)) {
            return Ok(reply);
        }
        let words = reply.says_no.clone();
        if self.makes && gives(&reply, &call.response) {
            return Err(NotDone::made_and_refused(words.as_deref()));
        }
        Err(NotDone::Refused { status: Some(status), words })
    }

    /// What an answer means that is none of 200 to 299.
    fn meaning(
        &self,
        call: &HttpCall,
        (status, wait): (u16, Option<Duration>),
        reply: &Reply,
    ) -> NotDone {
        let words = said(reply, call);
        let has_secret = || call.response.secret.iter().any(|at| reply.text(at).is_some());
        // What makes nothing leaves nothing in doubt, whoever refuses it.
        let is_known = !self.makes || (is_own(reply, call, words.is_some()) && !has_secret());
        match status {
            400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 if is_known => {
                NotDone::Refused { status: Some(status), words }
            }
            429 if is_known || (wait.is_some() && !self.can_look && !has_secret()) => {
                let said = super::describe_refusal(Some(status), words);
                NotDone::NotNow(Some(Later { wait, said }))
            }
            // 408 and 425 too: a call that somebody gave up waiting for may have been done.
            status => {
                let why = match words {
                    Some(words) => format!(": {words}"),
                    None if reply.is_page() => ", with a page that is not the API's".to_owned(),
                    None if (400..500).contains(&status) => {
                        ", with no words of the API's".to_owned()
                    }
                    None => String::new(),
                };
                NotDone::Doubtful(format!("the answer was {status}{why}"))
            }
        }
    }

    /// The same, but an error in a 200 is a refusal. A proxy's page is unclear, and so is any text where the
    /// configuration says that the API answers in JSON.
    pub(super) async fn ask(
        &self,
        call: &HttpCall,
        values: &UpstreamValues,
        elsewhere: Option<&Url>,
    ) -> Answer<Reply> {
        let reply = self.send(call, values, elsewhere).await?;
        match reply.says_no {
            _ if reply.is_page() => Err(NotDone::doubtful("the answer was a page, not the API's")),
            _ if reply.is_text() && call.response.error.is_some() => {
                Err(NotDone::doubtful("the answer was no JSON"))
            }
            Some(words) => Err(NotDone::Refused { status: Some(200), words: Some(words) }),
            None => Ok(reply),
        }
    }

    /// The URL of a call.
    pub(super) fn url(&self, call: &HttpCall, values: &UpstreamValues) -> Answer<Url> {
        self.rendered_url(call, values).map_err(|error| self.not_sent(&error))
    }

    fn rendered_url(&self, call: &HttpCall, values: &UpstreamValues) -> Result<Url, RequestError> {
        let url = call.url.render(values, self.outside)?;
        url.expose_secret().parse().map_err(|_| RequestError::Url)
    }

    pub(super) fn not_sent(&self, error: &RequestError) -> NotDone {
        let secrets = credentials::of_operator(self.outside);
        NotDone::not_sent(&secrets.take_out_of(&error.to_string()))
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
        if !call.headers.contains_key(USER_AGENT.as_str()) {
            request = request.header(USER_AGENT, super::AGENT);
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

/// The words where the configuration says that they are.
fn said(reply: &Reply, call: &HttpCall) -> Option<String> {
    let (json, response) = (reply.json().ok()?, &call.response);
    let said = words(json, response.error.as_ref(), &reply.secrets)?;
    let detail = words(json, response.detail.as_ref(), &reply.secrets);
    Some(detail.map_or(said.clone(), |detail| format!("{said}: {detail}")))
}

/// Whether a refusal is the API's own, and not of whoever stands before it: JSON that says so where the
/// configuration says, and any JSON object where it says nothing of that.
fn is_own(reply: &Reply, call: &HttpCall, has_words: bool) -> bool {
    let Ok(json) = reply.json() else { return false };
    let is_object = || json.as_object().is_some_and(|fields| !fields.is_empty());
    let is_said = has_words || call.refuses(json) || (call.response.error.is_none() && is_object());
    is_said && !reply.is_page()
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

async fn read(response: &mut Response) -> ReadBody {
    let mut body = Body::default();
    while let Some(part) = response.chunk().await.map_err(|_| "the answer was cut")? {
        if body.len() + part.len() > ANSWER_LIMIT {
            return Err("the answer was too long");
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// `Retry-After`, in seconds or as a date.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match value.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        // One that is past is now.
        Err(_) => {
            let until = httpdate::parse_http_date(value).ok()?;
            until.duration_since(SystemTime::now()).unwrap_or_default()
        }
    };
    Some(wait.clamp(SHORTEST_WAIT, LONGEST_WAIT))
}
