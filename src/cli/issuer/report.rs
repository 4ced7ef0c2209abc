//! What was seen at each step of a trial.

use std::io::Write as _;

use anyhow::Context as _;
use serde::Serialize;
use serde_json::json;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Ok,
    Failed,
}

/// What is known of the token in the end, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Left {
    /// The API shows it no more.
    Gone,
    /// The API shows it as one that doesn't work.
    Dead,
    /// The API said that it made none, or was not reached.
    NeverMade,
    /// Nobody saw it end.
    MayBe,
}

#[derive(Debug, Serialize)]
struct Step {
    call: &'static str,
    outcome: Outcome,
    saw: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cure: Option<String>,
}

/// The steps so far. For people they are printed as they come: who stops the trial knows what is left.
#[derive(Debug)]
pub(super) struct Report {
    steps: Vec<Step>,
    as_json: bool,
}

impl Report {
    pub(super) fn new(as_json: bool) -> Self {
        Self { steps: Vec::new(), as_json }
    }

    /// A step that went well.
    pub(super) fn ok(&mut self, call: &'static str, saw: impl Into<String>) -> anyhow::Result<()> {
        self.add(Step { call, outcome: Outcome::Ok, saw: saw.into(), cure: None })
    }

    /// A step that did not, with what to do about it.
    pub(super) fn failed(
        &mut self,
        call: &'static str,
        saw: impl Into<String>,
        cure: impl Into<String>,
    ) -> anyhow::Result<()> {
        let cure = Some(cure.into());
        self.add(Step { call, outcome: Outcome::Failed, saw: saw.into(), cure })
    }

    pub(super) fn has_failed(&self) -> bool {
        self.steps.iter().any(|step| step.outcome == Outcome::Failed)
    }

    /// Ends the report; a token that may be left has this name, and this id.
    pub(super) fn end(&self, (token, id): (&str, Option<&str>), left: Left) -> anyhow::Result<()> {
        if self.as_json {
            let may_be_left = left == Left::MayBe;
            let said = json!({ "token": token, "may_be_left": may_be_left, "steps": self.steps });
            return print(&format!("{said:#}\n"));
        }
        let all_well = if self.has_failed() { "Not all went well" } else { "All went well" };
        let end = match left {
            Left::Gone => format!("{all_well}. The API shows no such token any more."),
            Left::Dead => {
                format!("{all_well}. The API still shows the token, as one that doesn't work.")
            }
            Left::NeverMade => "No token was made: the API said no, or was not reached.".to_owned(),
            Left::MayBe => {
                let id = id.map(|id| format!(" (id {id})")).unwrap_or_default();
                format!("A token may be left there: look for {token}{id}, and delete it.")
            }
        };
        let end: String = end.chars().filter(|char| !char.is_control()).collect();
        print(&format!("\n{end}\n"))
    }

    fn add(&mut self, step: Step) -> anyhow::Result<()> {
        if !self.as_json {
            let outcome = match step.outcome {
                Outcome::Ok => "ok    ",
                Outcome::Failed => "FAILED",
            };
            let mut text = format!("{outcome}  {}: {}", step.call, step.saw);
            if let Some(cure) = &step.cure {
                text.push_str(&format!(" → {cure}"));
            }
            // An API's words must not control the terminal.
            text.retain(|char| !char.is_control());
            print(&format!("{text}\n"))?;
        }
        self.steps.push(step);
        Ok(())
    }
}

fn print(text: &str) -> anyhow::Result<()> {
    std::io::stdout().write_all(text.as_bytes()).context("can't print")
}
