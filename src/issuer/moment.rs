//! A token's end in an upstream's answer, in its various forms.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde_json::Value;

use crate::config::EndForm;

/// When an upstream ends a token by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// No end, or never.
    Never,
    /// At this time, at the latest.
    At(DateTime<Utc>),
    /// A value that is no valid time: as people read it.
    Unreadable(String),
}

/// Of numbers since 1970, from here on they are milliseconds: 1973 in these, 5138 in seconds.
const MILLISECONDS: i64 = 100_000_000_000;

/// The earliest possible end: anything before is in another form, misread.
const FIRST: i64 = 1_000_000_000;

/// How much of an unreadable value is shown.
const SHOWN: usize = 40;

/// Without a zone, the latest time that it can mean.
const LATEST_ZONE: TimeDelta = TimeDelta::hours(12);

impl End {
    /// Reads the value that an answer has for a token's end.
    pub(super) fn read(value: &Value, form: EndForm, now: DateTime<Utc>) -> Self {
        let read = match value {
            Value::Null => return Self::Never,
            Value::Number(number) => match number.as_f64() {
                Some(number) if number <= 0.0 => return Self::Never,
                Some(number) => from_number(number, form, now),
                None => None,
            },
            Value::String(text) => match text.trim() {
                "" | "0" | "-1" | "never" | "Never" => return Self::Never,
                text => from_text(text, form, now),
            },
            Value::Bool(false) => return Self::Never,
            _ => None,
        };
        match read {
            // An end before the beginning is misread, or the clock is wrong.
            Some(at) if at > now => Self::At(at),
            _ => Self::unreadable(&value.to_string()),
        }
    }

    /// What is no such time, as people read it.
    pub(super) fn unreadable(value: &str) -> Self {
        Self::Unreadable(value.chars().take(SHOWN).collect())
    }

    /// The time, where there is one.
    #[must_use]
    pub fn at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::At(at) => Some(*at),
            Self::Never | Self::Unreadable(_) => None,
        }
    }
}

fn from_number(number: f64, form: EndForm, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    // Fractions of seconds are cut off; a number larger than any time is none.
    #[expect(clippy::cast_possible_truncation, reason = "saturates, and is checked after")]
    let whole = number as i64;
    match form {
        EndForm::Seconds => now.checked_add_signed(TimeDelta::try_seconds(whole)?),
        EndForm::Unix => DateTime::from_timestamp(whole, 0),
        EndForm::UnixMilliseconds => DateTime::from_timestamp_millis(whole),
        EndForm::Any if whole >= MILLISECONDS => DateTime::from_timestamp_millis(whole),
        EndForm::Any if whole >= FIRST => DateTime::from_timestamp(whole, 0),
        EndForm::Any => None,
    }
}

fn from_text(text: &str, form: EndForm, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if let Ok(number) = text.parse::<f64>() {
        return from_number(number, form, now);
    }
    const WITH_ZONE: [&str; 4] = [
        "%Y-%m-%dT%H:%M:%S%.f%#z",
        "%Y-%m-%d %H:%M:%S%.f%#z",
        "%Y-%m-%d %H:%M:%S%.f %#z",
        "%a, %d %b %Y %H:%M:%S %z",
    ];
    const WITHOUT: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
    // chrono accepts Z in the first form only.
    let text = text
        .strip_suffix(" UTC")
        .or(text.strip_suffix(" GMT"))
        .map_or_else(|| text.to_owned(), |bare| format!("{bare} +0000"));
    if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
        return Some(at.to_utc());
    }
    let with_zone = |form: &&str| DateTime::parse_from_str(&text, form).ok();
    if let Some(at) = WITH_ZONE.iter().find_map(with_zone) {
        return Some(at.to_utc());
    }
    let without = |form: &&str| NaiveDateTime::parse_from_str(&text, form).ok();
    if let Some(at) = WITHOUT.iter().find_map(without) {
        return at.and_utc().checked_add_signed(LATEST_ZONE);
    }
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?;
    let end = day.checked_add_days(Days::new(1))?.and_hms_opt(0, 0, 0)?;
    end.and_utc().checked_add_signed(LATEST_ZONE)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-01-10T12:00:00Z".parse().unwrap()
    }

    fn read(value: &Value) -> End {
        End::read(value, EndForm::Any, now())
    }

    fn at(text: &str) -> End {
        End::At(text.parse().unwrap())
    }

    #[test]
    fn an_end_is_read_in_every_form() {
        for value in [
            json!("2026-04-01T08:00:00Z"),
            json!("2026-04-01T10:00:00+02:00"),
            json!("2026-04-01T10:00:00+0200"),
            json!("2026-04-01T10:00:00.000+0200"),
            json!("2026-04-01 08:00:00Z"),
            json!("2026-04-01 08:00:00 UTC"),
            json!("2026-04-01 10:00:00 +0200"),
            json!("Wed, 01 Apr 2026 08:00:00 GMT"),
            json!(1_775_030_400),
            json!("1775030400"),
            json!(1_775_030_400_000_i64),
        ] {
            assert_eq!(read(&value), at("2026-04-01T08:00:00Z"), "{value}");
        }
        let seconds = End::read(&json!(3600), EndForm::Seconds, now());
        assert_eq!(seconds, at("2026-01-10T13:00:00Z"));
        let unix = End::read(&json!(1_775_030_400.5), EndForm::Unix, now());
        assert_eq!(unix, at("2026-04-01T08:00:00Z"));
    }

    /// No one is told that a token has expired while it may still work.
    #[test]
    fn a_time_without_a_zone_is_read_as_the_latest() {
        assert_eq!(read(&json!("2026-04-01")), at("2026-04-02T12:00:00Z"));
        assert_eq!(read(&json!("2026-04-01T08:00:00")), at("2026-04-01T20:00:00Z"));
        assert_eq!(read(&json!("2026-04-01 08:00:00.25")), at("2026-04-01T20:00:00.25Z"));
    }

    #[test]
    fn every_form_of_never_is_no_end() {
        for value in [json!(null), json!(""), json!(0), json!(-1), json!("never"), json!(false)] {
            assert_eq!(read(&value), End::Never, "{value}");
        }
    }

    #[test]
    fn past_and_invalid_times_are_unreadable() {
        for value in [
            json!("soon"),
            json!(3600),
            json!("2020-01-01T00:00:00Z"),
            json!(1_500_000_000),
            json!(true),
            json!({ "at": 1 }),
            json!(1e300),
            json!("2026-02-31"),
        ] {
            assert!(matches!(read(&value), End::Unreadable(_)), "{value}: {:?}", read(&value));
        }
        let End::Unreadable(shown) = read(&json!("x".repeat(99))) else { panic!("read") };
        assert_eq!(shown.chars().count(), SHOWN);
    }
}
