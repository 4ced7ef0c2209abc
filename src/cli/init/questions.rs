//! How a question is asked: an option of the command line answers it; else the person at the terminal, who is asked
//! again until the answer is right.

use std::fmt::Display;

use anyhow::{anyhow, bail, ensure};

use crate::cli::ask;

/// One question.
pub(super) struct Question<'a> {
    /// The option that answers it, with its dashes.
    pub(super) option: &'a str,
    /// Whether somebody can be asked.
    pub(super) at_terminal: bool,
}

impl Question<'_> {
    /// Takes the answer that was given, or asks; until `read` makes something of it.
    ///
    /// # Errors
    /// A wrong answer, or none, where nobody can be asked.
    pub(super) async fn answer<A, T>(
        &self,
        given: Option<A>,
        ask: impl AsyncFn() -> anyhow::Result<A>,
        read: impl AsyncFn(A) -> Result<T, String>,
    ) -> anyhow::Result<T> {
        let mut given = given;
        loop {
            let (answer, was_given) = match given.take() {
                Some(answer) => (answer, true),
                None if self.at_terminal => (ask().await?, false),
                None => bail!("{} is missing", self.option),
            };
            match read(answer).await {
                Ok(value) => return Ok(value),
                Err(why) if self.at_terminal && was_given => {
                    eprintln!("  {} can't be taken: {why}", self.option);
                }
                Err(why) if self.at_terminal => eprintln!("  That can't be taken: {why}"),
                Err(why) => bail!("{}: {why}", self.option),
            }
        }
    }
}

/// Asks on one line; the end of the input is an error.
pub(super) fn ask_line(question: &str) -> anyhow::Result<String> {
    ask::ask(question)?.ok_or_else(|| anyhow!("the answers ended, and nothing was written"))
}

/// Something to choose: its id, its name, and what is said beside it.
pub(super) struct Choice<T> {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) note: String,
    pub(super) value: T,
}

/// An answer to a list: the number of a line, or an id or a name.
pub(super) enum Pick {
    /// Typed below the list.
    Typed(String),
    /// By an option, which knows no lines.
    Named(String),
}

/// Shows a list, and asks for one of it.
pub(super) fn ask_choice<T>(
    title: &str,
    mark: &str,
    choices: &[Choice<T>],
) -> anyhow::Result<Pick> {
    ensure!(!choices.is_empty(), "{title}: there is nothing to choose");
    eprintln!("{title}:");
    for (index, choice) in choices.iter().enumerate() {
        let note = if choice.note.is_empty() {
            String::new()
        } else {
            format!("  {}", printable(&choice.note))
        };
        eprintln!("  {:>2}  {mark}{}{note}", index + 1, printable(&choice.name));
    }
    ask_line("Number or name: ").map(Pick::Typed)
}

/// The one that is meant. `what` is its kind, for people: "role".
pub(super) fn choose<T>(
    pick: &Pick,
    what: &str,
    mark: char,
    choices: Vec<Choice<T>>,
) -> Result<T, String> {
    let (text, has_lines) = match pick {
        Pick::Typed(text) => (text, true),
        Pick::Named(text) => (text, false),
    };
    let text = text.trim();
    let line = text.parse().ok().filter(|line| has_lines && (1..=choices.len()).contains(line));
    let name = text.strip_prefix(mark).unwrap_or(text).to_lowercase();
    let names = list(choices.iter().map(|choice| printable(&choice.name)));
    let is_meant = |(index, choice): &(usize, Choice<T>)| match line {
        Some(line) => index + 1 == line,
        None => choice.id == text || choice.name.to_lowercase() == name,
    };
    let mut meant: Vec<Choice<T>> =
        choices.into_iter().enumerate().filter(is_meant).map(|(_, choice)| choice).collect();
    match (meant.len(), meant.pop()) {
        (1, Some(choice)) => Ok(choice.value),
        (count, Some(last)) => {
            let ids = list(meant.into_iter().chain([last]).map(|choice| choice.id));
            Err(format!("{count} have that name: give the id, {ids}"))
        }
        (_, None) if text.is_empty() => Err(format!("name a {what}")),
        (_, None) => Err(format!("there is no {what} “{}”; there is: {names}", printable(text))),
    }
}

/// How many names a refusal lists.
const NAMES: usize = 12;

fn list(names: impl Iterator<Item = impl Display>) -> String {
    let all: Vec<String> = names.map(|name| name.to_string()).collect();
    let first = all.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    match all.len().saturating_sub(NAMES) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// Names are other people's: one may not control the terminal.
fn printable(text: &str) -> String {
    text.chars().filter(|char| !char.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(names: &[(&str, &str)]) -> Vec<Choice<usize>> {
        let choice = |(value, (id, name)): (usize, &(&str, &str))| Choice {
            id: (*id).to_owned(),
            name: (*name).to_owned(),
            note: String::new(),
            value,
        };
        names.iter().enumerate().map(choice).collect()
    }

    fn typed(text: &str) -> Result<usize, String> {
        choose(
            &Pick::Typed(text.into()),
            "role",
            '@',
            roles(&[("77", "Admins"), ("78", "2"), ("79", "x")]),
        )
    }

    #[test]
    fn a_choice_is_a_line_an_id_or_a_name() {
        for (text, index) in [("1", 0), ("admins", 0), ("@Admins", 0), ("79", 2), (" x ", 2)] {
            assert_eq!(typed(text), Ok(index), "{text}");
        }
        // A name that is a number is reached by its line or its id.
        assert_eq!((typed("2"), typed("78")), (Ok(1), Ok(1)));
        let named = Pick::Named("2".into());
        assert_eq!(choose(&named, "role", '@', roles(&[("77", "1"), ("78", "2")])), Ok(1));
        let none = choose(&Pick::Named("1".into()), "role", '@', roles(&[("77", "a\u{1b}[1m")]));
        assert_eq!(none, Err("there is no role “1”; there is: a[1m".into()));
    }

    #[test]
    fn what_is_not_there_or_there_twice_is_said_with_what_there_is() {
        assert_eq!(
            typed("nobody").unwrap_err(),
            "there is no role “nobody”; there is: Admins, 2, x"
        );
        assert_eq!(typed("").unwrap_err(), "name a role");
        let twice = roles(&[("77", "mods"), ("78", "Mods")]);
        let why = choose(&Pick::Named("mods".into()), "role", '@', twice).unwrap_err();
        assert_eq!(why, "2 have that name: give the id, 77, 78");
    }
}
