//! The command line, nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    countersign::cli::Arguments::run_from_environment()
}
