//! What can go wrong with a call, told apart by what a caller does about it.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::Value;

/// Discord's words are cut here, in characters: they go into logs and onto cards.
const MESSAGE: usize = 500;

/// Why a call has no answer. Holds neither a URL nor a token.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestError {
    /// Discord understood and says no. The same call will fail again.
    #[error("Discord refused: {message} ({code}, status {status})")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Which refusal.
        code: ErrorCode,
        /// Discord's words, with the places in the body that it complains about.
        message: String,
    },
    /// A rate limit outlasts what this call may wait.
    #[error("Discord's rate limit: try again in {retry_after:?}")]
    RateLimited {
        /// When to try again.
        retry_after: Duration,
    },
    /// Discord is in trouble, also after all tries. Whether the call took effect is unknown.
    #[error("Discord is unavailable (status {status})")]
    Unavailable {
        /// The HTTP status of the last try.
        status: u16,
    },
    /// No answer in time. Whether the call took effect is unknown.
    #[error("Discord didn't answer in time")]
    TimedOut,
    /// The connection failed or was cut. Whether the call took effect is unknown.
    #[error("Discord can't be reached: {cause}")]
    Network {
        /// What to do about it, or what the operating system or the HTTP library says.
        cause: String,
    },
    /// The answer isn't what the documentation says. The call did take effect.
    #[error("Discord's answer makes no sense: {what}")]
    Malformed {
        /// What is wrong with it.
        what: &'static str,
    },
}

impl RestError {
    /// The refusal's code, if it is one.
    pub fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused { code, .. } => Some(*code),
            _ => None,
        }
    }

    /// What went wrong, in a word without anybody's words.
    pub(super) fn kind(&self) -> Cow<'static, str> {
        match self {
            Self::Refused { status, code, .. } => format!("{status} {}", code.number()).into(),
            Self::RateLimited { .. } => "429".into(),
            Self::Unavailable { status } => status.to_string().into(),
            Self::TimedOut => "timeout".into(),
            Self::Network { .. } => "network".into(),
            Self::Malformed { .. } => "malformed".into(),
        }
    }

    /// The same without Discord's words, which may quote what was sent: for calls that sent a secret.
    #[must_use]
    pub fn without_words(self) -> Self {
        match self {
            Self::Refused { status, code, .. } => {
                Self::Refused { status, code, message: "its words may quote a secret".to_owned() }
            }
            error => error,
        }
    }

    /// The code of a refusal by Discord itself, for good: the same message would be refused again. A proxy's
    /// answer has no code, and a token that doesn't log in is about every call.
    pub fn final_code(&self) -> Option<ErrorCode> {
        match self {
            Self::Refused { status, code, .. } if *status != 401 && code.number() != 0 => {
                Some(*code)
            }
            _ => None,
        }
    }

    /// Whether the same call may succeed later.
    pub fn is_temporary(&self) -> bool {
        !matches!(self, Self::Refused { .. } | Self::Malformed { .. })
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// Discord's error codes, as far as the bot tells them apart (Discord's documentation,
        /// "Opcodes and Status Codes").
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)+
            /// Any other; 0 if there was none.
            Other(u32),
        }

        impl From<u32> for ErrorCode {
            fn from(code: u32) -> Self {
                match code {
                    $($code => Self::$name,)+
                    other => Self::Other(other),
                }
            }
        }

        impl ErrorCode {
            /// Discord's number.
            pub fn number(self) -> u32 {
                match self {
                    $(Self::$name => $code,)+
                    Self::Other(code) => code,
                }
            }
        }
    };
}

