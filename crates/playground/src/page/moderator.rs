//! What a moderator, or the person's own settings, change, so that one can try what fails.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Ground, problem::Problem};
use discord_sim::{DirectMessages, standard};

/// The languages that one can switch between; a client of German shows what the bot does then.
const LOCALES: [&str; 3] = ["en-US", "ja", "de"];

/// Changes to one person; what is left out stays.
#[derive(Deserialize)]
pub(super) struct Changes {
    admin: Option<bool>,
    direct_messages: Option<String>,
    locale: Option<String>,
    /// The client starts anew, which forgets all private messages.
    #[serde(default)]
    restart: bool,
}

/// How a person's direct messages stand.
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
    State(ground): State<Arc<Ground>>,
    Path(name): Path<String>,
    changes: Result<Json<Changes>, JsonRejection>,
) -> Result<Json<Value>, Problem> {
    let Json(changes) = changes?;
    let person = ground.person(&name)?;
    if let Some(admin) = changes.admin {
        let mut roles = ground.discord.roles_of(&person);
        roles.retain(|role| *role != standard::ADMINS);
        if admin {
            roles.push(standard::ADMINS);
        }
        ground.discord.set_roles(&person, &roles)?;
    }
    if let Some(wanted) = changes.direct_messages {
        ground.discord.set_direct_messages(&person, direct_messages(&wanted)?)?;
    }
    if let Some(locale) = changes.locale {
        if !LOCALES.contains(&locale.as_str()) {
            return Err(Problem::Refused(format!("there is no locale {locale:?} here")));
        }
        ground.discord.set_locale(&person, &locale)?;
    }
    if changes.restart {
        person.restarts_client();
    }
    Ok(Json(json!({ "outcome": "taken" })))
}
