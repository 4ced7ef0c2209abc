//! Reads what a person typed as the client does: against the registered commands.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{snowflakes::Id, state::State};

/// A command as a composer holds it: chosen, and filled in option by option.
#[derive(Clone, Debug, Default)]
pub struct Composed {
    /// The default names of the command and of the subcommands down to the one that is meant.
    pub path: Vec<String>,
    /// Default name and text of each option that was filled in.
    pub options: Vec<(String, String)>,
}

/// Reads a line such as `/token request provider:impact-agency`. With `unfinished`, the last
/// option is the one at the cursor, and nothing is required.
pub(super) fn parse(state: &State, person: Id, line: &str, unfinished: bool) -> Result<Value> {
    let rest = line.trim_start().strip_prefix('/').context("a command starts with /")?;
    let (name, mut rest) = word(rest);
    let mut levels = vec![offered(state, person, name)?];
    while let Some(level) = levels.last().copied().filter(|level| is_group(level)) {
        let (name, after) = word(rest);
        levels.push(inside(level, name).with_context(|| format!("{line:?} is not complete"))?);
        rest = after;
    }
    let known = levels.last().map(|level| options(level)).unwrap_or_default();
    let typed = split(known, rest)?;
    let focused = unfinished.then(|| typed.len().saturating_sub(1));
    data(state, &levels, &typed, focused)
}

/// Puts a composed command together. `focused` names the option that is still being typed; then
/// nothing is required.
pub(super) fn compose(
    state: &State,
    person: Id,
    composed: &Composed,
    focused: Option<&str>,
) -> Result<Value> {
    let mut names = composed.path.iter();
    let mut levels = vec![offered(state, person, names.next().context("no command was chosen")?)?];
    for name in names {
        let level = levels.last().copied().filter(|level| is_group(level));
        levels.push(inside(level.context("this command has no subcommands")?, name)?);
    }
    let level = levels.last().copied().filter(|level| !is_group(level));
    let known = options(level.context("one of its subcommands must be chosen")?);
    let mut typed = Vec::new();
    for (name, text) in &composed.options {
        let option = known.iter().find(|option| option["name"] == name.as_str());
        typed.push((option.with_context(|| format!("there is no option {name}"))?, text.as_str()));
    }
    let focused = match focused {
        Some(name) => {
            let place = composed.options.iter().position(|(known, _)| known == name);
            Some(place.with_context(|| format!("the option {name} isn't being typed"))?)
        }
        None => None,
    };
    data(state, &levels, &typed, focused)
}

/// The interaction's data for the last of the levels, which are the command and what leads down.
fn data(
    state: &State,
    levels: &[&Value],
    typed: &[(&Value, &str)],
    focused: Option<usize>,
) -> Result<Value> {
    let (command, path) = levels.split_first().context("no command")?;
    let known = levels.last().map(|level| options(level)).unwrap_or_default();
    let mut reader = Reader { state, users: Vec::new() };
    let mut values = reader.values(known, typed, focused)?;
    for group in path.iter().rev() {
        values = vec![json!({ "name": group["name"], "type": group["type"], "options": values })];
    }
    let mut data = json!({
        "id": command["id"],
        "name": command["name"],
        "type": 1,
        "guild_id": state.guild.id.to_string(),
    });
    if !values.is_empty() {
        data["options"] = json!(values);
    }
    if !reader.users.is_empty() {
        let resolved = state.resolved(&reader.users);
        data["resolved"] = resolved.map_err(|refusal| anyhow::anyhow!(refusal.message))?;
    }
    Ok(data)
}

/// The command of this name, if the person's client offers it.
fn offered<'a>(state: &'a State, person: Id, name: &str) -> Result<&'a Value> {
    let offered = |command: &&Value| command["name"] == name && state.may_use(person, command);
    state.commands.iter().find(offered).with_context(|| unknown(state, name))
}

fn inside<'a>(level: &'a Value, name: &str) -> Result<&'a Value> {
    let found = options(level).iter().find(|option| option["name"] == name);
    found.with_context(|| format!("it needs one of: {}", names_of(options(level))))
}

fn unknown(state: &State, name: &str) -> String {
    format!("there is no command /{name} here; there are: {}", names_of(&state.commands))
}

fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

