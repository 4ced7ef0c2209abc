//! What a person sees, as one JSON document: everything that the simulated Discord shows them, people's
//! roles, and the emails.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
};
use discord_sim::control::Problem;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PEOPLE, PageState};

/// Where the person looks.
#[derive(Deserialize)]
pub(super) struct Where {
    channel: Option<String>,
}

/// Everything for one person.
pub(super) async fn view(
    State(state): State<Arc<PageState>>,
    Path(name): Path<String>,
    Query(place): Query<Where>,
) -> Result<Json<Value>, Problem> {
    let mut view = state.control.view(&name, place.channel.as_deref())?;
    // They come in the order of PEOPLE.
    for (at, (_, about)) in PEOPLE.into_iter().enumerate() {
        view["people"][at]["about"] = json!(about);
    }
    view["mails"] = json!(state.mails.list());
    Ok(Json(view))
}
