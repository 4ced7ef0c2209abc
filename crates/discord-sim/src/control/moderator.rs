//! What a moderator, or the person's own settings, change, so that one can try what fails.

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Control, Problem};
use crate::{DirectMessages, standard};

/// The languages of Discord's clients: <https://discord.com/developers/docs/reference#locales>.
const LOCALES: [&str; 34] = [
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko", "ar", "he",
];

/// Changes to one person; what is left out stays.
#[derive(Deserialize)]
pub(super) struct Changes {
    /// Whether the person holds the standard guild's role of admins.
    admin: Option<bool>,
    direct_messages: Option<String>,
    locale: Option<String>,
    /// The client restarts, which drops all private messages.
    #[serde(default)]
    restart: bool,
}

/// Whether a person's direct messages are open.
pub(super) fn word(state: DirectMessages) -> &'static str {
    match state {
        DirectMessages::Open => "open",
        DirectMessages::Closed => "closed",
        DirectMessages::Blocked => "blocked",
    }
}

fn direct_messages(wanted: &str) -> Result<DirectMessages, Problem> {
    let all = [DirectMessages::Open, DirectMessages::Closed, DirectMessages::Blocked];
    let found = all.into_iter().find(|state| word(*state) == wanted);
    found.ok_or_else(|| Problem::Refused(format!("direct messages can't be {wanted:?}")))
}

/// Changes what is given.
pub(super) async fn change(
    State(control): State<Control>,
    Path(name): Path<String>,
    changes: Result<Json<Changes>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let Json(changes) = changes?;
    let person = control.person(&name)?;
    if let Some(admin) = changes.admin {
        let mut roles = control.discord.roles_of(&person);
        roles.retain(|role| *role != standard::ADMINS);
        if admin {
            roles.push(standard::ADMINS);
        }
        control.discord.set_roles(&person, &roles)?;
    }
    if let Some(wanted) = changes.direct_messages {
        control.discord.set_direct_messages(&person, direct_messages(&wanted)?)?;
    }
    if let Some(locale) = changes.locale {
        if !LOCALES.contains(&locale.as_str()) {
            return Err(Problem::Refused(format!("there is no locale {locale:?} here")));
        }
        control.discord.set_locale(&person, &locale)?;
    }
    if changes.restart {
        person.restart_client();
    }
    Ok(Json(json!({ "outcome": "taken" })))
}
