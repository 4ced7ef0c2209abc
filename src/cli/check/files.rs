//! Checks who may read the files that hold secrets.

use std::path::Path;

use super::Findings;
use crate::config::Config;
use crate::keyring::{is_open_to_all, is_open_to_others};

const SUBJECT: &str = "files";

/// The keys' file is a check of its own.
pub(super) fn check_modes(config: &Config, findings: &mut Findings) {
    let mut open = 0;
    for file in &config.secret_files {
        let is_config = *file == config.file;
        // A group may be what lets the service read its configuration.
        let is_open = if is_config { is_open_to_all(file) } else { is_open_to_others(file) };
        if is_open.unwrap_or_default() {
            open += 1;
            warn(file, is_config, findings);
        }
    }
    let count = config.secret_files.len();
    if open == 0 && count > 0 {
        let noun = if count == 1 { "file with secrets is" } else { "files with secrets are" };
        findings.ok(SUBJECT, format!("{count} {noun} closed to others"));
    }
}

fn warn(file: &Path, is_config: bool, findings: &mut Findings) {
    let file = file.display();
    let (message, cure) = if is_config {
        let key = "move it into a file of its own, which url_file or token_file names";
        (
            format!("{file} holds a password or a token, and everyone on this machine can read it"),
            format!("chmod 640 {file}, with a group that only the service has; or {key}"),
        )
    } else {
        (
            format!("{file} holds a secret, and can be read by others than its owner"),
            format!("chmod 600 {file}"),
        )
    };
    findings.warning(SUBJECT, message, cure);
}
