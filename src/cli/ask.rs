//! Questions to whoever runs a command. They go to standard error, so that results alone are on standard output.

use std::io::IsTerminal as _;

use anyhow::{Context as _, ensure};
use secrecy::SecretString;
use zeroize::Zeroizing;

/// Whether somebody can answer.
pub(super) fn is_at_terminal() -> bool {
    std::io::stdin().is_terminal()
}

/// Asks on one line, and returns what was typed without spaces around it; nothing where standard input has ended.
pub(super) fn ask(question: &str) -> anyhow::Result<Option<String>> {
    eprint!("{question}");
    let mut answer = String::new();
    let read = std::io::stdin().read_line(&mut answer).context("the answer can't be read")?;
    Ok((read > 0).then(|| answer.trim().to_owned()))
}

/// Asks at the terminal for something that is not shown.
pub(super) fn ask_hidden(question: &str) -> anyhow::Result<SecretString> {
    let typed = rpassword::prompt_password(question).context("the terminal can't be asked")?;
    let typed = Zeroizing::new(typed);
    Ok(SecretString::from(typed.trim()))
}

/// Asks whether to go on, which takes the word yes.
///
/// # Errors
/// Nobody is there to answer; it names the option `--yes`.
pub(super) fn confirm(question: &str) -> anyhow::Result<bool> {
    let answer = ask(&format!("{question} Type yes: "))?;
    ensure!(
        answer.is_some() || is_at_terminal(),
        "nobody is there to answer, and nothing was changed: add --yes to go on without being asked"
    );
    Ok(matches!(answer.as_deref(), Some("yes" | "y")))
}
