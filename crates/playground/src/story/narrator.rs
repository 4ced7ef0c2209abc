//! Prints what happens to standard output.

use std::fmt::Display;

use anyhow::{Context, Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};

use discord_sim::{MessageView, Modal, Person};
use testkit::mailbox::Mail;
use testkit::setup::Setup;

/// Prints the story.
pub(super) struct Narrator<'a> {
    pub(super) setup: &'a Setup,
}

impl<'a> Narrator<'a> {
    pub(super) fn new(setup: &'a Setup) -> Self {
        Self { setup }
    }

    /// A heading.
    pub(super) fn act(&self, title: &str) {
        println!("\n\n═══ {title} ═══");
    }

    /// A sentence.
    pub(super) fn tell(&self, sentence: &str) {
        println!("\n▸ {sentence}");
    }

    /// A person by their name.
    pub(super) fn person(&self, name: &str) -> Result<Person> {
        self.setup.person(name)
    }

    /// What a person looks at.
    pub(super) fn show(&self, person: &Person, seen: &dyn Display) {
        println!("  {} sees", person.name());
        for line in with_times(&seen.to_string(), Utc::now()).lines() {
            println!("    {line}");
        }
    }

    /// The same for a modal.
    pub(super) fn show_modal(&self, person: &Person, modal: &Modal) {
        self.show(person, modal);
    }

    /// A message that arrives without an action.
    pub(super) async fn dm(&self, person: &Person, containing: &str) -> Result<MessageView> {
        let message = person.wait_for_dm(containing).await?;
        self.show(person, &message);
        Ok(message)
    }

    /// The card in `#approvals`, once it has this text.
    pub(super) async fn card(&self, person: &Person, containing: &str) -> Result<MessageView> {
        let card = person.wait_for_message("approvals", containing).await?;
        self.show(person, &card);
        Ok(card)
    }

    /// The card of the token of this name, once the secret was seen to arrive.
    pub(super) async fn collected_card(&self, person: &Person, name: &str) -> Result<MessageView> {
        loop {
            let card = person.wait_for_message("approvals", "Collected").await?;
            if card.contains(name) && !card.contains("has not confirmed yet") {
                self.show(person, &card);
                return Ok(card);
            }
        }
    }

    /// An email that arrives without an action.
    pub(super) async fn mail(&self, to: &str, subject: &str) -> Result<Mail> {
        let mail = self.setup.mailbox.wait_for(to, subject).await?;
        println!("  a mail arrives");
        for line in mail.to_string().lines() {
            println!("    {line}");
        }
        Ok(mail)
    }

    /// A secret that was shown is nowhere else: in no other message, no email, no line of a log,
    /// and in no table.
    pub(super) async fn is_nowhere_else(&self, secret: &str) -> Result<()> {
        self.setup.settle().await?;
        for message in self.setup.discord.all_messages() {
            let private = message["flags"].as_u64().unwrap_or_default() & 64 != 0;
            ensure!(private || !message.to_string().contains(secret), "a message holds the secret");
        }
        for mail in self.setup.mailbox.all()? {
            let raw = String::from_utf8_lossy(&mail.raw);
            ensure!(!raw.contains(secret), "a mail holds the secret");
        }
        ensure!(!self.setup.bot.everything_written()?.contains(secret), "a log holds the secret");
        let found = self.setup.tables_with(secret).await?;
        ensure!(found.is_empty(), "the secret stands in {}", found.join(", "));
        self.tell(
            "Looked for the secret in every other message, mail, log line and table: nowhere.",
        );
        Ok(())
    }
}

/// A text with its times as a client shows them, in UTC: `<t:SECONDS:STYLE>` is Discord's form.
fn with_times(text: &str, now: DateTime<Utc>) -> String {
    let mut parts = text.split("<t:");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let time = part.split_once('>').and_then(|(inside, rest)| {
            let (seconds, style) = inside.split_once(':').unwrap_or((inside, "f"));
            let time = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
            Some((if style == "R" { describe_distance(time - now) } else { describe(time) }, rest))
        });
        match time {
            Some((time, rest)) => shown.extend([&time, rest]),
            None => shown.extend(["<t:", part]),
        }
    }
    shown
}

fn describe(time: DateTime<Utc>) -> String {
    time.format("%-d %B %Y %H:%M UTC").to_string()
}

/// In the largest unit that fits, as clients do it.
fn describe_distance(distance: TimeDelta) -> String {
    let seconds = distance.num_seconds();
    let (count, unit) = match seconds.unsigned_abs() {
        seconds @ 0..60 => (seconds, "second"),
        seconds @ 60..3_600 => ((seconds + 30) / 60, "minute"),
        seconds @ 3_600..86_400 => ((seconds + 1_800) / 3_600, "hour"),
        seconds => ((seconds + 43_200) / 86_400, "day"),
    };
    let end = if count == 1 { "" } else { "s" };
    if seconds < 0 { format!("{count} {unit}{end} ago") } else { format!("in {count} {unit}{end}") }
}

/// The code blocks of a message, in their order.
pub(super) fn code_blocks(message: &MessageView) -> Vec<String> {
    let text = message.text().replace("│ ", "").replace("  ", "");
    let mut blocks = text.split("```").skip(1).step_by(2);
    blocks.by_ref().map(|block| block.trim().to_owned()).collect()
}

/// *Account SID* and secret out of the message that shows them.
pub(super) fn credentials(message: &MessageView) -> Result<(String, String)> {
    let [account_sid, secret] = <[String; 2]>::try_from(code_blocks(message))
        .ok()
        .with_context(|| format!("two code blocks were expected in:\n{message}"))?;
    Ok((account_sid, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_clients_show_them() {
        let now = DateTime::from_timestamp(1_796_034_000, 0).unwrap();
        let shown = |text: &str| with_times(text, now);
        assert_eq!(
            shown("until <t:1796120400:f> (<t:1796120400:R>), <t:1796033999:R>"),
            "until 1 December 2026 10:20 UTC (in 1 day), 1 second ago"
        );
        assert_eq!(shown("<t:1796037600:R> <t:1796034120:R>"), "in 1 hour in 2 minutes");
        assert_eq!(shown("a <t:none:R> and <t:1"), "a <t:none:R> and <t:1");
    }
}
