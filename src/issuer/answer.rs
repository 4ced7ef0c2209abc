//! Reads an upstream's answer about a token that it created.

use std::time::Duration;

use chrono::Utc;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use super::moment::End;
use super::reply::{Read, Reply};
use crate::config::{Outside, ResponsePointers, Source};

/// The longest id that is stored.
const ID_LIMIT: usize = 512;

/// The longest *Account SID*: people see it.
const ACCOUNT_SID_LIMIT: usize = 128;

/// The longest secret: it is shown in one message of Discord's, which holds 2,000 characters.
const SECRET_LIMIT: usize = 1_500;

/// The result of a call.
pub type Answer<T> = Result<T, NotDone>;

/// Why a call has no confirmed result.
#[derive(Debug)]
pub enum NotDone {
    /// The upstream refused, and did nothing.
    Refused {
        /// The status; none if the call could not be sent.
        status: Option<u16>,
        /// Its text, without secrets.
        words: Option<String>,
    },
    /// Nothing was done: the upstream says that it will do it later, or, where it says nothing, could not be
    /// reached.
    NotNow(Option<Later>),
    /// Nobody knows whether it was done; why, for people.
    Doubtful(String),
}

/// An upstream asks to wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// How long, if it says so.
    pub wait: Option<Duration>,
    /// Its answer, for people.
    pub said: String,
}

/// A token that an upstream made.
#[derive(Debug)]
pub struct Created {
    /// The upstream's id.
    pub id: String,
    /// The public id that people see; none if the upstream has only the secret one.
    pub account_sid: Option<String>,
    /// Its secret.
    pub secret: SecretString,
    /// When the upstream ends it by itself.
    pub ends: End,
}

/// A new secret for an existing token.
#[derive(Debug)]
pub struct Renewed {
    /// The upstream's id, if it changed with the secret.
    pub id: Option<String>,
    /// The public id, if it changed with the secret.
    pub account_sid: Option<String>,
    /// The secret.
    pub secret: SecretString,
}

impl NotDone {
    /// It is unclear, with the reason.
    pub fn doubtful(why: &str) -> Self {
        Self::Doubtful(why.to_owned())
    }

    /// It says no, and gives what was asked for.
    pub(super) fn made_and_refused(words: Option<&str>) -> Self {
        let words = words.map(|words| format!(": {words}")).unwrap_or_default();
        Self::Doubtful(format!("it made something, and says that it did not{words}"))
    }

    /// No call was sent, and why.
    pub fn not_sent(why: &str) -> Self {
        Self::Refused { status: None, words: Some(why.to_owned()) }
    }

    /// The configuration does not have this call.
    pub(super) fn unsupported(call: &str) -> Self {
        Self::not_sent(&format!("the configuration has no {call} for it"))
    }
}

/// A token while it is created, by one call or several.
pub(super) struct Making {
    /// Its id so far.
    pub(super) id: String,
    account_sid: Option<String>,
    pub(super) secret: Option<SecretString>,
    ends: End,
}

impl Making {
    /// From the first call's answer.
    pub(super) fn begin(reply: &Reply, at: &ResponsePointers, outside: &Outside) -> Read<Self> {
        let id = word(reply, at, Part::Id)?.ok_or("the answer holds no id")?;
        let account_sid = word(reply, at, Part::AccountSid)?;
        let secret = some_secret(reply, at, outside)?;
        Ok(Self { id, account_sid, secret, ends: ends(reply, at) })
    }

    /// The same with a further call's answer.
    pub(super) fn go_on(
        self,
        reply: &Reply,
        at: &ResponsePointers,
        outside: &Outside,
    ) -> Read<Self> {
        let ends = match at.expires_at {
            Some(_) => ends(reply, at),
            None => self.ends,
        };
        Ok(Self {
            id: word(reply, at, Part::Id)?.unwrap_or(self.id),
            account_sid: word(reply, at, Part::AccountSid)?.or(self.account_sid),
            secret: some_secret(reply, at, outside)?.or(self.secret),
            ends,
        })
    }

