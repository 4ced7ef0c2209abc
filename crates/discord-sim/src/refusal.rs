//! The service's refusals: status, JSON error code, message, and for invalid forms
//! the tree of errors. Codes are those of the documentation's page on opcodes and status codes.

use serde_json::{Value, json};

/// A refused call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Refusal {
    pub status: u16,
    pub code: u32,
    pub message: &'static str,
    /// The tree of a 50035.
    pub errors: Option<Value>,
}

const fn refusal(status: u16, code: u32, message: &'static str) -> Refusal {
    Refusal { status, code, message, errors: None }
}

pub(crate) const UNAUTHORIZED: Refusal = refusal(401, 0, "401: Unauthorized");
pub(crate) const NOT_FOUND: Refusal = refusal(404, 0, "404: Not Found");
pub(crate) const METHOD_NOT_ALLOWED: Refusal = refusal(405, 0, "405: Method Not Allowed");
pub(crate) const BAD_USER_AGENT: Refusal = refusal(403, 40333, "internal network error");
pub(crate) const UNKNOWN_APPLICATION: Refusal = refusal(404, 10002, "Unknown Application");
pub(crate) const UNKNOWN_CHANNEL: Refusal = refusal(404, 10003, "Unknown Channel");
pub(crate) const UNKNOWN_GUILD: Refusal = refusal(404, 10004, "Unknown Guild");
pub(crate) const UNKNOWN_MEMBER: Refusal = refusal(404, 10007, "Unknown Member");
pub(crate) const UNKNOWN_MESSAGE: Refusal = refusal(404, 10008, "Unknown Message");
pub(crate) const UNKNOWN_USER: Refusal = refusal(404, 10013, "Unknown User");
pub(crate) const UNKNOWN_WEBHOOK: Refusal = refusal(404, 10015, "Unknown Webhook");
pub(crate) const UNKNOWN_INTERACTION: Refusal = refusal(404, 10062, "Unknown interaction");
pub(crate) const ENTITY_TOO_LARGE: Refusal = refusal(413, 40005, "Request entity too large");
pub(crate) const TOO_MANY_COMMANDS: Refusal =
    refusal(400, 30034, "Max number of daily application command creates has been reached (200)");
pub(crate) const TOO_MANY_EDITS: Refusal =
    refusal(400, 30046, "Maximum number of edits to messages older than 1 hour reached");
pub(crate) const ALREADY_ACKNOWLEDGED: Refusal =
    refusal(400, 40060, "Interaction has already been acknowledged.");
pub(crate) const MISSING_ACCESS: Refusal = refusal(403, 50001, "Missing Access");
pub(crate) const NOT_YOUR_MESSAGE: Refusal =
    refusal(403, 50005, "Cannot edit a message authored by another user");
pub(crate) const EMPTY_MESSAGE: Refusal = refusal(400, 50006, "Cannot send an empty message");
pub(crate) const CANNOT_SEND_TO_USER: Refusal =
    refusal(403, 50007, "Cannot send messages to this user");
pub(crate) const MISSING_PERMISSIONS: Refusal = refusal(403, 50013, "Missing Permissions");
pub(crate) const INVALID_WEBHOOK_TOKEN: Refusal = refusal(401, 50027, "Invalid Webhook Token");
pub(crate) const INVALID_JSON: Refusal =
    refusal(400, 50109, "The request body contains invalid JSON.");
pub(crate) const NO_MUTUAL_GUILDS: Refusal =
    refusal(403, 50278, "Cannot send messages to this user due to having no mutual guilds");

impl Refusal {
    /// An invalid form with one complaint.
    pub(crate) fn form(path: &str, code: &str, message: &str) -> Self {
        let mut complaints = Complaints::default();
        complaints.add(path, code, message);
        complaints.into_refusal()
    }

    /// The body that the service answers.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "message": self.message, "code": self.code });
        if let Some(errors) = &self.errors {
            body["errors"] = errors.clone();
        }
        body
    }
}

/// One thing that's wrong with a form.
#[derive(Clone, Debug)]
pub(crate) struct Complaint {
    /// Dotted, as in `embeds.0.title`.
    pub path: String,
    pub code: String,
    pub message: String,
}

/// Everything that's wrong with a form.
#[derive(Default, Debug)]
pub(crate) struct Complaints(pub Vec<Complaint>);

impl Complaints {
    /// Adds one complaint.
    pub(crate) fn add(&mut self, path: &str, code: &str, message: &str) {
        let (path, code, message) = (path.to_owned(), code.to_owned(), message.to_owned());
        self.0.push(Complaint { path, code, message });
    }

    /// Complains about a text whose length is outside the bounds; lengths count characters.
    pub(crate) fn length(&mut self, path: &str, text: &str, min: usize, max: usize) {
        let length = text.chars().count();
        if length > max {
            let message = format!("Must be {max} or fewer in length.");
            self.add(path, "BASE_TYPE_MAX_LENGTH", &message);
        } else if length < min && min == 1 {
            self.add(path, "BASE_TYPE_REQUIRED", "This field is required");
        } else if length < min {
            let message = format!("Must be at least {min} in length.");
            self.add(path, "BASE_TYPE_MIN_LENGTH", &message);
        }
    }

    /// Complains about a number of items outside the bounds.
    pub(crate) fn count(&mut self, path: &str, count: usize, min: usize, max: usize) {
        if !(min..=max).contains(&count) {
            let message = format!("Must be between {min} and {max} in length.");
            self.add(path, "BASE_TYPE_BAD_LENGTH", &message);
        }
    }

    /// `Ok` where nothing is wrong.
    pub(crate) fn check(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(self.into_refusal()) }
    }

    fn into_refusal(self) -> Refusal {
        let mut tree = json!({});
        for complaint in self.0 {
            let mut node = &mut tree;
            for part in complaint.path.split('.').filter(|part| !part.is_empty()) {
                node = &mut node[part];
            }
            let error = json!({ "code": complaint.code, "message": complaint.message });
            match node["_errors"].as_array_mut() {
                Some(errors) => errors.push(error),
                None => node["_errors"] = json!([error]),
            }
        }
        let message = "Invalid Form Body";
        Refusal { status: 400, code: 50035, message, errors: Some(tree) }
    }
}
