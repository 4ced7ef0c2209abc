//! The parts of pages that are drawn from the program, and the texts beside what the program says itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Arg, Command, CommandFactory as _};
use countersign::cli::Arguments;
use countersign::discord::commands::{OptionKind, PARENT, ROWS};
use countersign::domain::job::Job;
use serde::Deserialize;

use super::pages::{LANGUAGES, folder, read};

pub const WRITE: &str = "COUNTERSIGN_WRITE_DRAWINGS";
pub const BEGIN: &str = "<!-- drawn from the program: begin -->\n";
pub const END: &str = "<!-- drawn from the program: end -->";

/// Compares the drawn part of a page with what it has to be, in each language; or writes it.
pub fn compare(page: &str, draw: impl Fn(&str) -> String) {
    for language in LANGUAGES {
        let file = folder(language).join(page);
        let written = std::fs::read_to_string(&file).unwrap();
        let (before, rest) = written.split_once(BEGIN).expect("a place for it");
        let (_, after) = rest.split_once(END).expect("its end");
        let wanted = format!("{before}{BEGIN}\n{}\n\n{END}{after}", draw(language).trim());
        if std::env::var_os(WRITE).is_some() {
            std::fs::write(&file, wanted).unwrap();
        } else {
            let hint =
                format!("run {WRITE}=1 cargo test --test book drawn, and read the difference");
            assert!(written == wanted, "{language}/{page}: {hint}");
        }
    }
}

/// The words of one language.
pub fn choose<'a>(language: &str, english: &'a str, japanese: &'a str) -> &'a str {
    if language == "ja" { japanese } else { english }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommandTexts {
    name: String,
    en: String,
    ja: String,
    #[serde(default)]
    options: BTreeMap<String, Both>,
}

/// A text in both languages.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Both {
    pub en: String,
    pub ja: String,
}

impl Both {
    pub fn of(&self, language: &str) -> &str {
        choose(language, &self.en, &self.ja)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    pub name: String,
    pub kind: String,
    pub en: String,
    pub ja: String,
    #[serde(default)]
    pub labels: Vec<Label>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    pub name: String,
    pub en: String,
    pub ja: String,
    pub values: Vec<String>,
}

/// The metrics as the book describes them.
pub fn metrics() -> Vec<Metric> {
    #[derive(Deserialize)]
    struct Texts {
        metrics: Vec<Metric>,
    }
    let texts: Texts = toml::from_str(&read("docs/book/texts/metrics.toml")).unwrap();
    texts.metrics
}

/// Every command without further ones below it, with its full name.
fn leave(command: &Command, name: &str, found: &mut Vec<(String, Command)>) {
    let subcommands = command.get_subcommands().filter(|one| one.get_name() != "help");
    for subcommand in subcommands {
        let full = format!("{name} {}", subcommand.get_name()).trim().to_owned();
        match subcommand.has_subcommands() {
            true => leave(subcommand, &full, found),
            false => found.push((full, subcommand.clone())),
        }
    }
}

fn commands() -> Vec<(String, Command)> {
    let mut root = Arguments::command();
    root.build();
    let mut found = Vec::new();
    leave(&root, "", &mut found);
    found
}

/// The arguments of one command alone, by the names that people know.
fn own_arguments(command: &Command) -> Vec<(String, &Arg)> {
    let of_all = ["help", "version", "config", "log_format"];
    let own = command.get_arguments().filter(|one| !of_all.contains(&one.get_id().as_str()));
    let name = |argument: &Arg| match argument.get_long() {
        Some(long) => format!("--{long}"),
        None => argument.get_value_names().unwrap()[0].to_string(),
    };
    own.map(|argument| (name(argument), argument)).collect()
}

/// Paragraphs, each on one line.
fn paragraphs(text: &str) -> Vec<String> {
    let one_line = |part: &str| part.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split("\n\n").map(one_line).filter(|part| !part.is_empty()).collect()
}

fn help_of(argument: &Arg) -> Vec<String> {
    let help = argument.get_long_help().or(argument.get_help());
    paragraphs(&help.map(ToString::to_string).unwrap_or_default())
}

fn about(command: &Command) -> Vec<String> {
    let about = command.get_long_about().or(command.get_about());
    paragraphs(&about.map(ToString::to_string).unwrap_or_default())
}

fn command_texts() -> Vec<CommandTexts> {
    #[derive(Deserialize)]
    struct Texts {
        commands: Vec<CommandTexts>,
    }
    let texts: Texts = toml::from_str(&read("docs/book/texts/commands.toml")).unwrap();
    texts.commands
}

/// Each paragraph with a full stop; clap takes away some.
fn with_full_stops(text: &str) -> Vec<String> {
    let ended = |part: String| match part.chars().next_back() {
        Some(last) if last.is_ascii_alphanumeric() => part + ".",
        _ => part,
    };
    paragraphs(text).into_iter().map(ended).collect()
}

/// Otherwise a text would change here, and the Japanese say what was so before.
#[test]
fn texts_of_commands_are_those_of_the_program() {
    let (commands, texts) = (commands(), command_texts());
    let named: Vec<&str> = texts.iter().map(|text| &*text.name).collect();
    let there: Vec<&str> = commands.iter().map(|(name, _)| &**name).collect();
    assert_eq!(named, there, "docs/book/texts/commands.toml has the commands in their order");
    for ((name, command), text) in commands.iter().zip(&texts) {
        assert_eq!(paragraphs(&text.en), about(command), "{name}");
        let own = own_arguments(command);
        let mut known: Vec<&str> = own.iter().map(|(name, _)| &**name).collect();
        known.sort_unstable();
        let described: Vec<&str> = text.options.keys().map(String::as_str).collect();
        assert_eq!(described, known, "{name}");
        for (option, argument) in own {
            let help: Vec<String> = help_of(argument);
            assert_eq!(paragraphs(&text.options[&option].en), help, "{name} {option}");
        }
    }
}

fn draw_command(
    language: &str,
    (name, command): &(String, Command),
    text: &CommandTexts,
) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let said = with_full_stops(choose(language, &text.en, &text.ja)).join("\n\n");
    let mut drawn = format!("## countersign {name}\n\n```text\n{usage}\n```\n\n{said}\n");
    let own = own_arguments(command);
    if own.is_empty() {
        return drawn + "\n";
    }
    drawn.push_str(choose(language, "\n| option | meaning |\n", "\n| オプション | 意味 |\n"));
    drawn.push_str("|---|---|\n");
    for (option, argument) in own {
        let is_long = option.starts_with("--") && argument.get_action().takes_values();
        let value =
            argument.get_value_names().filter(|_| is_long).map(|names| names[0].to_string());
        let shown = value.map_or(option.clone(), |value| format!("{option} {value}"));
        let meaning = with_full_stops(text.options[&option].of(language)).join(" ");
        let _ = writeln!(drawn, "| `{}` | {meaning} |", shown.replace('|', "\\|"));
    }
    drawn + "\n"
}