    /// The new token. If its id is its secret (`id_is_secret`), people see no id of it.
    pub(super) fn finish(self, id_is_secret: bool) -> Read<Created> {
        let Self { id, account_sid, secret, ends } = self;
        let secret = secret.ok_or("the answer holds no secret")?;
        let can_be_shown = !id_is_secret && id.len() <= ACCOUNT_SID_LIMIT;
        let account_sid = account_sid.or_else(|| can_be_shown.then(|| id.clone()));
        let known = (!id_is_secret).then_some(id.as_str());
        if account_sid.as_deref().into_iter().chain(known).any(|shown| shows(shown, &secret)) {
            return Err(
                "the id in the answer is the secret: the configuration has to say id_is_secret = true",
            );
        }
        Ok(Created { id, account_sid, secret, ends })
    }
}

pub(super) fn renewed(
    reply: &Reply,
    at: &ResponsePointers,
    outside: &Outside,
    id_is_secret: bool,
) -> Read<Renewed> {
    let (id, account_sid) = (word(reply, at, Part::Id)?, word(reply, at, Part::AccountSid)?);
    let secret = secret(reply, at, outside)?;
    let known = id.as_deref().filter(|_| !id_is_secret);
    if account_sid.as_deref().into_iter().chain(known).any(|shown| shows(shown, &secret)) {
        return Err("the id in the answer is the secret");
    }
    Ok(Renewed { id, account_sid, secret })
}

/// Whether an answer holds anything of a token.
pub(super) fn gives(reply: &Reply, at: &ResponsePointers) -> bool {
    at.id.iter().chain(&at.secret).any(|source| reply.text(source).is_some())
}

/// Whether what people would see holds the secret.
fn shows(shown: &str, secret: &SecretString) -> bool {
    shown.contains(secret.expose_secret())
}

#[derive(Clone, Copy)]
enum Part {
    Id,
    AccountSid,
}

/// One word of printable ASCII, or a whole number; none if there is nothing.
fn word(reply: &Reply, at: &ResponsePointers, part: Part) -> Read<Option<String>> {
    let (source, limit) = match part {
        Part::Id => (at.id.as_ref(), ID_LIMIT),
        Part::AccountSid => (at.account_sid.as_ref(), ACCOUNT_SID_LIMIT),
    };
    source.map_or(Ok(None), |source| reply.word(source, limit))
}

/// The secret, if the answer has one.
fn some_secret(
    reply: &Reply,
    at: &ResponsePointers,
    outside: &Outside,
) -> Read<Option<SecretString>> {
    (!at.secret.is_empty()).then(|| secret(reply, at, outside)).transpose()
}

/// The secret, joined if it comes in parts.
fn secret(reply: &Reply, at: &ResponsePointers, outside: &Outside) -> Read<SecretString> {
    let part = |source: &Source| -> Read<Zeroizing<String>> {
        match source {
            Source::Generated(name) => {
                let minted = outside.generated(name).ok_or("no secret was minted for this call")?;
                Ok(Zeroizing::new(minted.expose_secret().to_owned()))
            }
            source => {
                let found = reply.word(source, SECRET_LIMIT)?;
                found.map(Zeroizing::new).ok_or("the answer holds no secret")
            }
        }
    };
    let mut secret = Zeroizing::new(String::new());
    for (index, source) in at.secret.iter().enumerate() {
        secret.push_str(if index > 0 { &at.secret_joined_by } else { "" });
        secret.push_str(&part(source)?);
    }
    match secret.len() {
        0 => Err("the answer holds no secret"),
        1..=SECRET_LIMIT => Ok(SecretString::from(secret.as_str())),
        _ => Err("the secret in the answer is too long"),
    }
}

/// The token's end. An error in it never makes a good answer a bad one.
fn ends(reply: &Reply, at: &ResponsePointers) -> End {
    let found = at
        .expires_at
        .as_ref()
        .and_then(|end| Some((reply.json().ok()?.pointer(end.at.as_str())?, end.form)));
    found.map_or(End::Never, |(value, form)| match End::read(value, form, Utc::now()) {
        // Before it is cut: of a secret that was cut the rest would not be recognised.
        End::Unreadable(_) => End::unreadable(&reply.secrets.take_out_of(&value.to_string())),
        end => end,
    })
}
