//! What an upstream's answer says of a token that it made.

use std::time::Duration;

use chrono::Utc;
use secrecy::{ExposeSecret as _, SecretString};

use super::moment::End;
use super::reply::{Read, Reply};
use crate::config::ResponsePointers;

/// The longest id that we keep.
const ID_LIMIT: usize = 512;

/// The longest *Account SID*: people see it.
const ACCOUNT_SID_LIMIT: usize = 128;

/// The longest secret: it is shown in one message of Discord's, which holds 2,000 characters.
const SECRET_LIMIT: usize = 1_500;

/// What a call came to.
pub type Answer<T> = Result<T, NotDone>;

/// Why a call was not seen to do what it was to do.
#[derive(Debug)]
pub enum NotDone {
    /// The upstream said no, and did nothing.
    Refused {
        /// The status; none where we could not even ask.
        status: Option<u16>,
        /// Its words, without anything that nobody may read.
        words: Option<String>,
    },
    /// Nothing was done; again after so long, if the upstream said how long.
    NotNow(Option<Duration>),
    /// Nobody knows whether it was done; why, for people.
    Doubtful(String),
}

/// A token that an upstream made.
#[derive(Debug)]
pub struct Created {
    /// The upstream's id.
    pub id: String,
    /// The public id that people see; none where the upstream has none but what opens the token.
    pub account_sid: Option<String>,
    /// Its secret.
    pub secret: SecretString,
    /// When the upstream ends it by itself.
    pub ends: End,
}

/// A new secret for a token that is there.
#[derive(Debug)]
pub struct Renewed {
    /// The upstream's id, where it may change with the secret.
    pub id: Option<String>,
    /// The public id, where it may change with the secret.
    pub account_sid: Option<String>,
    /// The secret.
    pub secret: SecretString,
}

impl NotDone {
    /// Nobody knows, and why.
    pub fn doubtful(why: &str) -> Self {
        Self::Doubtful(why.to_owned())
    }

    /// There was nothing to ask the upstream, and why.
    pub fn unasked(why: &str) -> Self {
        Self::Refused { status: None, words: Some(why.to_owned()) }
    }

    /// The configuration does not have this call.
    pub(super) fn unsupported(call: &str) -> Self {
        Self::unasked(&format!("the configuration has no {call} for it"))
    }
}

/// A token that was made. Where its id opens it (`id_is_secret`), people see no id of it.
pub(super) fn created(reply: &Reply, at: &ResponsePointers, id_is_secret: bool) -> Read<Created> {
    let id = word(reply, at, Part::Id)?.ok_or("the answer holds no id")?;
    let account_sid = word(reply, at, Part::AccountSid)?;
    let secret = secret(reply, at)?;
    let is_secret = |shown: &str| shows(shown, &secret);
    let can_be_shown = !id_is_secret && id.len() <= ACCOUNT_SID_LIMIT;
    let account_sid = account_sid.or_else(|| can_be_shown.then(|| id.clone()));
    if account_sid.as_deref().is_some_and(is_secret) {
        return Err(
            "the id in the answer is the secret: the configuration has to say id_is_secret = true",
        );
    }
    Ok(Created { id, account_sid, secret, ends: ends(reply, at) })
}

pub(super) fn renewed(reply: &Reply, at: &ResponsePointers) -> Read<Renewed> {
    let (id, account_sid) = (word(reply, at, Part::Id)?, word(reply, at, Part::AccountSid)?);
    let secret = secret(reply, at)?;
    if account_sid.as_deref().is_some_and(|shown| shows(shown, &secret)) {
        return Err("the account_sid in the answer is the secret");
    }
    Ok(Renewed { id, account_sid, secret })
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

/// One word of printable ASCII, or a whole number; none where nothing is there.
fn word(reply: &Reply, at: &ResponsePointers, part: Part) -> Read<Option<String>> {
    let (source, limit) = match part {
        Part::Id => (at.id.as_ref(), ID_LIMIT),
        Part::AccountSid => (at.account_sid.as_ref(), ACCOUNT_SID_LIMIT),
    };
    source.map_or(Ok(None), |source| reply.word(source, limit))
}

/// The secret, put together where it comes in parts.
fn secret(reply: &Reply, at: &ResponsePointers) -> Read<SecretString> {
    let part = |source| reply.word(source, SECRET_LIMIT)?.ok_or("the answer holds no secret");
    let parts: Vec<String> = at.secret.iter().map(part).collect::<Read<_>>()?;
    let secret = SecretString::from(parts.join(&at.secret_joined_by));
    match secret.expose_secret().len() {
        0 => Err("the answer holds no secret"),
        1..=SECRET_LIMIT => Ok(secret),
        _ => Err("the secret in the answer is too long"),
    }
}

/// When the token ends. Nothing about that makes a good answer a bad one.
fn ends(reply: &Reply, at: &ResponsePointers) -> End {
    let found = at
        .expires_at
        .as_ref()
        .and_then(|end| Some((reply.json().ok()?.pointer(end.at.as_str())?, end.form)));
    found.map_or(End::Never, |(value, form)| End::read(value, form, Utc::now()))
}
