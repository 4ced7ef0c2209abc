//! The console: each line is one person's action; then it prints what they see.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::{Context, Result, bail};
use discord_sim::{Discord, MessageView, Modal, Person, Seen};
use tokio::sync::mpsc;

/// What can be typed.
pub const HELP: &str = "\
NAME: /COMMAND …              types a command in #general, as in  rin: /ask for what:tea
NAME: in CHANNEL /COMMAND …   types it in another channel
NAME: press LABEL             presses the newest button with that label
NAME: choose SELECT = A, B    chooses in the newest select, named by its placeholder or custom id
NAME: fill FIELD = TEXT       fills in a field of the form that is open: a text, options, or a person
NAME: submit                  submits that form
NAME: look CHANNEL            shows a channel; `look dms` shows the direct messages with the bot
NAME: write CHANNEL = TEXT    writes a message
people                        lists who is there
help                          prints this";

/// What the lines act on.
pub struct Console {
    discord: Arc<Discord>,
    /// The form that each person has open, by their unique name.
    forms: BTreeMap<String, Modal>,
}

impl Console {
    /// A console for this guild.
    pub fn new(discord: Arc<Discord>) -> Self {
        Self { discord, forms: BTreeMap::new() }
    }

    /// Carries out the lines of the standard input until it ends.
    pub async fn run(mut self) {
        let mut lines = standard_input();
        while let Some(line) = lines.recv().await {
            match line.trim() {
                "" => {}
                "help" => println!("{HELP}"),
                "people" => println!("{}", people(&self.discord)),
                line => match self.act(line).await {
                    Ok(shown) => println!("{shown}\n"),
                    Err(error) => println!("{error:#}\n"),
                },
            }
        }
    }

    /// Carries out one line; what is to be printed.
    async fn act(&mut self, line: &str) -> Result<String> {
        let (name, action) = line.split_once(':').context("no such line; try `help`")?;
        let (name, action) = (name.trim(), action.trim());
        let person = self.discord.person(name)?;
        if action.starts_with('/') {
            return Ok(self.show_token(name, person.type_command(action).await?));
        }
        let (verb, rest) = action.split_once(' ').unwrap_or((action, ""));
        let rest = rest.trim();
        match verb {
            "in" => {
                let (channel, command) = rest.split_once(' ').context("in CHANNEL /COMMAND …")?;
                Ok(self.show_token(name, person.type_command_in(channel, command.trim()).await?))
            }
            "press" => {
                let message = newest(&person, |message| message.offers(rest));
                let message = message.with_context(|| format!("{name} sees no button {rest:?}"))?;
                Ok(self.show_token(name, person.click(&message, rest).await?))
            }
            "choose" => {
                let (select, labels) = pair(rest)?;
                let message = newest(&person, |message| message.options(select).is_some());
                let message =
                    message.with_context(|| format!("{name} sees no select {select:?}"))?;
                let seen = person.select(&message, select, &listed(labels)).await?;
                Ok(self.show_token(name, seen))
            }
            "fill" => self.fill(name, rest),
            "submit" => {
                let form = self.forms.get(name).context("no form is open")?;
                let seen = form.submit().await?;
                self.forms.remove(name);
                Ok(self.show_token(name, seen))
            }
            "look" => look(&person, rest),
            "write" => {
                let (channel, text) = pair(rest)?;
                let known = person.channels().into_iter().find(|known| known.name == channel);
                let known = known.with_context(|| format!("{name} sees no channel {channel}"))?;
                Ok(person.write(known.id, text)?.to_string())
            }
            _ => bail!("nobody can {verb:?}; try `help`"),
        }
    }

    /// Prints what a person sees after an action; a form stays open.
    fn show_token(&mut self, name: &str, seen: Seen) -> String {
        let shown = format!("{name} sees {seen}");
        if let Seen::Modal(form) = seen {
            self.forms.insert(name.to_owned(), form);
        }
        shown
    }

    /// Fills in a field by its kind.
    fn fill(&mut self, name: &str, rest: &str) -> Result<String> {
        let (label, value) = pair(rest)?;
        let form = self.forms.get_mut(name).context("no form is open")?;
        if !form.options(label)?.is_empty() {
            form.choose_all(label, &listed(value))?;
        } else if let Err(error) = form.fill(label, value).map(|_| ()) {
            // It may take a person.
            let Ok(person) = self.discord.person(value) else { return Err(error) };
            form.choose_user(label, &person)?;
        }
        Ok(form.to_string())
    }
}

/// The lines of the standard input. They are read by a thread, so that the program can end at any time.
fn standard_input() -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        let mut read = std::io::stdin().lines().map_while(Result::ok);
        read.all(|line| sender.send(line).is_ok())
    });
    lines
}

/// Everyone, with their language and roles.
pub fn people(discord: &Discord) -> String {
    let roles = discord.roles();
    let line = |user: discord_sim::User| {
        let held = discord.roles_of(&user.id);
        let held = roles.iter().filter(|role| held.contains(&role.id));
        let held: Vec<_> = held.map(|role| format!(" @{}", role.name)).collect();
        format!("  {:<8} {} ({}){}", user.name, user.id, user.locale, held.concat())
    };
    discord.people().into_iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Both sides of `LEFT = RIGHT`.
fn pair(text: &str) -> Result<(&str, &str)> {
    let (left, right) = text.split_once('=').context("this takes NAME = VALUE")?;
    Ok((left.trim(), right.trim()))
}

/// `A, B` as a list; empty for nothing.
fn listed(text: &str) -> Vec<&str> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The newest message anywhere that a person sees and that matches.
fn newest(person: &Person, fits: impl Fn(&MessageView) -> bool) -> Option<MessageView> {
    let channels = person.channels().into_iter();
    let shown = channels.filter_map(|channel| person.messages_in(channel.id).ok()).flatten();
    let views = shown.map(|shown| shown.view).filter(|view| fits(view));
    views.max_by_key(MessageView::id)
}

fn look(person: &Person, channel: &str) -> Result<String> {
    let messages = if channel == "dms" { person.dms() } else { person.channel(channel)? };
    if messages.is_empty() {
        return Ok("nothing is there".to_owned());
    }
    Ok(messages.iter().map(MessageView::to_string).collect::<Vec<_>>().join("\n\n"))
}
