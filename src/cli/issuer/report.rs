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

    /// Ends the report; `left` is the name of a token that may still be there.
    pub(super) fn end(&self, token: &str, left: bool) -> anyhow::Result<()> {
        if self.as_json {
            let said = json!({ "token": token, "may_be_left": left, "steps": self.steps });
            return print(&format!("{said:#}\n"));
        }
        print(&match (left, self.has_failed()) {
            (true, _) => format!("\nA token may be left there: look for {token}, and delete it.\n"),
            (false, true) => "\nNothing is left there, but not all went well.\n".to_owned(),
            (false, false) => "\nAll went well, and nothing is left there.\n".to_owned(),
        })
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
