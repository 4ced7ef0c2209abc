//! An upstream's login token: fetched before the first call that uses it, kept in memory until
//! it expires, and fetched again if the upstream no longer accepts it.

use std::time::{Duration, Instant};

use chrono::Utc;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::answer::{Answer, NotDone};
use super::call::Sender;
use super::moment::End;
use super::reply::{Read, Reply};
use crate::config::{HttpLogin, Source, UpstreamValues};

/// The longest token that is accepted: it goes into a header.
const TOKEN_LIMIT: usize = 16 << 10;

/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(30);

/// The result of the last login.
#[derive(Debug, Default)]
pub(super) struct Session(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    token: SecretString,
    /// When it expires; none if that is unknown.
    until: Option<Instant>,
}

impl Session {
    /// The current login's token, or a new one. A token that was `refused` is dropped.
    pub(super) async fn token(
        &self,
        sender: &Sender<'_>,
        login: &HttpLogin,
        refused: Option<&SecretString>,
    ) -> Answer<SecretString> {
        // Others wait for this login, and share its result.
        let mut kept = self.0.lock().await;
        let is_good = |kept: &&Kept| {
            let is_refused = refused
                .is_some_and(|refused| refused.expose_secret() == kept.token.expose_secret());
            !is_refused && kept.until.is_none_or(|until| Instant::now() < until)
        };
        if let Some(good) = kept.as_ref().filter(is_good) {
            return Ok(good.token.clone());
        }
        *kept = None;
        let fresh = log_in(sender, login).await?;
        let token = fresh.token.clone();
        *kept = Some(fresh);
        Ok(token)
    }
}

/// After any error here, the call that waited for it was not made.
async fn log_in(sender: &Sender<'_>, login: &HttpLogin) -> Answer<Kept> {
    let values = UpstreamValues::of_nothing();
    let sender = Sender { makes: false, ..*sender };
    let reply = match sender.send_once(&login.call, &values, None).await {
        Ok(reply) => reply,
        Err(NotDone::Doubtful(_)) => return Err(NotDone::NotNow(None)),
        Err(NotDone::Refused { status, words }) => {
            let words = super::describe_refusal(status, words);
            return Err(NotDone::not_sent(&format!("its login is refused: {words}")));
        }
        Err(not_now) => return Err(not_now),
    };
    if let Some(words) = &reply.says_no {
        return Err(NotDone::not_sent(&format!("its login is refused: {words}")));
    }
    let token = read_token(&reply, &login.token)
        .map_err(|why| NotDone::not_sent(&format!("the answer to login can't be used: {why}")))?;
    Ok(Kept { token, until: lapses(&reply, login) })
}

fn read_token(reply: &Reply, at: &Source) -> Read<SecretString> {
    let found = match at {
        // Not encoded: a token may contain slashes.
        Source::Header(name) => reply.header(name).map(str::to_owned),
        at => reply.word(at, TOKEN_LIMIT)?,
    };
    found.filter(|token| !token.is_empty()).map(SecretString::from).ok_or("it holds no token")
}

/// Until when a token is used.
fn lapses(reply: &Reply, login: &HttpLogin) -> Option<Instant> {
    let at = login.expires_at.as_ref()?;
    let now = Utc::now();
    let value = reply.json().ok()?.pointer(at.at.as_str())?;
    let End::At(end) = End::read(value, at.form, now) else { return None };
    let lasts = (end - now).to_std().unwrap_or_default();
    Instant::now().checked_add(lasts.saturating_sub(MARGIN.min(lasts / 10)))
}
