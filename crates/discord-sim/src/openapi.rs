//! Discord's own OpenAPI document as a second opinion on every body that a bot sends.
//!
//! The document is looked for in `DISCORD_SIM_OPENAPI`, else as `shared/discord/openapi.json` in
//! the current directory or one above it. Without it only the simulation's own checks speak.

use std::{
    collections::{BTreeSet, HashMap},
    env, fs,
    path::PathBuf,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use jsonschema::{Draft, ValidationError, Validator, error::ValidationErrorKind};
use serde_json::{Value, json};

use super::refusal::Complaint;

/// The document, read once for the process.
static DOCUMENT: LazyLock<Option<Value>> = LazyLock::new(read);
/// Validators that were needed so far; making one takes tens of milliseconds.
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

fn read() -> Option<Value> {
    let Some(path) = locate() else {
        eprintln!(
            "simulated Discord: no OpenAPI document at hand (DISCORD_SIM_OPENAPI), \
             bodies are only held to the simulation's own checks"
        );
        return None;
    };
    let parsed = fs::read(&path).map_err(anyhow::Error::from);
    let parsed = parsed.and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
    parsed.map_err(|error| eprintln!("simulated Discord: {}: {error}", path.display())).ok()
}

fn locate() -> Option<PathBuf> {
    if let Some(path) = env::var_os("DISCORD_SIM_OPENAPI") {
        return Some(path.into());
    }
    let here = env::current_dir().ok()?;
    let candidates = here.ancestors().map(|dir| dir.join("shared/discord/openapi.json"));
    candidates.into_iter().find(|path| path.is_file())
}

/// Whether the document is available.
pub(crate) fn is_at_hand() -> bool {
    DOCUMENT.is_some()
}

/// What is wrong with the body of a request, by the document.
pub(crate) fn request_complaints(method: &str, template: &str, body: &Value) -> Vec<Complaint> {
    let pointer = "requestBody/content/application~1json/schema";
    complaints(method, template, pointer, &as_documented(body))
}

/// What is wrong with the body of an answer of our own, by the document.
pub(crate) fn answer_complaints(method: &str, template: &str, body: &Value) -> Vec<Complaint> {
    complaints(method, template, "responses/200/content/application~1json/schema", body)
}

fn complaints(method: &str, template: &str, pointer: &str, body: &Value) -> Vec<Complaint> {
    let template = template.replace('/', "~1");
    let pointer = format!("/paths/{template}/{}/{pointer}", method.to_lowercase());
    let Some(validator) = validator(&pointer) else { return Vec::new() };
    let mut found = Vec::new();
    for error in validator.iter_errors(body) {
        explain(&error, &mut found);
    }
    found
}

fn validator(pointer: &str) -> Option<Arc<Validator>> {
    let mut known = VALIDATORS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(validator) = known.get(pointer) {
        return Some(Arc::clone(validator));
    }
    let document = DOCUMENT.as_ref()?;
    let schema = document.pointer(pointer)?;
    let built =
        jsonschema::options().with_draft(Draft::Draft202012).build(&pruned(document, schema));
    let built = built.map_err(|error| eprintln!("simulated Discord: {pointer}: {error}")).ok()?;
    let validator = Arc::new(built);
    known.insert(pointer.to_owned(), Arc::clone(&validator));
    Some(validator)
}

/// The schema with those components only that it reaches: compiling all 539 is slow.
fn pruned(document: &Value, schema: &Value) -> Value {
    let mut names = BTreeSet::new();
    collect(schema, document, &mut names);
    let schemas = names.into_iter().map(|name| {
        let schema = document["components"]["schemas"][&name].clone();
        (name, schema)
    });
    let mut root = schema.clone();
    if root.get("$ref").is_some() {
        root = json!({ "allOf": [root] });
    }
    root["components"] = json!({ "schemas": schemas.collect::<serde_json::Map<_, _>>() });
    root
}

fn collect(schema: &Value, document: &Value, names: &mut BTreeSet<String>) {
    if let Some(name) =
        schema["$ref"].as_str().and_then(|r| r.strip_prefix("#/components/schemas/"))
        && names.insert(name.to_owned())
    {
        collect(&document["components"]["schemas"][name], document, names);
    }
    match schema {
        Value::Array(items) => items.iter().for_each(|item| collect(item, document, names)),
        Value::Object(map) => map.values().for_each(|value| collect(value, document, names)),
        _ => {}
    }
}

/// The document has integer where documentation and service take a bit set in a string.
fn as_documented(body: &Value) -> Value {
    let mut body = body.clone();
    for command in body.as_array_mut().into_iter().flatten() {
        let bits = command["default_member_permissions"].as_str();
        if let Some(bits) = bits.and_then(|bits| bits.parse::<u64>().ok()) {
            command["default_member_permissions"] = json!(bits);
        }
    }
    body
}

/// Breaks an error down: of several alternatives, the one whose `type` fits is what was meant.
fn explain(error: &ValidationError, found: &mut Vec<Complaint>) {
    let alternatives = match &error.kind {
        ValidationErrorKind::AnyOf { context } => context,
        ValidationErrorKind::OneOfNotValid { context } => context,
        _ => return found.push(complaint(error)),
    };
    let here = error.instance_path.as_str();
    let kind_fits = |errors: &&Vec<ValidationError>| {
        let path_of_kind = format!("{here}/type");
        let null = Value::Null;
        let missing = |e: &ValidationError| e.instance_path.as_str() == here && *e.instance == null;
        !errors.iter().any(|e| e.instance_path.as_str() == path_of_kind || missing(e))
            && !errors.iter().any(|e| is_null_alternative(e, here))
    };
    match alternatives.iter().find(kind_fits) {
        Some(errors) => errors.iter().for_each(|error| explain(error, found)),
        None => found.push(complaint(error)),
    }
}

/// The alternative "null" was not meant by a sender of a value.
fn is_null_alternative(error: &ValidationError, here: &str) -> bool {
    matches!(error.kind, ValidationErrorKind::Type { .. }) && error.instance_path.as_str() == here
}

fn complaint(error: &ValidationError) -> Complaint {
    let path = error.instance_path.as_str().trim_start_matches('/').replace('/', ".");
    // Values are masked: a body may hold a secret.
    Complaint { path, code: "OPENAPI".to_owned(), message: error.masked().to_string() }
}
