//! An upstream's login token: fetched before the first call that uses it, kept in memory until
//! it expires, and fetched again if the upstream no longer accepts it.

use std::time::{Duration, Instant};

use chrono::Utc;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;

use super::answer::{Later, NotDone};
use super::call::Sender;
use super::moment::End;
use super::reply::{Read, Reply};
use crate::config::{HttpLogin, Source, UpstreamValues};

/// The longest token that is accepted: it goes into a header.
const TOKEN_LIMIT: usize = 16 << 10;

/// How long before its end a token is no longer used.
const MARGIN: Duration = Duration::from_secs(30);

/// How words begin that say why a login failed.
const REFUSED: &str = "its login is refused: ";
const UNREADABLE: &str = "the answer to login can't be used: ";

/// Whether a call was not sent because its login failed.
#[must_use]
pub fn is_of_login(words: &str) -> bool {
    [REFUSED, UNREADABLE].iter().any(|begin| words.starts_with(begin))
}

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
    ) -> Result<SecretString, NoLogin> {
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

/// Why there is no token. The call that waited for it was not made.
#[derive(Debug)]
pub(super) enum NoLogin {
    /// It is refused, in these words.
    Refused(Option<u16>, Option<String>),
    /// The answer is not as configured.
    Unreadable(&'static str),
    /// It could not be called, or the answer asks to wait.
    NotNow(Option<Later>),
    /// Nobody knows what became of it; why, for people.
    Doubtful(String),
}

impl From<NoLogin> for NotDone {
    fn from(why: NoLogin) -> Self {
        match why {
            NoLogin::Refused(status, words) => {
                let words = super::describe_refusal(status, words);
                Self::not_sent(&format!("{REFUSED}{words}"))
            }
            NoLogin::Unreadable(why) => Self::not_sent(&format!("{UNREADABLE}{why}")),
            NoLogin::NotNow(later) => Self::NotNow(later),
            NoLogin::Doubtful(_) => Self::NotNow(None),
        }
    }
}

async fn log_in(sender: &Sender<'_>, login: &HttpLogin) -> Result<Kept, NoLogin> {
    let values = UpstreamValues::of_nothing();
    let sender = Sender { makes: false, ..*sender };
    let reply = match sender.send_once(&login.call, &values, None).await {
        Ok(reply) => reply,
        Err(NotDone::Refused { status, words }) => return Err(NoLogin::Refused(status, words)),
        Err(NotDone::NotNow(later)) => return Err(NoLogin::NotNow(later)),
        Err(NotDone::Doubtful(why)) => return Err(NoLogin::Doubtful(why)),
    };
    if let Some(words) = &reply.says_no {
        return Err(NoLogin::Refused(None, Some(words.clone())));
    }
    let token = read_token(&reply, &login.token).map_err(NoLogin::Unreadable)?;
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