#[test]
fn commands_are_drawn_from_the_program() {
    let (commands, texts) = (commands(), command_texts());
    compare("commands.md", |language| {
        let both = commands.iter().zip(&texts);
        both.map(|(command, text)| draw_command(language, command, text)).collect()
    });
}

#[test]
fn commands_in_discord_are_drawn_from_the_program() {
    compare("discord-commands.md", |language| {
        let head =
            choose(language, "command | options | what it does", "コマンド | オプション | 内容");
        let mut drawn = format!("| {head} |\n|---|---|---|\n");
        for row in ROWS {
            let options = row.options.iter().map(|option| {
                let name = choose(language, option.name, option.name_ja);
                match option.kind {
                    OptionKind::Token { required: true, .. } => format!("`{name}`"),
                    _ => choose(language, "`{}` (optional)", "`{}`（任意）").replace("{}", name),
                }
            });
            let options = options.collect::<Vec<_>>().join(choose(language, ", ", "、"));
            let options = if options.is_empty() { "–".to_owned() } else { options };
            let (parent, name) =
                (choose(language, PARENT, "トークン"), choose(language, row.name, row.name_ja));
            let what = choose(language, row.description, row.description_ja);
            let _ = writeln!(drawn, "| `/{parent} {name}` | {options} | {what} |");
        }
        drawn
    });
}

#[test]
fn metrics_are_drawn_from_the_texts() {
    let jobs: Vec<String> = Job::KINDS.iter().map(|kind| format!("`{kind}`")).collect();
    compare("metrics.md", |language| {
        let mut drawn = String::new();
        for metric in metrics() {
            let _ = writeln!(drawn, "## {}\n", metric.name);
            let colon = choose(language, ": ", "：");
            let _ = writeln!(
                drawn,
                "{}{colon}{}\n",
                metric.kind,
                choose(language, &metric.en, &metric.ja)
            );
            if metric.labels.is_empty() {
                continue;
            }
            drawn.push_str(choose(
                language,
                "| label | values |\n|---|---|\n",
                "| ラベル | 値 |\n|---|---|\n",
            ));
            for label in &metric.labels {
                let values = choose(language, &label.en, &label.ja);
                let _ = writeln!(drawn, "| `{}` | {values} |", label.name);
            }
            drawn.push('\n');
        }
        let head = choose(language, "Names of jobs", "ジョブの名前");
        let joined = jobs.join(choose(language, ", ", "、"));
        let end = choose(language, ".", "。");
        drawn + &format!("## {head}\n\n{joined}{end}\n")
    });
}
