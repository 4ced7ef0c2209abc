//! The playground's own program; what it will run is not there yet, and says so.

use std::process::ExitCode;

fn main() -> ExitCode {
    eprintln!("The page and the story are not built yet: docs/handover.md says what is there.");
    ExitCode::FAILURE
}
