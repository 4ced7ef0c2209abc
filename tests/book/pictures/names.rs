//! What a client puts in the place of ids and times: names, and moments that are the same in each run.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use discord_sim::Discord;
use serde_json::Value;

use super::super::drawings::choose;
use super::text::{Kind, Span};

/// Within a run, what comes later by less than this is told as one moment. A whole play takes a second or two.
const GRAIN: TimeDelta = TimeDelta::minutes(10);
/// Moments may be rounded down to a minute.
const SLACK: TimeDelta = TimeDelta::minutes(2);

/// The names, and the time, of one run.
pub struct Names {
    pub language: &'static str,
    /// By what stands in a mention: `@1`, `@&1`, `#1`.
    mentioned: BTreeMap<String, String>,
    commands: Vec<Value>,
    start: DateTime<Utc>,
}

impl Names {
    /// Those of everyone and everything in Discord.
    pub fn of(discord: &Discord, language: &'static str, start: DateTime<Utc>) -> Self {
        let users = discord.accounts().into_iter();
        let users = users.map(|user| (format!("@{}", user.id), format!("@{}", user.display_name)));
        let roles = discord.roles().into_iter();
        let roles = roles.map(|role| (format!("@&{}", role.id), format!("@{}", role.name)));
        let mentioned = users.chain(roles).collect();
        Self { language, mentioned, commands: discord.commands(), start }
    }

    /// In one language or the other.
    pub fn say(&self, english: &'static str, japanese: &'static str) -> &'static str {
        choose(self.language, english, japanese)
    }

    /// What is shown for `<…>`.
    pub fn shown(&self, inside: &str, around: Kind) -> Option<Span> {
        if let Some(time) = inside.strip_prefix("t:") {
            let (seconds, style) = time.split_once(':')?;
            let moment = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
            let shown = match style {
                "R" => self.relative(moment),
                "f" => self.absolute(moment),
                other => panic!("times of the style {other} aren't drawn yet"),
            };
            return Some(Span::new(shown, Kind::Time));
        }
        if let Some(command) = inside.strip_prefix('/') {
            let (path, _) = command.rsplit_once(':')?;
            return Some(Span::new(self.command(path), Kind::Mention));
        }
        if inside.starts_with("http") {
            return Some(Span::new(inside, if around == Kind::Bold { around } else { Kind::Link }));
        }
        Some(Span::new(self.mentioned.get(inside)?, Kind::Mention))
    }

    /// A command by the names that the reader's client shows, from its default names.
    pub fn command(&self, path: &str) -> String {
        let mut known = self.commands.as_slice();
        let mut shown = String::new();
        for name in path.split(' ') {
            let found = known.iter().find(|one| one["name"] == name);
            let found = found.unwrap_or_else(|| panic!("there is no command /{path}"));
            shown.push_str(if shown.is_empty() { "/" } else { " " });
            shown.push_str(self.localized(found, "name"));
            known = found["options"].as_array().map_or(&[], Vec::as_slice);
        }
        shown
    }

    /// The commands as they are registered.
    pub fn commands(&self) -> &[Value] {
        &self.commands
    }

    /// A name or a description of a command in the reader's language.
    pub fn localized<'a>(&self, part: &'a Value, key: &str) -> &'a str {
        let translated = part[format!("{key}_localizations")]["ja"].as_str();
        let translated = translated.filter(|_| self.language == "ja");
        translated.or(part[key].as_str()).unwrap_or_default()
    }

    /// The same distance from the start of the picture as from the start of the run.
    fn moved(&self, moment: DateTime<Utc>) -> DateTime<Utc> {
        let since = moment - self.start + SLACK;
        let grains = since.num_seconds().div_euclid(GRAIN.num_seconds());
        beginning() + GRAIN * i32::try_from(grains).expect("within some years")
    }

    fn absolute(&self, moment: DateTime<Utc>) -> String {
        let format = self.say("%B %-d, %Y at %-I:%M %p", "%Y年%-m月%-d日 %-H:%M");
        self.moved(moment).format(format).to_string()
    }

    /// As moment.js words it, which is what Discord uses.
    fn relative(&self, moment: DateTime<Utc>) -> String {
        let minutes = (self.moved(moment) - beginning()).num_minutes();
        let (hours, days) = ((minutes + 30) / 60, (minutes + 720) / 1_440);
        let months = (days + 15) / 30;
        let counted = |number: i64, one: &str, unit: &str, japanese: &str| match self.language {
            "ja" => format!("{number}{japanese}後"),
            _ if number == 1 => format!("in {one} {unit}"),
            _ => format!("in {number} {unit}s"),
        };
        match minutes {
            0 => self.say("a few seconds ago", "数秒前").to_owned(),
            ..0 => panic!("{moment} was before the run"),
            1..45 => counted(minutes, "a", "minute", "分"),
            45..1_320 => counted(hours, "an", "hour", "時間"),
            _ if days < 26 => counted(days, "a", "day", "日"),
            _ => counted(months, "a", "month", "ヶ月"),
        }
    }

    /// A text of an email with its times, such as `2026-11-24 09:30 UTC`, moved.
    pub fn with_moved_times(&self, text: &str) -> String {
        const FORMAT: &str = "%Y-%m-%d %H:%M";
        const LENGTH: usize = "2026-11-24 09:30".len();
        let mut moved = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            // The parser would take spaces before a time as a part of it.
            let time = rest.get(..LENGTH).filter(|_| first.is_ascii_digit());
            let time = time.and_then(|time| NaiveDateTime::parse_from_str(time, FORMAT).ok());
            if let Some(time) = time {
                moved.push_str(&self.moved(time.and_utc()).format(FORMAT).to_string());
                rest = &rest[LENGTH..];
            } else {
                moved.push(first);
                rest = &rest[first.len_utf8()..];
            }
        }
        moved
    }

    pub fn for_test() -> Self {
        let mentioned = BTreeMap::from([("@7".to_owned(), "@Rin".to_owned())]);
        let start = Utc.timestamp_opt(1_800_000_000, 0).unwrap();
        Self { language: "en", mentioned, commands: Vec::new(), start }
    }
}

/// When everything in a picture happens.
fn beginning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2027, 3, 1, 10, 0, 0).unwrap()
}

/// The time beside a message's author.
pub fn clock(language: &str) -> String {
    beginning().format(choose(language, "%-I:%M %p", "%-H:%M")).to_string()
}

#[test]
fn times_are_those_of_the_picture_however_long_the_run_takes() {
    let names = Names::for_test();
    for late in [-59, 0, 1, 59, 300] {
        let shown = |style: &str, after: i64| {
            let inside = format!("t:{}:{style}", 1_800_000_000 + after + late);
            names.shown(&inside, Kind::Plain).unwrap().text
        };
        assert_eq!(shown("f", 3 * 86_400), "March 4, 2027 at 10:00 AM");
        assert_eq!(shown("R", 3 * 86_400), "in 3 days");
        assert_eq!(shown("R", 86_400), "in a day");
        assert_eq!(shown("R", 3_600), "in an hour");
        assert_eq!(shown("R", 600), "in 10 minutes");
        assert_eq!(shown("R", 90 * 86_400), "in 3 months");
        assert_eq!(shown("R", 0), "a few seconds ago");
        let start = DateTime::from_timestamp(1_800_000_000 + late, 0).unwrap();
        let mail = format!("Collected {} UTC", start.format("%Y-%m-%d %H:%M"));
        assert_eq!(names.with_moved_times(&mail), "Collected 2027-03-01 10:00 UTC");
    }
}
