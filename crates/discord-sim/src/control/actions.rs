//! What people do: each handler reads ids and texts and lets the simulated client do the rest.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Control, Problem};
use crate::{Acknowledged, Composed, people::NO_ANSWER};

/// A body in JSON. That alone keeps other websites out: they can't send this kind unasked.
type Body<T> = Result<Json<T>, JsonRejection>;
type Shared = State<Control>;
type Answer = Result<Json<Value>, Problem>;

#[derive(Deserialize)]
pub(super) struct Read {
    channel: String,
    revision: u64,
}

#[derive(Deserialize)]
pub(super) struct Written {
    channel: String,
    text: String,
}

#[derive(Deserialize)]
pub(super) struct Typed {
    channel: String,
    path: Vec<String>,
    options: Vec<(String, String)>,
    /// The option that is being typed, if suggestions are requested.
    #[serde(default)]
    option: String,
}

#[derive(Deserialize)]
pub(super) struct Used {
    message: String,
    custom_id: String,
    values: Option<Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct Submitted {
    modal: String,
    entries: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct Dismissed {
    message: String,
}

fn id(text: &str) -> Result<u64, Problem> {
    text.parse().map_err(|_| Problem::Refused(format!("{text:?} is no id")))
}

fn done() -> Answer {
    Ok(Json(json!({ "outcome": "taken" })))
}

fn outcome(acknowledged: Acknowledged) -> Answer {
    match acknowledged {
        Acknowledged::NoAnswer => Ok(Json(json!({ "outcome": "silence", "says": NO_ANSWER }))),
        Acknowledged::Modal(modal) => Ok(Json(json!({
            "outcome": "modal",
            "id": modal.id().to_string(),
            "modal": modal.json(),
        }))),
        Acknowledged::Taken => done(),
    }
}

/// Marks a channel as read up to a revision; returns whether anything there was new.
pub(super) async fn read(
    State(control): Shared,
    Path(name): Path<String>,
    body: Body<Read>,
) -> Answer {
    let Json(body) = body?;
    let new = control.person(&name)?.has_read_up_to(id(&body.channel)?, body.revision)?;
    Ok(Json(json!({ "new": new })))
}

/// Writes an ordinary message.
pub(super) async fn write(
    State(control): Shared,
    Path(name): Path<String>,
    body: Body<Written>,
) -> Answer {
    let Json(body) = body?;
    control.person(&name)?.write(id(&body.channel)?, &body.text)?;
    done()
}

/// Sends a command.
pub(super) async fn command(
    State(control): Shared,
    Path(name): Path<String>,
    body: Body<Typed>,
) -> Answer {
    let Json(Typed { channel, path, options, .. }) = body?;
    let person = control.person(&name)?;
    outcome(person.send(id(&channel)?, &Composed { path, options }).await?)
}

/// Requests suggestions for an option.
pub(super) async fn proposals(
    State(control): Shared,
    Path(name): Path<String>,
    body: Body<Typed>,
) -> Answer {
    let Json(Typed { channel, path, options, option }) = body?;
    let person = control.person(&name)?;
    let composed = Composed { path, options };
    let choices = person.proposals_for(id(&channel)?, &composed, &option).await?;
    let choices = choices.into_iter().map(|(name, value)| json!({ "name": name, "value": value }));
    Ok(Json(json!({ "choices": choices.collect::<Vec<_>>() })))
}

/// Presses a button or chooses in a select.
pub(super) async fn component(
    State(control): Shared,
    Path(name): Path<String>,
    body: Body<Used>,
) -> Answer {
    let Json(body) = body?;
    let person = control.person(&name)?;
    let values = body.values.as_deref();
    outcome(person.press_button(id(&body.message)?, &body.custom_id, values).await?)
}

/// Submits a modal that was opened before.
pub(super) async fn modal(
    State(control): Shared,
    Path(name): Path<String>,
    body: Body<Submitted>,
) -> Answer {
    let Json(body) = body?;
    let mut modal = control.person(&name)?.open_modal(id(&body.modal)?)?;
    modal.enter_all(body.entries)?;
    let complaints = modal.complaints();
    if !complaints.is_empty() {
        return Err(Problem::Fields(complaints));
    }
    outcome(modal.send().await?)
}

/// A file that comes with a message, to be saved and not to be shown.
pub(super) async fn download(
    State(control): Shared,
    Path((name, message, file)): Path<(String, String, String)>,
) -> Result<impl IntoResponse, Problem> {
    let bytes = control.person(&name)?.download_by_id(id(&message)?, &file)?;
    let kind = (CONTENT_TYPE, "application/octet-stream".to_owned());
    // The service keeps names plain, so they need no quoting.
    let save = (CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\""));
    Ok(([kind, save], bytes))
}

/// Dismisses a message that only this person sees.
pub(super) async fn dismiss(
    State(control): Shared,
    Path(name): Path<String>,
    body: Body<Dismissed>,
) -> Answer {
    let Json(body) = body?;
    control.person(&name)?.dismiss_by_id(id(&body.message)?)?;
    done()
}
