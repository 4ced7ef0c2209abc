//! The filters for templates of an `http` issuer, besides minijinja's own: times in the forms
//! that APIs take, and base64.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use minijinja::{Environment, Error, ErrorKind, Value};

/// Registers them.
pub(super) fn add(environment: &mut Environment<'_>) {
    environment.add_filter("rfc3339", |at: &str| {
        moment(at).map(|at| at.to_rfc3339_opts(SecondsFormat::Millis, true))
    });
    environment
        .add_filter("date", |at: &str| moment(at).map(|at| at.format("%Y-%m-%d").to_string()));
    environment.add_filter("last_day", |at: &str| {
        // A day that begins after the expiry would be too long.
        moment(at).map(|at| (at - TimeDelta::days(1)).format("%Y-%m-%d").to_string())
    });
    environment.add_filter("unix", |at: &str| moment(at).map(|at| at.timestamp()));
    environment.add_filter("unix_ms", |at: &str| moment(at).map(|at| at.timestamp_millis()));
    environment.add_filter("b64encode", |value: &Value| STANDARD.encode(value.to_string()));
    environment.add_filter("b64url", |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string()));
}

fn moment(at: &str) -> Result<DateTime<Utc>, Error> {
    let at = DateTime::parse_from_rfc3339(at).map_err(|_| {
        Error::new(ErrorKind::InvalidOperation, "this filter takes a time, such as expires_at")
    })?;
    Ok(at.to_utc())
}