fn options(part: &Value) -> &[Value] {
    part["options"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn is_group(part: &Value) -> bool {
    options(part).iter().any(|option| matches!(option["type"].as_u64(), Some(1 | 2)))
}

struct Reader<'a> {
    state: &'a State,
    users: Vec<Id>,
}

impl Reader<'_> {
    fn values(
        &mut self,
        known: &[Value],
        typed: &[(&Value, &str)],
        focus: Option<usize>,
    ) -> Result<Vec<Value>> {
        let mut values = Vec::new();
        for (at, (option, text)) in typed.iter().enumerate() {
            let focused = focus == Some(at);
            let value = if focused { json!(text) } else { self.value(option, text)? };
            let mut entry = json!({
                "name": option["name"], "type": option["type"], "value": value,
            });
            if focused {
                if option["autocomplete"] != true {
                    bail!("the option {} completes nothing", option["name"]);
                }
                entry["focused"] = json!(true);
            }
            values.push(entry);
        }
        let given =
            |option: &&Value| typed.iter().any(|(known, _)| known["name"] == option["name"]);
        let required = known.iter().filter(|option| option["required"] == true);
        let mut missing = required.filter(|option| !given(option));
        if let Some(missing) = missing.next().filter(|_| focus.is_none()) {
            bail!("This option is required: {}", missing["name"]);
        }
        Ok(values)
    }

    fn value(&mut self, option: &Value, text: &str) -> Result<Value> {
        let name = &option["name"];
        match option["type"].as_u64() {
            Some(4) => Ok(json!(text.parse::<i64>().with_context(|| format!("{name}: a number"))?)),
            Some(5) => Ok(json!(text.eq_ignore_ascii_case("true"))),
            Some(6) => self.user(text),
            Some(7) => self.channel(text),
            Some(10) => {
                Ok(json!(text.parse::<f64>().with_context(|| format!("{name}: a number"))?))
            }
            _ => string(option, text),
        }
    }

    fn user(&mut self, text: &str) -> Result<Value> {
        let name = text.trim_start_matches('@');
        let found = self.state.users.values().find(|user| {
            user.name == name || user.display_name == name || user.id.to_string() == name
        });
        let id = found.with_context(|| format!("nobody is called {text}"))?.id;
        self.users.push(id);
        Ok(json!(id.to_string()))
    }

    fn channel(&self, text: &str) -> Result<Value> {
        let name = text.trim_start_matches('#');
        let found = self.state.channels.values().find(|channel| channel.name == name);
        Ok(json!(found.with_context(|| format!("there is no channel {text}"))?.id.to_string()))
    }
}

/// Splits `a:one two b:three` at the names of known options.
fn split<'a>(known: &'a [Value], text: &'a str) -> Result<Vec<(&'a Value, &'a str)>> {
    let mut starts = Vec::new();
    for option in known {
        let name = format!("{}:", option["name"].as_str().unwrap_or_default());
        let at = text.match_indices(name.as_str()).find(|(at, _)| {
            let before = text.get(..*at).unwrap_or_default();
            before.is_empty() || before.ends_with(char::is_whitespace)
        });
        if let Some((at, _)) = at {
            starts.push((at, at + name.len(), option));
        }
    }
    starts.sort_by_key(|(at, ..)| *at);
    let first = starts.first().map_or(text.len(), |(at, ..)| *at);
    let stray = text.get(..first).unwrap_or_default().trim();
    if !stray.is_empty() {
        bail!("{stray:?} is no option; there are: {}", names_of(known));
    }
    let ends = starts.iter().skip(1).map(|(at, ..)| *at).chain([text.len()]);
    let typed = starts.iter().zip(ends).map(|((_, start, option), end)| {
        (*option, text.get(*start..end).unwrap_or_default().trim())
    });
    Ok(typed.collect())
}

fn string(option: &Value, text: &str) -> Result<Value> {
    if let Some(choices) = option["choices"].as_array().filter(|choices| !choices.is_empty()) {
        let fits = |choice: &&Value| choice["name"] == text || choice["value"] == text;
        let choice = choices.iter().find(fits);
        let choices = names_of(choices);
        let chosen = choice.with_context(|| format!("{text:?} is none of: {choices}"))?;
        return Ok(chosen["value"].clone());
    }
    let length = text.chars().count() as u64;
    let (min, max) = (option["min_length"].as_u64(), option["max_length"].as_u64());
    if length < min.unwrap_or(0) || length > max.unwrap_or(6000) {
        bail!("{}: between {min:?} and {max:?} characters, not {length}", option["name"]);
    }
    Ok(json!(text))
}

/// The names of commands, options or choices, for errors.
fn names_of(parts: &[Value]) -> String {
    let names = parts.iter().map(|part| part["name"].as_str().unwrap_or_default());
    names.collect::<Vec<_>>().join(", ")
}