codes! {
    /// No such channel.
    UnknownChannel = 10003,
    /// No such guild.
    UnknownGuild = 10004,
    /// That user isn't in the guild.
    UnknownMember = 10007,
    /// The message is gone.
    UnknownMessage = 10008,
    /// No such role.
    UnknownRole = 10011,
    /// No such user.
    UnknownUser = 10013,
    /// No such webhook: an interaction that can no longer be followed up.
    UnknownWebhook = 10015,
    /// The interaction's 3 s are over, or it was never there.
    UnknownInteraction = 10062,
    /// Discord has quarantined the bot for what looked like spam: it can open no direct messages.
    Quarantined = 20026,
    /// Too many slash commands were made today.
    TooManyCommandsToday = 30034,
    /// A message of over an hour ago was edited too often.
    TooManyOldEdits = 30046,
    /// Direct messages are being opened too fast.
    OpeningDmsTooFast = 40003,
    /// Somebody answered the interaction before; maybe this very call, whose answer was lost.
    AlreadyAcknowledged = 40060,
    /// The bot can't see that.
    MissingAccess = 50001,
    /// Not the bot's own message.
    NotOurMessage = 50005,
    /// The user takes no direct messages from the bot.
    CannotMessageUser = 50007,
    /// The bot may not do that.
    MissingPermissions = 50013,
    /// The interaction's 15 minutes are over.
    InvalidWebhookToken = 50027,
    /// The body breaks one of Discord's rules.
    InvalidForm = 50035,
    /// The user shares no guild with the bot, or takes no direct messages from its members.
    NoMutualGuilds = 50278,
    /// A rule of the guild's AutoMod blocks the message.
    BlockedByAutoMod = 200_000,
    /// Discord's filter of harmful links blocks the message.
    HarmfulLink = 240_000,
}

impl ErrorCode {
    /// Whether the text of a message is refused.
    pub fn is_about_text(self) -> bool {
        matches!(self, Self::BlockedByAutoMod | Self::HarmfulLink)
    }

    /// Whether the bot has no access to the channel.
    pub fn is_about_access(self) -> bool {
        matches!(self, Self::MissingAccess | Self::MissingPermissions | Self::UnknownChannel)
    }

    /// What an operator can do so that a message in a channel is not refused like this.
    pub fn cure(self) -> &'static str {
        match self {
            _ if self.is_about_text() => {
                "have the requester edit the text, or exempt the bot from the server's AutoMod rules"
            }
            _ if self.is_about_access() => {
                "let the bot view the approval channel and send messages there; `countersign check` \
                 names what is missing"
            }
            _ => "see Discord's words in the log",
        }
    }
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "code {}", self.number())
    }
}

/// Reads the body of a refusal, if it is one of Discord's.
pub(super) fn refusal(status: u16, body: &[u8]) -> RestError {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let code = body["code"].as_u64().and_then(|code| u32::try_from(code).ok()).unwrap_or(0);
    let mut message = body["message"].as_str().unwrap_or("no reason given").to_owned();
    let mut places = Vec::new();
    collect_places(&body["errors"], String::new(), &mut places);
    if !places.is_empty() {
        message = format!("{message}: {}", places.join(", "));
    }
    let message = message.chars().take(MESSAGE).collect();
    RestError::Refused { status, code: code.into(), message }
}

/// Discord's complaints about a body form a tree; its sentences may quote what was sent, so that
/// only places and codes are taken.
fn collect_places(errors: &Value, path: String, places: &mut Vec<String>) {
    let Some(errors) = errors.as_object() else { return };
    for (key, value) in errors {
        if key == "_errors" {
            let codes = value.as_array().into_iter().flatten();
            let codes: Vec<&str> = codes.filter_map(|error| error["code"].as_str()).collect();
            places.push(format!("{path} {}", codes.join(" ")));
        } else {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            collect_places(value, path, places);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_name_the_place_and_never_quote() {
        let body = br#"{"code": 50035, "message": "Invalid Form Body", "errors": {"data":
            {"components": {"0": {"_errors": [{"code": "BASE_TYPE_BAD", "message": "quoted"}]}}}}}"#;
        let RestError::Refused { status: 400, code: ErrorCode::InvalidForm, message } =
            refusal(400, body)
        else {
            panic!("another error")
        };
        assert_eq!(message, "Invalid Form Body: data.components.0 BASE_TYPE_BAD");
    }

    #[test]
    fn refusals_without_a_body_still_tell_the_status() {
        let error = refusal(403, b"<html>");
        assert_eq!(error.code(), Some(ErrorCode::Other(0)));
        assert_eq!(error.to_string(), "Discord refused: no reason given (code 0, status 403)");
    }
}
