//! The answers to refused or failed requests.

use axum::{
    Json,
    extract::rejection::JsonRejection,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::Complaint;

/// Why a request failed.
#[derive(Debug)]
pub enum Problem {
    /// There is nothing of that name.
    Missing(String),
    /// The client or the service refuses it, with a sentence for people.
    Refused(String),
    /// Fields of a modal aren't as they must be.
    Fields(Vec<Complaint>),
}

/// Errors of the simulated client are shown to the person.
impl From<anyhow::Error> for Problem {
    fn from(error: anyhow::Error) -> Self {
        Self::Refused(format!("{error:#}"))
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        Self::Refused(rejection.body_text())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, body) = match self {
            Self::Missing(what) => (StatusCode::NOT_FOUND, json!({ "error": what })),
            Self::Refused(why) => (StatusCode::UNPROCESSABLE_ENTITY, json!({ "error": why })),
            Self::Fields(complaints) => {
                let fields = complaints.into_iter().map(|c| (c.custom_id, Value::from(c.text)));
                let fields: Map<String, Value> = fields.collect();
                let error = "Please correct the fields marked in red.";
                (StatusCode::UNPROCESSABLE_ENTITY, json!({ "error": error, "fields": fields }))
            }
        };
        (status, Json(body)).into_response()
    }
}
